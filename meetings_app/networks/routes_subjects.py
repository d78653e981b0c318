"""Recording a subject: opened, corrected, other names, readers, closed and opened again."""

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.audit.events import EventKind
from meetings_app.children.queries import find_child
from meetings_app.errors import RuleBroken
from meetings_app.networks import ending, queries, subjects, suspects
from meetings_app.networks.areas import own_areas
from meetings_app.networks.blueprint import (
    BOTH,
    area_choices,
    blueprint,
    change,
    form_page,
    subject_at,
    subject_to_change,
)
from meetings_app.networks.forms import (
    AliasForm,
    KindForm,
    NewSubjectForm,
    OwnRecordForm,
    ReaderForm,
    SubjectForm,
    WhyForm,
)
from meetings_app.networks.models import Subject, SuspectReader
from meetings_app.networks.searching import check_is_another, likely_same
from meetings_app.networks.states import KINDS, SubjectKind
from meetings_app.permissions import Permission
from meetings_app.web.context import actor, db, found, now, saw
from meetings_app.web.guard import requires


@blueprint.route("/networks/new", methods=BOTH)
@requires(Permission.WORK_NETWORKS)
def choose_kind() -> ResponseReturnValue:
    """Ask what the new record is about."""
    form = KindForm()
    if form.validate_on_submit():
        return redirect(url_for("networks.new", kind=form.kind.data))
    return form_page(form, "New record", "Continue", url_for("networks.index"))


@blueprint.route("/networks/new/<kind>", methods=BOTH)
@requires(Permission.WORK_NETWORKS)
def new(kind: str) -> ResponseReturnValue:
    """Open a record; where there are others like it that the person may see, once they say why it is another one."""
    if kind not in {each.value for each in SubjectKind}:
        abort(404)
    about, form = SubjectKind(kind), NewSubjectForm()
    form.only(about)
    form.areas.choices = area_choices()
    likely = likely_same(db(), about, form.name.data or "") if form.is_submitted() else []
    if likely:
        saw(EventKind.SUBJECTS_VIEWED, shown=len(likely), subjects=[each.reference for each in likely])
    else:
        del form.another
    others, compared = [each.reference for each in likely], (form.compared.data or "").split()
    form.compared.data = " ".join(others)
    if form.validate_on_submit():
        try:
            if likely:
                check_is_another(likely, form.another.data or "", compared)
            subject = subjects.open_subject(db(), actor(), now(), form.said(about), others)
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            flash("The record is open.", "success")
            return redirect(url_for("networks.show", reference=subject.reference))
    return form_page(
        form, f"New record: {KINDS[about].lower()}", "Open the record", url_for("networks.index"), likely=likely,
        intro="networks/_likely.html",
    )  # fmt: skip


@blueprint.route("/networks/<reference>/edit", methods=BOTH)
@requires(Permission.WORK_NETWORKS)
def edit(reference: str) -> ResponseReturnValue:
    """Correct what a record says of itself."""
    subject, form = subject_to_change(reference), SubjectForm()
    form.only(subject.kind)
    form.areas.choices = area_choices()
    if not form.is_submitted():
        _fill(form, subject)

    def stands() -> SubjectForm:
        fresh = SubjectForm(formdata=None)
        fresh.only(subject.kind)
        fresh.areas.choices = area_choices()
        _fill(fresh, subject)
        return fresh

    return change(
        subject, form, "Change the record", "Save",
        lambda: subjects.change_subject(db(), actor(), now(), subject, form.opened_at, form.said(subject.kind)),
        stands=stands,
    )  # fmt: skip


def _fill(form: SubjectForm, subject: Subject) -> None:
    form.version.data, form.name.data, form.about.data = str(subject.version), subject.name, subject.about
    form.areas.data, form.review_on.data = own_areas(db(), subject.key), subject.review_on
    if subject.kind is SubjectKind.SUSPECT:
        own = queries.suspect_record(db(), subject.key)
        form.born.data, form.details.data = own.born, own.details


