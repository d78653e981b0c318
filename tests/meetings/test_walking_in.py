"""Somebody who walks in to a meeting and has an account: offered by name, and linked by somebody’s word."""

import pytest
from sqlalchemy import delete, select
from sqlmodel import col

from meetings_app.children.matching import names_alike
from meetings_app.meetings.models import Attendance, Presence, StatementReading
from meetings_app.notices.models import OutboxMail
from meetings_app.permissions import Role
from tests.support.attendance import last_form, recorded, walks_in
from tests.support.browsing import browser, text_of
from tests.support.meeting_day import Day, pass_on_the_rest
from tests.support.sent_forms import form_to
from tests.support.world import add_account, send

NAME = "Quentin McWalker"
QUESTION = "Is it one of these people?"


@pytest.fixture
def walker(day: Day) -> int:
    """A representative of the police in the area who is not invited to the meeting that is being held."""
    day.publish_and_open(day.browser("coordinator"))
    with day.open() as session:
        account = add_account(session, "walker", Role.REPRESENTATIVE, "police", ["NE"], name=NAME)
        session.commit()
        return account.key


def test_who_walks_in_is_offered_by_name_and_recorded_as_the_person_who_is_chosen(day: Day, walker: int) -> None:
    coordinator = day.browser("coordinator")
    asked = walks_in(day, coordinator, "McWalker, Quentin", "childrens-services", note="Came with the inspector")
    page = asked.get_data(as_text=True)
    assert (asked.status_code, QUESTION in page, f"{NAME}, Police" in page) == (400, True, True)
    assert recorded(day, NAME) == recorded(day, "McWalker, Quentin") == [], "a name alone settles nothing"
    form = last_form(page)
    unanswered = coordinator.post(f"{day.at}/attendance", data=form.values)
    assert unanswered.status_code == 400
    assert "Choose who it is, or none of them" in unanswered.get_data(as_text=True)
    chosen = form.with_values(account=str(walker))
    assert coordinator.post(f"{day.at}/attendance", data=chosen).status_code == 302
    assert recorded(day, NAME) == [(walker, day.agencies["police"], Presence.PRESENT)]
    page = text_of(coordinator, f"{day.at}/attendance")
    assert "(Came with the inspector)" in page
    assert "no account" not in page


def test_none_of_them_is_somebody_without_an_account_and_not_mistaken_for_one(day: Day, walker: int) -> None:
    coordinator = day.browser("coordinator")
    form = last_form(walks_in(day, coordinator, "Q. McWalker").get_data(as_text=True))
    sent = coordinator.post(f"{day.at}/attendance", data=form.with_values(account="none"))
    assert sent.status_code == 302
    assert recorded(day, "Q. McWalker") == [(None, day.agencies["police"], Presence.PRESENT)]
    form = last_form(walks_in(day, coordinator, NAME).get_data(as_text=True))
    refused = coordinator.post(f"{day.at}/attendance", data=form.with_values(account="none"))
    assert refused.status_code == 400
    assert "tells the two apart" in refused.get_data(as_text=True)
    another = form.with_values(account="none", name="Testy McPolice")
    assert QUESTION in coordinator.post(f"{day.at}/attendance", data=another).get_data(as_text=True)
    assert walks_in(day, coordinator, "Nobody Alike").status_code == 302
    assert "Nobody Alike</bdi>, Police: Present, no account" in text_of(coordinator, f"{day.at}/attendance")


def test_whoever_is_added_first_is_saved_with_the_members_who_were_chosen_above(day: Day, walker: int) -> None:
    chair, who = day.browser("chair-cs"), f"presence-{day.police}"
    at = f"{day.at}/attendance"
    with day.open() as session:
        session.execute(delete(StatementReading))
        session.execute(delete(Attendance))
        session.commit()
    form = last_form(text_of(chair, at))
    typed = {"name": "Nobody Alike", "agency": day.agencies["police"], "presence": "present"}
    asked = chair.post(at, data=form.with_values(**{who: "present"}, **{**typed, "name": "Q. McWalker"}))
    assert asked.status_code == 400
    assert recorded(day, "Testy McPolice") == [], "nothing is recorded until it is said who that is"
    assert last_form(asked.get_data(as_text=True)).values[who] == "present"
    assert "Choose who it is" in asked.get_data(as_text=True).partition("<main")[2].partition("<form")[0]
    # Enter in a box presses the first button, which saves the members: nobody who is typed is lost by it.
    assert chair.post(at, data=form.with_values(**{who: "present"}, **typed)).status_code == 302
    assert recorded(day, "Testy McPolice") == [(day.police, day.agencies["police"], Presence.PRESENT)]
    assert recorded(day, "Nobody Alike") == [(None, day.agencies["police"], Presence.PRESENT)]
    assert "is still to be read" not in text_of(chair, f"{day.at}/record")


