"""The written updates that agencies sent with their apologies, as the minutes keep them, and which copy has which."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts import queries as people
from meetings_app.meetings import queries
from meetings_app.meetings.item_scope import whole_agenda
from meetings_app.meetings.minutes_information import POLICE
from meetings_app.meetings.models import AgendaItem, Presence
from meetings_app.preparing.attendance_left import attendance_left, replaced_by
from meetings_app.preparing.rules import Attending
from meetings_app.preparing.who_comes import who_comes_to
from meetings_app.schedule.models import Meeting


def updates_of(session: Session, meeting: Meeting) -> list[dict[str, Any]]:
    """Give the written update that each agency sent with its apologies, as it said last before the meeting closed.

    First what it sent for a meeting whose place this one took, which says so. It may be about a child who was to be
    heard there and is not here: `children` are those of the agendas there.
    """
    agencies: Mapping[int, Any] = {agency.id: agency for agency in people.agencies(session)}
    left, holds = attendance_left(session, meeting), who_comes_to(session, meeting.key).said
    children = _children_of(session, replaced_by(session, meeting)) if left else []
    return [
        {
            "agency": agencies[agency_id].name, "agency_code": agencies[agency_id].code, "text": said.update_text,
            "meant_for": said.meant_for, "children": children if said.meant_for else [],
            "late": said.late,
        }
        for agency_id in sorted({*left, *holds})
        for said in (*left.get(agency_id, ()), *([holds[agency_id]] if agency_id in holds else ()))
        if said.attending is Attending.APOLOGIES and said.update_text
    ]  # fmt: skip


def _children_of(session: Session, meetings: Sequence[Meeting]) -> list[int]:
    """Give the ids of the children on the agendas that these meetings had published."""
    on_agenda = select(col(AgendaItem.child_id)).where(col(AgendaItem.meeting_id).in_([each.key for each in meetings]))
    with whole_agenda(session):
        return sorted(set(session.scalars(on_agenda)))


def update_title(update: Mapping[str, Any], attendance: Sequence[Mapping[str, str]]) -> str:
    """Say whose update it is, and for which meeting it was sent where that was not the one of the minutes.

    The apologies that it came with are not said where `attendance` has somebody of the agency in the room after all.
    """
    whose = f"Written update of {update['agency']}"
    if update.get("meant_for"):
        return f"{whose}, with its apologies for {update['meant_for']}"
    if any(line["agency"] == update["agency"] and line["how"] == Presence.PRESENT.value for line in attendance):
        return f"{whose}, sent {'during' if update.get('late') else 'before'} the meeting"
    return f"{whose}, with its apologies"


def is_in_copy(
    session: Session, update: Mapping[str, Any], kind: str, code: str, items: Collection[int], visible: Collection[int]
) -> bool:
    """Say whether a copy may have an update: it may be about any child, and is for who sees all of them.

    `kind` and `code` are those of its audience, `items` the children of the minutes’ items, `visible` those whose items
    it may show, or whose names are taken out of the text. A copy without names cannot hide the name of a child whom the
    minutes do not know.
    """
    sender, others = update["agency_code"], set(update.get("children", ())) - {*items, *visible}
    if kind == "agency" and sender != code:
        return False
    if kind == "anonymised" and (others or sender == POLICE):
        return False
    if not set(items) <= set(visible):
        return False
    return not others or others <= queries.children_of(session, others).keys()