@blueprint.route("/networks/<reference>/name", methods=BOTH)
@requires(Permission.WORK_NETWORKS)
def alias(reference: str) -> ResponseReturnValue:
    """Record another name."""
    subject, form = subject_to_change(reference), AliasForm()
    return change(
        subject, form, "Another name", "Record the name",
        lambda: subjects.add_alias(db(), actor(), now(), subject, form.name.data or "", form.source.data or ""),
    )  # fmt: skip


@blueprint.route("/networks/<reference>/close", methods=BOTH)
@requires(Permission.WORK_NETWORKS)
def close(reference: str) -> ResponseReturnValue:
    """Close the record, with the reason; a network is closed by the network meeting alone."""
    subject, form = subject_to_change(reference), _why(reference)
    if not ending.may_close(subject):
        abort(404)
    return change(
        subject, form, "Close the record", "Close the record",
        lambda: ending.close_alone(db(), actor(), now(), subject, form.opened_at, form.why.data or ""),
    )  # fmt: skip


@blueprint.route("/networks/<reference>/open-again", methods=BOTH)
@requires(Permission.WORK_NETWORKS)
def open_again(reference: str) -> ResponseReturnValue:
    """Open a closed record again."""
    subject, form = subject_to_change(reference), WhyForm()
    del form.why
    if not form.is_submitted():
        form.version.data = str(subject.version)
    return change(
        subject, form, "Open the record again", "Open it again",
        lambda: subjects.reopen_subject(db(), actor(), now(), subject, form.opened_at),
    )  # fmt: skip


@blueprint.route("/networks/<reference>/readers/new", methods=BOTH)
@requires(Permission.WORK_NETWORKS)
def reader_new(reference: str) -> ResponseReturnValue:
    """Let somebody read about a suspect: for the police."""
    subject, form = _suspect(reference), ReaderForm()

    def save() -> None:
        email = (form.email.data or "").strip().lower()
        account = db().scalars(select(Account).where(col(Account.email) == email)).first()
        if account is None:
            raise RuleBroken("email", "Nobody here has this work email")
        try:
            suspects.name_reader(db(), actor(), now(), subject, account, form.why.data or "")
        except RuleBroken as broken:
            raise RuleBroken("email" if broken.field == "account" else broken.field, broken.message) from None

    return change(subject, form, "Let somebody read this record", "Let them read it", save)


@blueprint.post("/networks/<reference>/readers/<int:number>/end")
@requires(Permission.WORK_NETWORKS)
def reader_end(reference: str, number: int) -> ResponseReturnValue:
    """Let somebody no longer read about a suspect: for the police."""
    subject = _suspect(reference)
    named = (col(SuspectReader.id) == number, col(SuspectReader.subject_id) == subject.key)
    reader = found(db().scalars(select(SuspectReader).where(*named)).first())
    suspects.end_reader(db(), actor(), now(), subject, reader)
    flash("This person no longer reads the record.", "success")
    return redirect(url_for("networks.show", reference=subject.reference))


@blueprint.route("/networks/<reference>/own-record", methods=BOTH)
@requires(Permission.WORK_NETWORKS)
def own_record(reference: str) -> ResponseReturnValue:
    """Name the child’s record of a suspect under 18."""
    subject, form = _suspect(reference), OwnRecordForm()

    def save() -> None:
        child = find_child(db(), form.child.data or "")
        if child is None:
            raise RuleBroken("child", "There is no child with this reference whom you may see")
        suspects.name_own_record(db(), actor(), now(), subject, child)

    return change(subject, form, "The young person’s own record", "Save", save)


def _suspect(reference: str) -> Subject:
    subject = subject_to_change(reference)
    if subject.kind is not SubjectKind.SUSPECT:
        abort(404)
    return subject


def _why(reference: str) -> WhyForm:
    form = WhyForm()
    if not form.is_submitted():
        form.version.data = str(subject_at(reference).version)
    return form
