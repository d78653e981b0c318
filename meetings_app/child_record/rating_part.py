"""What the rating of a child asks for, as the child's page shows it."""

from typing import Any

from meetings_app.meetings.raising import raised_for_child, raised_now
from meetings_app.plans.rules import working_days_late
from meetings_app.ratings.raised import Raised
from meetings_app.ratings.rules import due_dates
from meetings_app.schedule.office import Office
from meetings_app.web.context import db, partnership, settings, today


def rating_part(child: Any, live: Any) -> dict[str, Any]:
    """Give what the rating asks for that is not taken up, and where a lead professional is due, by when and how late.

    `live` is the child's present stay on the list, or None: off the list nothing is asked for.
    """
    if live is None:
        return {"raised": []}
    raised = raised_now(db(), child.id, today(), live.current_rating)
    asked = raised_for_child(db(), child.id, partnership(), today(), raised)
    return {"raised": asked, **({} if child.lead_professional or raised is None else _lead_due(raised))}


def _lead_due(raised: Raised) -> dict[str, Any]:
    calendar = Office.of(settings(), partnership()).calendar
    due_on = due_dates(raised.rating, raised.since, partnership().ratings.ratings, calendar).lead_professional
    return {"lead_due_on": due_on, "lead_late_days": working_days_late(due_on, today(), calendar)}
