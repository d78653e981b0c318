"""Links of a child to other children: to record one, found among those whom the person may see, and to end one."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.audit.events import EventKind
from meetings_app.child_record.changes import child_for
from meetings_app.child_record.link_forms import EndLinkForm, LinkForm, words_of
from meetings_app.child_record.routes import blueprint
from meetings_app.children.link_queries import find_link, links_of
from meetings_app.children.links import add_link, end_link
from meetings_app.children.models import Child
from meetings_app.children.queries import FoundChild, find_child, search
from meetings_app.errors import Conflict, NotFound, RuleBroken
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, found, now, saw
from meetings_app.web.forms import Form
from meetings_app.web.guard import requires

_BOTH = ["GET", "POST"]
_MOST = 20


@blueprint.route("/children/<reference>/links/new", methods=_BOTH)
@requires(Permission.WRITE_NOTE)
def link_new(reference: str) -> ResponseReturnValue:
    """Look for the other child among those whom the person may see, and record the link; nothing typed is lost."""
    child, form = _child(reference), LinkForm()
    if not form.is_submitted():
        return _page(child, form, "Link to another child")
    matches = [each for each in search(db(), form.sought.data or "", limit=_MOST) if each.id != child.id]
    saw(EventKind.SEARCHED, matches=len(matches), children=[each.id for each in matches])
    _offer(form, matches)
    if form.validate() and _is_recorded(form, child, matches):
        flash("The link is recorded. Only people who may see both children see it.", "success")
        return _back(child)
    return _page(child, form, "Link to another child")


@blueprint.route("/children/<reference>/links/<int:number>/end", methods=_BOTH)
@requires(Permission.WRITE_NOTE)
def link_end(reference: str, number: int) -> ResponseReturnValue:
    """Say that a link has ended; it stays on record."""
    child = _child(reference)
    link, form = found(find_link(db(), child.key, number)), EndLinkForm()
    if link.ended_at is not None and not form.is_submitted():
        abort(404)
    if form.validate_on_submit() and form.ended_on.data is not None:
        try:
            end_link(db(), actor(), now(), child.key, link, form.opened_at, form.ended_on.data, form.ended_because.data)
        except RuleBroken as broken:
            form.refuse(broken)
        except Conflict as told:
            form.form_errors.append(told.message)
        else:
            flash("The link has ended. It stays on record.", "success")
            return _back(child)
    if not form.is_submitted():
        form.version.data = str(link.version)
    shown = next(row for row in links_of(db(), child.key) if row.id == number)
    return _page(child, form, "End a link", link=shown, words=words_of(shown.kind, forward=shown.forward))


def _is_recorded(form: LinkForm, child: Child, matches: list[FoundChild]) -> bool:
    """Record the link where everything is said; else say beside the field what is missing."""
    chosen = next((each.reference for each in matches if each.reference == form.other.data), None)
    said = form.said()
    if chosen is None:
        form.refuse(RuleBroken(*_asks_which(matches)))
    if said is None:
        form.refuse(RuleBroken("kind", "Choose how they are linked"))
    if chosen is None or said is None:
        return False
    try:
        add_link(db(), actor(), now(), child, found(find_child(db(), chosen)), said)
    except RuleBroken as broken:
        form.refuse(broken)
    except NotFound:
        form.refuse(RuleBroken("other", "You do not read the whole record of this child: ask somebody who does"))
    else:
        return True
    return False


def _asks_which(matches: list[FoundChild]) -> tuple[str, str]:
    if matches:
        return "other", "Choose which child it is"
    return "sought", "No other child whom you may see was found by this name or reference"


def _offer(form: LinkForm, matches: list[FoundChild]) -> None:
    form.other.choices = {
        each.reference: f"{each.name}, {each.reference}, born {each.born:%d/%m/%Y}" for each in matches
    }
    if len(matches) == 1 and not form.other.data:
        form.other.data = matches[0].reference


def _child(reference: str) -> Child:
    """Give the child whose record the person may add to, or answer 404."""
    if child_for(reference, Permission.WRITE_NOTE).merged_into_id is not None:
        abort(404)
    return found(find_child(db(), reference))


def _page(child: Child, form: Form, heading: str, **more: Any) -> ResponseReturnValue:
    if request.method == "GET":
        saw(EventKind.CHILD_VIEWED, child.key)
    page = render_template("child_record/link.html", child=child, form=form, heading=heading, **more)
    return page, 400 if form.errors else 200


def _back(child: Child) -> ResponseReturnValue:
    return redirect(url_for("child_record.show", reference=child.reference, _anchor="links"))
