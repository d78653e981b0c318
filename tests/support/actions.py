"""Builders of actions for tests, given by a past meeting through the service the pages use."""

from datetime import date

from sqlalchemy.orm import Session

from meetings_app.accounts.models import Account
from meetings_app.actions.models import Action
from meetings_app.actions.rules import ActionAnswer, AnswerKind
from meetings_app.actions.service import answer, confirm_proposed, propose
from meetings_app.children.models import Child
from meetings_app.partnership.definitions import ActionRules
from meetings_app.permissions import OPERATOR
from meetings_app.schedule.models import Meeting, MeetingState
from tests.support.children import add_meeting
from tests.support.world import NOW


def past_meeting(session: Session, area: str = "NE") -> Meeting:
    """Add an RMM that was held some weeks ago."""
    return add_meeting(session, date(2026, 10, 6), area, MeetingState.CLOSED)


def give_action(
    session: Session, meeting: Meeting, child: Child, owner: Account, due_on: date, what: str = "Visit the family."
) -> Action:
    """Give an action at a meeting that was held."""
    action = propose(session, OPERATOR, NOW, meeting, child, what, owner.agency_id, owner.key, due_on)
    confirm_proposed(session, OPERATOR, NOW, meeting.key)
    return action


def say_done(session: Session, action: Action, text: str = "Visited.") -> Action:
    """Let the operator say that an action is done."""
    return answer(session, OPERATOR, NOW, action, action.version, ActionAnswer(AnswerKind.DONE, text), ActionRules())
