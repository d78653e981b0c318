"""What a child’s page shows of the networks: those the child is linked with, to whoever may see both."""

from typing import Any

from meetings_app.audit.events import EventKind
from meetings_app.networks.following import subjects_of_child
from meetings_app.networks.states import CHILD_TIES
from meetings_app.web.context import actor, db, saw


def networks_part(child_id: int) -> dict[str, Any]:
    """Give what the page says of networks, and record that it was shown."""
    rows = subjects_of_child(db(), actor(), child_id)
    if rows:
        saw(EventKind.SUBJECTS_VIEWED, shown=len(rows), subjects=[row.reference for row in rows])
    return {"networks": rows, "ties": CHILD_TIES}
