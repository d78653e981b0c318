"""A finished assessment is read whole by whoever may see it, every word of it, and by nobody else."""

import html as markup
import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.assessment_record.telling import label_of
from meetings_app.assessments import answering, queries
from meetings_app.assessments.answering import FlagSaid
from meetings_app.assessments.models import Assessment, DecisionKind, FlagAnswerKind
from meetings_app.assessments.service import finish
from meetings_app.audit.models import AuditEvent
from meetings_app.children.models import Child
from meetings_app.partnership import load
from meetings_app.permissions import Role
from meetings_app.resources import folder
from tests.support import documents
from tests.support.assessments import KENT_MEDWAY, SERAF, TOOLS, codes_of, fill_in, finished, ticked
from tests.support.browsing import browser, text_of
from tests.support.children import add_child, child_of, put_on_list
from tests.support.world import NOW, TinyWorld, actor_for, add_account, add_school, tiny_world

SIGNIFICANT, MODERATE = codes_of(SERAF, "significant"), codes_of(SERAF, "moderate")
VULNERABLE = codes_of(SERAF, "vulnerability")
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
        "Assessed on 23 November 2026", "Assessed by Testy McCoordinator", "SERAF, version 1", "By 15 February 2027",
        "Now or in the last 6 months (23 May 2026 to 23 November 2026)",
        "6 to 12 months ago (23 November 2025 to 23 May 2026)",
    ):  # fmt: skip
        assert said in words, said
    assert words.index("Result") < words.index("What was ticked")
    assert "Unofficial" in words


def test_what_was_so_at_any_time_is_given_no_days_that_nobody_was_asked_for(
    app: Flask, session: Session, world: TinyWorld
) -> None:
    child = add_child(session)
    made(session, world.coordinator, child, ticks=ticked(VULNERABLE[:1]), assessed_on=date(2026, 8, 1))
    reference = made(session, world.coordinator, child, ticks=ticked(VULNERABLE[:1]))
    client = browser(app, "coordinator")
    read = words_of(text_of(client, f"/assessments/{reference}"))
    assert f"{label_of(SERAF, VULNERABLE[0])} Ticked Seen by the school." in read
    for said in (read, words_of(text_of(client, f"/assessments/{reference}/compare")), in_word(client, reference)):
        assert "Ticked" in said
        assert "Now or in the last 6 months" not in said


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
        assert ("date of birth was corrected" in in_word(chair, reference)) is flagged
        listed = text_of(chair, f"/children/{child.reference}/assessments")
        assert ("date of birth was corrected" in listed) is flagged
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
    document = in_word(client, own)
    assert pupil.name in document
    assert pupil.reference not in document
    assert "2016" not in document
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


def in_word(client: FlaskClient, reference: str) -> str:
    answer = client.get(f"/assessments/{reference}/word")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{reference}-assessment.docx"'
    return documents.words_of(answer.data)


@pytest.mark.parametrize("tool", ["seraf", "kent-medway", "cse1", "surrey"])
def test_every_word_of_an_assessment_is_in_its_word_document(
    app: Flask, session: Session, world: TinyWorld, tool: str
) -> None:
    child = add_child(session)
    assessment, texts = with_words(session, world.coordinator, child, tool)
    by = actor_for(session, world.chair_cs)
    said = []
    for flag in queries.flags_of(session, assessment.key):
        for kind in FlagAnswerKind:
            said.append(f"Answer {kind.value} to {flag.code}: {WORDS}")
            answering.answer_flag(
                session, by, NOW, assessment, flag, FlagSaid(kind, date(2026, 11, 22), "Ms & Mr Example", said[-1])
            )
    said.append(f"Reason: {WORDS}")
    answering.decide(session, by, NOW, assessment, DecisionKind.NO_REFERRAL, WORDS)
    session.commit()
    document = in_word(browser(app, "coordinator"), assessment.reference)
    for text in [*texts, *said]:
        assert text in document, text
    for line in (
        f"{child.name} ({child.reference})", "No referral is made.", "by Testy McChair-Cs",
        "Copy made by Testy McCoordinator, 23 November 2026, 9am", "OFFICIAL-SENSITIVE",
        f"{assessment.reference} · {TOOLS[tool].name}, version {TOOLS[tool].version}",
    ):  # fmt: skip
        assert line in document or (not said[:-1] and line.startswith("Who")), line
    assert document.count("Who: Ms & Mr Example") == len(said) - 1
    assert ("Unofficial" in document) is TOOLS[tool].unofficial


def test_making_the_word_document_is_on_record(app: Flask, session: Session, world: TinyWorld) -> None:
    child = add_child(session)
    reference = made(session, world.coordinator, child)
    child_id = child.key
    in_word(browser(app, "chair-cs"), reference)
    assert last_event(session) == ("document_made", child_id)
    draft = fill_in(session, actor_for(session, world.coordinator), child)
    session.commit()
    for page in ("word", "compare"):
        text_of(browser(app, "coordinator"), f"/assessments/{draft.reference}/{page}", 404)


