"""Closures: answered in the meeting, signed by two chairs of the two chairing agencies, then the child leaves the list.

Until both have signed the child stays listed, as "closing"; a signature not made in its time returns the closure to
the next RMM (`domain.md`, "The closure gate").
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import col

from meetings_app.accounts.models import Account, Agency
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.models import Child, YesNoUnknown
from meetings_app.clock import london_date
from meetings_app.cse_list.models import Closure, ClosureState, ClosureWarning, ListEntry, WarningCode
from meetings_app.cse_list.service import close_entry, live_entry, lock_stay
from meetings_app.db.asked_once import asked_once
from meetings_app.db.session import unscoped
from meetings_app.errors import Conflict, DomainError, NotFound
from meetings_app.meetings.after_closure import follow_closure
from meetings_app.meetings.decisions import Decided
from meetings_app.meetings.gate import ClosureAnswers, GateWarning
from meetings_app.meetings.models import AgendaItem, ItemDecision, Outcome
from meetings_app.meetings.signing_checks import plain_answers, what_keeps
from meetings_app.meetings.standing import last_level
from meetings_app.permissions import Actor, Permission
from meetings_app.ratings.models import RiskRating
from meetings_app.ratings.rules import differs_from_tool
from meetings_app.ratings.service import record_rating
from meetings_app.referrals.models import ReferralOutcome
from meetings_app.referrals.queries import unsettled
from meetings_app.referrals.telling import settle
from meetings_app.schedule.models import Meeting, MeetingState
from meetings_app.schedule.office import Office

_OPEN = (ClosureState.DRAFTED, ClosureState.CLOSING)


def closure_of(session: Session, meeting_id: int, child_id: int) -> Closure | None:
    """Give the closure that this meeting decides for the child, or None."""
    return session.scalars(
        select(Closure)
        .where(
            col(Closure.meeting_id) == meeting_id, col(Closure.child_id) == child_id,
            col(Closure.state) != ClosureState.RETURNED,
        )
        .order_by(col(Closure.id).desc())
    ).first()  # fmt: skip


@asked_once
def answered_of(session: Session, meeting_id: int, child_id: int) -> Closure | None:
    """Give what this meeting answered about a closure of the child, decided or set aside, or None."""
    return session.scalars(
        select(Closure)
        .where(col(Closure.meeting_id) == meeting_id, col(Closure.child_id) == child_id)
        .order_by(col(Closure.id).desc())
    ).first()


def closures_answered(session: Session, meeting_id: int) -> set[int]:
    """Give the children of whom this meeting answered something about a closure, decided or set aside."""
    return set(session.scalars(select(col(Closure.child_id)).where(col(Closure.meeting_id) == meeting_id)))


def answers_of(session: Session, closure: Closure) -> ClosureAnswers:
    """Give the answers of a closure as the rules take them."""
    return replace(plain_answers(closure), reasons=reasons_of(session, closure))


def reasons_of(session: Session, closure: Closure) -> dict[WarningCode, str]:
    """Give why the meeting closes although something warns, by warning: the last word on each counts."""
    return {warning.code: warning.reason for warning in warnings_kept(session, closure.key)}


def warnings_kept(session: Session, closure_id: int) -> list[ClosureWarning]:
    """Give the warnings that stand beside a closure, each with its reason, in the order of their codes."""
    rows = session.scalars(
        select(ClosureWarning).where(col(ClosureWarning.closure_id) == closure_id).order_by(col(ClosureWarning.id))
    )
    last = {row.code: row for row in rows}
    return [last[code] for code in WarningCode if code in last and last[code].reason]


def keep_closure(
    session: Session,
    by: Actor,
    now: datetime,
    meeting: Meeting,
    item: AgendaItem,
    decided: Decided,
    answers: ClosureAnswers,
    warnings: Iterable[GateWarning],
    *,
    restated: bool = False,
) -> None:
    """Keep the answers beside the decision, and the reasons with the warnings that hold.

    Whatever is changed after a signature has to be signed again, also what is `restated` beside the answers. Where
    something else is decided, what was typed is kept aside, and stands there again once “Closed” is chosen.
    """
    closes, closure = decided.outcome is Outcome.CLOSED, answered_of(session, meeting.key, item.child_id)
    entry = live_entry(session, item.child_id)
    if closes and entry is None:
        raise DomainError("This child is not on the list.")
    if entry is None or not (closes or closure is not None or answers != ClosureAnswers()):
        return
    if closure is None:
        closure = Closure(entry_id=entry.key, child_id=item.child_id, meeting_id=meeting.key)
        session.add(closure)
    state = ClosureState.DRAFTED if closes else ClosureState.RETURNED
    if closure.state is not state:
        closure.state = state
        _unsign(closure)
    wanted = {**vars(answers), "rationale": decided.rationale.strip()}
    del wanted["reasons"]
    session.flush()
    changed = _keep_reasons(session, by, now, closure, answers, warnings)
    if restated or changed or any(getattr(closure, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(closure, name, value)
        _unsign(closure)
        # The version grows where a reason alone changed, so that whoever is about to sign reads it first.
        flag_modified(closure, "rationale")


def _keep_reasons(
    session: Session,
    by: Actor,
    now: datetime,
    closure: Closure,
    answers: ClosureAnswers,
    warnings: Iterable[GateWarning],
) -> bool:
    """Append what was said anew of the warnings; says whether anything was."""
    before, said = reasons_of(session, closure), {warning.code: warning.text for warning in warnings}
    wanted = answers.reasons
    changed = [code for code in WarningCode if wanted.get(code, "") != before.get(code, "")]
    for code in changed:
        session.add(
            ClosureWarning(
                closure_id=closure.key, code=code, text=said.get(code, ""), reason=wanted.get(code, ""), at=now,
                by_id=by.account_id,
            )
        )  # fmt: skip
    return bool(changed)


def sign(
    session: Session, by: Actor, now: datetime, office: Office, closure: Closure, version: int | None = None
) -> bool:
    """Sign a closure as it was read at `version`; says whether the child left the list by it.

    Two chairs sign, one of each chairing agency, two different people. Raises `Conflict` where the closure changed
    since, `DomainError` for a second signature of the same person or agency, after the time for it, and while
    something keeps the child that the meeting did not know (`what_keeps`), `NotFound` for whoever is no chair of the
    area. Without a version the caller has just read the closure itself.
    """
    # The stay first, then what ends it: whoever ends it another way waits here, and nobody waits for both.
    entry = lock_stay(session, closure.entry_id)
    session.refresh(closure, with_for_update=True)
    if version is not None and closure.version != version:
        raise Conflict("This closure changed after you opened the page. Read it again before you sign.")
    agency = _chairing_agency(session, by, office)
    if not by.may(Permission.CLOSE_ENTRY, entry.area_id) or by.account_id is None:
        raise NotFound
    if closure.state not in _OPEN:
        raise DomainError("This closure cannot be signed any more.")
    if closure.second_due_on is not None and london_date(now) > closure.second_due_on:
        raise DomainError("The time for signing is over: the closure goes to the next RMM.")
    kept = what_keeps(session, office.partnership.ratings, [closure.key], london_date(now))
    if kept:
        raise DomainError(" ".join(kept[closure.key]))
    if closure.first_signed_at is None:
        closure.first_chair_id, closure.first_signed_at = by.account_id, now
        closure.second_due_on = office.calendar.add_working_days(
            london_date(now), office.partnership.ratings.closure.signature_working_days
        )
    elif closure.second_signed_at is not None:
        raise DomainError("Both chairs have signed this closure.")
    else:
        _check_second(session, by, closure, agency)
        closure.second_chair_id, closure.second_signed_at = by.account_id, now
    session.flush()
    # Past the actor's scope: a child who moved area is signed off by the chairs of the new one.
    meeting = session.get_one(Meeting, closure.meeting_id, execution_options=unscoped())
    record(session, by, now, EventKind.CLOSURE_SIGNED, closure.child_id, meeting=meeting.reference)
    return finish(session, by, now, office, closure, entry, meeting)


def finish(
    session: Session, by: Actor, now: datetime, office: Office, closure: Closure, entry: ListEntry, meeting: Meeting
) -> bool:
    """Take the child off the list where both have signed and the meeting is closed; says whether it did.

    The rating becomes "no CSE risk identified", except for an adult still at risk who was handed over. The referrers
    whom the meeting heard are told now, and not before.
    """
    closed = meeting.state in (MeetingState.CLOSED, MeetingState.SIGNED)
    if not closed or closure.second_signed_at is None:
        return False
    handed_over = closure.still_at_risk is YesNoUnknown.YES
    if not handed_over:
        record_rating(
            session, by, now, closure.child_id, RiskRating.NONE, rationale=closure.rationale,
            decided_on=meeting.held_on, meeting_id=meeting.key, rules_version=closure.rules_version,
            tool_difference_reason=closing_difference(session, closure),
        )  # fmt: skip
    close_entry(session, by, now, entry, closure)
    follow_closure(session, by, now, office, closure)
    outcome = None if handed_over else ReferralOutcome.NO_RISK_IDENTIFIED
    settle(session, by, now, office, unsettled(session, [closure.child_id]), outcome)
    return True


def closing_difference(session: Session, closure: Closure) -> str:
    """Give why no risk is left although the last assessment reads as another level, or "" where nothing differs.

    Past the actor's scope: a child who moved area was decided about by a meeting that the new chairs do not see.
    """
    if closure.still_at_risk is YesNoUnknown.YES or not differs_from_tool(
        RiskRating.NONE, last_level(session, closure.child_id)
    ):
        return ""
    said = (
        select(col(ItemDecision.tool_difference_reason))
        .join(AgendaItem, col(AgendaItem.id) == col(ItemDecision.item_id))
        .where(col(AgendaItem.meeting_id) == closure.meeting_id, col(AgendaItem.child_id) == closure.child_id)
    )
    return session.scalars(said.execution_options(**unscoped())).first() or ""


def waiting_closures(session: Session) -> Sequence[Any]:
    """Give the closures that wait for a signature and may be seen: child, meeting, who signed first, and until when."""
    return session.execute(
        select(
            col(Closure.id), col(Closure.version), col(Closure.second_due_on), col(Closure.first_signed_at),
            col(Closure.rationale), col(Closure.first_chair_id), col(Account.name).label("first_chair"),
            col(Child.id).label("child_id"), col(Child.reference).label("child"), col(Child.name),
            col(Child.area_id), col(Meeting.reference).label("meeting"),
        )
        .join(Child, col(Child.id) == col(Closure.child_id))
        .join(Meeting, col(Meeting.id) == col(Closure.meeting_id))
        .outerjoin(Account, col(Account.id) == col(Closure.first_chair_id))
        .where(col(Closure.state).in_(_OPEN), col(Closure.second_signed_at).is_(None))
        .order_by(col(Closure.second_due_on), col(Closure.id))
        # A child who moved area was decided about by a meeting that the chairs of the new one do not see.
        .execution_options(**unscoped("meeting"))
    ).all()  # fmt: skip


def find_waiting(session: Session, child_reference: str) -> Closure | None:
    """Give the closure of a child that can still be signed, or None."""
    return session.scalars(
        select(Closure)
        .join(Child, col(Child.id) == col(Closure.child_id))
        .where(col(Child.reference) == child_reference, col(Closure.state).in_(_OPEN))
        .order_by(col(Closure.id).desc())
    ).first()


def _chairing_agency(session: Session, by: Actor, office: Office) -> int | None:
    """Give the agency of the signing chair. Raises `NotFound` for one that does not chair."""
    code = session.scalars(select(col(Agency.code)).where(col(Agency.id) == by.agency_id)).first()
    if code not in office.partnership.rmm.chairing_agencies:
        raise NotFound
    return by.agency_id


def _check_second(session: Session, by: Actor, closure: Closure, agency_id: int | None) -> None:
    first = session.get_one(Account, closure.first_chair_id)
    if first.key == by.account_id:
        raise DomainError("You have signed this closure. The other chair signs as well.")
    if first.agency_id == agency_id:
        raise DomainError("The second signature is that of the chair of the other agency.")


def _unsign(closure: Closure) -> None:
    closure.first_chair_id = closure.second_chair_id = None
    closure.first_signed_at = closure.second_signed_at = None
    closure.second_due_on = None
