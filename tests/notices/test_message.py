"""Mail as mailboxes read it: the parts in their order, one recipient, nothing lost and nothing added."""

import email
import email.policy
from datetime import UTC, date, datetime, time
from email.message import EmailMessage
from typing import Any

import html5lib
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from meetings_app.calendars.event import cancellation, request
from meetings_app.calendars.facts import Attendee, MeetingEvent
from meetings_app.notices.message import as_bytes, build_message, mailbox

EVENT = MeetingEvent(
    uid="RMM-NE-2026-W48@meetings.example",
    sequence=0,
    reference="RMM-NE-2026-W48",
    summary="Risk Management Meeting",
    date=date(2026, 11, 24),
    start_time=time(10, 0),
    minutes=120,
    place="Room 4, Überhall",
    joining_link="",
    changed_at=datetime(2026, 11, 1, tzinfo=UTC),
    link="https://meetings.example/meetings/RMM-NE-2026-W48",
    organiser_address="rmm@meetings.example",
    organiser_name="Risk Management Meetings",
)
INVITE = request(EVENT, Attendee("testy@police.example", "Testy McExample"))
CANCELLATION = cancellation(EVENT, Attendee("testy@police.example", "Testy McExample"))
MAIL: dict[str, Any] = {
    "message_id": "<meeting-1-request-0-person-2@meetings.example>",
    "sender": mailbox("rmm@meetings.example", "Risk Management Meetings"),
    "recipient_address": "testy@police.example",
    "recipient_name": "Testy McExample",
    "subject": "Risk Management Meeting RMM-NE-2026-W48",
    "body_text": "You are invited.\n\nPlace: Überhall <4>\nSign in:\nhttps://meetings.example/a?b=1&c=2\n",
    "date": datetime(2026, 11, 1, 9, 30, tzinfo=UTC),
}
INVITED: dict[str, Any] = {**MAIL, "invite": INVITE, "method": "REQUEST"}

NAMES = [
    "Zoë Müller-Öztürk",
    'Testy "Tess" McExample',
    "McExample, Testy (Police; North)",
    "McExample, Testy, " * 20,
    "Ünlü, Örnek, " * 20,
    "Siobhán O'Example",
    "نور المثال, stranger@evil.example",
    "测试 例",
    "<stranger@evil.example>",
    "=?utf-8?q?Testy?= McExample",
    "Testy\r\nBcc: stranger@evil.example",
    "🧑‍💻 Example",
    "\\",
    "",
]


