"""The board's page: totals, and no child."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from meetings_app.audit.events import EventKind
from meetings_app.permissions import Permission
from meetings_app.reports.suppression import SMALLEST_SHOWN
from meetings_app.reports.totals import totals_of
from meetings_app.web.context import actor, db, saw, today
from meetings_app.web.guard import requires

blueprint = Blueprint("reports", __name__)


@blueprint.get("/totals")
@requires(Permission.SEE_TOTALS)
def totals() -> ResponseReturnValue:
    """Show the totals of the areas the person may see, small numbers hidden."""
    saw(EventKind.TOTALS_VIEWED)
    tables = totals_of(db(), actor(), today())
    return render_template("reports/totals.html", tables=tables, smallest=SMALLEST_SHOWN, on=today())
