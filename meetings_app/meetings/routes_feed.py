"""One's own meetings in one's own calendar: the page of the address, and what a calendar program reads at it."""

from datetime import timedelta

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts.gate import hash_of
from meetings_app.meetings.routes_arranging import office
from meetings_app.schedule import feeds
from meetings_app.web.context import actor, db, now, settings
from meetings_app.web.forms import Form
from meetings_app.web.guard import public, signed_in
from meetings_app.web.limits import Limit

blueprint = Blueprint("calendar_feed", __name__)
"""The pages of one's own calendar."""

READ_AGAIN = 900
"""In seconds: how long a calendar program may keep what it read."""

_READS = Limit(120, timedelta(hours=1))
"""Our default, for each address: many times what a calendar program asks for."""


@blueprint.get("/calendar/<token>.ics")
@public
def feed(token: str) -> ResponseReturnValue:
    """Give the meetings of whoever the address belongs to; the same bytes until something changes."""
    account_id = feeds.account_of_feed(db(), token)
    if account_id is None:
        abort(404)
    if not _READS.allows(hash_of(token), now()):
        abort(429)
    response = Response(feeds.calendar_for(db(), account_id, now(), office()), mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'inline; filename="meetings.ics"'
    response.headers["Cache-Control"] = f"private, max-age={READ_AGAIN}"
    response.add_etag()
    return response.make_conditional(request)


@blueprint.get("/calendar")
@signed_in
def own() -> ResponseReturnValue:
    """Show whether the person has a calendar address."""
    return _page("")


@blueprint.post("/calendar/make")
@signed_in
def make() -> ResponseReturnValue:
    """Make a new address, shown this once."""
    token = feeds.make_feed(db(), actor(), now())
    return _page(f"{settings().base_url}{url_for('calendar_feed.feed', token=token)}")


@blueprint.post("/calendar/revoke")
@signed_in
def revoke() -> ResponseReturnValue:
    """Let the address show nothing any more."""
    feeds.revoke_feed(db(), actor(), now())
    flash("Your calendar address shows nothing any more.", "success")
    return redirect(url_for("calendar_feed.own"))


def _page(address: str) -> str:
    return render_template(
        "meetings/answers/calendar.html", address=address, present=feeds.present_feed(db(), actor()), form=Form()
    )