def read(message: EmailMessage) -> EmailMessage:
    """Parse the bytes anew, as the mailbox at the other end does."""
    parsed = email.message_from_bytes(as_bytes(message), policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    for part in parsed.walk():
        assert part.defects == []
    return parsed


def test_an_invite_is_a_mail_whose_first_part_ends_with_the_calendar_entry() -> None:
    mail = read(build_message(**INVITED))

    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    alternative, attachment = mail.iter_parts()
    assert attachment.get_filename() == "invite.ics"
    assert attachment.get_content_disposition() == "attachment"
    assert list(alternative.iter_parts())[-1].get_content_type() == "text/calendar"
    assert list(alternative.iter_parts())[-1].get_content_disposition() is None


@pytest.mark.parametrize(("invite", "method"), [(INVITE, "REQUEST"), (CANCELLATION, "CANCEL")])
def test_the_method_outside_and_inside_the_calendar_entry_are_the_same(invite: bytes, method: str) -> None:
    mail = read(build_message(**{**MAIL, "invite": invite, "method": method}))

    calendar = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    assert calendar.get_param("method") == method
    assert calendar.get_content_charset() == "utf-8"
    content = calendar.get_payload(decode=True)
    assert content == invite
    assert vobject.readOne(invite.decode()).method.value == method


def test_both_copies_of_the_calendar_entry_arrive_byte_for_byte() -> None:
    parts = list(read(build_message(**INVITED)).walk())

    assert [part.get_payload(decode=True) for part in parts[-2:]] == [INVITE, INVITE]


def test_the_mail_as_a_whole_is_marked_as_a_calendar_message_for_outlook() -> None:
    mail = read(build_message(**INVITED))

    assert mail["Content-Class"] == "urn:content-classes:calendarmessage"
    assert [part["Content-Class"] for part in mail.walk()][1:] == [None] * 5


def test_a_notice_without_an_invite_has_the_two_texts_only() -> None:
    mail = read(build_message(**MAIL))

    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert mail["Content-Class"] is None


def test_the_headers_are_those_of_a_mail_sent_by_a_machine_to_one_person() -> None:
    mail = read(build_message(**INVITED))

    assert mail["From"].addresses[0].addr_spec == "rmm@meetings.example"
    assert mail["Message-ID"] == MAIL["message_id"]
    assert mail["Date"].datetime == MAIL["date"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Subject"] == MAIL["subject"]
    assert mail.keys().count("To") == 1
    assert not {"cc", "bcc", "reply-to", "sender"} & {name.lower() for name in mail}


def test_a_second_try_is_the_same_mail_byte_for_byte() -> None:
    assert as_bytes(build_message(**INVITED)) == as_bytes(build_message(**INVITED))


def test_two_mails_never_share_their_boundaries() -> None:
    other = build_message(**{**INVITED, "message_id": "<other@meetings.example>"})

    boundaries = [
        part.get_boundary()
        for message in (build_message(**INVITED), other)
        for part in message.walk()
        if part.is_multipart()
    ]
    assert len(set(boundaries)) == 4


def test_lines_end_as_mail_servers_expect_and_hold_plain_ascii() -> None:
    content = as_bytes(build_message(**{**INVITED, "body_text": "Ü" * 2000 + "\n.\nFrom here\n"}))

    assert content.replace(b"\r\n", b"").count(b"\n") == content.replace(b"\r\n", b"").count(b"\r") == 0
    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 998


def test_the_text_arrives_word_for_word_and_the_page_says_the_same() -> None:
    mail = read(build_message(**MAIL))
    plain, page = mail.iter_parts()

    assert plain.get_content().replace("\r\n", "\n") == MAIL["body_text"]
    parsed = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page.get_content())
    assert "Place: Überhall <4>" in "".join(parsed.itertext())
    assert parsed.get("lang") == "en-GB"
    assert [link.get("href") for link in parsed.iter("a")] == ["https://meetings.example/a?b=1&c=2"]


def test_a_link_at_the_end_of_a_sentence_leaves_the_full_stop_out() -> None:
    mail = read(build_message(**{**MAIL, "body_text": "See https://meetings.example/a. Or (https://b.example/)."}))
    page = list(mail.iter_parts())[1].get_content()

    assert '<a href="https://meetings.example/a">https://meetings.example/a</a>. Or' in page
    assert '<a href="https://b.example/">' in page


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("<>&\"'\n")))
def test_no_text_becomes_markup(text: str) -> None:
    page = list(read(build_message(**{**MAIL, "body_text": text})).iter_parts())[1].get_content()

    parsed = html5lib.parse(page, namespaceHTMLElements=False)
    assert {element.tag for element in parsed.iter()} <= {"html", "head", "meta", "title", "body", "p", "br", "a"}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_script_never_changes_who_the_mail_goes_to(name: str) -> None:
    mail = read(build_message(**{**MAIL, "recipient_name": name, "sender": mailbox("rmm@m.example", name)}))

    for header in ("From", "To"):
        assert len(mail[header].addresses) == 1
    assert mail["To"].addresses[0].addr_spec == "testy@police.example"
    assert mail["From"].addresses[0].addr_spec == "rmm@m.example"
    assert mail["Bcc"] is None


@given(
    st.text() | st.text(alphabet=" ,;:<>()[]@.\"\\'aéü测=?_"),
    st.sampled_from(["a@b.example", f"{'x' * 60}@{'y' * 60}.example"]),
)
def test_any_name_arrives_beside_the_one_address(name: str, address: str) -> None:
    mail = read(build_message(**{**MAIL, "recipient_name": name, "recipient_address": address}))

    (recipient,) = mail["To"].addresses
    assert recipient.addr_spec == address
    if "=?" not in name:
        # Readers drop the space between two encoded words, so spaces are left out of the comparison.
        expected = mailbox(address, name).display_name
        assert "".join(recipient.display_name.split()) == "".join(expected.split())


@pytest.mark.parametrize(
    "wrong",
    [
        {"recipient_address": "testy@police.example, other@school.example"},
        {"recipient_address": "testy@police.example\r\nBcc: x@evil.example"},
        {"recipient_address": "zoë@police.example"},
        {"recipient_address": ""},
        {"subject": ""},
        {"subject": "Two\nlines"},
        {"subject": "Two\r\nBcc: stranger@evil.example"},
        {"message_id": "no brackets@meetings.example"},
        {"message_id": "<a@b>\r\nBcc: x@evil.example"},
        {"date": datetime(2026, 11, 1)},  # noqa: DTZ001
        {"method": "REQUEST"},
        {"invite": INVITE},
        {"invite": INVITE, "method": "CANCEL"},
        {"invite": CANCELLATION, "method": "REQUEST"},
    ],
)
def test_a_mail_that_would_go_astray_is_refused_without_repeating_whom_it_was_for(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError) as refused:
        build_message(**{**MAIL, **wrong})
    assert "@" not in str(refused.value).replace("one @", "")


@pytest.mark.parametrize("field", ["bcc", "cc", "child", "child_name", "attachments"])
def test_nothing_but_these_fields_can_be_put_into_a_mail(field: str) -> None:
    with pytest.raises(TypeError):
        build_message(**{**MAIL, field: "Testy McExample"})