def test_a_person_who_is_refused_leaves_the_members_as_they_were_and_as_they_were_chosen(day: Day, walker: int) -> None:
    coordinator, at, who = day.browser("coordinator"), f"{day.at}/attendance", f"presence-{day.police}"
    form = last_form(walks_in(day, coordinator, NAME).get_data(as_text=True))
    refused = coordinator.post(at, data=form.with_values(account="none", **{who: "report_only"}))
    assert refused.status_code == 400
    assert recorded(day, "Testy McPolice") == [(day.police, day.agencies["police"], Presence.PRESENT)]
    again = last_form(refused.get_data(as_text=True))
    assert again.values[who] == "report_only"
    assert coordinator.post(at, data=again.with_values(account=str(walker))).status_code == 302
    assert [presence for _id, _agency, presence in recorded(day, "Testy McPolice")] == [Presence.REPORT_ONLY]


def test_a_refused_person_leaves_it_that_nobody_is_chosen(day: Day, walker: int) -> None:
    coordinator, at = day.browser("coordinator"), f"{day.at}/attendance"
    form = last_form(text_of(coordinator, at))
    nobody = {name: "" for name in form.values if name.startswith("presence-")}
    refused = coordinator.post(at, data=form.with_values(**nobody, add="1", note="Typed"))
    assert refused.status_code == 400
    again = last_form(refused.get_data(as_text=True)).values
    assert {name: again[name] for name in nobody} == nobody
    assert again["note"] == "Typed"


def test_a_person_recorded_by_mistake_is_taken_off_and_what_is_chosen_beside_it_is_saved(day: Day, walker: int) -> None:
    coordinator, at = day.browser("coordinator"), f"{day.at}/attendance"
    assert walks_in(day, coordinator, "Testy McWrong").status_code == 302
    page = text_of(coordinator, at)
    wrong = {"remove": f"{day.agencies['police']} Testy McWrong"}
    assert f'name="remove" value="{wrong["remove"]}"' in page
    typed = last_form(page).with_values(**wrong, **{f"presence-{day.police}": "report_only"})
    assert coordinator.post(at, data=typed).status_code == 302
    assert recorded(day, "Testy McWrong") == []
    assert [presence for _id, _agency, presence in recorded(day, "Testy McPolice")] == [Presence.REPORT_ONLY]
    assert send(coordinator, at, wrong).status_code == 404


def test_a_member_who_is_typed_is_recorded_once(day: Day, walker: int) -> None:
    coordinator = day.browser("coordinator")
    form = last_form(walks_in(day, coordinator, "T. McPolice", note="Later").get_data(as_text=True))
    sent = coordinator.post(f"{day.at}/attendance", data=form.with_values(account=str(day.police), seen="stale"))
    assert sent.status_code == 409, "the member is recorded otherwise, and that is shown first"
    form = last_form(sent.get_data(as_text=True))
    assert form.values["account"] == str(day.police)
    assert coordinator.post(f"{day.at}/attendance", data=form.values).status_code == 302
    assert recorded(day, "T. McPolice") == []
    assert recorded(day, "Testy McPolice") == [(day.police, day.agencies["police"], Presence.PRESENT)]


def test_who_walked_in_gets_the_draft_and_a_conflict_of_interest_holds_them(day: Day, walker: int) -> None:
    coordinator, chair = day.browser("coordinator"), day.browser("chair-cs")
    form = last_form(walks_in(day, coordinator, NAME).get_data(as_text=True))
    assert coordinator.post(f"{day.at}/attendance", data=form.with_values(account=str(walker))).status_code == 302
    number = day.number(chair, day.children[0])
    conflict = {"person": str(walker), "item": number, "reason": "A neighbour, as invented."}
    assert send(chair, f"{day.at}/conflicts", conflict).status_code == 302
    assert "Has a conflict of interest" in text_of(chair, f"{day.at}/items/{number}/room")
    pass_on_the_rest(day, chair)
    form = form_to(text_of(chair, f"{day.at}/close"), f"{day.at}/close")
    assert chair.post(form.action, data=form.values).status_code == 302
    issue = form_to(text_of(chair, f"{day.at}/minutes/issue"), f"{day.at}/minutes/issue")
    sent = chair.post(f"{day.at}/minutes/issue", data=issue.with_values(despite="Invented."))
    assert sent.status_code == 302
    with day.open() as session:
        told = select(col(OutboxMail.kind)).where(col(OutboxMail.recipient_name) == NAME)
        assert session.scalars(told).all() == ["minutes_ready"]
    minutes = text_of(browser(day.app, "walker"), f"{day.at}/minutes")
    assert day.children[1].name in minutes
    assert day.children[0].name not in minutes


@pytest.mark.parametrize(
    ("typed", "alike"),
    [("mcwalker quentin", True), ("Kwentin MacWalker", True), ("Q McWalker", True), ("Quentin Other", False),
     ("Somebody Else", False), ("", False)],
)  # fmt: skip
def test_names_are_alike_in_any_order_by_sound_and_by_family_name(typed: str, alike: bool) -> None:
    assert names_alike(typed, NAME) is names_alike(NAME, typed) is alike
