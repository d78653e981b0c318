"""Changes to referrals: made, decided, answered and heard. Every way out is told to the referrer (SUR)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.models import Child
from meetings_app.children.service import check_may
from meetings_app.clock import london_date
from meetings_app.cse_list.homing import homes_of_area
from meetings_app.cse_list.service import change_entry, live_entry, wait_for_stay
from meetings_app.db.references import unused_reference
from meetings_app.db.session import unscoped, unscoped_while
from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.permissions import Actor, Permission
from meetings_app.referrals import queries, rules
from meetings_app.referrals.models import ChangeInCircumstances, ChangeKind, Referral, ReferralOutcome, ReferralState
from meetings_app.referrals.telling import tell_referrer
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.office import Office
from meetings_app.text import day_in_words
from meetings_app.web.filters import words


@dataclass(frozen=True)
class ReferralDetails:
    """What a form or a spreadsheet says about a referral, already cleaned.

    `received_at` (UTC) is None for one that arrives now; `tool` names the screening tool that was used, if any.
    """

    agency_id: int
    referrer_name: str
    reason: str
    urgent: bool = False
    awaiting_assessment: bool = False
    tool: str = ""
    received_at: datetime | None = None


@dataclass(frozen=True)
class Decision:
    """What triage decides on a referral, with the reason that every way out but acceptance must carry (SUR)."""

    outcome: ReferralState
    reason: str = ""
    transferred_to: str = ""
    transferred_contact: str = ""


def make_referral(
    session: Session, by: Actor, now: datetime, office: Office, child: Child, details: ReferralDetails
) -> Referral:
    """Make a referral of a child, waiting for triage in the child's area. The child may be hidden from `by`.

    Raises `RuleBroken` for `reason`, `referrer_name`, `agency` or `received_at`, `NotFound` without permission,
    `DomainError` for a record that points to another one: no meeting would hear of it.
    """
    if not by.may(Permission.REFER):
        raise NotFound
    if child.merged_into_id is not None:
        raise DomainError("This record points to another record of the same child. Search again and choose that one.")
    _check_details(by, now, details)
    # Whoever signs a closure at this moment goes first, or reads of the referral before the child leaves.
    with unscoped_while(session):
        wait_for_stay(session, child.key)
    received_at = details.received_at or now
    closed_on = queries.closed_days(session, child.key)
    months = office.partnership.ratings.referrals.repeat_months
    referral = Referral(
        reference=unused_reference(session, col(Referral.reference), "R"),
        child_id=child.key, child_name=child.name, child_born=child.born, area_id=child.area_id,
        agency_id=details.agency_id, referrer_name=details.referrer_name.strip(), referrer_id=by.account_id,
        received_at=received_at, reason=details.reason.strip(), urgent=details.urgent,
        repeat=rules.is_repeat(london_date(received_at), closed_on, months),
        awaiting_assessment=details.awaiting_assessment, tool=details.tool,
    )  # fmt: skip
    session.add(referral)
    session.flush()
    record(session, by, now, EventKind.REFERRAL_MADE, child.key, referral=referral.reference)
    return referral


def _check_details(by: Actor, now: datetime, details: ReferralDetails) -> None:
    if not details.reason.strip():
        raise RuleBroken("reason", "Enter what the concern is")
    if not details.referrer_name.strip():
        raise RuleBroken("referrer_name", "Enter who makes the referral")
    if details.received_at is not None and details.received_at > now:
        raise RuleBroken("received_at", "The date of the referral must be today or in the past")
    if details.agency_id != by.agency_id and not by.may(Permission.TRIAGE):
        raise RuleBroken("agency", "You can refer for your own agency only")


def decide(
    session: Session, by: Actor, now: datetime, office: Office, referral: Referral, version: int, decision: Decision
) -> None:
    """Decide what happens to a referral that waits for triage, and tell the referrer.

    Raises `NotFound` for whoever does not triage the area, `Conflict` with both texts where somebody decided since
    `version` or before, `RuleBroken` for `outcome`, `reason`, `transferred_to` or `transferred_contact`.
    """
    _lock(session, by, referral)
    if referral.version != version or referral.state not in rules.OPEN:
        raise _decided_already(referral, decision.reason)
    if decision.outcome is ReferralState.ALREADY_KNOWN:
        # A child who leaves the list at this moment is known no more, and comes back by this referral alone.
        wait_for_stay(session, referral.child_id)
    known = decision.outcome is ReferralState.ALREADY_KNOWN and queries.is_known(session, referral)
    rules.check_decision(
        by, referral.area_id, referral.state, decision.outcome, repeat=referral.repeat, known=known
    )  # fmt: skip
    rules.check_reason(decision.outcome, decision.reason, decision.transferred_to, decision.transferred_contact)
    _keep_question(referral)
    referral.state, referral.decision_reason = decision.outcome, decision.reason.strip()
    referral.decided_at, referral.decided_by_id = now, by.account_id
    if decision.outcome is ReferralState.TRANSFERRED:
        referral.transferred_to = decision.transferred_to.strip()
        referral.transferred_contact = decision.transferred_contact.strip()
    session.flush()
    record(
        session, by, now, EventKind.REFERRAL_DECIDED, referral.child_id,
        referral=referral.reference, state=decision.outcome.value,
    )  # fmt: skip
    if decision.outcome is ReferralState.ALREADY_KNOWN:
        _becomes_an_update(session, by, now, referral)
    tell_referrer(session, by, now, office, referral)


def answer_returned(session: Session, by: Actor, now: datetime, referral: Referral, version: int, text: str) -> None:
    """Answer what was asked when the referral was returned; it waits for triage again, with the age it had.

    The question and the answer are kept. For the referrer and whoever triages the area. Raises `Conflict` where it
    changed since `version`, `RuleBroken` for `text`, `NotFound` for anybody else.
    """
    own = referral.referrer_id is not None and referral.referrer_id == by.account_id
    if not own and not rules.may_decide(by, referral.area_id):
        raise NotFound
    session.refresh(referral, with_for_update=True)
    if referral.version != version or referral.state is not ReferralState.RETURNED:
        raise Conflict(
            "Somebody else answered or decided this referral after you opened it.",
            field="text", theirs=referral.information_given or referral.decision_reason, ours=text,
        )  # fmt: skip
    if not text.strip():
        raise RuleBroken("text", "Enter the information that was asked for")
    _keep_question(referral)
    _add_information(referral, f"Answered on {day_in_words(london_date(now))}: {text.strip()}")
    referral.answered_at = now
    referral.state, referral.decision_reason = ReferralState.RECEIVED, ""
    referral.decided_at = referral.decided_by_id = None
    session.flush()
    record(session, by, now, EventKind.REFERRAL_ANSWERED, referral.child_id, referral=referral.reference)


def hear(
    session: Session,
    by: Actor,
    now: datetime,
    office: Office,
    referral: Referral,
    meeting: Meeting,
    outcome: ReferralOutcome | None,
) -> None:
    """Record what the RMM made of a referral it heard, and tell the referrer. The meeting's permission was asked.

    Without an outcome it is heard and nothing is told yet: what became of it is told by `telling.settle`.
    """
    if referral.state not in (ReferralState.ACCEPTED, *rules.OPEN):
        raise DomainError("This referral was decided before the meeting heard it.")
    referral.state, referral.outcome = ReferralState.HEARD, outcome
    referral.heard_at_meeting_id, referral.heard_on = meeting.key, meeting.held_on
    session.flush()
    record(
        session, by, now, EventKind.REFERRAL_HEARD, referral.child_id,
        referral=referral.reference, meeting=meeting.reference,
    )  # fmt: skip
    if outcome is not None:
        tell_referrer(session, by, now, office, referral)


def report_change(
    session: Session, by: Actor, now: datetime, child: Child, kind: ChangeKind, happened_on: date, text: str
) -> ChangeInCircumstances:
    """Put a change in circumstances on record; it pulls the child's review forward to the next RMM (SG, KM).

    For whoever may write on the child's record. Raises `RuleBroken` for `happened_on` or `text`, `NotFound`,
    `DomainError` for a record that points to another one: no meeting would hear of it.
    """
    check_may(session, by, Permission.WRITE_NOTE, child.key)
    rules.check_change(happened_on, text, london_date(now), child.born)
    # Whoever signs a closure at this moment goes first, or reads of the change before the child leaves.
    wait_for_stay(session, child.key)
    session.refresh(child)
    if child.merged_into_id is not None:
        raise DomainError("This record points to another record of the same child. Report the change on that one.")
    change = ChangeInCircumstances(
        child_id=child.key, kind=kind, happened_on=happened_on, reported_at=now, reported_by_id=by.account_id,
        text=text.strip(),
    )  # fmt: skip
    session.add(change)
    session.flush()
    record(session, by, now, EventKind.CHANGE_REPORTED, child.key, change=kind.value)
    pull_review_forward(session, by, now, child.key)
    return change


def end_waiting(
    session: Session, by: Actor, now: datetime, office: Office, child_id: int, reason: str, *, to: str = "",
    contact: str = "",
) -> None:  # fmt: skip
    """End every referral of a child that waits, because the child has left the list; the chairs have decided so.

    Transferred with the child, the referrer is told; without an authority (the child has died) nobody is sent anything.
    """
    waiting = select(Referral).where(
        col(Referral.child_id) == child_id, col(Referral.state).in_((*rules.OPEN, ReferralState.ACCEPTED))
    )
    unsettled = queries.unsettled(session, [child_id])
    state = ReferralState.TRANSFERRED if to else ReferralState.NO_FURTHER_ACTION
    still_open = session.scalars(waiting.order_by(col(Referral.id)).execution_options(**unscoped())).all()
    for referral in (*still_open, *unsettled):
        _keep_question(referral)
        referral.state, referral.decision_reason = state, reason
        referral.decided_at, referral.decided_by_id = now, by.account_id
        referral.transferred_to, referral.transferred_contact = to, contact
        session.flush()
        record(
            session, by, now, EventKind.REFERRAL_DECIDED, child_id, referral=referral.reference, state=state.value
        )  # fmt: skip
        if to:
            tell_referrer(session, by, now, office, referral)


def _keep_question(referral: Referral) -> None:
    """Keep what was said of a referral before another decision takes its place: a question, or why it was accepted."""
    if referral.decided_at is not None and referral.decision_reason:
        said = "Asked" if referral.state is ReferralState.RETURNED else words(referral.state).capitalize()
        _add_information(
            referral, f"{said} on {day_in_words(london_date(referral.decided_at))}: {referral.decision_reason}"
        )


def _add_information(referral: Referral, said: str) -> None:
    referral.information_given = "\n\n".join(filter(None, (referral.information_given, said)))


def _lock(session: Session, by: Actor, referral: Referral) -> None:
    """Wait for whoever decides the same referral at this moment, then read what they left."""
    if not rules.may_decide(by, referral.area_id):
        raise NotFound
    session.refresh(referral, with_for_update=True)


def _decided_already(referral: Referral, ours: str) -> Conflict:
    said = words(referral.state)
    theirs = f"{said}: {referral.decision_reason}" if referral.decision_reason else said
    return Conflict(
        "Somebody else changed this referral after you opened it. Your decision was not saved.",
        field="reason", theirs=theirs, ours=ours,
    )  # fmt: skip


def _becomes_an_update(session: Session, by: Actor, now: datetime, referral: Referral) -> None:
    """Keep what the referrer said and what is new as a change in circumstances of the child."""
    child = session.get_one(Child, referral.child_id)
    text = f"{referral.decision_reason}\n\nFrom referral {referral.reference}: {referral.reason}"
    report_change(
        session, by, now, child, ChangeKind.REPEAT_REFERRAL, london_date(referral.received_at), text
    )  # fmt: skip


def pull_review_forward(session: Session, by: Actor, now: datetime, child_id: int) -> None:
    """Bring the next review to the first RMM still to be held, where it would be later."""
    entry = live_entry(session, child_id)
    if entry is None:
        return
    dates = homes_of_area(session, entry.area_id, london_date(now)).dates
    if dates and dates[0] < entry.next_review_on:
        change_entry(session, by, now, entry, next_review_on=dates[0])
