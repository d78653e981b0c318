"""Filling an assessment in: saved at every step, checked, finished; nothing typed is lost, and nobody else looks in."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from meetings_app.assessment_record.telling import label_of
from meetings_app.assessments.models import Assessment, AssessmentState
from meetings_app.assessments.queries import assessments_of
from meetings_app.assessments.sections import keys_of
from meetings_app.audit.models import AuditEvent
from meetings_app.permissions import OPERATOR, Role
from tests.support.assessments import CSE1, KENT_MEDWAY, SERAF, SURREY, TOOLS, codes_of, finished, ticked
from tests.support.assessments import fill_in as fill_in_assessment
from tests.support.browsing import browser, fill_in, text_of
from tests.support.children import add_child
from tests.support.world import NOW, add_account, tiny_world

MODERATE = codes_of(SERAF, "moderate")
SIGNIFICANT = codes_of(SERAF, "significant")
EVIDENCE = "Seen <twice> & written down by Zoë’s teacher 🦉 قلق"
SENT = {"go": "on"}


@pytest.fixture
def client(app: Flask, session: Session) -> FlaskClient:
    """The coordinator's browser."""
    tiny_world(session)
    return browser(app, "coordinator")


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
    answer = fill_in(client, f"{address}/section/{key}", {**SENT, **values})
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer


def stored(session: Session) -> Assessment:
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


@pytest.mark.parametrize("tool", [SERAF, KENT_MEDWAY, CSE1, SURREY], ids=lambda tool: tool.code)
def test_each_tool_is_filled_in_section_by_section_and_finished(
    client: FlaskClient, session: Session, tool: Any
) -> None:
    address = draft(client, session, tool.code)
    page = text_of(client, address)
    assert page.count("Not started") == len(keys_of(tool))
    whole(client, address, tool.code)
    page = text_of(client, f"{address}/check")
    assert "Still to be filled in" not in page
    assert page.count("Plainly invented words.") == len(tool.headings)
    answer = _finish(client, address, page)
    assert answer.location == address
    assert "finished" in text_of(client, address)
    assert stored(session).state is AssessmentState.FINISHED


def _finish(client: FlaskClient, address: str, page: str) -> Any:
    hidden = dict(re.findall(r'<input[^>]*name="(csrf_token|form_id|version)"[^>]*value="([^"]*)"', page))
    return client.post(f"{address}/finish", data=hidden)


def test_a_tick_is_kept_with_its_reason_and_source_as_it_was_typed(client: FlaskClient, session: Session) -> None:
    address, code = draft(client, session), SIGNIFICANT[0]
    values = {
        f"when-{code}": ["current", "recent"], f"evidence-{code}": EVIDENCE, f"source-{code}": "School record",
        f"by-{code}": "outside_family",
    }  # fmt: skip
    answer = save(client, address, "significant", values)
    assert answer.location.endswith("/section/words")
    assert stored(session).answers["indicators"] == [
        {
            "code": code,
            "when": ["current", "recent"],
            "evidence": EVIDENCE,
            "source": "School record",
            "by": "outside_family",
        }
    ]
    page = text_of(client, f"{address}/section/significant")
    assert "Seen &lt;twice&gt; &amp; written down by Zoë’s teacher 🦉 قلق" in page
    assert page.count(" checked") == 3 + (len(SIGNIFICANT) - 1)


def test_a_tick_without_its_reason_is_saved_and_asked_for(client: FlaskClient, session: Session) -> None:
    address, code = draft(client, session), MODERATE[0]
    answer = save(client, address, "moderate", {f"when-{code}": ["current"]})
    assert answer.location.endswith("/section/moderate?check=1")
    page = text_of(client, answer.location)
    label = label_of(SERAF, code)
    assert f'<a href="#evidence-{code}">{label}: enter the reason for this indicator</a>' in page
    assert page.count("Enter the reason for this indicator") == 1  # Beside the field.
    assert "Error: Moderate indicators" in page
    assert "Incomplete" in text_of(client, address)
    check = text_of(client, f"{address}/check")
    assert f'/section/moderate?check=1#evidence-{code}"' in check
    assert 'action="' + address + '/finish"' not in check
    assert _finish(client, address, text_of(client, f"{address}/discard")).status_code in (400, 409)
    assert stored(session).state is AssessmentState.DRAFT


def test_that_nothing_applies_is_an_answer_once_somebody_has_looked(client: FlaskClient, session: Session) -> None:
    address = draft(client, session)
    for key in keys_of(SERAF):
        if key != "moderate":
            words = {f"heading-{heading.key}": "Words." for heading in SERAF.headings} if key == "words" else {}
            save(client, address, key, {"assessed_on": "23/11/2026", "learning_disability": "no", **words})
    page = text_of(client, f"{address}/check")
    assert "Look through “Moderate indicators” and save it" in page
    save(client, address, "moderate", {})
    assert "Still to be filled in" not in text_of(client, f"{address}/check")


