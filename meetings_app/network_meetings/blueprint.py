"""The blueprint of network meetings, and what its pages share."""

from flask import Blueprint, abort

from meetings_app.meetings.network_models import NetworkItem
from meetings_app.meetings.routes_arranging import found_meeting
from meetings_app.meetings.routes_arranging import office as office
from meetings_app.network_meetings.items import find_item
from meetings_app.permissions import Permission
from meetings_app.schedule.models import Meeting, MeetingType
from meetings_app.web.context import actor, db, found

blueprint = Blueprint("network_meetings", __name__)
BOTH = ["GET", "POST"]


def network_meeting(reference: str) -> Meeting:
    """Give the network meeting of an address, where the person may see it, or answer 404."""
    meeting = found_meeting(reference)
    if meeting.type is not MeetingType.NETWORK:
        abort(404)
    return meeting


def item_at(meeting: Meeting, number: str) -> NetworkItem:
    """Give an item that the person may see, or answer 404."""
    return found(find_item(db(), meeting, number))


def holds() -> bool:
    """Say whether the person prepares and records network meetings."""
    return actor().may(Permission.DECIDE_NETWORKS)
