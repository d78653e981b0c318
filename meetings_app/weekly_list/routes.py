"""The pages of the weekly list: the lists, one list with what changed, its files, and who is sent it."""

from collections.abc import Sequence
from itertools import groupby

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from meetings_app.accounts.password_again import confirmed
from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record_read
from meetings_app.cse_list.exports import RATING_WORDS
from meetings_app.permissions import AREA_ROLES, Permission
from meetings_app.web.context import actor, db, found, now, partnership, saw, settings
from meetings_app.web.guard import requires
from meetings_app.web.numbers import row_number
from meetings_app.web.word import word_answer, word_template
from meetings_app.weekly_list import files, naming, queries
from meetings_app.weekly_list.forms import RecipientForm
from meetings_app.weekly_list.models import ChangeKind, WeeklyChange, WeeklyList, WeeklyRow

blueprint = Blueprint("weekly_list", __name__)

KIND_WORDS = {
    ChangeKind.ON: "On the list", ChangeKind.OFF: "Off the list", ChangeKind.UP: "Rated higher",
    ChangeKind.DOWN: "Rated lower", ChangeKind.MOVED: "Moved area", ChangeKind.OVERDUE: "Review overdue",
}  # fmt: skip
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/weekly-lists")
@requires(Permission.SEE_LIST)
def index() -> ResponseReturnValue:
    """Show which lists were taken; older ones can be opened by the staff of an area alone."""
    return render_template(
        "weekly_list/index.html", lists=queries.lists(db()), staff=_is_staff(),
        circulates=actor().may(Permission.CIRCULATE_LIST), clock=partnership().clock,
    )  # fmt: skip


@blueprint.get("/weekly-lists/<int:number>")
@requires(Permission.SEE_LIST)
def show(number: int) -> ResponseReturnValue:
    """Show one list: what changed since the one before, who is on it, and for staff who has opened it."""
    taken, newest, rows, said = _list(number)
    told = queries.copies_of(db(), taken) if _is_staff() else None
    shown = {row.child_id for row in rows} | {change.child_id for change in said}
    saw(EventKind.WEEKLY_LIST_VIEWED, number=taken.number, shown=len(shown), children=sorted(shown))
    return render_template(
        "weekly_list/show.html", taken=taken, newest=newest, rows=rows, changes=_by_kind(said), told=told,
        totals=[(words, sum(row.rating.value == code for row in rows)) for code, words in RATING_WORDS.items()],
        overdue=sum(row.overdue_days > 0 for row in rows), words=RATING_WORDS,
        opens_children=actor().may(Permission.SEE_CHILD),
    )  # fmt: skip


@blueprint.get("/weekly-lists/<int:number>/list.xlsx")
@requires(Permission.SEE_LIST)
@confirmed
def excel(number: int) -> ResponseReturnValue:
    """Give one list as an Excel file."""
    taken, newest, rows, said = _exported(number, "Excel")
    content = files.excel(taken, newest, rows, said, settings().marking, actor().name, now())
    name = f'attachment; filename="cse-list-number-{taken.number}.xlsx"'
    return Response(content, mimetype=_EXCEL, headers={"Content-Disposition": name})


@blueprint.get("/weekly-lists/<int:number>/list.docx")
@requires(Permission.SEE_LIST)
@confirmed
def word(number: int) -> ResponseReturnValue:
    """Give one list as a Word file."""
    from meetings_app.documents.render import list_document

    taken, newest, rows, said = _exported(number, "Word")
    facts = files.word_facts(
        taken, newest, rows, said, partnership=partnership().name, marking=settings().marking, reader=actor().name,
        now=now(),
    )  # fmt: skip
    return word_answer(list_document(facts, word_template("list")), f"cse-list-number-{taken.number}")


@blueprint.get("/weekly-lists/recipients")
@requires(Permission.CIRCULATE_LIST)
def recipients() -> ResponseReturnValue:
    """Show who is sent the list, and offer to name one person more."""
    return _recipients_page(RecipientForm())


@blueprint.post("/weekly-lists/recipients")
@requires(Permission.CIRCULATE_LIST)
def recipient_added() -> ResponseReturnValue:
    """Let one person more be sent the list."""
    form = RecipientForm()
    form.account.choices = _others()
    if not form.validate_on_submit():
        return _recipients_page(form), 400
    naming.send_to(db(), actor(), now(), int(form.account.data))
    flash("One person more is sent the weekly list.", "success")
    return redirect(url_for("weekly_list.recipients"))


@blueprint.post("/weekly-lists/recipients/end")
@requires(Permission.CIRCULATE_LIST)
def recipient_ended() -> ResponseReturnValue:
    """Let one person be sent the list no more."""
    naming.send_no_more(db(), actor(), now(), row_number(request.form.get("account")) or 0)
    flash("One person is no longer sent the weekly list.", "success")
    return redirect(url_for("weekly_list.recipients"))


def _list(number: int) -> tuple[WeeklyList, WeeklyList, Sequence[WeeklyRow], Sequence[WeeklyChange]]:
    """Give a list, the newest one, and what the person may see of the first."""
    taken = found(queries.list_numbered(db(), number))
    newest = queries.newest_list(db()) or taken
    return taken, newest, queries.rows_of(db(), taken.key), queries.changes_of(db(), taken.key)


def _exported(number: int, kind: str) -> tuple[WeeklyList, WeeklyList, Sequence[WeeklyRow], Sequence[WeeklyChange]]:
    taken, newest, rows, said = _list(number)
    children = sorted({row.child_id for row in rows} | {change.child_id for change in said})
    saw(EventKind.EXPORTED, what=f"weekly list {taken.number} as a {kind} file", children=len(children))
    record_read(db(), actor(), now(), f"weekly list {taken.number} as a {kind} file", children)
    return taken, newest, rows, said


def _by_kind(said: Sequence[WeeklyChange]) -> list[tuple[str, list[WeeklyChange]]]:
    """Give what changed by its kind; a move that both areas of one reader are told stands once."""
    once = {(change.child_id, change.kind, change.said): change for change in said}.values()
    return [(KIND_WORDS[kind], list(group)) for kind, group in groupby(once, key=lambda change: change.kind)]


def _is_staff() -> bool:
    held = actor().areas(AREA_ROLES)
    return held is None or bool(held)


def _recipients_page(form: RecipientForm) -> str:
    people = naming.may_be_sent(db(), actor())
    form.account.choices = [("", "Choose"), *_others()]
    return render_template(
        "weekly_list/recipients.html", form=form, has_errors=bool(form.errors),
        people=[person for person in people if person.by_role or person.named],
    )  # fmt: skip


def _others() -> list[tuple[str, str]]:
    people = naming.may_be_sent(db(), actor())
    return [
        (str(person.id), f"{person.name}, {person.agency}")
        for person in people if not (person.by_role or person.named)
    ]  # fmt: skip
