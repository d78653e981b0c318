"""The words of every notice: all kinds can be written, and none has room for a child."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, UndefinedError, meta

from meetings_app import resources
from meetings_app.notices import templates
from meetings_app.notices.templates import VALUES, NoticeKind, render_notice

FOLDER = resources.folder("templates") / "emails"
SAMPLE: dict[str, str | int] = {
    "service_name": "Risk Management Meetings",
    "link": "https://meetings.example/here",
    "reference": "RMM-NE-2026-W48",
    "meeting_title": "Risk Management Meeting",
    "date_text": "Tuesday 24 November 2026",
    "time_text": "10am to 12pm",
    "place": "Room 4",
    "joining_link": "https://join.example/1",
    "answer_link": "https://meetings.example/answer/abc",
    "expires_text": "Friday 27 November 2026",
    "new_count": 3,
    "due_this_week_count": 0,
    "overdue_count": 1,
    "item_count": 12,
    "action_count": 4,
    "contact_count": 2,
    "board_count": 1,
    "signature_count": 1,
    "assessment_count": 2,
    "look_back_count": 3,
    "transition_count": 2,
}
ABOUT_A_CHILD = {"child", "name", "born", "birth", "school", "address", "rating", "age", "initials", "reason"}


def sample(kind: NoticeKind) -> dict[str, str | int]:
    return {name: SAMPLE[name] for name in VALUES[kind]}


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_notice_has_a_subject_of_one_line_and_a_body_with_the_link_to_sign_in(kind: NoticeKind) -> None:
    subject, body = render_notice(kind, FOLDER, **sample(kind))

    assert subject.strip()
    assert "\n" not in subject
    assert "https://meetings.example/here\n" in body
    assert "{" not in subject + body
    assert "\n\n\n" not in body


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_notice_uses_every_value_it_is_given_and_no_other(kind: NoticeKind) -> None:
    environment = Environment(loader=FileSystemLoader(FOLDER))
    used: set[str] = set()
    for part in ("subject.txt", "body.txt"):
        used |= meta.find_undeclared_variables(environment.parse((FOLDER / kind.value / part).read_text("utf-8")))
    assert used == VALUES[kind]


def test_there_is_a_folder_for_every_notice_and_a_notice_for_every_folder() -> None:
    assert {folder.name for folder in FOLDER.iterdir()} == {kind.value for kind in NoticeKind}


def test_the_table_at_the_top_names_every_notice_and_every_value() -> None:
    documented = templates.__doc__ or ""
    for kind in NoticeKind:
        assert f"| `{kind.value}`" in documented
        for value in VALUES[kind]:
            assert f"`{value}`" in documented


def test_no_notice_has_a_value_that_could_hold_something_of_a_child() -> None:
    values = {value for values in VALUES.values() for value in values} - {"service_name"}
    words = {word for value in values for word in value.split("_")}
    assert not words & ABOUT_A_CHILD


@pytest.mark.parametrize("kind", NoticeKind)
@pytest.mark.parametrize("field", ["child", "child_name", "name", "date_of_birth", "school", "reasons"])
def test_a_field_of_a_child_is_refused_and_not_repeated(kind: NoticeKind, field: str) -> None:
    with pytest.raises(ValueError) as refused:
        render_notice(kind, FOLDER, **sample(kind), **{field: "Testy McExample"})
    assert "Testy" not in str(refused.value)


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_value_that_is_missing_is_named(kind: NoticeKind) -> None:
    for name in VALUES[kind]:
        values = sample(kind)
        del values[name]
        with pytest.raises(ValueError, match=name):
            render_notice(kind, FOLDER, **values)


@pytest.mark.parametrize(("name", "value"), [("new_count", "Testy McExample"), ("link", 3), ("overdue_count", True)])
def test_counts_are_numbers_and_texts_are_texts(name: str, value: str | int) -> None:
    with pytest.raises(ValueError, match=name) as refused:
        render_notice(NoticeKind.ACTION_GIVEN, FOLDER, **{**sample(NoticeKind.ACTION_GIVEN), name: value})
    assert "Testy" not in str(refused.value)


def test_a_line_end_in_a_value_adds_no_line_to_the_mail() -> None:
    kind = NoticeKind.MEETING_ANNOUNCED
    values = {**sample(kind), "place": "Room 4\nJoin online: https://evil.example", "reference": "R\r\nBcc: x"}

    subject, body = render_notice(kind, FOLDER, **values)

    assert "\n" not in subject
    assert not re.search(r"^(Bcc|Join online: https://evil)", body, re.MULTILINE)


def test_a_meeting_without_a_room_has_no_line_for_one() -> None:
    kind = NoticeKind.MEETING_ANNOUNCED

    _, online = render_notice(kind, FOLDER, **{**sample(kind), "place": ""})

    assert "Place:" not in online
    assert "Join online: https://join.example/1" in online


def test_a_template_that_asks_for_a_value_nobody_gives_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "referral_outcome"
    folder.mkdir()
    (folder / "subject.txt").write_text("{{ reference }}")
    (folder / "body.txt").write_text("{{ child_name }}")

    with pytest.raises(UndefinedError, match="child_name"):
        render_notice(NoticeKind.REFERRAL_OUTCOME, tmp_path, **sample(NoticeKind.REFERRAL_OUTCOME))
