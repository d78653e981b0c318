"""An agency's page before a meeting: its children with a box each, its open actions, and how it attends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account, AccountState, Agency, RoleGrant
from meetings_app.actions.queries import ActionRow, open_of_agency
from meetings_app.before_meeting.asked import AskedChild, asked_children
from meetings_app.before_meeting.forms import AttendanceForm, InformationForm
from meetings_app.before_meeting.part_apart import PartApart, part_apart
from meetings_app.clock import london_date
from meetings_app.meetings.information_left import information_left
from meetings_app.meetings.information_to_supply import ToSupply, to_supply
from meetings_app.meetings.kept_apart import Apart, apart_at
from meetings_app.meetings.publishing import BEFORE_PUBLISHING
from meetings_app.meetings.reviews_heard import answered_in_words, reviews_heard
from meetings_app.partnership.definitions import Partnership
from meetings_app.permissions import AREA_ROLES, Actor, Role
from meetings_app.preparing import queries
from meetings_app.preparing.attendance_left import attendance_left
from meetings_app.preparing.drafts_left import DraftLeft, drafts_left, words_of
from meetings_app.preparing.models import AttendanceDraft, InformationDraft
from meetings_app.preparing.queries import AttendanceShown, SentShown
from meetings_app.preparing.rules import TAKEN
from meetings_app.preparing.service import check_may_answer
from meetings_app.preparing.who_comes import InviteAnswer, who_comes_to
from meetings_app.schedule.models import Meeting

_MOST_ACTIONS = 200


@dataclass
class Box:
    """One child on the page: what was sent before, the agency's open actions about the child, and the form.

    `left` is what the agency sent for a meeting that was not held, and nobody has heard; `unsent` what it wrote for one
    and never sent, until it answers, or for this one until it was over. `drafted` says that it has written something.
    """

    child: AskedChild
    part: PartApart[InformationForm]
    sent: Sequence[SentShown]
    actions: Sequence[ActionRow]
    left: Sequence[SentShown] = ()
    unsent: Sequence[DraftLeft] = ()
    drafted: bool = False
    counted: bool = True
    """Whether the child is among those whom the home page counts: of a draft those whose review the meeting hears."""
    owed: ToSupply | None = None
    """What the agency is to supply, as an earlier meeting deferred the child until it comes."""

    @property
    def form(self) -> InformationForm:
        """What is filled in about the child."""
        return self.part.form

    @property
    def key(self) -> str:
        """How the child is called in the names of the fields and in links within the page."""
        return self.child.reference


@dataclass
class AgencyPage:
    """Everything that the page shows. `submitted` says that the forms hold what was typed."""

    agency_id: int
    agency: str
    boxes: list[Box]
    stubs: list[AskedChild]
    attendance_part: PartApart[AttendanceForm]
    comes: AttendanceShown | None
    """How the agency comes, by the later of its page and its people's answers to the invites."""
    said: AttendanceShown | None
    """What the agency said last on this page."""
    invites: Sequence[InviteAnswer]
    attendances_left: Sequence[AttendanceShown]
    deputies: Mapping[int, str]
    other_actions: Sequence[ActionRow]
    open: bool

    published: bool
    apart: Apart
    owed_elsewhere: Sequence[ToSupply] = ()
    """What the agency is to supply about children who have no box here, or not yet."""

    @property
    def attendance(self) -> AttendanceForm:
        """How the agency attends, as it is filled in."""
        return self.attendance_part.form

    @property
    def parts(self) -> list[PartApart[AttendanceForm] | PartApart[InformationForm]]:
        """Whatever there is to fill in: the attendance, and a box for each child."""
        return [self.attendance_part, *(box.part for box in self.boxes)]

    @property
    def counted(self) -> list[Box]:
        """The children that the home page counts, in the same order as there is a box for each."""
        return [box for box in self.boxes if box.counted]

    @property
    def others(self) -> list[Box]:
        """Before the agenda: who else of the list is on the draft, for another reason than a review."""
        return [box for box in self.boxes if not box.counted]

    @property
    def words(self) -> str:
        """How many of them the agency has answered, as the home page says it."""
        return answered_in_words(self.counted, answered(self.counted), published=self.published)


def answered(boxes: Sequence[Box]) -> int:
    """About how many of these children the agency has answered."""
    return sum(1 for box in boxes if box.sent)


