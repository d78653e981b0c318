"""The pages on which a referral is made: search, then the concern, then check the answers.

What was typed travels in hidden fields from page to page: nothing stands in the address or in a cookie, and the
server keeps nothing of a referral that is not sent.
"""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.audit.events import EventKind
from meetings_app.children.queries import FoundChild, Match, find_child
from meetings_app.errors import RuleBroken
from meetings_app.permissions import Permission
from meetings_app.referrals import intake, queries
from meetings_app.referrals.blueprint import blueprint, office
from meetings_app.referrals.forms import DETAIL_FIELDS, NEW_CHILD, SEARCH_FIELDS, DetailsForm, MatchForm, SearchForm
from meetings_app.referrals.identity import refer_new_child
from meetings_app.referrals.intake import Sought
from meetings_app.referrals.models import Referral
from meetings_app.referrals.search import candidates
from meetings_app.referrals.service import make_referral
from meetings_app.web.context import actor, db, found, now, partnership, saw, today
from meetings_app.web.guard import requires


@blueprint.get("/referrals/new")
@requires(Permission.REFER)
def new() -> ResponseReturnValue:
    """Show the first step: the search that comes before a new record."""
    return _search_page(SearchForm())


@blueprint.post("/referrals/new")
@requires(Permission.REFER)
def go_on() -> ResponseReturnValue:
    """Take what was typed so far, and show the step that comes next, or the first one that is not right yet."""
    step = request.form.get("step", "")
    search = SearchForm()
    if step == "change_child":
        return _search_page(search)
    child = intake.sought(search, today())
    if child is None:
        return _search_page(search, 400)
    matches = candidates(db(), child.name, child.born, child.reference)
    match = MatchForm()
    match.offer([each.child.reference for each in matches])
    if step == "search" and matches:
        saw(EventKind.SEARCHED, matches=len(matches), children=[each.child.id for each in matches])
        return _match_page(match, matches)
    if matches and not match.validate():
        return _match_page(match, matches, 400)
    chosen = next((each.child for each in matches if each.child.reference == match.child.data), None)
    return _concern(step, search, child, chosen)


@blueprint.get("/referrals/<reference>/sent")
@requires(Permission.REFER)
def sent(reference: str) -> ResponseReturnValue:
    """Say the reference of a referral just made, and what happens next."""
    referral = queries.find_referral(db(), reference)
    own = referral if referral is not None and referral.referrer_id == actor().account_id else None
    hours = partnership().ratings.referrals.decision_hours
    return render_template("referrals/sent.html", referral=found(own), hours=hours)


def _concern(step: str, search: SearchForm, child: Sought, chosen: FoundChild | None) -> ResponseReturnValue:
    """Go on once it is clear who the child is."""
    details = intake.details_form(db(), actor(), chosen, request.form)
    if step in ("search", "match", "change_details"):
        return _details_page(details, child, chosen)
    if not details.validate():
        return _details_page(details, child, chosen, 400)
    if step != "send":
        return _check_page(details, child, chosen)
    try:
        referral = _send(details, child, chosen)
    except RuleBroken as problem:
        if problem.field in SEARCH_FIELDS:
            search.refuse(problem)
            return _search_page(search, 400)
        details.refuse(problem)
        return _details_page(details, child, chosen, 400)
    return redirect(url_for("referrals.sent", reference=referral.reference))


def _send(details: DetailsForm, sought: Sought, chosen: FoundChild | None) -> Referral:
    said = intake.referral_details(db(), actor(), details)
    if chosen is not None:
        child = found(find_child(db(), chosen.reference))
        return make_referral(db(), actor(), now(), office(), child, said)
    return refer_new_child(db(), actor(), now(), office(), intake.child_details(db(), sought, details), said)


def _carried(*shown: str) -> list[tuple[str, str]]:
    """Give what was typed on the other steps, to be carried in hidden fields."""
    names = (*SEARCH_FIELDS, "child", *DETAIL_FIELDS)
    return [(name, request.form[name]) for name in names if name in request.form and name not in shown]


def _search_page(form: SearchForm, status: int = 200) -> ResponseReturnValue:
    return render_template("referrals/search.html", form=form, carried=_carried(*SEARCH_FIELDS)), status


def _match_page(form: MatchForm, matches: list[Match], status: int = 200) -> ResponseReturnValue:
    return render_template(
        "referrals/matches.html", form=form, matches=matches, new_child=NEW_CHILD,
        areas=intake.area_names(db()), carried=_carried("child"),
    ), status  # fmt: skip


def _details_page(
    form: DetailsForm, child: Sought, chosen: FoundChild | None, status: int = 200
) -> ResponseReturnValue:
    return render_template(
        "referrals/details.html", form=form, child=child, chosen=chosen, carried=_carried(*DETAIL_FIELDS)
    ), status


def _check_page(form: DetailsForm, child: Sought, chosen: FoundChild | None) -> ResponseReturnValue:
    return render_template(
        "referrals/check.html", form=form, carried=_carried(),
        child_rows=intake.child_rows(db(), child, chosen), concern_rows=intake.concern_rows(db(), actor(), form),
    )  # fmt: skip
