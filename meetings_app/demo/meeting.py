"""One RMM as it is held: agenda, attendance, a decision on every item, close, and what follows from it."""

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.actions.models import Action, ActionState
from meetings_app.actions.rules import ActionAnswer, AnswerKind
from meetings_app.actions.service import answer
from meetings_app.child_record.service import write_plan
from meetings_app.clock import london_date
from meetings_app.cse_list.models import Closure, ClosureTask, ListEntry
from meetings_app.demo import names, words
from meetings_app.demo.decisions import Decider
from meetings_app.demo.particular import Particular
from meetings_app.demo.plans import give_updates, is_written
from meetings_app.demo.story import HeldMeeting, Story
from meetings_app.demo.strategy import plan_outcomes
from meetings_app.meetings import closing, publishing, running
from meetings_app.meetings.closures import sign
from meetings_app.meetings.models import Presence
from meetings_app.minutes.issuing import issue
from meetings_app.minutes.signing import sign_minutes
from meetings_app.partnership.plans import PlanRules
from meetings_app.plans.queries import last_plan
from meetings_app.plans.rules import update_asked_on
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.queries import members

_ISSUED = time(14)
_DAYS_UNTIL_SIGNED = 9
_DAYS_UNTIL_DRAFT = 3
_NOTHING_TO_CORRECT = "Everybody who attended said that nothing is to be corrected."


class HeldRmm:
    """Puts one past meeting on the calendar of the story: issued, held, its actions answered, its minutes signed."""

    def __init__(self, story: Story, held: HeldMeeting, particular: Particular) -> None:
        self._story, self._held, self._particular = story, held, particular
        self._county = story.county
        self._decider = Decider(story.county, particular)

    def plan(self) -> None:
        """Let the agenda be issued the working day before, the meeting be held, and the minutes be signed."""
        issued_on = self._county.office.calendar.add_working_days(self._held.day, -1)
        self._story.on(issued_on, _ISSUED, self._issue)
        asked_on = update_asked_on(self._held.day, self._plan_rules, self._county.office.calendar)
        self._story.on(asked_on, time(15, 30), self._give_updates)
        self._story.at(self._held.begins, self._hold)
        drafted_on = self._held.day + timedelta(days=_DAYS_UNTIL_DRAFT)
        self._story.on(drafted_on, time(10), self._issue_draft)
        signed_on = self._held.day + timedelta(days=_DAYS_UNTIL_SIGNED)
        self._story.on(signed_on, time(15), self._sign)

    def _meeting(self, session: Session) -> Meeting:
        return session.scalars(select(Meeting).where(col(Meeting.id) == self._held.id)).one()

    @property
    def _plan_rules(self) -> PlanRules:
        rules: PlanRules = self._county.office.partnership.ratings.plans
        return rules

    def _give_updates(self, session: Session, moment: datetime) -> None:
        give_updates(session, self._county, moment, self._held.id)

    def _issue(self, session: Session, moment: datetime) -> None:
        with self._county.acting(session, "coordinator") as coordinator:
            meeting = self._meeting(session)
            publishing.publish(session, coordinator, moment, self._county.office, meeting, meeting.version)

    def _hold(self, session: Session, moment: datetime) -> None:
        office = self._county.office
        with self._county.acting(session, names.CHAIRS[0]) as chair:
            meeting = self._meeting(session)
            running.start(session, chair, moment, meeting, meeting.version, chair.name)
            running.set_attendance(session, chair, moment, meeting, self._attendance(session, meeting))
            self._decider.decide_all(session, chair, moment, meeting)
            closing.close_meeting(session, chair, self._held.ends, office, meeting, meeting.version)
            closures = session.scalars(select(Closure).where(col(Closure.meeting_id) == meeting.key)).all()
            for closure in closures:
                sign(session, chair, self._held.ends, office, closure)
        with self._county.acting(session, names.CHAIRS[1]) as other_chair:
            for closure in closures:
                if closure.child_id == self._particular.unsigned:
                    continue
                sign(session, other_chair, self._held.ends + timedelta(minutes=20), office, closure)
        self._plan_what_follows(session)

    def _attendance(self, session: Session, meeting: Meeting) -> list[running.AttendanceLine]:
        """Let most members attend; whoever makes the quorum always does, so that the meeting can lower and close."""
        chance = self._county.chance
        always = {self._county.people[who].account_id for who in (*names.CHAIRS, "police", "health", "coordinator")}
        people = session.execute(
            select(col(Account.id), col(Account.name), col(Account.agency_id))
            .where(col(Account.id).in_([member.account_id for member in members(session, meeting.key)]))
            .order_by(col(Account.id))
        ).all()
        lines = []
        for person in people:
            presence = Presence.PRESENT
            if person.id not in always:
                presence = chance.choices(tuple(Presence), (70, 15, 10, 5))[0]
            lines.append(running.AttendanceLine(person.agency_id, person.name, presence, person.id))
        return lines

    def _issue_draft(self, session: Session, moment: datetime) -> None:
        with self._county.acting(session, "coordinator") as coordinator:
            issue(session, coordinator, moment, self._county.office, self._meeting(session), "Said in the meeting.")

    def _sign(self, session: Session, moment: datetime) -> None:
        for who in names.CHAIRS:
            with self._county.acting(session, who) as chair:
                sign_minutes(
                    session, chair, moment, self._county.office, self._meeting(session), 1, _NOTHING_TO_CORRECT
                )

    def _plan_what_follows(self, session: Session) -> None:
        plan_outcomes(session, self._story, self._held.id)
        given = session.scalars(
            select(Action).where(col(Action.meeting_id) == self._held.id, col(Action.state) == ActionState.OPEN)
        )
        after_closures = session.scalars(
            select(Action)
            .join(ClosureTask, col(ClosureTask.action_id) == col(Action.id))
            .join(Closure, col(Closure.id) == col(ClosureTask.closure_id))
            .where(col(Closure.meeting_id) == self._held.id)
        )
        calendar = self._county.office.calendar
        for action in after_closures:
            self._story.on(action.due_on, time(16, 50), Answers(self._story, action.key))
        for action in given:
            answered_on = calendar.working_day_on_or_after(action.due_on + timedelta(days=self._days_late()))
            self._story.on(answered_on, time(16, 20), Answers(self._story, action.key))
        unwritten = session.scalars(
            select(col(ListEntry.child_id)).where(
                col(ListEntry.plan_due_on).is_not(None),
                col(ListEntry.area_id) == self._county.areas[self._held.area],
                col(ListEntry.rated_on) == self._held.day,
            )
        )
        for child_id in unwritten:
            written_on = self._county.office.calendar.add_working_days(
                self._held.day, self._county.chance.randrange(1, 5)
            )
            if is_written(child_id):
                self._story.on(written_on, time(11, 30), WritesPlan(self._story, child_id))

    def _days_late(self) -> int:
        """Answer most actions in time, some late; those of today that are late are the overdue ones."""
        chance = self._county.chance
        return chance.choices((-2, 0, 3, 9, 17), (35, 35, 14, 10, 6))[0]


