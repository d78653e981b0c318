"""Saving what was typed on an agency's page: the boxes that were changed, each at its own version, or none at all."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from meetings_app.before_meeting.forms import AttendanceForm, InformationForm, attendance_in, information_in
from meetings_app.before_meeting.page import AgencyPage
from meetings_app.errors import Conflict, RuleBroken
from meetings_app.permissions import Actor
from meetings_app.preparing import queries, service
from meetings_app.preparing.rules import Attendance
from meetings_app.schedule.models import Meeting
from meetings_app.web.forms import shown

Difference = tuple[str, str, str]


@dataclass
class Saved:
    """What became of a page: how many answers were sent, and what somebody else of the agency had saved meanwhile."""

    sent: int = 0
    broken: bool = False
    differences: list[Difference] = field(default_factory=list)
    unsaved: list[tuple[str, str]] = field(default_factory=list)
    """Words that have no place on the page any more, each with its label: shown back so that they can be copied."""
    left: list[str] = field(default_factory=list)
    """What somebody else has rewritten since and the person did not touch: it is neither saved nor sent."""

    @property
    def whole(self) -> bool:
        """Whether everything that was asked for was done."""
        return not self.broken and not self.differences


def save_page(
    session: Session, by: Actor, now: datetime, meeting: Meeting, page: AgencyPage, *, sending: bool
) -> Saved:
    """Keep every box that was changed, and with `sending` send each that says something.

    What is wrong is said in the forms, and the caller then undoes the whole. Raises `DomainError`, `NotFound`.
    """
    saved, drafts = Saved(), queries.drafts_of(session, meeting.key, page.agency_id)
    _save_attendance(session, by, now, meeting, page, saved, sending=sending)
    for box in page.boxes:
        form = box.form
        if form.is_changed:
            try:
                service.save_draft(session, by, now, meeting, box.child.child_id, form.opened_at, form.typed)
            except Conflict:
                draft = drafts.get(box.child.child_id)
                saved.differences += _differences(form, _filled(InformationForm, draft), f"{box.key}: ")
                form.open_at(draft.version if draft else 0, information_in(draft))
                continue
        elif _is_rewritten(form, drafts.get(box.child.child_id)):
            saved.left.append(box.key)
            continue
        if sending and not form.typed.is_empty:
            try:
                saved.sent += service.send(session, by, now, meeting, box.child.child_id, form.typed) is not None
            except RuleBroken as broken:
                form.refuse(broken)
                saved.broken = True
    return saved


def _save_attendance(
    session: Session, by: Actor, now: datetime, meeting: Meeting, page: AgencyPage, saved: Saved, *, sending: bool
) -> None:
    form = page.attendance
    typed: Attendance = form.typed
    if typed.deputy_id not in page.deputies:
        typed = Attendance(typed.attending, None, typed.update_text)
    draft = queries.attendance_draft_of(session, meeting.key, page.agency_id)
    if form.is_changed:
        try:
            service.save_attendance_draft(session, by, now, meeting, form.opened_at, typed)
        except Conflict:
            theirs = _filled(AttendanceForm, draft, deputies=page.deputies)
            saved.differences += _differences(form, theirs, "Attendance: ")
            form.open_at(draft.version if draft else 0, attendance_in(draft))
            return
    elif _is_rewritten(form, draft):
        saved.left.append("attendance")
        return
    if sending and not typed.is_empty and not _is_the_invites(page, draft, typed, touched=form.is_changed):
        try:
            said = service.send_attendance(session, by, now, meeting, typed, tuple(page.deputies))
            saved.sent += said is not None
        except RuleBroken as broken:
            form.refuse(broken)
            saved.broken = True


def _is_the_invites(page: AgencyPage, draft: Any, typed: Attendance, *, touched: bool) -> bool:
    """Whether the answer to the invite stays what counts: nobody answers twice by sending something else.

    It does where the part says the same, and where it only still shows what was sent before that answer. Whether the
    person changed anything since the last draft says nothing: a page that is typed on saves drafts by itself.
    """
    comes = page.comes
    if comes is None or not comes.by_invite:
        return False
    if typed.told == comes.attendance.told:
        return True
    is_earlier = not touched and draft is not None and draft.changed_at < comes.said_at
    return is_earlier and page.said is not None and typed.told == page.said.attendance.told


def _is_rewritten(form: Any, draft: Any) -> bool:
    """Whether somebody else saved since the page was opened: what stands in the form is then older than the draft."""
    return bool((draft.version if draft else 0) != form.opened_at)


def _filled(kind: Any, draft: Any, deputies: Any = None) -> Any:
    form = kind(formdata=None)
    if deputies is not None:
        form.offer(deputies.items())
    form.show(draft)
    return form


def _differences(mine: Any, theirs: Any, about: str) -> list[Difference]:
    return [
        (f"{about}{one.label.text}", shown(one), shown(theirs[one.short_name]))
        for one in mine
        if one.short_name not in ("form_id", "version", "opened") and shown(one) != shown(theirs[one.short_name])
    ]
