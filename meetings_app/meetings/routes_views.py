"""Writing down on the page of an item what each agency thinks, while the meeting is held."""

from flask.typing import ResponseReturnValue

from meetings_app.meetings.blueprint import blueprint
from meetings_app.meetings.item_saving import save_item
from meetings_app.meetings.item_shown import item_of
from meetings_app.permissions import Permission
from meetings_app.web.guard import requires


@blueprint.post("/meetings/<reference>/items/<number>/views")
@requires(Permission.RECORD_MEETING)
def item_view(reference: str, number: str) -> ResponseReturnValue:
    """Write down what an agency thinks, with whatever else is typed on the page, and stay there."""
    meeting, entry = item_of(reference, number)
    return save_item(meeting, entry, adding="views")


@blueprint.post("/meetings/<reference>/items/<number>/views/<agency>/remove")
@requires(Permission.RECORD_MEETING)
def item_view_remove(reference: str, number: str, agency: str) -> ResponseReturnValue:
    """Take back what was written down for an agency, and keep whatever else is typed on the page."""
    meeting, entry = item_of(reference, number)
    return save_item(meeting, entry, removing=agency)
