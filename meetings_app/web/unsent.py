"""A form that came when its writer was signed out is kept, and filled in again for that person and for nobody else.

Whose it is, its own token says: the service signed it for whoever had the page open. So nobody else’s words can be put
into a person’s form, and nobody else is given them. They stand in the database, never in an address, a cookie or a log,
and nothing is done with them until the person sends the form.
"""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import sqlalchemy as sa
from flask import current_app, request
from flask import session as cookie
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlmodel import col
from werkzeug.exceptions import HTTPException

from meetings_app.db.session import unscoped
from meetings_app.web.filling_in import is_mark
from meetings_app.web.models import FormSubmission, UnsentForm
from meetings_app.web.submissions import FIELD

KEPT_FOR = timedelta(days=3)
"""So that what somebody typed on a Friday is there on Monday; our default."""
MOST_KEPT = 20
LONGEST_KEPT = 500_000
"""How many forms of a person are kept, and how many characters of one; more than any page of ours takes."""
ARGUMENT = "unsent"
"""Stands in the address of a page whose form is to be filled in again, with the reference of what is kept."""
PAGE = "stood_on"
"""The field by which a form on a page that is itself an answer to a form says on which page it stood first."""
_NEWEST_FIRST = (col(UnsentForm.kept_at).desc(), col(UnsentForm.id).desc())
_TOKEN = "csrf_token"  # noqa: S105 # This is the name of a field.
_FILE = "file_to_choose_again"
"""Is kept in place of a file: neither what it holds nor what it is called."""
_OURS = frozenset({_TOKEN, PAGE, _FILE, "do", "settles", "confirmed", "language_shown"})


@dataclass(frozen=True)
class Unsent:
    """What is kept of one form."""

    reference: str
    page: str
    action: str
    fields: list[tuple[str, str]]
    kept_at: datetime
    apart: tuple[str, ...] = ()
    """What names somebody from whom its writer is kept by now, as they read it: it is put into no form."""

    @property
    def had_a_file(self) -> bool:
        """Whether a file came with the form, which has to be chosen again."""
        return any(name == _FILE for name, _text in self.fields)

    @property
    def again(self) -> str:
        """The address at which the form is filled in again."""
        return f"{self.page}{'&' if '?' in self.page else '?'}{urlencode({ARGUMENT: self.reference})}"

    def stood_on(self, address: str) -> bool:
        """Say whether an address is that of the page on which the form stood."""
        return unquote(_plain(address)) == unquote(self.page)


def sign_forms_for(account_id: int) -> None:
    """Let the tokens of the forms of this sign-in say whose they are, from the next page on."""
    cookie[_TOKEN] = f"{account_id}.{secrets.token_hex(20)}"


def writer_of_form() -> int | None:
    """Give the account for which the page with the form that was sent was made, or None where that cannot be known."""
    signer = URLSafeTimedSerializer(str(current_app.secret_key), salt="wtf-csrf-token")
    try:
        token = str(signer.loads(request.form.get(_TOKEN, ""), max_age=int(KEPT_FOR.total_seconds())))
    except BadData:
        return None
    account, dot, _rest = token.partition(".")
    return int(account) if dot and account.isdecimal() else None


def is_sent_by_script() -> bool:
    """Say whether a script sent the form: it keeps what was typed itself, and shows no page."""
    return request.headers.get("Sec-Fetch-Dest", "document") != "document"


def page_of_form() -> str:
    """Give the page on which the form that was sent stood, as the form or the browser says; else one above it."""
    came_from = urlsplit(request.referrer or "")
    said = [request.form.get(PAGE, ""), came_from._replace(scheme="", netloc="").geturl()]
    if came_from.netloc != request.host:
        said.pop()
    return next((_plain(address) for address in (*said, *_above()) if _is_page(address)), "/")


def page_above() -> str:
    """Give the page above an address at which there is none, as an address that only takes a form."""
    return next((address for address in _above() if _is_page(address)), "/")


def _above() -> list[str]:
    """Give the address that is asked for, and those above it, one part less each."""
    path = request.path
    return ["/".join(path.split("/")[:count]) for count in range(path.count("/") + 1, 1, -1)]


def _is_page(address: str) -> bool:
    if not address.startswith("/") or address.startswith("//") or not address.isprintable():
        return False
    try:
        endpoint, _values = current_app.url_map.bind_to_environ(request.environ).match(urlsplit(address).path, "GET")
    except HTTPException:
        return False
    view: Any = current_app.view_functions[endpoint]
    return not view.declared.public


def _plain(address: str) -> str:
    """Give the address of a page without what only filled its form in."""
    parts = urlsplit(address)
    asked = [pair for pair in parse_qsl(parts.query) if pair[0] != ARGUMENT]
    return f"{parts.path}?{urlencode(asked)}" if asked else parts.path


def sent_words() -> list[tuple[str, str]]:
    """Give the fields of the form that was sent, without any password; nothing where a person entered nothing.

    Of a file that came with it they say that it came, and no more.
    """
    sent = request.form.items(multi=True)
    fields = [(name, text) for name, text in sent if name not in (_TOKEN, PAGE) and "password" not in name]
    fields += [(_FILE, name) for name, file in request.files.items(multi=True) if file.filename]
    return fields if any(text.strip() for name, text in fields if name == _FILE or not is_ours(name)) else []


