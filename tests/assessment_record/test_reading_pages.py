"""A finished assessment is read whole by whoever may see it, every word of it, and by nobody else."""

import html as markup
import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy.orm import Session

from meetings_app.accounts.models import Account
from meetings_app.assessments.models import Assessment
from meetings_app.assessments.service import finish
from meetings_app.children.models import Child
from meetings_app.partnership import load
from meetings_app.permissions import Role
from meetings_app.resources import folder
from tests.support.assessments import KENT_MEDWAY, SERAF, TOOLS, codes_of, fill_in, finished, ticked
from tests.support.browsing import browser, text_of
from tests.support.children import add_child, child_of, put_on_list
from tests.support.world import NOW, TinyWorld, actor_for, add_account, add_school, tiny_world

SIGNIFICANT, MODERATE = codes_of(SERAF, "significant"), codes_of(SERAF, "moderate")
HIGH = codes_of(KENT_MEDWAY, "high")


@pytest.fixture
def world(session: Session) -> TinyWorld:
    return tiny_world(session)


def made(session: Session, account: Account, child: Child, tool: str = "seraf", ticks: Any = None, **more: Any) -> str:
    """The reference of a finished assessment; what is in the database is committed."""
    assessment: Assessment = finished(session, actor_for(session, account), child, tool, ticks, **more)
    session.commit()
    return assessment.reference


def words_of(html: str) -> str:
    """What a person reads on a page, with single spaces."""
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(markup.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def test_the_result_stands_first_in_words(app: Flask, session: Session, world: TinyWorld) -> None:
    ticks = ticked(SIGNIFICANT[:3], "current", "recent") | ticked(MODERATE[:1])
    reference = made(session, world.coordinator, add_child(session), ticks=ticks)
    words = words_of(text_of(browser(app, "coordinator"), f"/assessments/{reference}"))
    for said in (
        "Category 4: significant risk. Score 19. Level: High",
        "Moderate indicators 1", "Significant indicators 18", "with a significant indicator 0",
        "Hold a strategy discussion, or record the team manager’s reason why not.",
        "Consider whether the child belongs on the CSE list.",
        "It never sets the risk rating",
        "Assessed on 23 November 2026", "Assessed by Testy McCoordinator", "SERAF, version 1", "by 15 February 2027",
        "Now or in the last 6 months (23 May 2026 to 23 November 2026)",
        "6 to 12 months ago (23 November 2025 to 23 May 2026)",
    ):  # fmt: skip
        assert said in words, said
    assert words.index("Result") < words.index("What was ticked")
    assert "Unofficial" in words


def test_a_level_that_a_floor_lifted_says_so(app: Flask, session: Session, world: TinyWorld) -> None:
    low = codes_of(KENT_MEDWAY, "low")[:1]
    reference = made(
        session, world.coordinator, add_child(session), "kent-medway", ticked(low), learning_disability=True
    )
    words = words_of(text_of(browser(app, "coordinator"), f"/assessments/{reference}"))
    assert "The level was lifted. Before: low. Under 13, or with a learning disability" in words
    assert "Learning disability: yes." in words


@pytest.mark.parametrize("tool", ["seraf", "kent-medway", "cse1", "surrey"])
def test_nothing_ticked_and_no_score_are_said_too(app: Flask, session: Session, world: TinyWorld, tool: str) -> None:
    reference = made(session, world.coordinator, add_child(session), tool)
    words = words_of(text_of(browser(app, "coordinator"), f"/assessments/{reference}"))
    assert "Nothing is ticked here." in words
    assert ("Score 0" in words) is (tool == "seraf")
    assert ("No level" in words) is (tool == "kent-medway")


def test_a_corrected_date_of_birth_is_flagged_where_it_would_change_the_outcome(
    app: Flask, session: Session, world: TinyWorld
) -> None:
    child = add_child(session, born=date(2011, 1, 5))
    reference = made(session, world.coordinator, child, ticks=ticked(SIGNIFICANT[:1]))
    chair, here = browser(app, "chair-cs"), f"/assessments/{reference}"
    for born, flagged in ((date(2011, 1, 5), False), (date(2011, 1, 15), False), (date(2015, 1, 5), True)):
        child.born = born
        session.commit()
        html = text_of(chair, here)
        assert ("date of birth was corrected" in html) is flagged
    assert "The record now says 5 January 2015, and with that date the outcome would be another." in words_of(html)
    assert f'href="/children/{child.reference}/assessments/new"' in html
    assert "Category 1" in words_of(html)
    assert "Under 13: a strategy discussion" not in words_of(html)


def test_who_made_it_and_does_not_read_the_record_reads_it_without_the_record(
    app: Flask, session: Session, world: TinyWorld
) -> None:
    school = add_school(session, "oak", "Oak Example School")
    teacher = add_account(session, "school", Role.SCHOOL, "education", school="oak")
    pupil = child_of(session, put_on_list(session, school_id=school.key))
    others = made(session, world.coordinator, pupil)
    own = made(session, teacher, pupil, ticks=ticked(SIGNIFICANT[:1]))
    pupil.born = date(2016, 1, 5)
    session.commit()
    client = browser(app, "school")
    html = text_of(client, f"/assessments/{own}")
    assert "Category 1" in words_of(html)
    assert "/children/" not in html
    assert "2016" not in html
    for hidden in (f"/assessments/{others}", f"/children/{pupil.reference}/assessments"):
        text_of(client, hidden, 404)


def test_who_sees_neither_the_child_nor_made_it_gets_no_page(app: Flask, session: Session, world: TinyWorld) -> None:
    child = add_child(session)
    reference = made(session, world.coordinator, child)
    add_account(session, "analyst", Role.ANALYST, "education")
    session.commit()
    for person in ("coordinator-nw", "police", "analyst"):
        client = browser(app, person)
        for page in ("", "/compare", "/word"):
            text_of(client, f"/assessments/{reference}{page}", 404)
        text_of(client, f"/children/{child.reference}/assessments", 404)


WORDS = "<b>Zoë & Co</b> said: 5 < 6 😀 ليلى المثال {{ x }}"


def with_words(session: Session, account: Account, child: Child, tool: str = "seraf") -> tuple[Assessment, list[str]]:
    """A finished assessment in which every text differs, and those texts."""
    by = actor_for(session, account)
    texts: list[str] = []

    def text(what: str) -> str:
        texts.append(f"{what} {len(texts)}: {WORDS}")
        return texts[-1]

    definition = TOOLS[tool]
    assessment = fill_in(session, by, child, tool, ticked(each.indicators[0].code for each in definition.tiers))
    indicators = [
        tick | {"evidence": text("Why"), "source": text("Source")} for tick in assessment.answers["indicators"]
    ]
    assessment.answers = assessment.answers | {
        "indicators": indicators, "other_factors": [text("Other"), text("Other")],
        "headings": {heading.key: text("View") for heading in definition.headings},
    }  # fmt: skip
    session.flush()
    finish(session, by, NOW, load(folder("agendas")), assessment, definition, assessment.version)
    session.commit()
    return assessment, texts


@pytest.mark.parametrize("tool", ["seraf", "kent-medway", "cse1", "surrey"])
def test_every_word_of_an_assessment_is_on_its_page(app: Flask, session: Session, world: TinyWorld, tool: str) -> None:
    assessment, texts = with_words(session, world.coordinator, add_child(session), tool)
    html = text_of(browser(app, "coordinator"), f"/assessments/{assessment.reference}")
    assert len(texts) > 8
    for text in texts:
        assert str(escape(text)) in html, text
    for tier in TOOLS[tool].tiers:
        assert str(escape(tier.indicators[0].label)) in html
