"""What belongs to one person alone, whatever their role: words they typed and could not send yet."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from meetings_app.access_clauses import Clause
from meetings_app.permissions import Actor
from meetings_app.web.models import UnsentForm

_unsent: sa.Table = UnsentForm.__table__  # type: ignore[attr-defined]


def clauses(actor: Actor) -> Iterator[tuple[type[Any], Sequence[Clause]]]:
    """Give by table what `actor` may see of it; any clause lets a row through."""
    yield UnsentForm, [_unsent.c.account_id == actor.account_id] if actor.account_id is not None else []
