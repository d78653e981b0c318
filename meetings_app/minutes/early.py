"""What the first signature asks for: a draft that was issued as it stands, and the end of its time or a reason."""

from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from meetings_app.meetings.minutes import locked_numbers
from meetings_app.meetings.models import Minutes
from meetings_app.minutes.answering import all_answered, answers_to
from meetings_app.minutes.queries import last_issue, version_of
from meetings_app.minutes.rules import check_as_issued, check_signing
from meetings_app.schedule.models import Meeting


def early_reason(
    session: Session, meeting: Meeting, minutes: Minutes, today: date, despite: str,
    changed: Callable[[Minutes], Sequence[str]],
) -> str:  # fmt: skip
    """Give what is kept of a signature made while corrections are taken: why, as the chair who signs first says it.

    None is asked for once everybody who attended has answered. `changed` gives the items whose text was rewritten since
    a version was issued. An amendment is signed without being issued. Raises as `check_as_issued` and `check_signing`.
    """
    if minutes.first_signed_at is not None or locked_numbers(session, meeting.key):
        return minutes.early_reason
    last = last_issue(session, meeting.key)
    if last is None:
        return check_signing(None, None, today, despite)
    issued = version_of(session, meeting.key, last.number)
    if issued is not None and issued.number != minutes.number:
        check_as_issued(issued.number, changed(issued))
    answered = all_answered(answers_to(session, meeting, last.number))
    return check_signing(last.number, last.until, today, despite, answered=answered)
