"""The page of the timetable: what ran, what comes next, what failed, and how much mail waits for how long."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from meetings_app.jobs import queries
from meetings_app.jobs.timetable import timetable
from meetings_app.notices import queries as mail
from meetings_app.notices.models import MailState
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, now, partnership, settings
from meetings_app.web.guard import requires

blueprint = Blueprint("jobs", __name__)


@blueprint.get("/timetable")
@requires(Permission.SEE_OUTBOX)
def index() -> ResponseReturnValue:
    """Show how the timetable stands; the mail as far as the person looks after it."""
    backs_up = settings().backup_dir is not None
    jobs = timetable(partnership().clock, backs_up=backs_up)
    return render_template(
        "jobs/index.html", standings=queries.standings(db(), jobs, now()), backs_up=backs_up,
        failures=queries.former_failures(db()), silence=queries.scheduler_silent_since(db(), now()),
        counts=mail.counts(db(), actor()), states=MailState, oldest=mail.oldest_waiting(db(), actor()),
    )  # fmt: skip
