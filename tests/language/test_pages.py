"""What could be written otherwise is said while one types, and once after saving; the text stays as it was typed."""

import re

import pytest
from flask import Flask, g
from sqlalchemy.orm import Session

from meetings_app.errors import ConfigurationError
from meetings_app.partnership import load, parse, texts_in
from meetings_app.resources import folder
from tests.support.browsing import browser, text_of
from tests.support.children import add_child
from tests.support.sent_forms import form_to
from tests.support.world import tiny_world

WRITTEN = "It is a lifestyle choice. “My lifestyle”, she said."


@pytest.fixture
def note(session: Session) -> str:
    tiny_world(session)
    child = add_child(session)
    session.commit()
    address = f"/children/{child.reference}/note"
    session.close()
    return address


def test_after_saving_the_advice_is_said_once_and_the_text_is_as_it_was_typed(app: Flask, note: str) -> None:
    coordinator = browser(app, "coordinator")
    values = form_to(text_of(coordinator, note), note).with_values(text=WRITTEN)
    saved = coordinator.post(note, data=values)
    assert saved.status_code == 302
    page = text_of(coordinator, saved.location)
    assert page.count("You wrote “lifestyle choice”") >= 1
    assert "You wrote “lifestyle”" not in page
    assert "Consider: Write what others did to the child" in page
    assert WRITTEN in page
    assert "You wrote" not in text_of(coordinator, saved.location)


def test_a_saved_form_leaves_no_transaction_open_where_the_rules_had_to_be_read_again(app: Flask, note: str) -> None:
    coordinator = browser(app, "coordinator")
    values = form_to(text_of(coordinator, note), note).with_values(text=WRITTEN)
    kept = app.extensions["meetings"].kept
    kept["rules"] = (-1, app.extensions["meetings"].partnership)
    with coordinator:
        saved = coordinator.post(note, data=values)
        assert saved.status_code == 302
        assert "session" not in g
    assert "You wrote “lifestyle choice”" in text_of(coordinator, saved.location)


def test_where_the_script_showed_it_nothing_is_said_again(app: Flask, note: str) -> None:
    coordinator = browser(app, "coordinator")
    values = form_to(text_of(coordinator, note), note).with_values(text=WRITTEN, language_shown="1")
    saved = coordinator.post(note, data=values)
    assert "You wrote" not in text_of(coordinator, saved.location)


def test_the_script_is_told_where_the_words_stand(app: Flask, note: str) -> None:
    coordinator = browser(app, "coordinator")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text_of(coordinator, note))
    assert token
    headers = {"X-CSRFToken": token.group(1)}
    answer = coordinator.post("/language", json={"texts": ["Nothing here.", WRITTEN]}, headers=headers)
    first, second = answer.get_json()["prompts"]
    assert first == []
    assert [WRITTEN[one["start"] : one["end"]] for one in second] == ["lifestyle choice"]
    wrong_ones: tuple[object, ...] = ([], {"texts": "one"}, {"texts": [1]}, {})
    for wrong in wrong_ones:
        assert coordinator.post("/language", json=wrong, headers=headers).status_code == 400
    assert app.test_client().post("/language", json={"texts": []}).status_code in (302, 400)


def test_a_set_of_files_of_before_there_were_prompts_takes_the_shipped_ones() -> None:
    texts = texts_in(folder("agendas"))
    del texts["language.toml"]
    assert parse(texts).language == load(folder("agendas")).language


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[prompts]]\nreason = 'R'\ninstead = 'I'", "language.toml: prompts.1.phrases: this key is missing."),
        ("[[prompts]]\nphrases = []\nreason = 'R'\ninstead = 'I'", "language.toml: prompts.1.phrases: "),
        ("[[prompts]]\nphrases = ['a*b']\nreason = 'R'\ninstead = 'I'", "language.toml: prompts.1.phrases.1: "),
        ("[[prompts]]\nphrases = ['a', 'A']\nreason = 'R'\ninstead = 'I'", "the phrase “a” stands there twice"),
        ("other = 1", "language.toml: other: this key is not known."),
    ],
)
def test_a_file_that_cannot_be_used_names_the_file_and_the_key(text: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        parse({**texts_in(folder("agendas")), "language.toml": text})
    assert said in refused.value.message
