"""Changes on a child's page that touch more than one feature, each in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import col

from meetings_app.accounts.queries import specialists
from meetings_app.actions.following import follow_area
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.models import Child, Involvement
from meetings_app.children.service import (
    ChildDetails,
    change_details,
    check_may,
    check_version,
    set_lead_professional,
)
from meetings_app.clock import london_date
from meetings_app.cse_list import service as cse_list
from meetings_app.db.session import unscoped
from meetings_app.errors import NotFound, RuleBroken
from meetings_app.partnership.plans import PlanRules
from meetings_app.permissions import Actor, Permission
from meetings_app.plans.models import SafetyPlan
from meetings_app.plans.rules import PlanText, is_missing
from meetings_app.plans.service import write_version
from meetings_app.referrals.models import ChangeInCircumstances, ChangeKind, Referral, ReferralState

_WAITING = (ReferralState.RECEIVED, ReferralState.RETURNED, ReferralState.ACCEPTED)


def write_plan(
    session: Session, by: Actor, now: datetime, child_id: int, plan: PlanText, rules: PlanRules = PlanRules(),
    *, opened_at: int | None = None,
) -> SafetyPlan:  # fmt: skip
    """Write the next version of the safety plan; the list then shows no plan as due. Raises as `write_version`."""
    missing = is_missing(went_missing_on(session, child_id), london_date(now), rules)
    written = write_version(session, by, now, child_id, plan, rules, missing=missing, opened_at=opened_at)
    cse_list.plan_written(session, child_id)
    return written


def went_missing_on(session: Session, child_id: int) -> date | None:
    """Give the day of the last missing episode that was reported, or None."""
    return session.execute(
        select(func.max(col(ChangeInCircumstances.happened_on))).where(
            col(ChangeInCircumstances.child_id) == child_id,
            col(ChangeInCircumstances.kind) == ChangeKind.MISSING_EPISODE,
        )
    ).scalar()


def edit_details(
    session: Session, by: Actor, now: datetime, child: Child, version: int, details: ChildDetails
) -> list[str]:
    """Change a child's identity, and what other tables keep of it. A child who moves area takes everything along.

    Raises as `change_details`.
    """
    changed = change_details(session, by, now, child, version, details)
    if {"name", "born", "area_id"} & set(changed):
        cse_list.follow_child(session, by, now, child)
    if "area_id" in changed:
        follow_area(session, by, now, child)
        # Past the actor's scope: the rows belong to the new area's people once the child has moved.
        waiting = update(Referral).where(col(Referral.child_id) == child.key, col(Referral.state).in_(_WAITING))
        session.execute(waiting.values(area_id=child.area_id, moved_at=now).execution_options(**unscoped()))
    return changed


@dataclass(frozen=True)
class Lead:
    """Who answers for the safety plan: an agency, and a person by account or else by name."""

    agency_id: int | None
    professional_id: int | None
    professional_name: str = ""


def set_lead(session: Session, by: Actor, now: datetime, child: Child, version: int, lead: Lead) -> None:
    """Set lead agency and lead professional.

    Raises `Conflict` where somebody saved since `version`, `RuleBroken` for `agency` where a rating of high or medium
    would be left without one, `NotFound` for whoever may not.
    """
    check_may(session, by, Permission.CHANGE_CHILD, child.key)
    check_version(child, version)
    entry = cse_list.live_entry(session, child.key)
    if entry is not None:
        if lead.agency_id is None and cse_list.needs_lead_agency(entry):
            raise RuleBroken("agency", "Choose the lead agency: a child rated high or medium needs one")
        cse_list.change_entry(session, by, now, entry, lead_agency_id=lead.agency_id)
    set_lead_professional(session, by, now, child, lead.professional_id, lead.professional_name)
    # The version grows even where the entry alone changed, so that a second person's form is told.
    flag_modified(child, "lead_professional_name")
    session.flush()


def begin_involvement(session: Session, by: Actor, now: datetime, child_id: int, account_id: int) -> None:
    """Say that a person of the specialist service works with a child, and so sees the record; twice is once.

    Raises `NotFound` for whoever may not change the child, and for an account that is no active specialist's.
    """
    check_may(session, by, Permission.CHANGE_CHILD, child_id)
    if account_id not in {person.id for person in specialists(session)}:
        raise NotFound
    if _running(session, child_id, account_id):
        return
    session.add(Involvement(child_id=child_id, account_id=account_id, began_at=now))
    session.flush()
    record(session, by, now, EventKind.INVOLVEMENT_CHANGED, child_id, account=account_id, change="begins")


def end_involvement(session: Session, by: Actor, now: datetime, child_id: int, account_id: int) -> None:
    """Say that a person no longer works with a child; the record is closed to them at once. Raises as the beginning."""
    check_may(session, by, Permission.CHANGE_CHILD, child_id)
    running = _running(session, child_id, account_id)
    for involvement in running:
        involvement.ended_at = now
    session.flush()
    if running:
        record(session, by, now, EventKind.INVOLVEMENT_CHANGED, child_id, account=account_id, change="ends")


def _running(session: Session, child_id: int, account_id: int) -> Sequence[Involvement]:
    return session.scalars(
        select(Involvement).where(
            col(Involvement.child_id) == child_id, col(Involvement.account_id) == account_id,
            col(Involvement.ended_at).is_(None),
        )
    ).all()  # fmt: skip
