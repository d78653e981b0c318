"""What comes in between the meetings: referrals with their triage, and changes in circumstances."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import Child
from meetings_app.children.service import ChildDetails, add_note, create_child
from meetings_app.cse_list.models import EntryState, ListEntry
from meetings_app.demo import names, words
from meetings_app.demo.county import PAST_WEEKS, County
from meetings_app.demo.first_list import CHILDREN, Newcomers
from meetings_app.demo.story import Story
from meetings_app.referrals.models import ChangeKind, Referral, ReferralState
from meetings_app.referrals.service import Decision, ReferralDetails, decide, make_referral, report_change

WAITING = 14
"""Referrals of this week that wait for triage: one is urgent, one is a repeat, one is of a child on the list."""

RETURNED = 2
_NEW_AND_WAITING = WAITING - 2
_REFERRERS = ("police", "education", "health", "school", "specialist", "lead", "early-help")
_REPORTERS = ("police", "health", "education", "social-work")


class Week:
    """Everything that reaches the coordinator from outside, week after week."""

    def __init__(self, story: Story, newcomers: Newcomers, listed: int) -> None:
        self._story, self._newcomers = story, newcomers
        self._heard_so_far = CHILDREN - listed - _NEW_AND_WAITING - RETURNED

    def plan(self) -> None:
        """Put the past weeks and the present one on the calendar."""
        county = self._story.county
        slots = [(week, area) for week in range(PAST_WEEKS + 1) for area in sorted(county.areas)]
        extra = county.chance.sample(slots, self._heard_so_far - len(slots))
        firsts = {area: first for area, first, _ in county.first_meetings()}
        for week, area in sorted([*slots, *extra]):
            meeting_day = firsts[area] + timedelta(weeks=week)
            self._story.on(self._arrival(meeting_day), self._time_of_day(), self._heard_later(area))
        for week in range(PAST_WEEKS + 1):
            for area in sorted(county.areas):
                self._plan_changes(area, firsts[area] + timedelta(weeks=week))
        self._plan_present()

    def _arrival(self, meeting_day: date) -> date:
        """Give a working day on which a referral comes in, early enough for the cut-off."""
        county = self._story.county
        day = county.office.calendar.add_working_days(meeting_day, -county.chance.randrange(4, 8))
        return min(day, county.today - timedelta(days=1))

    def _time_of_day(self) -> time:
        chance = self._story.county.chance
        return time(chance.randrange(8, 17), chance.randrange(60))

    def _heard_later(self, area: str) -> "_Arrives":
        chance = self._story.county.chance
        decision = ReferralState.NO_FURTHER_ACTION if chance.random() < 0.06 else ReferralState.ACCEPTED
        return _Arrives(self._story, self._newcomers, area, decision=decision)

    def _plan_changes(self, area: str, meeting_day: date) -> None:
        county = self._story.county
        if county.chance.random() < 0.6:
            day = min(meeting_day - timedelta(days=county.chance.randrange(2, 5)), county.today - timedelta(days=1))
            self._story.on(day, self._time_of_day(), _Changes(county, area))

    def _plan_present(self) -> None:
        """Plan what the coordinator finds this morning: referrals that wait for triage, and some that were returned."""
        county, story = self._story.county, self._story
        areas = sorted(county.areas)
        for place in range(_NEW_AND_WAITING):
            hours = 4 + place * 11
            alike = place == 5
            urgent = place == 0
            arrives = _Arrives(story, self._newcomers, areas[place % len(areas)], alike=alike, urgent=urgent)
            story.at(county.now - timedelta(hours=hours), arrives)
        story.at(county.now - timedelta(hours=20), _Arrives(story, self._newcomers, areas[0], again=EntryState.CLOSED))
        story.at(county.now - timedelta(hours=27), _Arrives(story, self._newcomers, areas[1], again=EntryState.LISTED))
        for place, days in enumerate((4, 7)):
            back = _Arrives(story, self._newcomers, areas[place + 2], decision=ReferralState.RETURNED)
            story.on(county.today - timedelta(days=days), time(11, 5), back)


class _Arrives:
    """A referral comes in and, where a decision is given, the coordinator or a chair takes it three hours later."""

    def __init__(
        self,
        story: Story,
        newcomers: Newcomers,
        area: str,
        *,
        decision: ReferralState | None = None,
        alike: bool = False,
        urgent: bool = False,
        again: EntryState | None = None,
    ) -> None:
        self._story, self._newcomers, self._area = story, newcomers, area
        self._decision, self._alike, self._urgent, self._again = decision, alike, urgent, again

    def __call__(self, session: Session, moment: datetime) -> None:
        """Make the referral."""
        county = self._story.county
        child = self._known_child(session) if self._again else None
        referrer = county.people[county.chance.choice(_REFERRERS)]
        if child is None:
            child = create_child(session, referrer, moment, self._details(session))
        assert referrer.agency_id is not None
        reason = words.URGENT if self._urgent else county.chance.choice(words.REFERRALS)
        details = ReferralDetails(
            agency_id=referrer.agency_id, referrer_name=referrer.name, reason=words.REPEAT if self._again else reason,
            urgent=self._urgent, awaiting_assessment=county.chance.random() < 0.2,
        )  # fmt: skip
        referral = make_referral(session, referrer, moment, county.office, child, details)
        if self._decision is not None:
            self._story.at(moment + timedelta(hours=3), _Decides(county, referral.key, self._decision))

    def _details(self, session: Session) -> ChildDetails:
        """Give the details of a child who is new, or of one who may be a child on the list spelled otherwise."""
        if not self._alike:
            return self._newcomers.next(self._area)
        name, other = names.ALIKE
        born = session.scalars(select(col(Child.born)).where(col(Child.name) == other)).one()
        return self._newcomers.next(self._area, name, born)

    def _known_child(self, session: Session) -> Child | None:
        statement = (
            select(Child)
            .join(ListEntry, col(ListEntry.child_id) == col(Child.id))
            .where(col(ListEntry.state) == self._again)
            .order_by(col(ListEntry.area_id) != self._story.county.areas[self._area], col(ListEntry.id).desc())
        )
        return session.scalars(statement).first()


class _Decides:
    """Triage: the coordinator decides, or a chair where no further action is taken."""

    def __init__(self, county: County, referral_id: int, outcome: ReferralState) -> None:
        self._county, self._referral_id, self._outcome = county, referral_id, outcome

    def __call__(self, session: Session, moment: datetime) -> None:
        """Decide, with the reason that the outcome asks for."""
        reasons = {
            ReferralState.RETURNED: words.RETURNED,
            ReferralState.NO_FURTHER_ACTION: words.NO_FURTHER_ACTION,
        }
        who = "chair-cs" if self._outcome is ReferralState.NO_FURTHER_ACTION else "coordinator"
        with self._county.acting(session, who) as person:
            referral = session.scalars(select(Referral).where(col(Referral.id) == self._referral_id)).one()
            decision = Decision(self._outcome, reasons.get(self._outcome, ""))
            decide(session, person, moment, self._county.office, referral, referral.version, decision)


class _Changes:
    """Somebody reports a change in the circumstances of a child on the list, and adds a note."""

    def __init__(self, county: County, area: str) -> None:
        self._county, self._area = county, area

    def __call__(self, session: Session, moment: datetime) -> None:
        """Report the change for a child whom the person may see."""
        county = self._county
        with county.acting(session, county.chance.choice(_REPORTERS)) as person:
            children = session.scalars(
                select(Child)
                .join(ListEntry, col(ListEntry.child_id) == col(Child.id))
                .where(col(ListEntry.area_id) == county.areas[self._area], col(ListEntry.state) == EntryState.LISTED)
                .order_by(col(Child.id))
            ).all()
            child = county.chance.choice(children)
            kind = county.chance.choice([kind for kind in ChangeKind if kind is not ChangeKind.REPEAT_REFERRAL])
            happened_on = moment.date() - timedelta(days=1)
            report_change(session, person, moment, child, kind, happened_on, words.UPDATES[kind.value])
            add_note(session, person, moment, child.key, county.chance.choice(words.NOTES))
