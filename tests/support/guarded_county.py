"""A county with one of everything that somebody may not see, each child named so that any trace of it is found."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.accounts.queries import grants_of
from meetings_app.child_record.leaving import begin_transfer
from meetings_app.child_record.leaving_rules import Transfer
from meetings_app.children.links import Said, add_link
from meetings_app.children.models import Child, Involvement, LinkKind, PossibleDuplicate
from meetings_app.children.service import add_note
from meetings_app.cse_list.models import Closure, ClosureState, ClosureTask, EntryState, LookBack
from meetings_app.imports import service as imports
from meetings_app.imports.models import ImportKind
from meetings_app.meetings.agency_views import record_view
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.decisions import Decided
from meetings_app.meetings.models import Outcome
from meetings_app.minutes.signing import sign_minutes
from meetings_app.notices.models import OutboxMail
from meetings_app.notices.service import mail_reference
from meetings_app.permissions import OPERATOR, Role
from meetings_app.plans.service import write_version
from meetings_app.ratings.models import RiskRating
from meetings_app.schedule.models import Meeting
from meetings_app.strategy.service import Asked, request
from meetings_app.weekly_list.taking import take_list
from tests.support.actions import give_action, past_meeting
from tests.support.answers import answer_before
from tests.support.assessed import HIGH
from tests.support.assessments import SERAF, codes_of, fill_in, finished, ticked
from tests.support.children import add_child, agency_id, child_of, put_on_list
from tests.support.imports import list_row, the_list
from tests.support.issued import long_issued
from tests.support.meetings import series
from tests.support.minutes_addresses import work_on_minutes
from tests.support.network_meetings import guarded_network_meetings
from tests.support.networks import guarded_networks
from tests.support.plans import plan_text
from tests.support.referrals import refer
from tests.support.rmm import OFFICE, Rmm, deferred, rated, referred, rmm
from tests.support.world import NOW, actor_for, add_account, add_school

PEOPLE = {
    "coordinator": "coordinator", "chair": "chair-cs", "deputy-chair": "deputy", "network-chair": "network",
    "representative": "police", "specialist": "specialist", "school": "school", "lead-professional": "lead",
    "list-holder": "holder", "analyst": "analyst", "administrator": "admin", "auditor": "auditor",
}  # fmt: skip
"""Who holds each role: the part of the address before the @."""


@dataclass(frozen=True)
class GuardedCounty:
    """What stands in addresses, by the name that the tables of expectations use."""

    objects: dict[str, str]


def name_of(child: str) -> str:
    """Give the invented name of a child, which nothing else in the county holds."""
    return f"Canary{child} Mc{child}feather"


def guarded_county(session: Session) -> GuardedCounty:
    """Make it; commits. Roles that follow the child follow `own`; `other` lives in the North West."""
    day = rmm(session)
    schools = [add_school(session, code, f"{code.title()} Academy") for code in ("pretend", "elsewhere")]
    people = everybody(session)
    lead, specialist = people["lead-professional"], people["specialist"]
    own = _listed(session, "own", date(2026, 11, 25), school_id=schools[0].key, lead_professional_id=lead.key)
    plain = _listed(session, "plain", date(2026, 12, 10), school_id=schools[1].key)
    other = _listed(session, "other", date(2026, 11, 25), area="NW")
    session.add(Involvement(child_id=own.key, account_id=specialist.key, began_at=NOW))
    decided = rated(session, RiskRating.HIGH, lead_agency_id=agency_id(session, "police"))
    gone = referred(session, name=name_of("gone"), born=date(2010, 3, 3))
    signed = _held(day, [(own, decided), (gone, _no_risk())])
    long_issued(session, signed)
    for chair in ("chair_cs", "chair_fs"):
        sign_minutes(session, day.act(chair), NOW, OFFICE, signed, 1)
    day.operator()
    heard = referred(session, name=name_of("heard"), born=date(2009, 4, 4))
    closed = _held(_next(day), [(heard, _no_risk())])
    corrections = work_on_minutes(day, signed)
    running = _next(day)
    running.open()
    number = running.item(plain).number
    answer_before(running, plain)
    day.operator()
    drafted = referred(session, name=name_of("drafted"), born=date(2012, 5, 5))
    waiting = add_child(session, name_of("waiting"), born=date(2013, 6, 6))
    referral = refer(session, waiting, by=actor_for(session, day.world.police))
    far = refer(session, add_child(session, name_of("far"), "NW", born=date(2008, 7, 7)))
    twin = add_child(session, name_of("twin"), born=date(2011, 8, 8))
    session.add(PossibleDuplicate(child_id=own.key, other_id=twin.key, why="They look alike", found_at=NOW))
    merged = add_child(session, name_of("merged"), born=date(2011, 9, 9))
    merged.merged_into_id = own.key
    for child in (own, other):
        add_note(session, OPERATOR, NOW, child.key, f"Canarynote of {child.reference}")
        plan = plan_text("Canaryaims", police_intelligence="Canaryintelligence")
        for _version in range(2):
            write_version(session, OPERATOR, NOW, child.key, plan)
    earlier, due = past_meeting(session), date(2026, 12, 20)
    police, health = day.world.police, day.world.health
    actions = {
        "police-action": give_action(session, earlier, own, police, due, "Canaryaction for the police"),
        "health-action": give_action(session, earlier, own, health, due, "Canaryaction for health"),
        "hidden-action": give_action(session, earlier, drafted, day.world.chair_fs, due, "Canaryhidden action"),
    }
    assessments = _assessments(session, day, own, other, people["school"])
    far_meetings = series(session, "NW")
    serious = ticked(codes_of(SERAF, "significant")[:4])
    assessments |= {
        f"{name}-assessment": finished(session, OPERATOR, child, ticks=serious).reference
        for name, child in (("own", own), ("plain", plain), ("other", other))
    }
    left, far_left = _left(session, "left", "NE", signed), _left(session, "farleft", "NW", signed)
    asked = Asked(["trafficking"], "Canarystrategy")
    discussions = {
        f"{name}-strategy": request(session, OPERATOR, NOW, OFFICE, child, asked).reference
        for name, child in (("own", own), ("plain", plain), ("other", other), ("waiting", waiting))
    }
    siblings = Said(LinkKind.SIBLING, "Canarylink")
    links = {
        f"{name}link": str(add_link(session, OPERATOR, NOW, own, child, siblings).key)
        for name, child in (("", plain), ("far-", other))
    }
    uploads = {
        "own-import": _upload(session, day.world.coordinator, "uploaded", "NE"),
        "other-import": _upload(session, day.world.coordinator_nw, "othersupload", "NW"),
    }
    objects = {
        "own": own.reference, "plain": plain.reference, "waiting": waiting.reference, "other": other.reference,
        "twin": twin.reference, "drafted": drafted.reference, "merged": merged.reference, "gone": gone.reference,
        "left": left.reference, "far-left": far_left.reference,
        "signed": signed.reference, "closed": closed.reference, "running": running.meeting.reference,
        "draft": running.later[0].reference, "elsewhere": far_meetings[0].reference, "item": number,
        "referral": referral.reference, "far-referral": far.reference,
        "account": str(people["analyst"].key), "grant": str(grants_of(session, people["analyst"].key)[0].id), **uploads,
        **{name: action.reference for name, action in actions.items()}, **assessments, **discussions,
        **links, **corrections, **_mails(session),
    }  # fmt: skip
    objects |= guarded_networks(session, own, other, actor_for(session, day.world.police), day.world.health)
    objects |= guarded_network_meetings(session, day.world.police)
    moving = Transfer("Invented Borough", "Testy McContact", "Invented.")
    begin_transfer(session, day.act("chair_cs"), NOW, OFFICE, own, moving)
    day.operator()
    for weeks in (0, 1):
        take_list(session, OPERATOR, NOW + timedelta(weeks=weeks), OFFICE)
    session.commit()
    session.close()
    return GuardedCounty(objects)


def everybody(session: Session) -> dict[str, Account]:
    """Give somebody of every role in the North East, by role; who is missing is added. The school is `pretend`."""
    made = {}
    agencies = {"specialist": "specialist-service", "school": "education", "lead-professional": "family-services"}
    for role in Role:
        email = f"{PEOPLE[role.value]}@exampleshire.example"
        known = session.scalars(select(Account).where(col(Account.email) == email)).one_or_none()
        code = "pretend" if role is Role.SCHOOL else None
        agency = agencies.get(role.value, "childrens-services")
        made[role.value] = known or add_account(session, email, role, agency, ["NE"], school=code)
    return made


def _listed(session: Session, name: str, review_on: date, area: str = "NE", **details: object) -> Child:
    child = add_child(session, name_of(name), area, date(2011, 2, len(name)), **details)
    return child_of(session, put_on_list(session, child, RiskRating.MEDIUM, review_on=review_on, lead="police"))


def _left(session: Session, name: str, area: str, meeting: Meeting) -> Child:
    """Add a child who left the list long ago: the look-back is due, and nobody owns what education has to do."""
    child = add_child(session, name_of(name), area, date(2010, 9, len(name)))
    entry = put_on_list(session, child, RiskRating.LOW)
    entry.state, entry.closed_on, entry.next_meeting_id = EntryState.CLOSED, date(2026, 8, 1), None
    closure = Closure(
        entry_id=entry.key, child_id=child.key, meeting_id=meeting.key, state=ClosureState.CLOSED,
        rationale="Canaryrationale", second_signed_at=NOW - timedelta(days=114),
    )  # fmt: skip
    session.add(closure)
    session.flush()
    task = ClosureTask(
        closure_id=closure.key, child_id=child.key, agency_id=agency_id(session, "education"), what="Canarytask",
        due_on=date(2026, 8, 8),
    )  # fmt: skip
    session.add_all([task, LookBack(closure_id=closure.key, child_id=child.key, due_on=date(2026, 10, 24))])
    session.flush()
    return child


def _no_risk() -> Decided:
    return Decided(outcome=Outcome.RATED, rating=RiskRating.NONE, rationale="Canaryrationale")


def _assessments(session: Session, day: Rmm, own: Child, other: Child, school: Account) -> dict[str, str]:
    """Make two of `own`, so that there is one to compare with, one by the school, one far away, and drafts."""
    coordinator, far = (actor_for(session, person) for person in (day.world.coordinator, day.world.coordinator_nw))
    finished(session, coordinator, own)
    made = {
        "assessment": finished(session, coordinator, own, ticks=HIGH),
        "school-assessment": finished(session, actor_for(session, school), own),
        "far-assessment": finished(session, far, other),
        "draft-assessment": fill_in(session, coordinator, own),
        "far-draft-assessment": fill_in(session, far, other),
    }
    return {name: assessment.reference for name, assessment in made.items()}


def _held(day: Rmm, decisions: list[tuple[Child, Decided]]) -> Meeting:
    day.open()
    for child, decided in decisions:
        day.decide(child, decided)
        _dissent(day, child)
    for item in [item for item in _undecided(day) if item not in {child.key for child, _ in decisions}]:
        day.decide(day.session.get_one(Child, item), deferred(day.session))
    close_meeting(day.session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    day.operator()
    return day.meeting


def _dissent(day: Rmm, child: Child) -> None:
    chair, health = day.act("chair_cs"), agency_id(day.session, "health")
    record_view(day.session, chair, NOW, day.meeting, day.item(child), health, "Canaryview", dissents=True)


def _undecided(day: Rmm) -> list[int]:
    from meetings_app.meetings.queries import item_states

    return [state.child_id for state in item_states(day.session, day.meeting.key) if state.child_id is not None]


def _next(day: Rmm) -> Rmm:
    day.meeting, *day.later = day.later
    return day


def _mails(session: Session) -> dict[str, str]:
    """Give the first mail about the meetings of each of two areas."""
    found = {}
    for name, meetings in (("mail", "RMM-NE-"), ("far-mail", "RMM-NW-")):
        wanted = select(col(OutboxMail.message_id)).where(col(OutboxMail.meeting_reference).startswith(meetings))
        found[name] = mail_reference(session.scalars(wanted.order_by(col(OutboxMail.id)).limit(1)).one())
    return found


def _upload(session: Session, by: Account, name: str, area: str) -> str:
    content = the_list(list_row(name_of(name), area=area))
    return imports.upload(session, actor_for(session, by), NOW, content, ImportKind.LIST).reference
