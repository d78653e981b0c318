"""What each agency thinks about an item, and who dissents: written down while the meeting is held, then kept."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Agency
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.errors import NotFound, RuleBroken
from meetings_app.meetings.deciding import open_for_recording
from meetings_app.meetings.kept_apart import apart_at
from meetings_app.meetings.models import AgencyView, AgendaItem
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting


@dataclass(frozen=True)
class ViewShown:
    """One agency's view as pages and documents print it."""

    agency_code: str
    agency: str
    text: str
    dissents: bool


def record_view(
    session: Session,
    by: Actor,
    now: datetime,
    meeting: Meeting,
    item: AgendaItem,
    agency_id: int,
    text: str,
    *,
    dissents: bool,
) -> AgencyView:
    """Keep what an agency thinks about an item; written again, it takes the place of what was there.

    For whoever records the meeting, while it is held. The page saves it together with the decision, whose version
    tells a second saver. Raises `RuleBroken` for `view_agency` or `view_text`, `DomainError`, `NotFound`.
    """
    open_for_recording(session, by, meeting)
    code = session.scalars(select(col(Agency.code)).where(col(Agency.id) == agency_id)).first()
    if code is None:
        raise RuleBroken("view_agency", "Choose the agency whose view it is")
    if not text.strip():
        raise RuleBroken("view_text", "Enter what the agency thinks")
    view = _find(session, item, agency_id) or AgencyView(
        item_id=item.key, agency_id=agency_id, text="", recorded_at=now
    )
    apart_at(session, by, meeting).check("view_text", view.text)
    view.text, view.dissents = text.strip(), dissents
    view.recorded_at, view.recorded_by_id = now, by.account_id
    session.add(view)
    session.flush()
    _recorded(session, by, now, meeting, item, code)
    return view


def remove_view(session: Session, by: Actor, now: datetime, meeting: Meeting, item: AgendaItem, code: str) -> None:
    """Take back a view that was written down by mistake, while the meeting is held. Raises as `record_view` does."""
    open_for_recording(session, by, meeting)
    agency_id = session.scalars(select(col(Agency.id)).where(col(Agency.code) == code)).first()
    view = _find(session, item, agency_id) if agency_id is not None else None
    if view is None:
        raise NotFound
    apart_at(session, by, meeting).check("view_text", view.text)
    session.delete(view)
    session.flush()
    _recorded(session, by, now, meeting, item, code)


def views_of(session: Session, item_id: int) -> list[ViewShown]:
    """Give what the agencies think about an item, in the order of the agencies."""
    rows = session.execute(
        select(col(Agency.code), col(Agency.name), col(AgencyView.text), col(AgencyView.dissents))
        .join(AgencyView, col(AgencyView.agency_id) == col(Agency.id))
        .where(col(AgencyView.item_id) == item_id)
        .order_by(col(Agency.id))
    )
    return [ViewShown(*row) for row in rows]


def views_of_meeting(session: Session, meeting_id: int) -> dict[int, list[ViewShown]]:
    """Give the same for every item of a meeting, by item; only items on which a view was written down."""
    rows: Any = session.execute(
        select(
            col(AgencyView.item_id), col(Agency.code), col(Agency.name), col(AgencyView.text), col(AgencyView.dissents)
        )
        .join(AgencyView, col(AgencyView.agency_id) == col(Agency.id))
        .join(AgendaItem, col(AgendaItem.id) == col(AgencyView.item_id))
        .where(col(AgendaItem.meeting_id) == meeting_id)
        .order_by(col(Agency.id))
    )
    found: dict[int, list[ViewShown]] = {}
    for item_id, *said in rows:
        found.setdefault(item_id, []).append(ViewShown(*said))
    return found


# Built once, for every child’s page with a meeting sends it.
_DISSENTS: Any = (
    select(col(AgendaItem.meeting_id), col(Agency.name), col(AgencyView.text))
    .join(AgencyView, col(AgencyView.item_id) == col(AgendaItem.id))
    .join(Agency, col(Agency.id) == col(AgencyView.agency_id))
    .where(
        col(AgendaItem.child_id) == bindparam("child"),
        col(AgendaItem.meeting_id).in_(bindparam("meetings", expanding=True)),
        col(AgencyView.dissents),
    )
    .order_by(col(Agency.id))
)


def dissents_about(session: Session, child_id: int, meeting_ids: Collection[int]) -> Mapping[int, str]:
    """Give by meeting who dissented about a child, and why, in words; only meetings at which somebody did."""
    rows = session.execute(_DISSENTS, {"child": child_id, "meetings": sorted(meeting_ids)})
    said: dict[int, str] = {}
    for meeting_id, agency, text in rows:
        line = f"{agency} disagreed: {text}"
        said[meeting_id] = f"{said[meeting_id]}\n{line}" if meeting_id in said else line
    return said


def _find(session: Session, item: AgendaItem, agency_id: int) -> AgencyView | None:
    return session.scalars(
        select(AgencyView).where(col(AgencyView.item_id) == item.key, col(AgencyView.agency_id) == agency_id)
    ).first()


def _recorded(session: Session, by: Actor, now: datetime, meeting: Meeting, item: AgendaItem, code: str) -> None:
    record(
        session, by, now, EventKind.AGENCY_VIEW_RECORDED, item.child_id,
        number=item.number, meeting=meeting.reference, agency=code,
    )  # fmt: skip
