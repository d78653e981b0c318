"""Extracts for other authorities: chosen and previewed, decided by the network chair, issued as Word."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts.queries import names_of
from meetings_app.audit.events import EventKind
from meetings_app.documents.extract_facts import ExtractFacts
from meetings_app.documents.facts import Line
from meetings_app.documents.render import extract_document
from meetings_app.errors import RuleBroken
from meetings_app.networks import borders, extracts, queries, seen
from meetings_app.networks.blueprint import BOTH, blueprint, subject_to_change
from meetings_app.networks.extract_lines import ExtractLine, chosen, digest, lines_of
from meetings_app.networks.following import records
from meetings_app.networks.models import Subject
from meetings_app.networks.record_forms import CopyForm, ExtractDecisionForm, ExtractForm
from meetings_app.networks.record_models import Extract
from meetings_app.networks.states import EXTRACT_STATES, ExtractState
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, found, now, partnership, saw, settings, today
from meetings_app.web.filters import moment
from meetings_app.web.guard import requires
from meetings_app.web.word import word_answer, word_template


@blueprint.get("/networks/extracts")
@requires(Permission.SEE_NETWORKS)
def extract_list() -> ResponseReturnValue:
    """Show the extracts that the person may see, or with `show=to-approve` those that wait for their decision."""
    waiting = request.args.get("show") == "to-approve"
    rows = extracts.extracts(db(), actor(), to_approve=waiting)
    saw(EventKind.SUBJECTS_VIEWED, shown=len(rows), subjects=[row.subject for row in rows])
    return render_template("networks/extracts.html", rows=rows, waiting=waiting, states=EXTRACT_STATES)


@blueprint.route("/networks/<reference>/extracts/new", methods=BOTH)
@requires(Permission.WORK_NETWORKS)
def extract_new(reference: str) -> ResponseReturnValue:
    """Choose what another authority is told, see the very words, and propose them."""
    subject, form = subject_to_change(reference), ExtractForm()
    facts = seen.of_subject(db(), subject, today())
    lines = lines_of(subject, facts, partnership().disruption.labels)
    authorities = {str(row.id): row for row in borders.authorities_of(db(), records(db(), subject.key))}
    form.offer(lines, {key: f"{row.authority}: {row.contact or ''}" for key, row in authorities.items()})
    saw(EventKind.SUBJECT_VIEWED, subject=subject.reference, children=sorted({row.child_id for row in facts.children}))
    if not form.validate_on_submit():
        return _choose(subject, form)
    picked, shown = chosen(lines, form.lines.data or ()), request.form.get("shown", "")
    if request.form.get("step") == "change":
        return _choose(subject, form)
    if request.form.get("step") != "send" or shown != digest(picked):
        return _preview(subject, form, authorities[form.authority.data], picked, bool(shown))
    try:
        made = extracts.propose(
            db(), actor(), now(), subject, authorities[form.authority.data], picked, form.purpose.data or ""
        )
    except RuleBroken as broken:
        form.refuse(broken)
        return _choose(subject, form)
    flash("The extract is proposed. The network chair decides on it.", "success")
    return redirect(url_for("networks.extract", reference=made.reference))


def _choose(subject: Subject, form: ExtractForm) -> ResponseReturnValue:
    page = render_template("networks/extract_new.html", subject=subject, form=form)
    return page, 400 if form.errors else 200


def _preview(
    subject: Subject, form: ExtractForm, authority: Any, picked: list[ExtractLine], changed: bool
) -> ResponseReturnValue:
    return render_template(
        "networks/extract_preview.html", subject=subject, form=form, authority=authority, lines=picked,
        shown=digest(picked), changed=changed,
    )  # fmt: skip


@blueprint.get("/networks/extracts/<reference>")
@requires(Permission.SEE_NETWORKS)
def extract(reference: str) -> ResponseReturnValue:
    """Show one extract with the words it holds, its copies, and what may be done with it."""
    return _page(*_found(reference), ExtractDecisionForm(), CopyForm())


@blueprint.post("/networks/extracts/<reference>/decide")
@requires(Permission.DECIDE_NETWORKS)
def extract_decide(reference: str) -> ResponseReturnValue:
    """Approve the extract, or say why not."""
    (row, subject), form = _found(reference), ExtractDecisionForm()
    if form.validate_on_submit():
        try:
            state = ExtractState(form.state.data)
            extracts.decide(db(), actor(), now(), row, form.opened_at, state, form.reason.data or "")
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash("The decision is recorded.", "success")
            return redirect(url_for("networks.extract", reference=row.reference))
    return _page(row, subject, form, CopyForm())


@blueprint.post("/networks/extracts/<reference>/copies")
@requires(Permission.WORK_NETWORKS)
def extract_issue(reference: str) -> ResponseReturnValue:
    """Issue the next numbered copy to somebody at the other authority."""
    (row, subject), form = _found(reference), CopyForm()
    if form.validate_on_submit():
        try:
            copy = extracts.issue(db(), actor(), now(), subject, row, form.opened_at, form.reader.data or "")
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash(f"Copy {copy.number} is issued. Download it below.", "success")
            return redirect(url_for("networks.extract", reference=row.reference))
    return _page(row, subject, ExtractDecisionForm(), form)


@blueprint.get("/networks/extracts/<reference>/copies/<int:number>/word")
@requires(Permission.SEE_NETWORKS)
def extract_word(reference: str, number: int) -> ResponseReturnValue:
    """Give one issued copy as Word: the approved words, the marking, the reader and the number."""
    row, _subject = _found(reference)
    copy = found(next((each for each in extracts.copies_of(db(), row.key) if each.number == number), None))
    approver = names_of(db(), [row.decided_by_id]).get(row.decided_by_id, "") if row.decided_by_id else ""
    facts = ExtractFacts(
        partnership=partnership().name, marking=settings().marking, title="Extract for another authority", area="",
        version=str(copy.number), reader=f"{copy.reader}, {row.authority}", produced_at=now(), reference=row.reference,
        authority=row.authority, purpose=row.purpose, approved=_approved(approver, row.decided_at),
        lines=tuple(Line(line["label"], line["text"]) for line in row.contents),
    )  # fmt: skip
    saw(EventKind.DOCUMENT_MADE, document=f"copy {number} of extract {row.reference}")
    return word_answer(extract_document(facts, word_template("extract")), f"{row.reference}-copy-{number}")


def _approved(name: str, at: datetime | None) -> str:
    return f"by {name}, {moment(at)}" if name else moment(at)


def _found(reference: str) -> tuple[Extract, Subject]:
    row = found(extracts.find_extract(db(), reference))
    return row, found(queries.subject_by_id(db(), row.subject_id))


def _page(row: Extract, subject: Subject, deciding: ExtractDecisionForm, copying: CopyForm) -> ResponseReturnValue:
    if not request.form:
        deciding.version.data = copying.version.data = str(row.version)
        copying.reader.data = row.reader
    names = names_of(db(), [each for each in (row.proposed_by_id, row.decided_by_id) if each is not None])
    saw(EventKind.EXTRACT_VIEWED, extract=row.reference, children=extracts.children_named(db(), row.key))
    page = render_template(
        "networks/extract.html", row=row, subject=subject, deciding=deciding, copying=copying, names=names,
        states=EXTRACT_STATES, copies=extracts.copies_of(db(), row.key),
        decides=row.state is ExtractState.PROPOSED and actor().may(Permission.DECIDE_NETWORKS)
        and row.proposed_by_id != actor().account_id,
        issues=row.state is ExtractState.APPROVED and seen.may_change(db(), actor(), subject),
    )  # fmt: skip
    return page, 400 if deciding.errors or copying.errors else 200
