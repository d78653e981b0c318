"""Filling an assessment in: saved at every step, checked, finished; nothing typed is lost, and nobody else looks in."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from meetings_app.assessment_record.telling import label_of
from meetings_app.assessments.models import AssessmentState
from meetings_app.assessments.sections import keys_of
from meetings_app.children.models import Child, YesNoUnknown
from meetings_app.permissions import OPERATOR
from tests.support.assessments import CSE1, KENT_MEDWAY, SERAF, SURREY, codes_of, finished, ticked
from tests.support.assessments import fill_in as fill_in_assessment
from tests.support.browsing import browser, fill_in, text_of
from tests.support.children import add_child
from tests.support.filling import draft, reference_of_child, save, stored, whole
from tests.support.world import NOW, tiny_world

MODERATE = codes_of(SERAF, "moderate")
SIGNIFICANT = codes_of(SERAF, "significant")
EVIDENCE = "Seen <twice> & written down by Zoë’s teacher 🦉 قلق"


@pytest.fixture
def client(app: Flask, session: Session) -> FlaskClient:
    """The coordinator's browser."""
    tiny_world(session)
    return browser(app, "coordinator")


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


@pytest.mark.parametrize("day", ["01/01/0001", "31/12/1899", "01/01/2200"])
def test_a_draft_takes_no_date_with_which_it_could_not_be_opened_again(
    client: FlaskClient, session: Session, day: str
) -> None:
    address = draft(client, session)
    answer = save(client, address, "about", {"assessed_on": day, "learning_disability": "no"}, 400)
    assert "Enter a date between 1900 and 2199" in answer.get_data(as_text=True)
    text_of(client, f"{address}/section/about")
    text_of(client, f"{address}/section/significant")


def test_nobody_is_taken_to_have_no_learning_disability_because_nobody_answered(
    client: FlaskClient, session: Session
) -> None:
    address = draft(client, session, "kent-medway")
    assert "checked" not in text_of(client, f"{address}/section/about")
    answer = save(client, address, "about", {"assessed_on": "23/11/2026"})
    assert "Say whether the child has a learning disability" in text_of(client, str(answer.location))
    assert "Say whether the child has a learning disability" in text_of(client, f"{address}/check")


@pytest.mark.parametrize(("known", "chosen"), [(YesNoUnknown.YES, "yes"), (YesNoUnknown.NO, "no")])
def test_what_the_record_says_of_a_learning_disability_is_chosen_already(
    client: FlaskClient, session: Session, known: YesNoUnknown, chosen: str
) -> None:
    reference = reference_of_child(session)
    session.scalars(select(Child)).one().learning_disability = known
    session.commit()
    session.close()
    address = str(fill_in(client, f"/children/{reference}/assessments/new", {"tool": "kent-medway"}).location)
    page = text_of(client, f"{address}/section/about")
    assert re.findall(r'name="learning_disability"[^>]*value="(\w+)"[^>]*checked', page) == [chosen]


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
