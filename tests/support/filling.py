"""Filling an assessment in on its pages, as a person at a browser does."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from meetings_app.assessments.models import Assessment
from meetings_app.assessments.sections import keys_of
from tests.support.assessments import TOOLS
from tests.support.browsing import fill_in
from tests.support.children import add_child

SENT = {"go": "on"}


def reference_of_child(session: Session) -> str:
    """A child of the North East, saved."""
    reference = add_child(session).reference
    session.commit()
    session.close()
    return reference


def draft(client: FlaskClient, session: Session, tool: str = "seraf") -> str:
    """The address of a new draft, started on the page."""
    address = f"/children/{reference_of_child(session)}/assessments/new"
    answer = fill_in(client, address, {"tool": tool})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return str(answer.location)


def save(client: FlaskClient, address: str, key: str, values: dict[str, Any], status: int = 302) -> Any:
    """Send one section; the status must be the one expected."""
    answer = fill_in(client, f"{address}/section/{key}", {**SENT, **values})
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer


def stored(session: Session) -> Assessment:
    """The one assessment there is, as it is kept."""
    found = session.scalars(select(Assessment)).one()
    session.close()
    return found


def whole(client: FlaskClient, address: str, tool: str = "seraf") -> None:
    """Go through every section, with a text under every heading."""
    definition = TOOLS[tool]
    for key in keys_of(definition):
        values: dict[str, Any] = {}
        if key == "about":
            values = {"assessed_on": "23/11/2026", "learning_disability": "no"}
        if key == "words":
            values = {f"heading-{heading.key}": "Plainly invented words." for heading in definition.headings}
            values["level"] = "medium"
        save(client, address, key, values)