def agency_page(
    session: Session, by: Actor, meeting: Meeting, configuration: Partnership, now: datetime, *, submitted: bool = False
) -> AgencyPage:
    """Give the page of the person's agency for a meeting. Raises `NotFound` for whoever answers for none there."""
    agency_id, area_id = check_may_answer(by, meeting)
    asked = asked_children(session, meeting, configuration, now)
    actions = open_of_agency(session, agency_id, limit=_MOST_ACTIONS)
    apart = apart_at(session, by, meeting)
    boxes = _boxes(session, meeting, agency_id, asked, actions, now, apart, submitted=submitted)
    owed = _owed(session, meeting, agency_id, area_id)
    for box in boxes:
        box.owed = owed.pop(box.child.child_id, None)
    answers, draft = who_comes_to(session, meeting.key), queries.attendance_draft_of(session, meeting.key, agency_id)
    comes, deputies = answers.of(agency_id), possible_deputies(session, agency_id, area_id)
    if draft is None or draft.deputy_id != by.account_id:
        # Nobody is their own deputy; where a colleague has named the person, the choice stands.
        deputies.pop(by.account_id or 0, None)
    attendance = _attendance_part(apart, deputies, draft, comes, submitted=submitted)
    there = {box.child.child_id for box in boxes}
    return AgencyPage(
        agency_id=agency_id, agency=_name_of(session, agency_id), boxes=boxes,
        stubs=[child for child in asked if child.stub], attendance_part=attendance,
        comes=comes, said=answers.said.get(agency_id), invites=answers.invites.get(agency_id, ()),
        attendances_left=attendance_left(session, meeting).get(agency_id, ()), deputies=deputies,
        other_actions=[
            action for action in actions if action.child_id not in there and action.area_id == area_id
        ],
        open=meeting.state in TAKEN,
        published=meeting.state not in BEFORE_PUBLISHING, apart=apart, owed_elsewhere=list(owed.values()),
    )  # fmt: skip


def _owed(session: Session, meeting: Meeting, agency_id: int, area_id: int) -> dict[int, ToSupply]:
    """Give by child what meetings before this one wait for from the agency."""
    owed = to_supply(session, agency_id, [area_id])
    return {each.child_id: each for each in owed if each.held_on < meeting.held_on}


def _boxes(
    session: Session,
    meeting: Meeting,
    agency_id: int,
    asked: Sequence[AskedChild],
    actions: Sequence[ActionRow],
    now: datetime,
    apart: Apart,
    *,
    submitted: bool,
) -> list[Box]:
    """Give the box of each child whom the person may see; of a draft those first who are counted."""
    shown = [child for child in asked if not child.stub]
    drafts, unsent = queries.drafts_of(session, meeting.key, agency_id), drafts_left(session, meeting, agency_id)
    written = {child_id for child_id, draft in drafts.items() if not words_of(draft).is_empty}
    sent = queries.sent_for(session, meeting.key, agency_id=agency_id)
    left = information_left(session, meeting, [child.child_id for child in shown], agency_id)
    counted = {child.child_id for child in shown}
    if meeting.state in BEFORE_PUBLISHING:
        counted = reviews_heard(session, [meeting.key], london_date(now))[meeting.key]
    boxes = [
        Box(
            child, _information_part(apart, child, drafts.get(child.child_id), submitted=submitted),
            told := sent.get(child.child_id, {}).get(agency_id, ()),
            [action for action in actions if action.child_id == child.child_id], left.get(child.child_id, ()),
            [draft for draft in unsent.get(child.child_id, ()) if draft.over or not told],
            child.child_id in written, child.child_id in counted,
        )
        for child in shown
    ]  # fmt: skip
    return sorted(boxes, key=lambda box: not box.counted)


def _information_part(
    apart: Apart, child: AskedChild, draft: InformationDraft | None, *, submitted: bool
) -> PartApart[InformationForm]:
    def form(**given: Any) -> InformationForm:
        return InformationForm(prefix=f"{child.reference}-", **given)

    present = form(formdata=None)
    present.show(draft)
    filled = form() if submitted else form(formdata=None)
    if not submitted:
        filled.show(draft)
    return part_apart(apart, filled, present, submitted=submitted)


def _attendance_part(
    apart: Apart, deputies: Mapping[int, str], draft: AttendanceDraft | None, comes: AttendanceShown | None, *,
    submitted: bool,
) -> PartApart[AttendanceForm]:  # fmt: skip
    def form(**given: Any) -> AttendanceForm:
        made = AttendanceForm(prefix="attendance-", **given)
        made.offer(deputies.items())
        return made

    present = form(formdata=None)
    present.show(draft, comes)
    filled = form() if submitted else form(formdata=None)
    if not submitted:
        filled.show(draft, comes)
    return part_apart(apart, filled, present, submitted=submitted)


def possible_deputies(session: Session, agency_id: int, area_id: int) -> dict[int, str]:
    """Give the people of an agency who see the agenda of an area, by id: naming somebody opens nothing to them."""
    rows: Any = session.execute(
        select(col(Account.id), col(Account.name))
        .join(RoleGrant, col(RoleGrant.account_id) == col(Account.id))
        .where(
            col(Account.agency_id) == agency_id, col(Account.state) == AccountState.ACTIVE,
            col(RoleGrant.role).in_(AREA_ROLES | {Role.REPRESENTATIVE}), col(RoleGrant.ended_at).is_(None),
            (col(RoleGrant.area_id) == area_id) | col(RoleGrant.area_id).is_(None),
        )
        .distinct()
        .order_by(col(Account.name), col(Account.id))
    )  # fmt: skip
    return {row[0]: row[1] for row in rows}


def _name_of(session: Session, agency_id: int) -> str:
    return session.scalars(select(col(Agency.name)).where(col(Agency.id) == agency_id)).one()
