"""What became of the text of drafts since they were issued, for many meetings at once, as the pages of each say it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.meetings.minutes_texts import recorded_texts, texts_of
from meetings_app.meetings.models import Minutes
from meetings_app.minutes.queries import texts_written
from meetings_app.minutes.rules import Written, rewritten
from meetings_app.network_meetings.minutes_changed import changed_since


@dataclass(frozen=True)
class Versions:
    """The newest version of a meeting’s minutes and the one that was issued last; None before the first issue."""

    meeting_id: int
    newest: int
    issued: int | None
    of_network: bool = False


@dataclass(frozen=True)
class TextSince:
    """What became of a text."""

    rewritten: bool = False
    """Whether it changed since the issue by more than accepted corrections, so that it is issued again."""
    edited: bool = False
    """Whether it was edited since the newest version, so that another is made before anybody signs."""


UNTOUCHED = TextSince()
"""What became of a text that nobody edited."""


def texts_since(session: Session, drafts: Sequence[Versions]) -> dict[int, TextSince]:
    """Give by meeting what became of the text of its draft, in two statements; a draft that nobody touched is left out.

    Where somebody may not see an item, its text counts for nothing here, as on the page of the minutes.
    """
    if not drafts:
        return {}
    written = texts_written(session, [draft.meeting_id for draft in drafts])
    touched = [draft for draft in drafts if draft.newest != draft.issued or draft.meeting_id in written]
    facts = _facts(session, touched) if touched else {}
    return {draft.meeting_id: _since(draft, facts, written.get(draft.meeting_id, {})) for draft in touched}


def _facts(session: Session, drafts: Sequence[Versions]) -> dict[tuple[int, int], Mapping[str, Any]]:
    wanted = {(draft.meeting_id, number) for draft in drafts for number in (draft.newest, draft.issued) if number}
    rows = session.execute(
        select(col(Minutes.meeting_id), col(Minutes.number), col(Minutes.facts)).where(
            sa.tuple_(col(Minutes.meeting_id), col(Minutes.number)).in_(sorted(wanted))
        )
    )
    return {(meeting_id, number): facts for meeting_id, number, facts in rows}


def _since(
    draft: Versions, facts: Mapping[tuple[int, int], Mapping[str, Any]], written: Mapping[str, Sequence[Written]]
) -> TextSince:
    newest, issued = facts[draft.meeting_id, draft.newest], facts.get((draft.meeting_id, draft.issued or 0))
    if draft.of_network:
        return TextSince(rewritten=issued is not None and bool(changed_since(issued, newest)))
    recorded = recorded_texts(newest)
    texts = {item: written[item][-1].text if item in written else text for item, text in recorded.items()}
    return TextSince(
        rewritten=issued is not None and bool(rewritten(texts_of(issued), texts, written)),
        edited=texts != texts_of(newest),
    )
