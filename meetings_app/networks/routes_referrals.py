"""Referrals to the network meeting: made by any agency, read, and decided by the network chair."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.audit.events import EventKind
from meetings_app.children.models import Child
from meetings_app.children.queries import find_child
from meetings_app.errors import RuleBroken
from meetings_app.networks import queries, referring
from meetings_app.networks.blueprint import BOTH, area_choices, blueprint, form_page
from meetings_app.networks.forms import AcceptForm, ReferralForm, TurnDownForm
from meetings_app.networks.item import Carried, carried
from meetings_app.networks.models import NetworkReferral
from meetings_app.networks.states import BASES, CONFIDENCES, CRITERIA, Criterion, ReferralState, SubjectKind
from meetings_app.permissions import Permission
from meetings_app.schedule.office import Office
from meetings_app.web.context import actor, db, found, now, partnership, saw, settings
from meetings_app.web.guard import requires

STATES = {
    ReferralState.RECEIVED: "Waits for a decision",
    ReferralState.ACCEPTED: "Taken up",
    ReferralState.RETURNED: "More information is asked for",
    ReferralState.NO_ACTION: "Not taken up",
}


@blueprint.route("/networks/referrals/new", methods=BOTH)
@requires(Permission.REFER)
def refer() -> ResponseReturnValue:
    """Refer to the network meeting; from an item of an RMM it brings the child and the area along."""
    form, brought = ReferralForm(), carried(request.args.get("meeting", ""), request.args.get("item", ""))
    form.areas.choices = area_choices()
    if not form.is_submitted() and brought is not None:
        form.children.data, form.areas.data = brought.child, [brought.area_id]
    if form.validate_on_submit():
        made = _made(form, brought)
        if made is not None:
            flash("The referral is made. The network chair decides on it.", "success")
            return redirect(url_for("networks.referral", reference=made.reference))
    return form_page(
        form,
        "Refer to the network meeting",
        "Send the referral",
        url_for("networks.index"),
        intro="networks/_refer.html",
    )


def _made(form: ReferralForm, brought: Carried | None) -> NetworkReferral | None:
    agency_id = actor().agency_id
    if agency_id is None:
        form.form_errors.append("Your account has no agency, so it makes no referral.")
        return None
    try:
        said = form.said(brought.item_id if brought else None)
        return referring.refer(db(), actor(), now(), agency_id, said, _children(form))
    except RuleBroken as broken:
        form.refuse(broken)
        return None


def _children(form: ReferralForm) -> tuple[Child, ...]:
    """Give the children named. Raises `RuleBroken` where one is not found among those whom the person may see."""
    named = [part.strip() for part in (form.children.data or "").replace(";", ",").split(",") if part.strip()]
    found_children: dict[int, Child] = {}
    for reference in named:
        child = find_child(db(), reference)
        if child is None:
            raise RuleBroken("children", "One of the references is no child whom you may see. Check them")
        found_children[child.key] = child
    return tuple(found_children.values())


@blueprint.get("/networks/referrals/<reference>")
@requires(Permission.REFER)
def referral(reference: str) -> ResponseReturnValue:
    """Show one referral, and to the network chair what may be decided on it."""
    row = found(queries.find_referral(db(), reference))
    return _page(row, *_forms(row))


@blueprint.post("/networks/referrals/<reference>/accept")
@requires(Permission.DECIDE_NETWORKS)
def accept(reference: str) -> ResponseReturnValue:
    """Take the referral up, as a new network or as more about a known one."""
    row = found(queries.find_referral(db(), reference))
    form, other = _forms(row)
    if form.validate_on_submit():
        known = queries.find_subject(db(), form.network.data) if form.network.data else None
        try:
            subject = referring.accept(
                db(), actor(), now(), _office(), row, form.opened_at, form.name.data or "", known
            )
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash("The referral is taken up.", "success")
            return redirect(url_for("networks.show", reference=subject.reference))
    return _page(row, form, other)


@blueprint.post("/networks/referrals/<reference>/turn-down")
@requires(Permission.DECIDE_NETWORKS)
def turn_down(reference: str) -> ResponseReturnValue:
    """Ask for more, or do not take the referral up, with the reason."""
    row = found(queries.find_referral(db(), reference))
    other, form = _forms(row)
    if form.validate_on_submit():
        try:
            state = ReferralState(form.state.data)
            referring.turn_down(db(), actor(), now(), _office(), row, form.opened_at, state, form.why.data or "")
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash("The decision is recorded. The referrer sees it with the reason.", "success")
            return redirect(url_for("networks.referral", reference=row.reference))
    return _page(row, other, form)


def _office() -> Office:
    return Office.of(settings(), partnership())


def _forms(row: NetworkReferral) -> tuple[AcceptForm, TurnDownForm]:
    accepting, declining = AcceptForm(), TurnDownForm()
    networks = queries.subjects(db(), SubjectKind.NETWORK, "")
    accepting.network.choices = {"": "A new network", **{each.reference: each.name for each in networks}}
    if not accepting.is_submitted():
        accepting.version.data = declining.version.data = str(row.version)
    return accepting, declining


def _page(row: NetworkReferral, accepting: AcceptForm, declining: TurnDownForm) -> ResponseReturnValue:
    named = queries.referral_children(db(), row.key)
    saw(EventKind.NETWORK_REFERRAL_VIEWED, referral=row.reference, children=[child.id for child in named])
    page = render_template(
        "networks/referral.html", row=row, children=named, areas=queries.referral_areas(db(), row.key),
        suspects=queries.referral_suspects(db(), row.key),
        criteria=[CRITERIA[Criterion(code)] for code in row.criteria],
        state=STATES[row.state], basis=BASES[row.basis], confidence=CONFIDENCES[row.confidence],
        subject=queries.subject_reference(db(), row.subject_id), accepting=accepting, declining=declining,
        decides=row.state is ReferralState.RECEIVED and actor().may(Permission.DECIDE_NETWORKS),
        opens_children=actor().may(Permission.SEE_CHILD),
    )  # fmt: skip
    return page, 400 if accepting.errors or declining.errors else 200
