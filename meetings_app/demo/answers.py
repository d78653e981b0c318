"""What agencies have said before the coming meetings: the police everything, health a part, education apologies."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.before_meeting.asked import asked_children
from meetings_app.demo.county import County
from meetings_app.demo.story import Story
from meetings_app.preparing import service
from meetings_app.preparing.rules import BEFORE, Answer, Attendance, Attending, Information
from meetings_app.schedule.models import Meeting, MeetingType

_UPDATE = "Attendance figures of the half-term are with the coordinator. Two schools ask for a visit."
_NOTHING = Information(Answer.NOTHING_KNOWN)
_SAID = {
    "police": (
        _NOTHING,
        Information(
            Answer.RELEVANT,
            "Two calls from the shopping centre about a man of about 30 who gave the child a phone and drove off with "
            "the child. The number plate is known.",
            "We think the same man is behind both calls; the descriptions agree.",
            "Calls to the control room, logged on the day.",
        ),
        Information(Answer.NOT_SHARED, reason="A live inquiry would be harmed. The chairs may ring the inspector."),
    ),
    "health": (
        Information(
            Answer.RELEVANT, "The child came to both appointments with an aunt.", "",
            "The clinic’s record of this month.",
        ),
        _NOTHING,
    ),
}  # fmt: skip
"""What each agency says, of one child after the other: in words of its own work."""
_ANSWERS = (("police", 1, Attending.COMING), ("health", 2, Attending.COMING), ("education", 0, Attending.APOLOGIES))
"""Who answered: about every child, about every second, about none but with apologies and an update."""


def answer_before_meetings(story: Story) -> None:
    """Let some agencies answer this morning for the next RMM of each area; the others are still silent."""
    story.at(story.county.now - timedelta(minutes=40), _Answers(story.county))


class _Answers:
    def __init__(self, county: County) -> None:
        self._county = county

    def __call__(self, session: Session, moment: datetime) -> None:
        """Answer for each area's next meeting."""
        for area_id in self._county.areas.values():
            meeting = session.scalars(
                select(Meeting)
                .where(
                    col(Meeting.type) == MeetingType.RMM, col(Meeting.area_id) == area_id,
                    col(Meeting.state).in_(BEFORE), col(Meeting.held_on) >= self._county.today,
                )
                .order_by(col(Meeting.held_on))
                .limit(1)
            ).first()  # fmt: skip
            for who, every, attending in _ANSWERS:
                if meeting is not None:
                    self._answer(session, moment, meeting, who, every, attending)

    def _answer(
        self, session: Session, moment: datetime, meeting: Meeting, who: str, every: int, attending: Attending
    ) -> None:
        rules = self._county.office.partnership
        with self._county.acting(session, who) as by:
            asked = [child for child in asked_children(session, meeting, rules, moment) if not child.stub]
            for place, child in enumerate(asked):
                if every and place % every == 0:
                    said = _SAID[who][place // every % len(_SAID[who])]
                    service.save_draft(session, by, moment, meeting, child.child_id, 0, said)
                    service.send(session, by, moment, meeting, child.child_id, said)
            update = Attendance(attending, update_text=_UPDATE if attending is Attending.APOLOGIES else "")
            service.save_attendance_draft(session, by, moment, meeting, 0, update)
            service.send_attendance(session, by, moment, meeting, update, ())
