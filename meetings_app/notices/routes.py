"""The page of the mail: what waits, what was given up and why, and sending one again by hand."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.calendars.sent import read_sent
from meetings_app.notices import queries, trying
from meetings_app.notices.history import kept_mail, tries_of
from meetings_app.notices.models import MailState
from meetings_app.notices.resending import send_again
from meetings_app.notices.sending import check_setting, why_no_mail
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, found, now, settings
from meetings_app.web.forms import Form
from meetings_app.web.guard import requires

blueprint = Blueprint("notices", __name__)
"""The pages of the mail."""


@blueprint.get("/mail")
@requires(Permission.SEE_OUTBOX)
def index() -> ResponseReturnValue:
    """Show how the mail stands."""
    return render_template(
        "notices/index.html", counts=queries.counts(db(), actor()), states=MailState, problem=check_setting(settings()),
        given_up=queries.troubled(db(), actor(), MailState.GIVEN_UP),
        waiting=queries.troubled(db(), actor(), MailState.WAITING), tests=trying.own_tests(db(), actor()), form=Form(),
    )  # fmt: skip


@blueprint.get("/mail/history")
@requires(Permission.SEE_OUTBOX)
def history() -> ResponseReturnValue:
    """Show every mail, newest first, a page at a time, and what became of each."""
    wanted, before = request.args.get("state", ""), request.args.get("before", "")
    state = MailState(wanted) if wanted in set(MailState) else None
    page = kept_mail(db(), actor(), state, before=before)
    return render_template("notices/history.html", page=page, state=state, states=MailState, before=before)


@blueprint.get("/mail/<reference>")
@requires(Permission.SEE_OUTBOX)
def show(reference: str) -> ResponseReturnValue:
    """Show one mail without its text: to whom, about which meeting, and each thing that happened to it.

    What an invite says stands there for whoever sees meetings, and for the person it was sent to.
    """
    mail = found(queries.find_mail(db(), actor(), reference))
    reads = actor().may(Permission.SEE_MEETINGS) or mail.account_id == actor().account_id
    return render_template(
        "notices/show.html", mail=queries.facts_of(mail), sent_at=mail.sent_at, tries=tries_of(db(), mail.key),
        states=MailState, entry=read_sent(mail.invite) if mail.invite and reads else None,
    )  # fmt: skip


@blueprint.post("/mail/<reference>/again")
@requires(Permission.SEE_OUTBOX)
def again(reference: str) -> ResponseReturnValue:
    """Let a mail that was given up wait once more."""
    send_again(db(), actor(), now(), found(queries.find_mail(db(), actor(), reference)))
    flash("The mail waits to be sent again.", "success")
    return redirect(url_for("notices.index"))


@blueprint.post("/mail/test")
@requires(Permission.SEE_OUTBOX)
def test_mail() -> ResponseReturnValue:
    """Send oneself a test mail, or a test invite."""
    ask = trying.queue_test_invite if "invite" in request.form else trying.queue_test_mail
    if ask(db(), actor(), now(), settings()):
        waits = why_no_mail(settings())
        flash(f"It waits in the outbox{f': {waits}.' if waits else ', and leaves within a minute or two.'}", "success")
    else:
        flash("You have asked for it within the last minute.", "success")
    return redirect(url_for("notices.index"))
