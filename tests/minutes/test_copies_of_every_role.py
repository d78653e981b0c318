"""Every Word file of a meeting, asked for by every role: who is given it, word for word what it holds, 404 otherwise.

Written from `domain.md`, "Confidentiality": the staff of the area read everything, a representative what the members
were told, and nobody else has any document of an RMM, whatever they follow of a child.
"""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from meetings_app.children.models import Involvement
from meetings_app.minutes.issuing import issue
from meetings_app.permissions import Role
from tests.minutes.test_copies import (
    ACTIONS,
    ALL_GOES,
    ALL_STAYS,
    BEFORE,
    EVERY_WORD,
    IDENTIFYING,
    NOTES,
    STAYS,
    WHOLE,
    WITHOUT_NAMES,
    Held,
)
from tests.support.browsing import browser
from tests.support.documents import every_word_of
from tests.support.guarded_county import PEOPLE, everybody
from tests.support.rmm import OFFICE
from tests.support.world import NOW, add_school

STAFF = frozenset({Role.COORDINATOR, Role.CHAIR, Role.DEPUTY_CHAIR})
CHAIRS = STAFF - {Role.COORDINATOR}
MEMBERS = STAFF | {Role.REPRESENTATIVE}
NOBODY: frozenset[Role] = frozenset()
NAMES = {"Canarystays", "Canarygoes"}
OF_POLICE = (ALL_STAYS - {"Stayingview"}) | {"Actionpolice"} | NOTES | BEFORE
SIGNED_STAYS = ALL_STAYS | ACTIONS

# By address, while the minutes are a draft: who is given the file, and what it holds. It holds nothing else.
CLOSED: dict[str, tuple[frozenset[Role], set[str]]] = {
    "agenda.docx": (MEMBERS, NAMES), "agenda.docx?chair=1": (CHAIRS, NAMES),
    "pack.docx": (STAFF, NAMES | BEFORE | ACTIONS),
    "minutes.docx": (MEMBERS, WHOLE), "minutes.docx?audience=full": (MEMBERS, WHOLE),
    "minutes.docx?audience=chair": (STAFF, WHOLE),
    "minutes.docx?audience=anonymised": (MEMBERS, WITHOUT_NAMES | ACTIONS | NOTES),
    "minutes.docx?audience=agency:police": (MEMBERS, OF_POLICE),
    "minutes.docx?audience=agency:health": (STAFF, ALL_STAYS | {"Actionhealth"} | NOTES),
    "minutes.docx?audience=child:{stays}": (MEMBERS, SIGNED_STAYS),
    "minutes.docx?audience=child:{goes}": (MEMBERS, ALL_GOES),
    "minutes.docx?audience=nobody": (NOBODY, set()), "minutes.docx?audience=agency:nobody": (NOBODY, set()),
    "minutes.docx?audience=child:C-22222": (NOBODY, set()),
    "actions.docx?agency=police": (MEMBERS, {"Actionpolice"}), "actions.docx?agency=health": (STAFF, {"Actionhealth"}),
}  # fmt: skip

# Once they are signed, what a representative is given of the child who is not on the list any more is nothing.
SIGNED: dict[str, set[str] | None] = {
    "agenda.docx": set(), "minutes.docx": SIGNED_STAYS | NOTES | {"Canaryintelligence"},
    "minutes.docx?audience=anonymised": (ALL_STAYS - IDENTIFYING) | ACTIONS | NOTES,
    "minutes.docx?audience=agency:police": OF_POLICE - {"Canaryupdate"},
    "minutes.docx?audience=child:{stays}": SIGNED_STAYS, "minutes.docx?audience=child:{goes}": None,
    "minutes.docx?audience=chair": None, "agenda.docx?chair=1": None, "pack.docx": None,
}  # fmt: skip


class Asking:
    """A meeting that was held and its minutes issued, and a browser for each role."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.held = held = Held(session)
        issue(session, held.day.act("coordinator"), NOW, OFFICE, held.day.meeting, "Looked at, as invented.")
        held.day.operator()
        school = add_school(session, "pretend", STAYS["school"])
        people = everybody(session)
        held.stays.school_id, held.stays.lead_professional_id = school.key, people["lead-professional"].key
        specialist = people["specialist"].key
        session.add(Involvement(child_id=held.stays.key, account_id=specialist, began_at=NOW))
        session.commit()
        self.at = f"/meetings/{held.day.meeting.reference}"
        self.browsers: dict[Role, FlaskClient] = {role: browser(app, PEOPLE[role.value]) for role in Role}
        self.children = {"stays": held.stays.reference, "goes": held.goes.reference}

    def of(self, role: Role, address: str) -> str | None:
        """Give every word of a file, or None where there is none for this role."""
        answer = self.browsers[role].get(f"{self.at}/{address.format(**self.children)}")
        assert answer.status_code in (200, 404), (role, address, answer.status_code)
        return every_word_of(answer.data) if answer.status_code == 200 else None

    def wrong(self, role: Role, address: str, holds: set[str] | None) -> Iterator[str]:
        """Give what is wrong with what a role is given: `holds` is what the file holds, None where there is none."""
        said = self.of(role, address)
        if (said is None) != (holds is None):
            yield f"{role} {address}: {'no file' if said is None else 'a file'}"
        elif said is not None and holds is not None:
            yield from (f"{role} {address} lacks {word}" for word in sorted(holds) if word not in said)
            yield from (f"{role} {address} says {word}" for word in sorted(EVERY_WORD - holds) if word in said)


@pytest.fixture
def asking(app: Flask, session: Session) -> Asking:
    return Asking(app, session)


def test_every_role_is_given_each_file_as_it_is_for_it_or_none(asking: Asking) -> None:
    wrong = [
        each
        for address, (readers, holds) in CLOSED.items()
        for role in Role
        for each in asking.wrong(role, address, holds if role in readers else None)
    ]
    assert wrong == [], "\n".join(wrong)
    asking.held.sign(2)
    asking.held.session.commit()
    for address, told in SIGNED.items():
        wrong += asking.wrong(Role.REPRESENTATIVE, address, told)
    for role in set(Role) - MEMBERS:
        for address in SIGNED:
            wrong += asking.wrong(role, address, None)
    assert wrong == []