class Answers:
    """The owner of an action says what became of it."""

    def __init__(self, story: Story, action_id: int) -> None:
        self._county, self._action_id = story.county, action_id

    def __call__(self, session: Session, moment: datetime) -> None:
        """Answer, mostly with done."""
        kind = self._county.chance.choices(
            (AnswerKind.DONE, AnswerKind.NOT_DONE, AnswerKind.COULD_NOT_BE_DONE), (86, 7, 7)
        )[0]
        action = session.scalars(select(Action).where(col(Action.id) == self._action_id)).one()
        if action.state is not ActionState.OPEN:
            return
        who = next(name for name, person in self._county.people.items() if person.account_id == action.owner_id)
        with self._county.acting(session, who) as owner:
            said = ActionAnswer(kind, words.ANSWERS[kind.value])
            rules = self._county.office.partnership.ratings.actions
            answer(session, owner, moment, action, action.version, said, rules)


class WritesPlan:
    """The coordinator writes down the safety plan that the meeting agreed."""

    def __init__(self, story: Story, child_id: int) -> None:
        self._county, self._child_id = story.county, child_id

    def __call__(self, session: Session, moment: datetime) -> None:
        """Write the next version."""
        with self._county.acting(session, "coordinator") as coordinator:
            before = last_plan(session, self._child_id)
            text = words.plan(london_date(moment), number=2 if before else 1)
            write_plan(session, coordinator, moment, self._child_id, text)
