"""The page of mailed answers that are no plain answers: what came, why nothing was taken from it, and a look at it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.meetings.blueprint import blueprint
from meetings_app.notices.imap_settings import check_imap_setting
from meetings_app.permissions import Permission
from meetings_app.schedule import reply_mails
from meetings_app.web.context import actor, db, found, now, settings
from meetings_app.web.guard import requires
from meetings_app.web.numbers import row_number


@blueprint.get("/meetings/mailed-answers", endpoint="mailed_answers")
@requires(Permission.ARRANGE_MEETINGS)
def show_mailed_answers() -> ResponseReturnValue:
    """Show the mails to look at."""
    return render_template(
        "meetings/answers/mails.html", mails=reply_mails.open_mails(db()), organiser=settings().organiser,
        problem=check_imap_setting(settings().imap_url),
    )  # fmt: skip


@blueprint.post("/meetings/mailed-answers")
@requires(Permission.ARRANGE_MEETINGS)
def mailed_answer_seen() -> ResponseReturnValue:
    """Record that one of them was looked at."""
    wanted = row_number(request.form.get("mail")) or 0
    reply_mails.settle(db(), actor(), now(), found(reply_mails.find_open(db(), wanted)))
    flash("One mail less needs a look.", "success")
    return redirect(url_for("meetings.mailed_answers"))
