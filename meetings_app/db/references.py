"""References that people say aloud: random, without letters that look alike, and free of any meaning."""

import secrets
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from meetings_app.db.session import unscoped

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 5


def unused_reference(session: Session, column: Any, prefix: str) -> str:
    """Give a reference such as `C-7Q4KD` that `column` (for example `col(Child.reference)`) does not hold yet.

    Looks past the actor's scope, for a reference is unique in the whole county.
    """
    while True:
        reference = f"{prefix}-{''.join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))}"
        taken = session.execute(select(column).where(column == reference).execution_options(**unscoped())).first()
        if taken is None:
            return reference