def last_event(session: Session) -> tuple[str, int | None]:
    last = session.scalars(select(AuditEvent).order_by(col(AuditEvent.id).desc()).limit(1)).one()
    return last.kind, last.child_id


def test_the_list_shows_every_assessment_with_scores_over_time(app: Flask, session: Session, world: TinyWorld) -> None:
    child = add_child(session)
    client, here = browser(app, "coordinator"), f"/children/{child.reference}/assessments"
    session.commit()
    html = text_of(client, here)
    assert "No assessment tool was used for this child yet." in html
    assert f'href="{here}/new"' in html
    first = made(session, world.coordinator, child, ticks=ticked(SIGNIFICANT[:1]), assessed_on=date(2026, 8, 1))
    assert "<svg class" not in text_of(client, here)
    second = made(session, world.coordinator, child, ticks=ticked(SIGNIFICANT[:3]))
    other = made(session, world.coordinator, child, "kent-medway", ticked(HIGH[:1]))
    draft = fill_in(session, actor_for(session, world.coordinator), child)
    session.commit()
    html = text_of(client, here)
    assert last_event(session) == ("assessments_viewed", child.key)
    chart = html[html.index('<svg class="app-chart"') : html.index("</svg>", html.index('<svg class="app-chart"'))]
    assert 'role="img"' in chart
    assert "<title" in chart
    assert "1 August 2026: 5; 23 November 2026: 15. The same numbers stand in the table below." in chart
    assert "style=" not in chart
    assert html.count('class="app-chart"') == 1
    for reference in (first, second, other, draft.reference):
        assert f'href="/assessments/{reference}"' in html
    assert re.findall(r'href="/assessments/(\S+)/compare"', html) == [second]
    assert "Draft" in words_of(html)
    assert child.name not in re.search("<title>.*?</title>", html).group()  # type: ignore[union-attr]


def test_levels_over_time_are_drawn_for_a_tool_that_does_not_score(
    app: Flask, session: Session, world: TinyWorld
) -> None:
    child = add_child(session)
    for day, ticks in ((date(2026, 6, 1), {}), (date(2026, 8, 1), ticked(HIGH[:1]))):
        made(session, world.coordinator, child, "kent-medway", ticks, assessed_on=day)
    html = text_of(browser(app, "coordinator"), f"/children/{child.reference}/assessments")
    assert "Levels over time: Kent" in html
    assert "1 June 2026: No level; 1 August 2026: High." in html


def test_the_comparison_says_what_is_new_gone_still_there_and_moved(
    app: Flask, session: Session, world: TinyWorld
) -> None:
    child = add_child(session)
    before = ticked(SIGNIFICANT[:2]) | ticked(MODERATE[:2])
    now = ticked(SIGNIFICANT[1:3]) | ticked(MODERATE[:1], "recent") | ticked(MODERATE[1:2])
    first = made(session, world.coordinator, child, ticks=before, assessed_on=date(2026, 8, 1))
    second = made(session, world.coordinator, child, ticks=now)
    client = browser(app, "coordinator")
    words = words_of(text_of(client, f"/assessments/{second}/compare"))
    assert "1 new, 1 gone, 3 still there, of which 1 at other times than before." in words
    pieces = re.split(r"(New|Gone|Still there, at other times|Still there) \(\d\)", words)
    parts = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    for part, code in (
        ("New", SIGNIFICANT[2]), ("Gone", SIGNIFICANT[0]), ("Still there, at other times", MODERATE[0]),
        ("Still there", SIGNIFICANT[1]), ("Still there", MODERATE[1]),
    ):  # fmt: skip
        label = label_of(SERAF, code)
        assert [name for name, said in parts.items() if label in said] == [part]
    assert parts["Still there"].count("Seen by the school.") == 4
    assert "Score 12 11" in words
    assert "there is nothing to compare it with" in text_of(client, f"/assessments/{first}/compare")
    assert f'href="/assessments/{second}/compare"' in text_of(client, f"/assessments/{second}")
    assert "/compare" not in text_of(client, f"/assessments/{first}")


def test_two_assessments_with_different_tools_are_not_compared(app: Flask, session: Session, world: TinyWorld) -> None:
    child = add_child(session)
    made(session, world.coordinator, child, "kent-medway", assessed_on=date(2026, 8, 1))
    later = made(session, world.coordinator, child)
    html = text_of(browser(app, "coordinator"), f"/assessments/{later}/compare")
    assert "No finished assessment with this tool comes before this one" in html


def test_every_word_of_both_stands_in_the_comparison(app: Flask, session: Session, world: TinyWorld) -> None:
    child = add_child(session)
    _first, texts = with_words(session, world.coordinator, child)
    second, more = with_words(session, world.coordinator, child)
    html = text_of(browser(app, "coordinator"), f"/assessments/{second.reference}/compare")
    for text in texts:
        assert html.count(str(escape(text))) == 2, text
    assert texts == more