def is_ours(name: str) -> bool:
    """Say whether a field is one that a form has of itself, and that nobody fills in."""
    return name in _OURS or is_mark(name)


def keep(session: Session, account_id: int, now: datetime) -> Unsent | None:
    """Keep the form that was sent for its writer. Does not commit.

    Gives None where nothing is kept: nothing was entered, or it is longer than any form of ours.
    """
    fields = sent_words()
    long = sum(len(name) + len(text) for name, text in fields) > LONGEST_KEPT
    if not fields or long:
        return None
    form_id = request.form.get(FIELD, "")[:64] or secrets.token_urlsafe(18)
    kept = Unsent(secrets.token_hex(8), page_of_form(), request.path, fields, now)
    kept = replace(kept, reference=_put(session, account_id, form_id, kept))
    mine = sa.select(col(UnsentForm.id)).where(col(UnsentForm.account_id) == account_id)
    newest = mine.order_by(*_NEWEST_FIRST).limit(MOST_KEPT)
    _delete(session, col(UnsentForm.account_id) == account_id, col(UnsentForm.id).not_in(newest))
    return kept


def _put(session: Session, account_id: int, form_id: str, kept: Unsent) -> str:
    """Keep a form, in place of what was kept of it before; give its reference.

    One statement, so that of the same form sent twice at one moment one is kept, and both answers lead to it.
    """
    insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    newest = {"page": kept.page, "action": kept.action, "fields": json.dumps(kept.fields), "kept_at": kept.kept_at}
    statement = insert(UnsentForm).values(
        account_id=account_id, form_id=form_id, reference=kept.reference, **newest
    )  # fmt: skip
    again = statement.on_conflict_do_update(index_elements=["account_id", "form_id"], set_=newest)
    reference = again.returning(col(UnsentForm.reference))
    return str(session.scalars(reference, execution_options=unscoped("unsent_form")).one())


def prune(session: Session, now: datetime) -> None:
    """Delete what is too old, and what its writer has sent since. Does not commit."""
    _delete(session, sa.or_(col(UnsentForm.kept_at) <= now - KEPT_FOR, _sent_since()))


def unsent_of(session: Session, account_id: int, now: datetime) -> list[Unsent]:
    """Give what is kept for a person, the newest first. Whoever asks has proved to be that person."""
    rows = session.execute(
        _kept(now).where(col(UnsentForm.account_id) == account_id).order_by(*_NEWEST_FIRST),
        execution_options=unscoped("unsent_form"),
    )
    return list(_read(rows))


def find_unsent(session: Session, reference: str, now: datetime) -> Unsent | None:
    """Give what is kept of one form, where it is the actor’s own; sent since or too old it is not there."""
    return next(_read(session.execute(_kept(now).where(col(UnsentForm.reference) == reference))), None)


def clear_sent(session: Session, account_id: int | None) -> None:
    """Delete what was kept of the form that is being saved now, where it was filled in again. Does not commit."""
    if account_id is not None and f"{ARGUMENT}=" in (request.referrer or ""):
        form_id = col(UnsentForm.form_id) == request.form.get(FIELD, "")
        _delete(session, col(UnsentForm.account_id) == account_id, form_id)


def discard(session: Session, reference: str) -> None:
    """Delete one of the actor’s own, who does not want it any more. Does not commit."""
    statement = sa.delete(UnsentForm).where(col(UnsentForm.reference) == reference)
    session.execute(statement.execution_options(synchronize_session=False))


def left_to_show(left_over: list[tuple[str, str]]) -> list[str]:
    """Give those of the fields that found no place in a form which somebody may have typed."""
    return [text for name, text in left_over if not is_ours(name) and any(letter.isalnum() for letter in text)]


def _kept(now: datetime) -> Any:
    return sa.select(
        col(UnsentForm.reference), col(UnsentForm.page), col(UnsentForm.action), col(UnsentForm.fields),
        col(UnsentForm.kept_at),
    ).where(col(UnsentForm.kept_at) > now - KEPT_FOR, sa.not_(_sent_since()))  # fmt: skip


def _sent_since() -> sa.ColumnElement[bool]:
    """A form that was saved is named by its id beside whoever sent it."""
    return (
        sa.select(col(FormSubmission.id))
        .where(
            col(FormSubmission.account_id) == col(UnsentForm.account_id),
            col(FormSubmission.form_id) == col(UnsentForm.form_id),
        )
        .exists()
    )


def _read(rows: Any) -> Iterator[Unsent]:
    for row in rows:
        fields = [(name, text) for name, text in json.loads(row.fields)]
        yield Unsent(row.reference, row.page, row.action, fields, row.kept_at)


def _delete(session: Session, *conditions: Any) -> None:
    statement = sa.delete(UnsentForm).where(*conditions)
    session.execute(statement.execution_options(synchronize_session=False, **unscoped("unsent_form")))
