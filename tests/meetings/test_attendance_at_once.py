"""Two people at the page of the attendance: what one left as it was takes what the other saved."""

import pytest
from flask.testing import FlaskClient

from meetings_app.meetings.models import Presence
from tests.support.attendance import last_form, recorded, walks_in
from tests.support.browsing import text_of
from tests.support.meeting_day import Day

NAME = "Nobody Alike"


@pytest.fixture
def coordinator(day: Day) -> FlaskClient:
    """Whoever records the meeting that is being held."""
    client = day.browser("coordinator")
    day.publish_and_open(client)
    return client


def presences(day: Day, name: str) -> list[Presence]:
    return [presence for *_who, presence in recorded(day, name)]


def save(person: FlaskClient, day: Day, form: dict[str, str], status: int = 302) -> str:
    answer = person.post(f"{day.at}/attendance", data=form)
    page = str(answer.get_data(as_text=True))
    assert answer.status_code == status, page
    return page


@pytest.mark.parametrize(("theirs", "stands"), [("", []), ("apologies", [Presence.APOLOGIES])])
def test_whoever_only_adds_a_person_takes_what_a_colleague_saved_of_a_member(
    day: Day, coordinator: FlaskClient, theirs: str, stands: list[Presence]
) -> None:
    at, police, chair = f"{day.at}/attendance", f"presence-{day.police}", day.browser("chair-cs")
    mine = last_form(text_of(coordinator, at))
    save(chair, day, last_form(text_of(chair, at)).with_values(**{police: theirs}))
    typed = {"name": NAME, "agency": day.agencies["police"], "presence": "present"}
    # A form that is refused in between takes it as well.
    again = last_form(save(coordinator, day, mine.with_values(add="1", note="Late"), 400))
    assert again.values[police] == theirs
    for form in (mine, again):
        save(coordinator, day, form.with_values(**typed))
        assert (presences(day, "Testy McPolice"), len(recorded(day, NAME))) == (stands, 1)


def test_only_a_member_whom_both_changed_is_compared_and_not_the_person_who_is_added(
    day: Day, coordinator: FlaskClient
) -> None:
    at, police, health = f"{day.at}/attendance", f"presence-{day.police}", f"presence-{day.health}"
    chair, mine = day.browser("chair-cs"), last_form(text_of(coordinator, at))
    theirs = {police: "apologies", health: "apologies"}
    save(chair, day, last_form(text_of(chair, at)).with_values(**theirs))
    typed = {"name": NAME, "agency": day.agencies["police"], "presence": "present", police: "report_only"}
    page = save(coordinator, day, mine.with_values(**typed), 409)
    told = page.partition("<table")[0]
    assert told.count("What you typed, not saved") == 1
    assert "Report only" in told
    assert f">{NAME}</legend>" not in told, "nobody saved anything about them"
    assert recorded(day, NAME) == []
    save(coordinator, day, last_form(page).values)
    assert (presences(day, "Testy McPolice"), presences(day, "Testy McHealth")) == (
        [Presence.REPORT_ONLY],
        [Presence.APOLOGIES],
    )
    assert len(recorded(day, NAME)) == 1


def test_a_person_whom_both_added_in_the_same_words_is_no_difference(day: Day, coordinator: FlaskClient) -> None:
    at, police, chair = f"{day.at}/attendance", f"presence-{day.police}", day.browser("chair-cs")
    mine = last_form(text_of(coordinator, at))
    assert walks_in(day, chair, NAME).status_code == 302
    save(chair, day, last_form(text_of(chair, at)).with_values(**{police: "apologies"}))
    typed = {"name": NAME, "agency": day.agencies["police"], "presence": "present", police: "report_only"}
    told = save(coordinator, day, mine.with_values(**typed), 409).partition("<table")[0]
    assert told.count("What you typed, not saved") == 1
    assert f">{NAME}</legend>" not in told
