"""The blueprint that the pages of referrals share."""

from flask import Blueprint

from meetings_app.schedule.office import Office
from meetings_app.web.context import partnership, settings

blueprint = Blueprint("referrals", __name__)


def office() -> Office:
    """Give the partnership's rules and the address of the service."""
    return Office.of(settings(), partnership())
