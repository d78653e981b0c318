"""What the page of the minutes shows one reader: a version, what stands beside it, and what is to be done next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from meetings_app.clock import london_date
from meetings_app.meetings.kept_apart import apart_at
from meetings_app.meetings.minutes import locked_numbers
from meetings_app.meetings.minutes_readers import attended, reads_every_version, versions_for
from meetings_app.meetings.models import Minutes
from meetings_app.minutes import queries
from meetings_app.minutes.editing import changed_since, found_minutes, is_edited_since, working_texts
from meetings_app.minutes.models import StepKind
from meetings_app.minutes.queries import CorrectionShown, StepShown
from meetings_app.minutes.rules import is_editable, issue_due
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office


@dataclass(frozen=True)
class Standing:
    """Where the minutes of a meeting stand, as far as the reader may know."""

    shown: Minutes
    latest: int
    versions: Sequence[int]
    locked: Sequence[int]
    reopened: bool
    edited_since: bool
    editable: bool
    steps: Sequence[StepShown]
    corrections: Sequence[CorrectionShown]
    issued: int | None
    until: date | None
    issue_due: date
    changed: Sequence[str] = ()
    """The items whose text was rewritten since the draft was issued, for whoever records the meeting."""

    @property
    def unanswered(self) -> int:
        """How many corrections wait for a chair."""
        return sum(1 for each in self.corrections if each.correction.answered is None)

    @property
    def is_latest(self) -> bool:
        """Whether the version that is shown is the newest."""
        return self.shown.number == self.latest

    @property
    def is_locked(self) -> bool:
        """Whether the version that is shown is signed by both chairs."""
        return self.shown.number in self.locked


def standing_of(
    session: Session, by: Actor, office: Office, meeting: Meeting, number: int | None = None
) -> Standing | None:
    """Give where the minutes stand, showing version `number`, else the one that holds; None where it is not for `by`.

    What holds is the last signed version. Before there is one, it is the newest for whoever may edit it, the last that
    was issued for those who attended, and none for everybody else. Raises `NotFound` before the meeting is closed.
    """
    staff = reads_every_version(by, meeting)
    latest, locked = found_minutes(session, meeting), locked_numbers(session, meeting.key)
    versions = versions_for(session, by, meeting)
    wanted = number or max(locked or versions, default=0)
    shown = queries.version_of(session, meeting.key, wanted) if wanted in versions else None
    if shown is None:
        return None
    issue, reopened = queries.last_issue(session, meeting.key), queries.is_reopened(session, meeting.key)
    return Standing(
        shown=shown, latest=latest.number if staff else versions[-1], versions=versions, locked=locked,
        reopened=reopened, edited_since=staff and is_edited_since(session, latest),
        editable=staff and is_editable(signed=bool(locked), reopened=reopened),
        steps=queries.steps_of(session, meeting.key),
        corrections=apart_at(session, by, meeting).shown(queries.corrections_of(session, meeting.key)),
        changed=_changed(session, latest, issue.number) if staff and issue and not locked else (),
        issued=issue.number if issue else None, until=issue.until if issue else None,
        issue_due=issue_due(
            meeting.held_on, office.definition(meeting.type).draft_minutes_working_days, office.calendar
        ),
    )  # fmt: skip


def _changed(session: Session, latest: Minutes, number: int) -> Sequence[str]:
    issued = queries.version_of(session, latest.meeting_id, number)
    return changed_since(session, issued, working_texts(session, latest)) if issued else ()


def may_propose(session: Session, by: Actor, standing: Standing, now_on: date) -> bool:
    """Whether the reader attended and corrections are still taken."""
    meeting_id, locked = standing.shown.meeting_id, bool(standing.locked)
    return may_ask(session, by, meeting_id, standing.until, now_on, locked=locked)


def may_ask(session: Session, by: Actor, meeting_id: int, until: date | None, now_on: date, *, locked: bool) -> bool:
    """Whether somebody attended, and corrections of minutes that are issued and not signed are still taken."""
    in_time = until is not None and now_on <= until and not locked
    return in_time and by.account_id in attended(session, meeting_id)


def issued_on(standing: Standing) -> date | None:
    """Give the day of the last issue."""
    issues = [each.step for each in standing.steps if each.step.kind is StepKind.ISSUED]
    return london_date(issues[-1].at) if issues else None
