"""The link with which an invited person answers, without signing in: it stands for one place at one meeting.

Whoever holds the link can answer for the person and see the meeting's reference, date and time; nothing else. It ends
with the meeting (our default).
"""

import hashlib
from typing import Any

from meetings_app.schedule.office import Office

_PURPOSE = "answer to an invite"


def answer_link(office: Office, member_id: int | None) -> str:
    """Give the address to answer at, or an empty text for somebody who is not invited yet."""
    if member_id is None or not office.answer_key:
        return ""
    return f"{office.base_url}/answer/{_signer(office.answer_key).dumps(member_id)}"


def member_of_token(key: str, token: str) -> int | None:
    """Give the id of the place at a meeting that a link stands for, or None for one that was never given out."""
    from itsdangerous import BadData

    try:
        member_id = _signer(key).loads(token)
    except BadData:
        return None
    return member_id if isinstance(member_id, int) else None


def _signer(key: str) -> Any:
    from itsdangerous import URLSafeSerializer

    return URLSafeSerializer(key, salt=_PURPOSE, signer_kwargs={"digest_method": hashlib.sha256})
