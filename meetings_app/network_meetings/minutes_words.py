"""Free texts of the minutes of a network meeting, without what one copy keeps back: names and references."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import Child, ChildBefore, ChildFact
from meetings_app.db.session import unscoped
from meetings_app.meetings.aliases import SHORTEST, aliases_of
from meetings_app.meetings.kept_apart import records_by_child
from meetings_app.meetings.parts_of_names import goes_whole, has_parts, is_also_a_word, parts_of, said_alone
from meetings_app.meetings.without_names import A_CHILD as CHILD
from meetings_app.meetings.without_names import RECORD, Named, Text, in_place_of
from meetings_app.network_meetings.items import Seen
from meetings_app.networks import following
from meetings_app.networks.models import Subject, SubjectAlias, SubjectChild, SubjectVersion
from meetings_app.networks.states import SubjectKind

_SHORTEST = 4
"""Letters from which a last name alone is taken out of a copy with names; a shorter one is a word like any other."""


def narrowed_words(session: Session, kept: Mapping[str, Any], seen: Seen, *, named: bool) -> Text:
    """Give what puts something else in the place of names in a text.

    What is not `seen` loses its name and its reference. A part of the name of a child or a suspect goes alone as it
    does out of an RMM’s copies: as it is written, unless somebody who is shown bears it, too. Unless `named`, whatever
    is seen is called by its reference, and each part of a person’s name goes, in any case where it is no word.
    """
    swaps: list[Named] = []
    any_case, written = set[Named](), set[Named]()
    everybody = [(known, _is_shown(known, seen)) for known in _known(session, kept)]
    borne = {part.casefold() for known, shown in everybody if shown and named for part in known.parts}
    for known, shown in everybody:
        stands_for = CHILD if known.is_child else RECORD
        if not shown:
            last = [part for part in known.last_name if part.casefold() not in borne]
            swaps += [(word, stands_for) for word in (known.whole, known.reference, *last)]
        elif not named:
            swaps.append((known.whole, known.reference))
        if not named:
            to = known.reference if shown else stands_for
            any_case |= {(part, to) for part in known.parts if part not in known.also_words}
            written |= {(part, to) for part in known.also_words}
        elif not shown:
            own = known.parts if known.is_persons else ()
            written |= {(part, stands_for) for part in own if part.casefold() not in borne}
    # The longest first, for a last name stands in a whole one.
    whole, alone, capitals = (_longest_first(given) for given in (swaps, any_case, written))
    return in_place_of([*whole, *alone], capitals)


def _longest_first(names: Collection[Named]) -> list[Named]:
    return sorted(set(names), key=lambda pair: (-len(pair[0]), pair))


def _is_shown(known: "_Known", seen: Seen) -> bool:
    return known.key in (seen.children if known.is_child else seen.subjects)


class _Known:
    """Somebody or something with a name and a reference; `is_persons` where `parts` of the name may be said alone."""

    def __init__(
        self, key: int, name: str, reference: str, *, parts: Collection[str] = (), is_child: bool = False,
        is_persons: bool = True,
    ) -> None:  # fmt: skip
        self.key, self.name, self.reference, self.is_child = key, name, reference, is_child
        self.parts = parts
        # A child’s name is a name, whatever word it is.
        as_written = bool(parts) and not is_child and not goes_whole(name)
        self.whole, self.is_persons = "" if as_written else name, is_persons or as_written
        self.also_words = () if is_child else tuple(part for part in parts if is_also_a_word(name, part))
        last = name.split()[-1] if parts and self.is_persons else ""
        tells = last != name and last in parts and last not in self.also_words and len(last) >= _SHORTEST
        self.last_name = (last,) if tells else ()


def _known(session: Session, kept: Mapping[str, Any]) -> Iterator[_Known]:
    subjects: set[int] = set()
    for item in kept["items"]:
        suspects = set(item["suspects"])
        subjects |= suspects
        own = {"id": item["subject_id"], "name": item["name"], "reference": item["reference"]}
        for each in (own, *item["parts"], *([item["became"]] if item["became"] else [])):
            if each["id"] is not None:
                subjects.add(each["id"])
                parts = said_alone(each["name"]) if each["id"] in suspects else ()
                yield _Known(each["id"], each["name"], each["reference"], parts=parts)
        for told in item["matters"]:
            yield _Known(told["child_id"], "", told["child"], is_child=True)
    whole = following.alike(session, subjects, everywhere=True)
    yield from _other_names(session, whole)
    linked = select(col(SubjectChild.child_id)).where(col(SubjectChild.subject_id).in_(sorted(subjects)))
    # A name can only be taken out of a text by who knows it; none is shown.
    children = set(session.scalars(linked.execution_options(**unscoped("subject_child"))))
    children |= {told["child_id"] for item in kept["items"] for told in item["matters"]}
    # Whoever may see a child is told by the record that was linked; a text says what any record of theirs is called.
    whose: dict[int, list[int]] = {}
    for child, records in records_by_child(session, children).items():
        for record in records:
            whose.setdefault(record, []).append(child)
    yield from _children(session, whose)
    for alias in aliases_of(session, whose):
        # Of a suspect of this meeting every name is there already.
        if alias.subject_id not in whole and len(alias.name) >= SHORTEST:
            parts = said_alone(alias.name) if alias.is_persons else ()
            for child in whose[alias.child_id]:
                yield _Known(child, alias.name, CHILD, parts=parts, is_child=True)


def _children(session: Session, whose: Mapping[int, Collection[int]]) -> Iterator[_Known]:
    """Give what children are and were called, in every record of each: `whose` says by record which of them it is."""
    records = sorted(whose)
    now: Any = select(col(Child.id), col(Child.name), col(Child.reference)).where(col(Child.id).in_(records))
    before: Any = (
        select(col(Child.id), col(ChildBefore.value), col(Child.reference))
        .join(ChildBefore, col(ChildBefore.child_id) == col(Child.id))
        .where(col(Child.id).in_(records), col(ChildBefore.fact) == ChildFact.NAME)
    )
    for names in (now, before):
        for record, name, reference in session.execute(names.execution_options(**unscoped())):
            for child in whose[record]:
                yield _Known(child, name, reference, parts=parts_of(name), is_child=True)


def _other_names(session: Session, whole: Mapping[int, int]) -> Iterator[_Known]:
    """Give what else somebody may call these: each other and former name, and those of the records that point to one.

    `whole` says by record which of these it is.
    """
    record: Any = select(col(Subject.id), col(Subject.reference), col(Subject.kind)).where(
        col(Subject.id).in_(sorted(whole))
    )
    former = (SubjectVersion, col(SubjectVersion.subject_id) == col(Subject.id))
    other = (SubjectAlias, col(SubjectAlias.subject_id) == col(Subject.id))
    called = (
        (record.add_columns(col(Subject.name)), True),
        (record.add_columns(col(SubjectVersion.name)).join(*former), True),
        (record.add_columns(col(SubjectAlias.name)).join(*other), False),
    )
    for names, is_own in called:
        for row in session.execute(names.execution_options(**unscoped())):
            parts = said_alone(row.name) if row.kind is SubjectKind.SUSPECT else ()
            is_persons = has_parts(row.name, own=is_own)
            yield _Known(whole[row.id], row.name, row.reference, parts=parts, is_persons=is_persons)
