"""Texts of a meeting for somebody with a conflict of interest: the child is taken out, and the text is others’ to edit.

What is about the child is hidden by `access_apart`; a text about something else may name the child all the same. Where
one does, whoever is kept from the child reads it without the name and the reference, and cannot save over what they
did not read.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, time
from enum import Enum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.access_clauses import kept_record
from meetings_app.children.models import Child, ChildBefore, ChildFact
from meetings_app.children.queries import records_of
from meetings_app.db.asked_once import asked_once
from meetings_app.db.session import unscoped
from meetings_app.errors import RuleBroken
from meetings_app.meetings.aliases import aliases_ever, stands_for
from meetings_app.meetings.models import AgendaItem
from meetings_app.meetings.without_names import ANOTHER_CHILD, Named, Text, without_others, without_whole
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting

NOT_YOURS = "Part of this text is about somebody whose item you cannot see. Somebody who sees every item edits it."
LEAVE_OUT = "This names somebody whose item you cannot see. Leave it out, and let somebody who sees every item write it"

_OF_A_MEETING = re.compile(r"/(?:networks/)?meetings/(?P<reference>[\w-]+)(?=[/?]|$)", re.ASCII)


@dataclass(frozen=True)
class Apart:
    """What one person reads of texts: `text` takes out the children from whom they are kept, for most people nobody."""

    text: Text = str

    def hides(self, text: str) -> bool:
        """Whether the person reads less than the whole of a text, so that it is not theirs to edit."""
        return self.text(text) != text

    def notice(self, *texts: str) -> str:
        """Say beside texts that they are not the person’s to edit; empty where they read the whole of each."""
        return NOT_YOURS if any(map(self.hides, texts)) else ""

    def check(self, field: str, *texts: str) -> None:
        """Raise `RuleBroken` for `field` where the person would save over a text that they cannot read whole."""
        if said := self.notice(*texts):
            raise RuleBroken(field, said)

    def shown(self, value: Any) -> Any:
        """Give what a page prints, however it is made up, so that no text in it can be forgotten."""
        return value if self.text is str else _shown(value, self.text)


NOBODY = Apart()


def apart_at(session: Session, by: Actor, meeting: Meeting) -> Apart:
    """Give what `by` reads of the texts of a meeting.

    A part of a name that a child of an item bears too, whom they may see, stays.
    """
    if not by.kept_from:
        return NOBODY
    others, shown = names_kept_from(session, by), _shown_at(session, meeting.key)
    return Apart(without_others(others, shown, _aliases_kept_from(session, by)))


def read_by_its_writer(session: Session, by: Actor, page: str) -> Text:
    """Give what `by` reads of what they typed themselves on a page, by its address, before they were kept apart.

    It is saved as it is read. So of a meeting's page it is read as the meeting's texts are, and a first name that is a
    word of the language stays; elsewhere nobody can say who else bears a part of a name, and whole names go.
    """
    if not by.kept_from:
        return str
    others, aliases, found = names_kept_from(session, by), _aliases_kept_from(session, by), _OF_A_MEETING.match(page)
    shown = _shown_on(session, found["reference"] if found else "")
    return without_whole(others, aliases) if shown is None else without_others(others, shown, aliases, own=True)


@asked_once
def _shown_on(session: Session, reference: str) -> list[Named] | None:
    """Give the children of a meeting's items whom the session may see; None where there is no such meeting for it."""
    meeting = session.scalars(select(col(Meeting.id)).where(col(Meeting.reference) == reference)).first()
    return None if meeting is None else _shown_at(session, meeting)


def _aliases_kept_from(session: Session, by: Actor) -> list[Named]:
    return list(stands_for(aliases_ever(session, by.kept_from), ANOTHER_CHILD))


def _shown_at(session: Session, meeting_id: int) -> list[Named]:
    """Give the children of a meeting's items whom the session may see."""
    shown = session.execute(
        select(col(Child.name), col(Child.reference))
        .join(AgendaItem, col(AgendaItem.child_id) == col(Child.id))
        .where(col(AgendaItem.meeting_id) == meeting_id)
    )
    return [(name, reference) for name, reference in shown]


def names_kept_from(session: Session, by: Actor) -> list[Named]:
    """Give what the children are called whom a conflict of interest keeps from `by`: now, before, in every record."""
    return names_ever(session, by.kept_from)


def records_by_child(session: Session, child_ids: Collection[int]) -> dict[int, list[int]]:
    """Give by one of `child_ids` every record that is the same child: the one that holds now and what was merged."""
    past = unscoped()
    kept = select(col(Child.id), kept_record(col(Child.id))).where(col(Child.id).in_(sorted(child_ids)))
    holds: dict[int, int] = {row[0] or 0: row[1] for row in session.execute(kept.execution_options(**past))}
    records = records_of(sorted(set(holds.values())))
    found: dict[int, list[int]] = {}
    for whole, record in session.execute(select(records.c.whole, records.c.id).execution_options(**past)):
        found.setdefault(whole, []).append(record)
    return {child: sorted(found[whole]) for child, whole in holds.items()}


def names_ever(session: Session, child_ids: Collection[int]) -> list[Named]:
    """Give what children are or were called, in every record, whoever reads: to take it out of a text, not to show."""
    return list(_names_of(session, tuple(sorted(child_ids)))) if child_ids else []


@asked_once
def _names_of(session: Session, child_ids: tuple[int, ...]) -> list[Named]:
    # A name can only be taken out of a text by who knows it; none is shown.
    past = unscoped()
    kept = select(kept_record(col(Child.id))).where(col(Child.id).in_(child_ids)).execution_options(**past)
    records = records_of(list(session.scalars(kept)))
    its_own = col(Child.id).in_(select(records.c.id))
    now = select(col(Child.name), col(Child.reference)).where(its_own)
    before = (
        select(col(ChildBefore.value), col(Child.reference))
        .join(Child, col(Child.id) == col(ChildBefore.child_id))
        .where(its_own, col(ChildBefore.fact) == ChildFact.NAME)
    )
    found = {row for names in (now, before) for row in session.execute(names.execution_options(**past))}
    return sorted((name, reference) for name, reference in found)


class _Shown:
    """Stands for something that a page prints, and gives each text in it without the children kept apart."""

    def __init__(self, value: Any, text: Text) -> None:
        self._value, self._text = value, text

    def __getattr__(self, name: str) -> Any:
        return _shown(getattr(self._value, name), self._text)

    def __getitem__(self, key: Any) -> Any:
        return _shown(self._value[key], self._text)

    def __iter__(self) -> Iterator[Any]:
        return (_shown(each, self._text) for each in self._value)

    def __call__(self, *values: Any, **named: Any) -> Any:
        return _shown(self._value(*values, **named), self._text)

    def __len__(self) -> int:
        return len(self._value)

    def __bool__(self) -> bool:
        return bool(self._value)


def _shown(value: Any, text: Text) -> Any:
    if isinstance(value, str) and not isinstance(value, Enum):
        return text(value)
    plain = value is None or isinstance(value, (Enum, int, float, date, time))
    return value if plain else _Shown(value, text)
