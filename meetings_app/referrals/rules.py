"""What may happen to a referral, who may decide it, and how long it has waited. Sources in brackets; “own” is ours."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from meetings_app.children.ages import after_months
from meetings_app.clock import at_london, london_date
from meetings_app.errors import DomainError, RuleBroken
from meetings_app.permissions import Actor, Permission, Role
from meetings_app.referrals.states import ReferralState
from meetings_app.schedule.working_days import WorkingCalendar

OPEN = (ReferralState.RECEIVED, ReferralState.RETURNED)
"""States in which triage still has to decide."""

OUTCOMES = (
    ReferralState.ACCEPTED,
    ReferralState.RETURNED,
    ReferralState.ALREADY_KNOWN,
    ReferralState.TRANSFERRED,
    ReferralState.NO_FURTHER_ACTION,
)
"""What triage can decide, in the order in which pages offer it."""

_HOUR = timedelta(hours=1)
_MEMBERS = (Role.REPRESENTATIVE, Role.LEAD_PROFESSIONAL, Role.SPECIALIST)
_MISSING_REASON = {
    ReferralState.RETURNED: "Enter what information is missing",
    ReferralState.ALREADY_KNOWN: "Enter what is new in this referral",
    ReferralState.TRANSFERRED: "Enter why the referral goes to another authority",
    ReferralState.NO_FURTHER_ACTION: "Enter why no further action is taken",
}


def may_decide(by: Actor, area_id: int) -> bool:
    """Say whether the person triages the referrals of the area: coordinators, chairs and their deputies (SUR)."""
    return by.may(Permission.TRIAGE, area_id)


def may_read(by: Actor, area_id: int, referrer_id: int | None) -> bool:
    """Say whether the person may read a referral that their scope shows.

    Whoever triages the area, whoever made it, and members who see the child; a school reads its own only (own).
    """
    if may_decide(by, area_id) or (referrer_id is not None and by.account_id == referrer_id):
        return True
    return any(by.has(role) for role in _MEMBERS)


def outcomes_for(by: Actor, area_id: int, state: ReferralState, *, repeat: bool) -> tuple[ReferralState, ...]:
    """Give what the person may decide now. No further action needs a chair, and is never given to a repeat (SUR)."""
    if state not in OPEN or not may_decide(by, area_id):
        return ()
    refused = set()
    if repeat or not by.may(Permission.REFUSE_REFERRAL, area_id):
        refused.add(ReferralState.NO_FURTHER_ACTION)
    if state is ReferralState.RETURNED:
        refused.add(ReferralState.RETURNED)
    return tuple(outcome for outcome in OUTCOMES if outcome not in refused)


def check_decision(
    by: Actor, area_id: int, state: ReferralState, outcome: ReferralState, *, repeat: bool, known: bool
) -> None:
    """Refuse a decision that the person may not take on this referral, with the reason why not.

    `known` says that an RMM hears the child anyway: on the list, or through another referral that was accepted.
    """
    if outcome is ReferralState.NO_FURTHER_ACTION and repeat:
        raise RuleBroken("outcome", "A repeat referral goes to the next RMM. It cannot end with no further action")
    if outcome is ReferralState.NO_FURTHER_ACTION and not by.may(Permission.REFUSE_REFERRAL, area_id):
        raise RuleBroken("outcome", "Only a chair can decide no further action")
    if outcome is ReferralState.RETURNED and state is ReferralState.RETURNED:
        raise RuleBroken("outcome", "The referral is with the referrer already. Decide it without the answer, or wait")
    if outcome not in outcomes_for(by, area_id, state, repeat=repeat):
        raise RuleBroken("outcome", "Choose what happens to the referral")
    if outcome is ReferralState.ALREADY_KNOWN and not known:
        raise RuleBroken(
            "outcome", "The child is not on the CSE list and no other referral waits for the RMM. Accept the referral"
        )


def check_reason(outcome: ReferralState, reason: str, transferred_to: str = "", transferred_contact: str = "") -> None:
    """Refuse a decision not to refer without its reason (SUR), or a transfer without authority and named contact."""
    if outcome in _MISSING_REASON and not reason.strip():
        raise RuleBroken("reason", _MISSING_REASON[outcome])
    if outcome is not ReferralState.TRANSFERRED:
        return
    if not transferred_to.strip():
        raise RuleBroken("transferred_to", "Enter the authority that takes the referral")
    if not transferred_contact.strip():
        raise RuleBroken("transferred_contact", "Enter the name of the person there who has taken it")


def is_repeat(received_on: date, closed_on: Iterable[date], repeat_months: int) -> bool:
    """Say whether a referral came within `repeat_months` of a closure, that day included (12 months, SUR)."""
    return any(received_on <= after_months(closed, repeat_months) for closed in closed_on)


def answer_due_on(returned_on: date, calendar: WorkingCalendar, working_days: int) -> date:
    """Give the last day for the answer to a returned referral; after it the next RMM hears the referral (own)."""
    return calendar.add_working_days(returned_on, working_days)


def decide_by(received_at: datetime, decision_hours: int) -> datetime:
    """Give the moment by which it is decided what to do about a concern: `decision_hours` after it came (24, SG).

    Hours that pass, not those on the wall: where the clocks change in between, they show another time of day.
    """
    return received_at + timedelta(hours=decision_hours)


def decision_is_late(received_at: datetime, state: ReferralState, now: datetime, decision_hours: int) -> bool:
    """Say whether a referral has waited for its first decision longer than `decision_hours` (24, SG)."""
    return state is ReferralState.RECEIVED and now > decide_by(received_at, decision_hours)


@dataclass(frozen=True)
class Moments:
    """Since when a referral is late: received before `decided_before`, or returned before `returned_before` (UTC)."""

    decided_before: datetime
    returned_before: datetime


def moments_of(now: datetime, calendar: WorkingCalendar, decision_hours: int, working_days: int) -> Moments:
    """Give the moments before which a referral must have come, or have been returned, to be late now."""
    today = london_date(now)
    day = today
    while answer_due_on(day, calendar, working_days) >= today:
        day -= timedelta(days=1)
    return Moments(now - timedelta(hours=decision_hours), at_london(day + timedelta(days=1), time()))


def age_in_words(since: datetime, now: datetime) -> str:
    """Say how long something has waited: “less than an hour”, “3 hours”, “1 day”, “12 days”, by London days."""
    days = (london_date(now) - london_date(since)).days
    if days >= 1:
        return f"{days} {'day' if days == 1 else 'days'}"
    hours = max(timedelta(0), now - since) // _HOUR
    if hours < 1:
        return "less than an hour"
    return f"{hours} {'hour' if hours == 1 else 'hours'}"


def check_change(happened_on: date, text: str, today: date, born: date) -> None:
    """Refuse a change in circumstances that lies ahead or before the child's birth, or says nothing.

    Raises `RuleBroken` for `happened_on` or `text`.
    """
    if happened_on > today:
        raise RuleBroken("happened_on", "The date must be today or in the past")
    if happened_on < born:
        raise RuleBroken("happened_on", "The date must not be before the child’s date of birth")
    if not text.strip():
        raise RuleBroken("text", "Enter what happened")


def check_may_be_merged(*, listed: bool, into_itself: bool) -> None:
    """Refuse to make one record of two where that would take a child off the list, which only an RMM does."""
    if into_itself:
        raise DomainError("The two are the same record already.")
    if listed:
        raise DomainError("This record is on the CSE list. Only an RMM takes it off, as a duplicate.")
