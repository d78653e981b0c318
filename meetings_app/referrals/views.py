"""Referrals as people read them: how long they wait, what is marked, and where they stand, in words."""

from datetime import date, datetime
from typing import Any, NamedTuple

from meetings_app.clock import london_date
from meetings_app.referrals import rules
from meetings_app.referrals.states import ReferralOutcome, ReferralState
from meetings_app.schedule.office import Office
from meetings_app.text import day_in_words

STATE_WORDS = {
    ReferralState.RECEIVED: "Waiting for a decision",
    ReferralState.RETURNED: "Returned for more information",
    ReferralState.ACCEPTED: "Accepted for the next RMM",
    ReferralState.ALREADY_KNOWN: "Already known: became an update",
    ReferralState.TRANSFERRED: "Transferred to another authority",
    ReferralState.NO_FURTHER_ACTION: "No further action",
    ReferralState.HEARD: "Heard at the RMM",
}
_OUTCOME_WORDS = {
    ReferralOutcome.LISTED: "Heard: the child is on the CSE list",
    ReferralOutcome.NO_RISK_IDENTIFIED: "Heard: no CSE risk identified",
}
HANDED_OVER = "Heard: handed over to adult services with a support package"
_TONES = {
    ReferralState.RECEIVED: "blue",
    ReferralState.RETURNED: "yellow",
    ReferralState.ACCEPTED: "green",
}


class Mark(NamedTuple):
    """A short mark beside a referral, and its colour."""

    text: str
    tone: str


class QueueRow(NamedTuple):
    """One referral, ready to be printed."""

    reference: str
    name: str
    child_reference: str | None
    area: str
    agency: str
    referrer: str
    age: str
    received_at: datetime
    marks: list[Mark]
    state: str
    tone: str
    waits_for: str


def state_words(referral: Any) -> str:
    """Say where a referral stands; one that was heard says what the RMM made of it."""
    if referral.handed_over:
        return HANDED_OVER
    return _OUTCOME_WORDS.get(referral.outcome, STATE_WORDS[referral.state])


def marks(referral: Any, now: datetime, office: Office, *, awaits_assessment: bool) -> list[Mark]:
    """Give what must not be missed about a referral."""
    hours = office.partnership.ratings.referrals.decision_hours
    found = [Mark("Urgent", "red")] if referral.urgent else []
    if referral.repeat:
        found.append(Mark("Repeat", "purple"))
    if rules.decision_is_late(referral.received_at, referral.state, now, hours):
        found.append(Mark(f"No decision after {hours} hours", "red"))
    if awaits_assessment:
        age = rules.age_in_words(referral.received_at, now)
        found.append(Mark(f"Awaiting full assessment, {age}", "blue"))
    if referral.state is ReferralState.RECEIVED and referral.answered_at is not None:
        found.append(Mark("Answered", "green"))
    return found


def waits_for(referral: Any, now: datetime, office: Office) -> str:
    """Say since when a returned referral waits for its answer, and what happens without one; else nothing."""
    if referral.state is not ReferralState.RETURNED or referral.decided_at is None:
        return ""
    due = answer_due_on(referral, office)
    since = rules.age_in_words(referral.decided_at, now)
    if due < london_date(now):
        return f"Returned {since} ago. No answer by {day_in_words(due)}: the next RMM hears it"
    return f"Returned {since} ago. Answer due by {day_in_words(due)}"


def answer_due_on(referral: Any, office: Office) -> date:
    """Give the last day for the answer to a returned referral."""
    days = office.partnership.ratings.referrals.answer_working_days
    return rules.answer_due_on(london_date(referral.decided_at), office.calendar, days)


def printed(row: Any, now: datetime, office: Office) -> QueueRow:
    """Turn a row of the queue into what is printed. Where the child is hidden, the name is what the referrer said."""
    return QueueRow(
        reference=row.reference,
        name=row.name_on_record or row.child_name,
        child_reference=row.child_reference,
        area=row.area,
        agency=row.agency,
        referrer=row.referrer_name,
        age=rules.age_in_words(row.received_at, now),
        received_at=row.received_at,
        marks=marks(row, now, office, awaits_assessment=row.awaiting_assessment),
        state=state_words(row),
        tone=_TONES.get(row.state, "grey"),
        waits_for=waits_for(row, now, office),
    )
