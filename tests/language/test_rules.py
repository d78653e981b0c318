"""Which words prompt: whole words in every form listed, never in a quotation or the name of an indicator."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings_app.language.pages import phrases_of
from meetings_app.language.rules import Phrases, find
from meetings_app.partnership import load
from meetings_app.resources import folder

SHIPPED = load(folder("agendas"))
SOME = Phrases(
    (
        (("lifestyle", "lifestyle choice", "won’t engage"), "Why one.", "Instead one."),
        (("risk-taking", "chose to"), "Why two.", "Instead two."),
    ),
    ("Chose to stay out late", "Risk-taking (in any form)"),
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("Her lifestyle worries us.", ["lifestyle"]),
        ("LIFESTYLE", ["LIFESTYLE"]),
        ("A lifestyle choice, a lifestyle", ["lifestyle choice", "lifestyle"]),
        ("lifestyle-choice and lifestyle\nchoice", ["lifestyle-choice", "lifestyle\nchoice"]),
        ("lifestyles, unlifestyle, lifestyle2, lifestyle_", []),
        ("risk taking, Risk–taking", ["risk taking", "Risk–taking"]),
        ("He won't engage and won’t engage.", ["won't engage", "won’t engage"]),
        ("She said “it is my lifestyle” and left her lifestyle.", ["lifestyle"]),
        ('She said "it is\nmy lifestyle\n and mine" again.', []),
        ("‘a lifestyle’ and 'a lifestyle' and «a lifestyle» and „a lifestyle“ and ‹lifestyle›", []),
        ("‘I don’t think it’s a lifestyle’ she said of the lifestyle", ["lifestyle"]),
        ("'I don't think it's a lifestyle' she said of the lifestyle", ["lifestyle"]),
        ("The girls' lifestyle and the boys' lifestyle", ["lifestyle", "lifestyle"]),
        ("The girls’ lifestyle and the boys’ lifestyle", ["lifestyle", "lifestyle"]),
        ("She said “my lifestyle is", []),
        ('He is 6" taller, a 6\'2" man of that lifestyle', ["lifestyle"]),
        ('"It is my lifestyle, he is 6" she said of that lifestyle', ["lifestyle"]),
        ('She said "my lifestyle is', []),
        ("She said “unclosed.\n\nHer lifestyle", ["lifestyle"]),
        ("Chose to stay out late; chose to leave", ["chose to"]),
        ("Ticked: risk-taking (in any form)", []),
        ("lifeſtyle", ["lifeſtyle"]),
    ],
)
def test_what_prompts(text: str, words: list[str]) -> None:
    assert [found.words for found in find(text, SOME)] == words


def test_the_reason_and_what_to_write_instead_are_those_of_the_phrase() -> None:
    (found,) = find("He chose to leave", SOME)
    assert (found.reason, found.instead) == ("Why two.", "Instead two.")


pieces = st.lists(st.sampled_from([*"efirstkyl o-'’“”\"‘„«»\n()ſİı", "lifestyle", "lifestyle choice", "chose to"])).map(
    "".join
)


@given(pieces | st.text(max_size=60))
def test_it_never_raises_and_says_where_the_words_stand_in_order_and_apart(text: str) -> None:
    last = 0
    for found in find(text, SOME):
        assert last <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.words
        assert not re.match(r"\w", text[found.start - 1 : found.start])
        assert not re.match(r"\w", text[found.end : found.end + 1])
        last = found.end


quiet = st.text(st.characters(exclude_characters="“”\"‘’'„«»‹›"), max_size=40)


@pytest.mark.parametrize("marks", ["“”", '""', "«»", "„“", "‘’", "''"])
@given(before=quiet, within=quiet, after=quiet)
def test_what_is_quoted_never_prompts(marks: str, before: str, within: str, after: str) -> None:
    text = f"{before} {marks[0]}x {within} lifestyle choice y{marks[1]} {after}"
    start, end = len(before) + 1, len(before) + len(within) + 23
    assert not [found for found in find(text, SOME) if found.start < end and start < found.end]


@pytest.mark.parametrize(
    "label", sorted({one.label for tool in SHIPPED.tools for tier in tool.tiers for one in tier.indicators})
)
def test_no_official_name_of_an_indicator_prompts(label: str) -> None:
    assert find(f"Ticked: {label}.", phrases_of(SHIPPED)) == []


def test_every_phrase_of_the_shipped_file_is_found_and_its_advice_prompts_nothing() -> None:
    looked_for = Phrases(phrases_of(SHIPPED).prompts)
    for prompt in SHIPPED.language.prompts:
        for phrase in prompt.phrases:
            assert [found.reason for found in find(f"It is {phrase}.", looked_for)] == [prompt.reason], phrase
        assert find(f"{prompt.reason} {prompt.instead}", looked_for) == []


def test_a_long_text_full_of_opening_marks_takes_no_time_to_speak_of() -> None:
    assert find("‘" * 20_000 + "'" * 20_000, SOME) == []
