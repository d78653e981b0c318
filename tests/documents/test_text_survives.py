"""What people type reads back exactly from Word, or is refused; it never changes or vanishes in silence."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from meetings_app.text import UnreadableText, clean_text
from tests.documents.reading import AWKWARD_NAMES, paragraphs
from tests.documents.test_minutes import CHILD, minutes


def written_and_read(text: str) -> str:
    """The discussion as it reads in the finished minutes: the paragraph under its heading."""
    texts = [paragraph.text for paragraph in paragraphs(minutes(replace(CHILD, discussion=text)))]
    return texts[texts.index("Discussion") + 1]


@settings(max_examples=50, deadline=None)
@given(st.text(min_size=1).filter(lambda text: text.strip()))
@example("{_{ x }_} {_% if %_} {{ title }} {% raw %} {# #}")
@example("&#95; &amp; <w:p> </w:t> ]]> \"'")
@example("  outer spaces \n\n\tand tabs\t ")
@example("line\r\nline\rline\x0bline\u2028line")
@example("\ufeffbyte order mark, \u200f right to left \u202e, \u00ad soft hyphen")
@example("a bell \x07")
@example("half \ud83d of an emoji")
@example("not a character \uffff")
def test_any_text_reads_back_exactly_or_is_refused(text: str) -> None:
    try:
        expected = clean_text(text)
    except UnreadableText:
        with pytest.raises(UnreadableText):
            written_and_read(text)
        return
    assert written_and_read(text) == expected


@pytest.mark.parametrize("name", AWKWARD_NAMES)
def test_awkward_names_stand_in_headings_as_they_are(name: str) -> None:
    texts = [paragraph.text for paragraph in paragraphs(minutes(replace(CHILD, name=name)))]
    assert f"4.1 {name} (C-7Q4KD), aged 15" in texts


def test_a_very_long_text_is_whole() -> None:
    text = "\n".join(f"Line {number} of what was said." for number in range(20_000))
    assert written_and_read(text) == text
