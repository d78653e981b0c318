"""What the rating of a child asks for, as the child's page shows it."""

from typing import Any

from meetings_app.meetings.raising import raised_for_child
from meetings_app.web.context import db, partnership, today


def rating_part(child: Any) -> dict[str, Any]:
    """Give what the rating asks for that is not taken up as an action."""
    return {"raised": raised_for_child(db(), child.id, partnership(), today())}