def test_save_and_come_back_later_keeps_half_of_it(client: FlaskClient, session: Session) -> None:
    address, code = draft(client, session), MODERATE[0]
    answer = save(client, address, "moderate", {f"evidence-{code}": "Half a sentence", "go": "later"})
    assert answer.location == address
    assert "Half a sentence" in text_of(client, f"{address}/section/moderate")


@pytest.mark.parametrize(
    ("key", "values", "words"),
    [
        ("about", {"assessed_on": "31/02/2026"}, "31/02/2026"),
        ("about", {"assessed_on": ""}, "Enter the date of the assessment"),
        ("moderate", {f"evidence-{MODERATE[0]}": "A bell\x07rings"}, "U+0007"),
        ("moderate", {f"when-{MODERATE[0]}": ["never"]}, "not a valid choice"),
        ("words", {"other_factors": "x" * 20_001}, "Enter no more than 20,000 characters"),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_its_field_and_changes_nothing(
    client: FlaskClient, session: Session, key: str, values: dict[str, Any], words: str
) -> None:
    address = draft(client, session)
    before = stored(session).version
    answer = save(client, address, key, values, 400)
    assert words in answer.get_data(as_text=True)
    assert stored(session).version == before


def test_two_people_on_one_section_see_both_texts(client: FlaskClient, session: Session) -> None:
    address, code = draft(client, session), MODERATE[0]
    page = text_of(client, f"{address}/section/moderate")
    save(client, address, "moderate", {f"when-{code}": ["current"], f"evidence-{code}": "Theirs"})
    hidden = dict(re.findall(r'<input[^>]*name="(csrf_token|form_id|version)"[^>]*value="([^"]*)"', page))
    mine = {**hidden, f"when-{code}": ["current"], f"evidence-{code}": "Mine", "go": "on"}
    answer = client.post(f"{address}/section/moderate", data=mine)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Theirs" in html
    assert html.count("Mine") == 2
    assert stored(session).answers["indicators"][0]["evidence"] == "Theirs"
    hidden = dict(re.findall(r'<input[^>]*name="(csrf_token|form_id|version)"[^>]*value="([^"]*)"', html))
    assert client.post(f"{address}/section/moderate", data={**mine, **hidden}).status_code == 302
    assert stored(session).answers["indicators"][0]["evidence"] == "Mine"


def test_reassessing_asks_again_what_was_ticked_last_time(app: Flask, client: FlaskClient, session: Session) -> None:
    child = add_child(session)
    finished(session, OPERATOR, child, ticks=ticked(SIGNIFICANT[:2]), now=NOW - timedelta(days=84))
    session.commit()
    session.close()
    address = str(fill_in(client, f"/children/{child.reference}/assessments/new", {"tool": "seraf"}).location)
    page = text_of(client, f"{address}/section/significant")
    assert page.count("Last time, 31 August 2026") == 2
    assert page.count("No longer so") == 2
    assert " checked" not in re.sub(r'name="by-[^>]*', "", page)
    answer = save(client, address, "significant", {f"when-{SIGNIFICANT[0]}": ["gone"]})
    page = text_of(client, answer.location)
    assert f"{label_of(SERAF, SIGNIFICANT[1])}: say whether this is still so</a>" in page
    assert page.count("Say whether this is still so") == 1  # Beside the field.
    answer = save(client, address, "significant", {f"when-{code}": ["gone"] for code in SIGNIFICANT[:2]})
    assert answer.location.endswith("/section/words")
    assert text_of(client, f"{address}/check").count("No longer so.") == 2


def test_the_windows_say_which_days_they_mean(client: FlaskClient, session: Session) -> None:
    address = draft(client, session)
    save(client, address, "about", {"assessed_on": "20/11/2026", "learning_disability": "no"})
    page = text_of(client, f"{address}/section/moderate")
    assert "Now or in the last 6 months: 20 May 2026 to 20 November 2026" in page
    assert "6 to 12 months ago: 20 November 2025 to 20 May 2026" in page


def test_a_draft_is_discarded_with_a_reason_and_leaves_every_list(client: FlaskClient, session: Session) -> None:
    address = draft(client, session)
    assert fill_in(client, f"{address}/discard", {"reason": ""}).status_code == 400
    assert fill_in(client, f"{address}/discard", {"reason": "Wrong child"}).status_code == 302
    text_of(client, address, 404)
    text_of(client, f"{address}/check", 404)
    assert stored(session).discarded_reason == "Wrong child"


def test_a_draft_of_the_child_is_offered_before_a_new_one(client: FlaskClient, session: Session) -> None:
    child = add_child(session)
    reference = fill_in_assessment(session, OPERATOR, child, "cse1").reference
    session.commit()
    session.close()
    page = text_of(client, f"/children/{child.reference}/assessments/new")
    assert f"Go on with {reference}</a>, CSE 1 (unofficial names), saved" in page
    assert f'href="/children/{child.reference}"' in text_of(client, f"/assessments/{reference}")


def test_a_learning_disability_is_answered_by_somebody_and_never_taken_for_no(
    client: FlaskClient, session: Session
) -> None:
    address = draft(client, session, "kent-medway")
    assert " checked" not in text_of(client, f"{address}/section/about")
    answer = save(client, address, "about", {"assessed_on": "23/11/2026"})
    assert answer.location.endswith("/section/about?check=1")
    page = text_of(client, answer.location)
    assert '<a href="#learning_disability">Say whether the child has a learning disability</a>' in page
    assert "Say whether the child has a disability" not in page
    assert "learning_disability" not in stored(session).answers
    answer = save(client, address, "about", {"assessed_on": "23/11/2026", "learning_disability": "no"})
    assert answer.location.endswith("/section/low")
    assert stored(session).answers["learning_disability"] is False


def test_a_level_keeps_the_capitals_of_its_name(client: FlaskClient, session: Session) -> None:
    page = text_of(client, f"{draft(client, session, 'surrey')}/section/words")
    assert page.count("No CSE risk identified") == 2
    assert "No cse" not in page


def test_a_question_that_is_not_answered_is_asked_for_in_a_sentence(client: FlaskClient, session: Session) -> None:
    address, code = draft(client, session, "kent-medway"), codes_of(KENT_MEDWAY, "high")[0]
    answer = save(client, address, "high", {f"when-{code}": ["current"], f"evidence-{code}": "Seen."})
    assert "Answer “How far does this affect the child?”" in text_of(client, answer.location)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Choose the assessment tool"),
        ({"tool": "seraf", "concern_on": "23/11/2026"}, "Enter the time the concern was received"),
        ({"tool": "seraf", "concern_at": "8am"}, "Enter the date the concern was received"),
        ({"tool": "seraf", "concern_on": "23/11/2026", "concern_at": "9:01am"}, "must have been received by now"),
        ({"tool": "unheard-of"}, "Choose the assessment tool"),
    ],
)
def test_starting_asks_for_what_is_missing(
    client: FlaskClient, session: Session, values: dict[str, str], words: str
) -> None:
    answer = fill_in(client, f"/children/{reference_of_child(session)}/assessments/new", values)
    assert answer.status_code == 400
    assert words in answer.get_data(as_text=True)
    assert session.scalars(select(Assessment)).all() == []


