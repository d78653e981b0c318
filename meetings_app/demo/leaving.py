"""What a closure asks for before it is decided: the tool used again, and every open action dealt with."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.models import Action
from meetings_app.actions.queries import is_open
from meetings_app.actions.service import withdraw
from meetings_app.assessments import answering, queries, service
from meetings_app.assessments.models import DecisionKind
from meetings_app.children.models import Child
from meetings_app.clock import london_date
from meetings_app.demo import assessment_words, words
from meetings_app.demo.county import County
from meetings_app.demo.filling import fill_in
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting

_TOOL = "seraf"


def make_ready(session: Session, county: County, chair: Actor, now: datetime, meeting: Meeting, child: Child) -> None:
    """Let nothing block the closure of a child: no indicator is found any more, and no action stays open."""
    partnership = county.office.partnership
    assessment = service.start(session, chair, now, partnership, child, _TOOL)
    tool = queries.tool_of(session, assessment)
    answers = {
        "learning_disability": False, "disability": False, "indicators": [], "other_factors": [],
        "headings": {heading.key: assessment_words.HEADINGS[heading.key] for heading in tool.headings},
    }  # fmt: skip
    fill_in(session, chair, now, assessment, answers, london_date(now))
    tool = queries.tool_of(session, assessment)
    service.finish(session, chair, now, partnership, assessment, tool, assessment.version)
    answering.decide(session, chair, now, assessment, DecisionKind.NO_REFERRAL, assessment_words.NO_REFERRAL)
    still_open = session.scalars(select(Action).where(col(Action.child_id) == child.key, is_open())).all()
    for action in still_open:
        withdraw(session, chair, now, meeting, action, action.version, words.WITHDRAWN)
