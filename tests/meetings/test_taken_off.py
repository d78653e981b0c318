"""Taking somebody off the attendance who was recorded by mistake: nothing that is chosen or typed beside it is lost."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlmodel import col

from meetings_app.accounts.models import Account, ConflictOfInterest
from meetings_app.meetings.models import Attendance, ItemAbsence, Presence, StatementReading
from meetings_app.schedule.models import Meeting, MeetingMember
from tests.support.attendance import held_with, last_form, recorded
from tests.support.browsing import text_of
from tests.support.meeting_day import Day
from tests.support.world import NOW

WRONG = "Testy McWrong"


@pytest.fixture
def coordinator(day: Day) -> FlaskClient:
    """Whoever records the meeting that is being held; one person is recorded by mistake."""
    return held_with(day, WRONG)


def beside(day: Day, name: str) -> str:
    """Say which “Remove” is pressed."""
    return f"{day.agencies['police']} {name}"


def typed(day: Day, **more: str) -> dict[str, str]:
    """Give what is typed under “Add a person”."""
    return {"name": "Nobody Alike", "agency": day.agencies["police"], "presence": "present", "note": "Late", **more}


def test_whoever_is_typed_is_added_when_somebody_else_is_taken_off(day: Day, coordinator: FlaskClient) -> None:
    at, who = f"{day.at}/attendance", f"presence-{day.police}"
    form = last_form(text_of(coordinator, at))
    sent = form.with_values(remove=beside(day, WRONG), **typed(day), **{who: "report_only"})
    shown = coordinator.post(at, data=sent, follow_redirects=True).get_data(as_text=True)
    assert "the person is added, and the other person is taken off" in shown
    assert "Nobody Alike</bdi>, Police: Present (Late), no account" in shown
    assert recorded(day, WRONG) == []
    assert [presence for *_who, presence in recorded(day, "Testy McPolice")] == [Presence.REPORT_ONLY]


def test_a_person_is_taken_off_and_added_anew_under_the_same_name(day: Day, coordinator: FlaskClient) -> None:
    at = f"{day.at}/attendance"
    form = last_form(text_of(coordinator, at))
    sent = form.with_values(remove=beside(day, WRONG), **typed(day, name=WRONG, presence="apologies"))
    assert coordinator.post(at, data=sent).status_code == 302
    assert recorded(day, WRONG) == [(None, day.agencies["police"], Presence.APOLOGIES)]


def test_while_the_person_who_is_typed_is_not_complete_nobody_is_taken_off_and_all_stays_in_the_form(
    day: Day, coordinator: FlaskClient
) -> None:
    at, who = f"{day.at}/attendance", f"presence-{day.police}"
    form = last_form(text_of(coordinator, at))
    sent = form.with_values(remove=beside(day, WRONG), **typed(day, agency=""), **{who: "report_only"})
    refused = coordinator.post(at, data=sent)
    page = refused.get_data(as_text=True)
    assert (refused.status_code, "Choose the agency" in page, "nobody is taken off" in page) == (400, True, True)
    again = last_form(page).values
    assert (again["name"], again["note"], again[who]) == ("Nobody Alike", "Late", "report_only")
    assert recorded(day, WRONG), "nothing is done of what was refused"
    assert WRONG in page
    finished = last_form(page).with_values(remove=beside(day, WRONG), agency=day.agencies["police"])
    assert coordinator.post(at, data=finished).status_code == 302
    assert (recorded(day, WRONG), len(recorded(day, "Nobody Alike"))) == ([], 1)


def test_where_somebody_else_took_them_off_first_the_person_who_is_typed_stays_in_the_form(
    day: Day, coordinator: FlaskClient
) -> None:
    at = f"{day.at}/attendance"
    form = last_form(text_of(coordinator, at))
    chair = day.browser("chair-cs")
    other = last_form(text_of(chair, at)).with_values(remove=beside(day, WRONG))
    assert chair.post(at, data=other).status_code == 302
    told = coordinator.post(at, data=form.with_values(remove=beside(day, WRONG), **typed(day)))
    assert told.status_code == 409
    again = last_form(told.get_data(as_text=True))
    assert (again.values["name"], again.values["note"]) == ("Nobody Alike", "Late")
    assert coordinator.post(at, data=again.with_values(add="1")).status_code == 302
    assert len(recorded(day, "Nobody Alike")) == 1


def test_whoever_presses_enter_takes_nobody_off_also_where_nobody_is_invited(
    day: Day, coordinator: FlaskClient
) -> None:
    at = f"{day.at}/attendance"
    assert "remove" not in last_form(text_of(coordinator, at)).values
    with day.open() as session:
        session.execute(delete(MeetingMember))
        session.commit()
    form = last_form(text_of(coordinator, at))
    assert "remove" not in form.values
    assert coordinator.post(at, data=form.with_values(**typed(day))).status_code == 302
    assert (len(recorded(day, WRONG)), len(recorded(day, "Nobody Alike"))) == (1, 1)


def test_a_member_recorded_by_mistake_is_set_back_to_not_recorded(day: Day, coordinator: FlaskClient) -> None:
    at, who = f"{day.at}/attendance", f"presence-{day.police}"
    form = last_form(text_of(coordinator, at))
    said = coordinator.post(at, data=form.with_values(**{who: ""}), follow_redirects=True).get_data(as_text=True)
    assert "One member is set back to “Not recorded”." in said
    assert recorded(day, "Testy McPolice") == []
    with day.open() as session:
        heard = select(col(StatementReading.id)).outerjoin(
            Attendance, col(Attendance.id) == col(StatementReading.attendance_id)
        )
        assert session.scalars(heard.where(col(Attendance.id).is_(None))).all() == []
    again = last_form(text_of(coordinator, at))
    assert (again.values[who], again.values[f"presence-{day.health}"]) == ("", "present")
    assert coordinator.post(at, data=again.with_values(**{who: "present"})).status_code == 302
    assert "is still to be read" in text_of(coordinator, f"{day.at}/record"), "they hear the statement now"


def test_a_member_is_set_back_together_with_whoever_is_added_or_taken_off(day: Day, coordinator: FlaskClient) -> None:
    at, police, health = f"{day.at}/attendance", f"presence-{day.police}", f"presence-{day.health}"
    form = last_form(text_of(coordinator, at)).with_values(remove=beside(day, WRONG), **{police: ""})
    assert coordinator.post(at, data=form).status_code == 302
    assert recorded(day, WRONG) == recorded(day, "Testy McPolice") == []
    form = last_form(text_of(coordinator, at)).with_values(**typed(day), **{health: ""})
    assert coordinator.post(at, data=form).status_code == 302
    assert (recorded(day, "Testy McHealth"), len(recorded(day, "Nobody Alike"))) == ([], 1)


def test_a_member_whom_somebody_else_recorded_meanwhile_is_not_taken_off_by_a_form_that_did_not_show_it(
    day: Day, coordinator: FlaskClient
) -> None:
    at, police, health = f"{day.at}/attendance", f"presence-{day.police}", f"presence-{day.health}"
    form = last_form(text_of(coordinator, at))
    assert coordinator.post(at, data=form.with_values(**{police: ""})).status_code == 302
    mine, chair = last_form(text_of(coordinator, at)), day.browser("chair-cs")
    theirs = last_form(text_of(chair, at)).with_values(**{police: "apologies"})
    assert chair.post(at, data=theirs).status_code == 302
    refused = coordinator.post(at, data=mine.with_values(add="1", **{health: ""})).get_data(as_text=True)
    again = last_form(refused)
    assert (again.values[police], again.values[health]) == ("apologies", ""), "what they saved since is shown first"
    assert coordinator.post(at, data=again.with_values(**typed(day))).status_code == 302
    assert [presence for *_who, presence in recorded(day, "Testy McPolice")] == [Presence.APOLOGIES]
    assert (recorded(day, "Testy McHealth"), len(recorded(day, "Nobody Alike"))) == ([], 1)


def test_somebody_who_left_for_an_item_that_the_recorder_may_not_see_can_be_taken_off(
    day: Day, coordinator: FlaskClient
) -> None:
    chair, hidden = day.browser("chair-cs"), day.children[0]
    address = f"{day.at}/items/{day.number(chair, hidden)}/room"
    room = last_form(text_of(chair, address))
    with day.open() as session:
        wrong = session.scalars(select(col(Attendance.id)).where(col(Attendance.name) == WRONG)).one()
        account = session.scalars(select(Account).where(col(Account.email).startswith("coordinator@"))).one()
        meeting = session.scalars(select(Meeting).where(col(Meeting.reference) == day.reference)).one()
        session.add(
            ConflictOfInterest(
                account_id=account.key, child_id=hidden.key, area_id=meeting.area_id or 0, meeting_id=meeting.key,
                reason="A neighbour, as invented.", declared_at=NOW,
            )
        )  # fmt: skip
        session.commit()
    there = {name: text for name, text in room.values.items() if name != "there"}
    assert chair.post(address, data=there).status_code == 302
    with day.open() as session:
        assert wrong in session.scalars(select(col(ItemAbsence.attendance_id))).all()
    form = last_form(text_of(coordinator, f"{day.at}/attendance"))
    assert coordinator.post(f"{day.at}/attendance", data=form.with_values(remove=beside(day, WRONG))).status_code == 302
    assert recorded(day, WRONG) == []