def test_the_moment_of_the_concern_is_kept_in_the_time_of_the_clocks(client: FlaskClient, session: Session) -> None:
    values = {"tool": "seraf", "concern_on": "1/7/2026", "concern_at": "2:05pm"}
    fill_in(client, f"/children/{reference_of_child(session)}/assessments/new", values)
    received_at = stored(session).concern_received_at
    assert received_at is not None
    assert received_at.isoformat() == "2026-07-01T13:05:00+00:00"


@pytest.mark.parametrize(
    ("role", "agency", "areas"),
    [
        (Role.COORDINATOR, "childrens-services", ["NW"]),
        (Role.REPRESENTATIVE, "police", ["NE"]),
        (Role.AUDITOR, "police", []),
    ],
)
def test_who_may_not_see_the_child_finds_nothing(
    app: Flask, client: FlaskClient, session: Session, role: Role, agency: str, areas: list[str]
) -> None:
    address = draft(client, session)
    child = stored(session).child_id
    add_account(session, "outsider", role, agency, areas)
    session.commit()
    reference = assessments_of(session, child)[0].reference
    session.close()
    outsider = browser(app, "outsider")
    for place in (address, f"{address}/section/about", f"{address}/check", f"{address}/discard"):
        text_of(outsider, place, 404)
    assert reference not in text_of(outsider, "/") if role is not Role.AUDITOR else True


def test_every_page_of_an_assessment_is_in_the_childs_trail(client: FlaskClient, session: Session) -> None:
    address = draft(client, session)
    for place in ("", "/section/about", "/check", "/discard"):
        text_of(client, f"{address}{place}")
    kinds = [event.kind for event in session.scalars(select(AuditEvent)) if event.child_id is not None]
    assert kinds.count("assessment_viewed") == 4


def test_no_title_of_a_window_names_the_child(client: FlaskClient, session: Session) -> None:
    address = draft(client, session)
    name = stored(session).child_name
    for place in ("", *(f"/section/{key}" for key in keys_of(SERAF)), "/check", "/discard"):
        page = text_of(client, f"{address}{place}")
        title = re.findall(r"<title>(.*?)</title>", page)
        assert name in page
        assert name not in title[0]


def test_the_date_of_birth_is_that_of_the_record_when_the_draft_is_saved(client: FlaskClient, session: Session) -> None:
    child = add_child(session, born=date(2011, 1, 5))
    assessment = fill_in_assessment(session, OPERATOR, child)
    child.born = date(2014, 1, 5)
    session.commit()
    address = f"/assessments/{assessment.reference}"
    session.close()
    save(client, address, "about", {"assessed_on": "23/11/2026", "learning_disability": "no"})
    assert stored(session).born == date(2014, 1, 5)
