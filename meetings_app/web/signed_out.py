"""What becomes of a form whose writer is signed out, or has signed in again since: no word of it is lost."""

from collections.abc import Callable
from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from meetings_app.permissions import Actor
from meetings_app.web import unsent
from meetings_app.web.context import now
from meetings_app.web.filling_in import fill_in
from meetings_app.web.read_now import read_of_page
from meetings_app.web.submissions import FIELD
from meetings_app.web.unsent import Unsent
from meetings_app.web.words_sent import Entered, labelled

KEPT = "You were signed out, so nothing is saved yet. What you typed is kept: sign in, and it stands in the form again."
KEPT_BUT_THE_FILE = (
    "You were signed out, so nothing is saved yet. The file is not kept: choose it again when you have signed in. "
    "What you typed beside it stands in the form again."
)
NOT_KEPT = (
    "You were signed out, so nothing was saved, and what you typed could not be kept. Sign in, and enter it again."
)
NOTHING_TYPED = "You were signed out, so nothing was done. Sign in, and do it again."
TOO_LONG = (
    "The form was open for too long, or you have signed in again since. What you typed could not be kept: open the "
    "page again, and enter it once more."
)
SOMEBODY_ELSE = (
    "Somebody else has signed in with this browser since this page was opened. What was typed is kept for whoever "
    "typed it, and stands in the form again when they have signed in."
)


def to_sign_in(session: Session, *, keeps: bool) -> Response:
    """Send whoever is not signed in to the page that asks for it, and back afterwards.

    With `keeps`, a form that was sent is kept for whoever had its page open. What a script sent it keeps itself.
    """
    if request.method == "GET":
        return _sign_in(request.full_path.rstrip("?"))
    if not keeps or not request.form or unsent.is_sent_by_script():
        return _sign_in(None)
    writer, typed = unsent.writer_of_form(), bool(unsent.sent_words())
    kept = unsent.keep(session, writer, now()) if writer is not None else None
    session.commit()
    flash(_said(kept) if kept else NOT_KEPT if typed else NOTHING_TYPED, "warning")
    return _sign_in(kept.again if kept else unsent.page_of_form())


def token_refused(session: Session, actor: Actor | None, *, keeps: bool) -> ResponseReturnValue:
    """Answer a form whose token is not of this sign-in. It was refused; its words are kept for whoever typed them."""
    elsewhere = request.referrer is not None and not request.referrer.startswith(request.host_url)
    writer = unsent.writer_of_form() if keeps and not elsewhere else None
    kept = unsent.keep(session, writer, now()) if writer is not None else None
    session.commit()
    if kept is None:
        return render_template("errors/400.html", problem=TOO_LONG), 400
    if actor is None:
        flash(_said(kept), "warning")
        return _sign_in(kept.again)
    if actor.account_id != writer:
        return render_template("errors/400.html", problem=SOMEBODY_ELSE), 400
    return redirect(kept.again)


def _said(kept: Unsent) -> str:
    return KEPT_BUT_THE_FILE if kept.had_a_file else KEPT


def _sign_in(target: str | None) -> Response:
    return redirect(url_for("accounts.sign_in", next=target))


def asked_for(session: Session) -> Unsent | None:
    """Give what is to be filled in again on the page that is asked for: the actor’s own, on the page it stood on.

    What names somebody from whom a conflict of interest keeps the actor by now is put into no form: it would be saved
    without the name, in place of what was typed. It is shown as the actor reads it, and stays until they take it away.
    """
    reference = request.args.get(unsent.ARGUMENT, "")
    kept = unsent.find_unsent(session, reference, now()) if reference and request.method == "GET" else None
    if kept is None or not kept.stood_on(request.full_path):
        return None
    read = _read_now(session, kept)
    apart = [pair for pair in kept.fields if not unsent.is_ours(pair[0]) and read(pair[1]) != pair[1]]
    if not apart:
        return kept
    # Without its id the form that is sent is another one, and what is kept is not gone with it.
    fields = [pair for pair in kept.fields if pair not in apart and pair[0] != FIELD]
    return replace(kept, fields=fields, apart=tuple(read(text) for _name, text in apart))


def _read_now(session: Session, kept: Unsent) -> Callable[[str], str]:
    """Give what the actor reads of the texts of a form that is kept."""
    return read_of_page(session, kept.page)


def as_read(session: Session, kept: Unsent) -> tuple[list[Entered], bool]:
    """Give what the actor typed into a form that is kept, as they read it now, and whether that is less than all."""
    read = _read_now(session, kept)
    texts = [(name, read(text)) for name, text in kept.fields]
    return labelled(texts), texts != kept.fields


def to_be_copied(kept: Unsent) -> Response:
    """Lead to where the words of a form stand which its page cannot take any more."""
    return redirect(url_for("accounts.not_sent", unsent=kept.reference, _anchor=f"typed-{kept.reference}"))


def filled_in(response: Response, kept: Unsent) -> Response:
    """Give the page with what was typed in its form again, and what finds no place there above it.

    An answer that shows no page, or says that it cannot be shown, leads to where the words stand.
    """
    if response.status_code != 200:
        return to_be_copied(kept)
    if response.mimetype != "text/html":
        return response
    page = fill_in(response.get_data(as_text=True), request.path, kept.action, kept.fields)
    left = unsent.left_to_show(page.left_over)
    placed = _typed(page.left_over) < _typed(kept.fields)
    notice = render_template("unsent/notice.html", kept=kept, left_over=left, placed=placed)
    response.set_data(page.html[: page.content_at] + notice + page.html[page.content_at :])
    return response


def _typed(fields: list[tuple[str, str]]) -> int:
    return sum(not unsent.is_ours(name) for name, _text in fields)
