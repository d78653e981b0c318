"""Arranging meetings through the pages: preview, create, move, cancel and who is invited."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.models import AuditEvent
from meetings_app.audit.sentences import sentence
from meetings_app.notices.models import OutboxMail
from meetings_app.permissions import OPERATOR
from meetings_app.schedule.models import Meeting, MeetingMember, MeetingSeries, MeetingState
from meetings_app.schedule.series import end_series
from tests.support.browsing import browser
from tests.support.children import child_of, put_on_list
from tests.support.meetings import office, series
from tests.support.world import NOW, TinyWorld, csrf_token, form_id, send, tiny_world

SERIES = {
    "kind": "rmm", "area": "NE", "start": "21/12/2026", "count": "3", "start_time": "10am", "minutes": "120",
    "place": "Room 1", "joining_link": "",
}  # fmt: skip


@pytest.fixture
def world(session: Session) -> TinyWorld:
    return tiny_world(session)


@pytest.fixture
def coordinator(app: Flask, world: TinyWorld) -> FlaskClient:
    return browser(app, world.coordinator.email)


def visible(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def hidden(page: str) -> dict[str, str]:
    fields = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall(r"<input[^>]*>", page)]
    return {field["name"]: field.get("value", "") for field in fields if field.get("type") == "hidden"}


def meetings(session: Session) -> list[Meeting]:
    return list(session.scalars(select(Meeting).order_by(col(Meeting.held_on))))


def test_the_preview_marks_the_bank_holidays_and_makes_nothing(coordinator: FlaskClient, session: Session) -> None:
    answer = send(coordinator, "/meetings/series", SERIES)
    page = visible(answer.get_data(as_text=True))
    assert answer.status_code == 200
    assert "3 meetings, 1 moved to a working day" in page
    assert "Tuesday 29 December 2026 Monday 28 December 2026 Boxing Day (substitute day)" in page
    assert meetings(session) == []


def test_the_preview_refuses_a_date_that_has_a_meeting_already(coordinator: FlaskClient, session: Session) -> None:
    first, *_ = series(session)
    session.commit()
    answer = send(coordinator, "/meetings/series", {**SERIES, "start": first.held_on.strftime("%d/%m/%Y")})
    assert answer.status_code == 400
    assert f"There is a meeting on 24 November 2026 already: {first.reference}" in answer.get_data(as_text=True)


def test_what_was_previewed_is_made_and_announced(coordinator: FlaskClient, session: Session) -> None:
    preview = send(coordinator, "/meetings/series", SERIES).get_data(as_text=True)
    seen = hidden(preview)["previewed"]
    values = {**SERIES, "previewed": seen, "confirmed": "1", "form_id": form_id(preview)}
    values["csrf_token"] = csrf_token(preview)
    for _ in range(2):
        answer = coordinator.post("/meetings/series", data=values)
        assert (answer.status_code, answer.location) == (302, "/meetings")
    assert [(meeting.reference, meeting.state) for meeting in meetings(session)] == [
        ("RMM-NE-2026-W52", MeetingState.ANNOUNCED),
        ("RMM-NE-2026-W53", MeetingState.ANNOUNCED),
        ("RMM-NE-2027-W01", MeetingState.ANNOUNCED),
    ]
    assert "3 meetings made, 3 of them announced" in visible(coordinator.get("/meetings").get_data(as_text=True))


def test_the_preview_says_how_many_invites_announcing_sends_to_how_many_people(
    coordinator: FlaskClient, session: Session
) -> None:
    preview = send(coordinator, "/meetings/series", {**SERIES, "count": "20"}).get_data(as_text=True)
    assert "54 invites are sent to 6 people, one each for 9 meetings." in preview
    assert "The other 11 meetings are announced as they come near, and no mail is sent for them now." in preview
    values = {**hidden(preview), **SERIES, "count": "20", "confirmed": "1"}
    assert coordinator.post("/meetings/series", data=values).status_code == 302
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == 54


def test_a_second_series_of_an_area_is_made_only_when_it_is_ticked(coordinator: FlaskClient, session: Session) -> None:
    first, *_ = series(session)
    reference = first.reference
    session.commit()
    preview = send(coordinator, "/meetings/series", SERIES).get_data(as_text=True)
    said = f"NE already has a series on Tuesdays, from 24 November 2026 ({reference}); its 4 meetings stay."
    assert said in visible(preview)
    assert f'href="/meetings/{reference}/series"' in preview
    values = {**hidden(preview), **SERIES, "confirmed": "1"}
    refused = coordinator.post("/meetings/series", data=values)
    assert (refused.status_code, len(meetings(session))) == (400, 4)
    assert "Tick that one more series is wanted" in refused.text
    assert said in visible(refused.text)
    assert coordinator.post("/meetings/series", data={**values, "beside": "y"}).status_code == 302
    assert len(meetings(session)) == 7
    assert [meeting.state for meeting in meetings(session)[:4]] == [MeetingState.ANNOUNCED] * 4


def test_a_series_that_ends_before_or_of_another_area_is_not_in_the_way(
    coordinator: FlaskClient, session: Session
) -> None:
    first, *_ = series(session)
    series(session, "NW")
    running = session.get_one(MeetingSeries, first.series_id)
    end_series(session, OPERATOR, NOW, office(), running, date(2026, 12, 8), "Half-term")
    session.commit()
    assert "There is a series already" not in send(coordinator, "/meetings/series", SERIES).text
    before = {**SERIES, "start": "04/12/2026"}
    assert "its 2 meetings stay" in visible(send(coordinator, "/meetings/series", before).text)


def test_other_dates_than_the_previewed_ones_are_previewed_again(coordinator: FlaskClient, session: Session) -> None:
    preview = send(coordinator, "/meetings/series", SERIES).get_data(as_text=True)
    seen = hidden(preview)["previewed"]
    changed = {**SERIES, "start": "22/12/2026", "previewed": seen, "confirmed": "1"}
    assert send(coordinator, "/meetings/series", changed).status_code == 200
    assert meetings(session) == []


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("start", "31/02/2027", "31/02/2027"),
        ("start", "", "Enter the date of the first meeting"),
        ("start", "20/11/2026", "must be today or in the future"),
        ("count", "0", "between 1 and 520"),
        ("count", "many", "must be a whole number"),
        ("start_time", "25:00", "Enter a time, like 10am or 2:30pm"),
        ("minutes", "", "Enter how many minutes the meeting lasts"),
        ("minutes", "601", "between 1 and 600 minutes"),
        ("area", "", "Choose the area"),
        ("area", "NW", "Not a valid choice"),
        ("kind", "network", "Not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    coordinator: FlaskClient, session: Session, field: str, value: str, message: str
) -> None:
    typed = {**SERIES, field: value, "previewed": "x", "confirmed": "1"}
    answer = send(coordinator, "/meetings/series", typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert message in page
    assert 'value="Room 1"' in page
    assert meetings(session) == []


def test_moving_shows_which_children_go_where_and_then_does_just_that(
    coordinator: FlaskClient, session: Session
) -> None:
    first, second, *_ = series(session)
    child = child_of(session, put_on_list(session, review_on=date(2026, 12, 2)))
    reference, moved = child.reference, second.reference
    session.commit()
    values = {"held_on": "03/12/2026", "start_time": "2:30pm", "minutes": "90", "place": "Room 2", "joining_link": ""}
    values["version"] = str(second.version)
    mails = session.scalar(select(func.count()).select_from(OutboxMail))
    events = session.scalar(select(func.count()).select_from(AuditEvent).where(col(AuditEvent.kind) == "meeting_moved"))

    answer = send(coordinator, f"/meetings/{moved}/move", values)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert f"{reference} {moved} {first.reference}" in visible(page)
    session.expire_all()
    assert session.get_one(Meeting, second.key).held_on == date(2026, 12, 1), "nothing is changed by looking"
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == mails
    kinds = select(func.count()).select_from(AuditEvent).where(col(AuditEvent.kind) == "meeting_moved")
    assert session.scalar(kinds) == events

    answer = coordinator.post(f"/meetings/{moved}/move", data={**hidden(page), **values, "confirmed": "1"})
    assert (answer.status_code, answer.location) == (302, f"/meetings/{moved}")
    session.expire_all()
    assert session.get_one(Meeting, second.key).held_on == date(2026, 12, 3)
    shown = visible(coordinator.get(f"/meetings/{moved}").get_data(as_text=True))
    assert f"{moved} is now on 3 December 2026. 1 review has another meeting now." in shown
    assert "2:30pm, 90 minutes" in shown


def test_cancelling_needs_a_reason_and_says_where_the_children_go(coordinator: FlaskClient, session: Session) -> None:
    first, second, *_ = series(session)
    child = child_of(session, put_on_list(session, review_on=date(2026, 11, 30)))
    reference = child.reference
    session.commit()
    address = f"/meetings/{first.reference}/cancel"
    version = str(first.version)
    empty = send(coordinator, address, {"reason": " ", "version": version})
    assert (empty.status_code, "Enter why the meeting is cancelled" in empty.get_data(as_text=True)) == (400, True)
    check = send(coordinator, address, {"reason": "The heating failed", "version": version}).get_data(as_text=True)
    assert f"{reference} {first.reference} {second.reference}" in visible(check)
    values = {**hidden(check), "reason": "The heating failed", "confirmed": "1"}
    assert coordinator.post(address, data=values).status_code == 302
    session.expire_all()
    assert session.get_one(Meeting, first.key).state is MeetingState.CANCELLED
    assert "Cancelled: The heating failed" in visible(
        coordinator.get(f"/meetings/{first.reference}").get_data(as_text=True)
    )


def test_the_page_before_a_cancellation_says_what_is_heard_late_and_the_trail_names_who_was_shown(
    coordinator: FlaskClient, session: Session
) -> None:
    first, second, *_ = series(session)
    child = child_of(session, put_on_list(session, review_on=date(2026, 11, 30)))
    other = child_of(session, put_on_list(session, review_on=second.held_on))
    child_id, other_id = child.key, other.key
    session.commit()
    values = {"reason": "The heating failed", "version": str(first.version)}
    page = send(coordinator, f"/meetings/{first.reference}/cancel", values).get_data(as_text=True)
    assert "1 child goes to another meeting 1 review is heard late." in visible(page)
    assert f"{second.reference} 1 day late 30 Nov 2026" in visible(page)
    entry = session.scalars(select(AuditEvent).where(col(AuditEvent.kind) == EventKind.CHANGE_REHEARSED.value)).one()
    assert entry.facts == {"shown": 1, "children": [child_id], "meeting": first.reference}
    assert other_id not in entry.facts["children"]
    assert sentence(entry.kind, entry.facts) == (
        f"looked at where children would go if {first.reference} changed (children shown: 1)"
    )


def test_the_second_of_two_coordinators_sees_both_and_loses_nothing(coordinator: FlaskClient, session: Session) -> None:
    first, *_ = series(session)
    session.commit()
    values = {"held_on": "26/11/2026", "start_time": "10am", "minutes": "120", "place": "Room 9", "joining_link": ""}
    answer = send(coordinator, f"/meetings/{first.reference}/move", {**values, "version": "1"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "The meeting is now: Tuesday 24 November 2026, 10am to 12pm, Room 1" in visible(page)
    assert 'value="Room 9"' in page
    session.expire_all()
    assert session.get_one(Meeting, first.key).held_on == date(2026, 11, 24)


def test_inviting_and_taking_back(coordinator: FlaskClient, session: Session, world: TinyWorld) -> None:
    first = series(session, count=1)[0]
    session.commit()
    address = f"/meetings/{first.reference}/members"
    assert send(coordinator, address, {"account": str(world.coordinator_nw.key)}).status_code == 302
    taken_back = send(coordinator, f"{address}/remove", {"account": str(world.police.key)}, page=address)
    assert taken_back.status_code == 302
    invited = select(col(MeetingMember.account_id)).where(
        col(MeetingMember.meeting_id) == first.key, col(MeetingMember.removed_at).is_(None)
    )
    here = set(session.scalars(invited))
    assert world.coordinator_nw.key in here
    assert world.police.key not in here


def test_who_sees_a_meeting(app: Flask, session: Session, world: TinyWorld) -> None:
    first = series(session, count=1)[0]
    session.commit()
    address = f"/meetings/{first.reference}"
    expected = [
        (world.coordinator, 200), (world.chair_cs, 200), (world.police, 200), (world.coordinator_nw, 404),
    ]  # fmt: skip
    assert [(browser(app, person.email).get(address).status_code) for person, _ in expected] == [
        status for _, status in expected
    ]


def test_a_member_sees_no_way_to_change_a_meeting(app: Flask, session: Session, world: TinyWorld) -> None:
    first = series(session, count=1)[0]
    session.commit()
    address = f"/meetings/{first.reference}"
    police, stranger = browser(app, world.police.email), browser(app, world.coordinator_nw.email)
    page = police.get(address).get_data(as_text=True)
    assert "Cancel the meeting" not in page
    assert "Members" not in page
    assert world.chair_cs.name not in page
    for change in ("move", "cancel", "members"):
        assert [client.get(f"{address}/{change}").status_code for client in (police, stranger)] == [404, 404]


def test_announcing_by_hand_says_first_how_many_invites_go_to_how_many_people(
    coordinator: FlaskClient, session: Session
) -> None:
    late = series(session, count=20)[-1]
    session.commit()
    address = f"/meetings/{late.reference}"
    assert "6 invites are sent to 6 people, one each." in coordinator.get(address).text
    assert send(coordinator, f"{address}/announce", {}, page=address).status_code == 302
    assert "Announced: invites are out" in visible(coordinator.get(address).get_data(as_text=True))


def test_an_extra_meeting(coordinator: FlaskClient, session: Session) -> None:
    values = {"kind": "rmm", "area": "NE", "held_on": "27/11/2026", "start_time": "14:00", "minutes": "60"}
    asked = send(coordinator, "/meetings/extra", values).get_data(as_text=True)
    assert "6 invites are sent to 6 people, one each." in asked
    assert "Mail waits in the outbox for now: no mail server is set." in asked
    assert meetings(session) == []
    answer = coordinator.post("/meetings/extra", data={**hidden(asked), **values, "confirmed": "1"})
    assert answer.location == "/meetings/RMM-NE-2026-W48"
    assert [meeting.minutes for meeting in meetings(session)] == [60]
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == 6
    taken = send(coordinator, "/meetings/extra", values)
    assert (taken.status_code, "There is a meeting on 27 November 2026 already" in taken.text) == (400, True)


def test_a_meeting_on_a_day_that_was_closed_since_says_so_until_it_is_moved(
    coordinator: FlaskClient, session: Session
) -> None:
    first = series(session)[0]
    first.held_on = date(2026, 12, 25)
    reference = first.reference
    session.commit()
    said = "Friday 25 December 2026 is not a working day (Christmas Day). Move the meeting to another day."
    assert said in coordinator.get(f"/meetings/{reference}").text
    assert "Not a working day: Christmas Day" in coordinator.get("/meetings").text
    session.get_one(Meeting, first.key).state = MeetingState.CANCELLED
    session.commit()
    page = coordinator.get(f"/meetings/{reference}").text
    assert "is not a working day" not in page
    assert "not answered yet" not in page, "nobody has to answer any more"


def test_a_specialist_sees_the_meeting_they_are_invited_to_and_no_other(app: Flask, session: Session) -> None:
    from tests.support.world import add_account

    add_account(session, "specialist", "specialist", "specialist-service", ["NE"])
    here, there = series(session, "NE", count=1)[0].reference, series(session, "NW", count=1)[0].reference
    session.commit()
    client = browser(app, "specialist")
    assert [client.get(f"/meetings/{reference}").status_code for reference in (here, there)] == [200, 404]
