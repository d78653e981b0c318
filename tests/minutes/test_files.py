"""A Word file edited by hand is kept beside the minutes as it is; what is no plain Word document is refused."""

import hashlib
import io
import warnings
import zipfile

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from meetings_app.errors import NotFound, RuleBroken
from meetings_app.meetings.minutes import latest_minutes
from meetings_app.minutes import files, queries
from meetings_app.minutes.files import add_file, check_word_file
from tests.support.minutes_addresses import word_file
from tests.support.rmm import Rmm
from tests.support.world import NOW


def changed(**parts: bytes) -> bytes:
    """Give a Word document with further parts; `__` stands for a slash and `_DOT_` for a point."""
    written = io.BytesIO(word_file("Harmless."))
    with warnings.catch_warnings(), zipfile.ZipFile(written, "a") as package:
        # A second part of one name is what one of the files below is about.
        warnings.simplefilter("ignore", UserWarning)
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return written.getvalue()


def packed(names: list[str]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name in names:
            package.writestr(name, "<x/>")
    return written.getvalue()


def bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<x/>")
        package.writestr("word/document.xml", b" " * (files.LARGEST_UNPACKED + 1))
    return written.getvalue()


def test_a_word_file_is_kept_as_it_is_and_the_next_one_beside_it(day: Rmm) -> None:
    one, two = word_file("By hand."), word_file("By hand, again.")
    before = latest_minutes(day.session, day.meeting.key)
    assert before is not None
    facts = dict(before.facts)
    for content in (one, two):
        add_file(day.session, day.act("coordinator"), NOW, day.meeting, content, "A heading")
    kept = queries.files_of(day.session, day.meeting.key)
    assert [(each.number, each.sha256) for each in kept] == [
        (1, hashlib.sha256(one).hexdigest()), (2, hashlib.sha256(two).hexdigest()),
    ]  # fmt: skip
    first = queries.find_file(day.session, day.meeting.key, 1)
    assert first is not None
    assert (first.content, first.added_at) == (one, NOW)
    assert before.facts == facts
    for statement in ("UPDATE minutes_file SET note = 'x'", "DELETE FROM minutes_file"):
        with pytest.raises(DatabaseError), day.session.begin_nested():
            day.session.execute(sa.text(statement))


def test_members_neither_put_a_file_back_nor_see_one(day: Rmm) -> None:
    add_file(day.session, day.act("coordinator"), NOW, day.meeting, word_file("By hand."), "")
    with pytest.raises(NotFound):
        add_file(day.session, day.act("police"), NOW, day.meeting, word_file("Mine."), "")
    assert queries.files_of(day.session, day.meeting.key) == []
    assert queries.find_file(day.session, day.meeting.key, 1) is None


HOSTILE = {
    "nothing": b"", "text": b"Minutes", "a program": b"MZ" + b"\0" * 200,
    "a zip of something else": packed(["readme.txt"]), "a workbook": packed(["[Content_Types].xml", "xl/workbook.xml"]),
    "cut off": word_file("Whole.")[:-200], "a bomb": bomb(),
    "macros": changed(word__vbaProject_DOT_bin=b"x"), "a script": changed(word__run_DOT_js=b"x"),
    "an embedded object": changed(word__embeddings_DOT_xml=b'<o ProgID="x" Type="oleObject"/>'),
    "entities": changed(word__extra_DOT_xml=b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>'),
    "entities in sixteen bits": changed(word__extra_DOT_xml='<!DOCTYPE x [<!ENTITY y "z">]><x/>'.encode("utf-16")),
    "a template fetched from elsewhere": changed(
        word___rels__settings_DOT_xml_DOT_rels=b'<r Type="http://x/attachedTemplate" TargetMode="External"/>'
    ),
    "two parts of one name": changed(word__document_DOT_xml=b"<x/>"),
    "a way out of the folder": changed(**{"..__..__etc": b"x"}),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_no_plain_word_document_is_refused(what: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        check_word_file(HOSTILE[what])
    assert refused.value.field == "file"


def test_a_plain_word_document_is_taken_and_one_that_is_too_large_is_not() -> None:
    check_word_file(word_file("Plain words."))
    with pytest.raises(RuleBroken, match="12 MB"):
        check_word_file(b"PK" + b"\0" * files.LARGEST)
