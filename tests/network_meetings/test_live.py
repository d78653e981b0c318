"""Two chairs record one item of a network meeting: each field is saved by itself, and no text gives way unseen."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.meetings.live_models import NetworkSetAside
from meetings_app.meetings.network_models import NetworkDecision, NetworkOutcome, SubjectConflict
from meetings_app.meetings.rest_read import RestChanged
from meetings_app.network_meetings import closing, publishing
from meetings_app.networks.states import SubjectKind
from meetings_app.permissions import Role
from meetings_app.schedule.models import Meeting
from tests.support.browsing import browser
from tests.support.live import Typist
from tests.support.network_meetings import DURING, NetworkDay, item_at, network_day, opened, tangled
from tests.support.networks import open_subject
from tests.support.rmm import OFFICE
from tests.support.sent_forms import SentForm, form_to
from tests.support.world import NOW, add_account, csrf_token

ITEM = "4.1"


@pytest.fixture
def day(session: Session) -> NetworkDay:
    """The meeting is held by two chairs."""
    made = network_day(session)
    add_account(session, "second-police", Role.NETWORK_CHAIR, "police")
    tangled(session)
    opened(made)
    session.commit()
    return made


def typist(app: Flask, day: NetworkDay, who: str) -> Typist:
    client, address = browser(app, who), f"/networks/meetings/{day.first.reference}/items/{ITEM}"
    return Typist(client, address, csrf_token(client.get(address).text))


def form_of(person: Typist) -> SentForm:
    return form_to(person.client.get(person.address).text, person.address)


def save(person: Typist, form: SentForm, status: int = 302, **values: str) -> str:
    answer = person.client.post(person.address, data=form.with_values(**values))
    assert answer.status_code == status, answer.text
    return str(answer.text)


def test_what_one_types_the_other_reads_and_two_texts_are_both_kept(app: Flask, day: NetworkDay) -> None:
    first, second = typist(app, day, "chair-police"), typist(app, day, "second-police")
    first.type("discussion", "The first chair’s words.")
    second.type("rationale", "Not safe yet.")
    shown = {each["name"]: each for each in second.look().get_json()["fields"]}
    assert (shown["discussion"]["value"], shown["discussion"]["by"]) == (
        "The first chair’s words.",
        "Testy McChair-Police",
    )
    said = second.type("discussion", "Other words.")["kept"][0]
    assert said["theirs"]["value"] == "The first chair’s words."
    page = first.client.get(first.address).text
    assert "Texts that were set aside: 1" in page
    assert form_of(first).values["rationale"] == "Not safe yet."
    assert first.type("network_name", "Of no referral")["kept"] == []
    day.operator()
    aside = day.session.scalars(select(NetworkSetAside)).one()
    kept = first.client.post(
        f"{first.address}/set-aside/{aside.key}/keep", data={"csrf_token": first.token, "form_id": "keep"}
    )
    assert kept.status_code == 302
    assert form_of(first).values["discussion"] == "The first chair’s words.\n\nOther words."
    second.type("discussion", "Again others.")
    aside = day.session.scalars(select(NetworkSetAside)).one()
    removed = second.client.post(
        f"{second.address}/set-aside/{aside.key}/remove", data={"csrf_token": second.token, "form_id": "x"}
    )
    assert removed.status_code == 302
    assert "Texts that were set aside" not in first.client.get(first.address).text


def test_a_meeting_is_not_closed_while_something_typed_is_not_saved(app: Flask, day: NetworkDay) -> None:
    first, second = typist(app, day, "chair-police"), typist(app, day, "second-police")
    save(first, form_of(first), outcome="continues", rationale="Invented.")
    second.type("discussion", "Typed after the decision.")
    close = f"/networks/meetings/{day.first.reference}/close"
    assert "something typed on it is not saved" in first.client.get(close).text
    save(first, form_of(first))
    assert "something typed on it is not saved" not in first.client.get(close).text
    day.operator()
    kept = select(NetworkDecision).where(col(NetworkDecision.item_id) == item_at(day, ITEM).key)
    assert day.session.scalars(kept).one().discussion == "Typed after the decision."


def test_two_who_save_lose_no_word(app: Flask, day: NetworkDay) -> None:
    first, second = typist(app, day, "chair-police"), typist(app, day, "second-police")
    early, late, later = form_of(first), form_of(second), form_of(second)
    save(first, early, discussion="What each agency said.")
    save(second, late, rationale="Because of the car.")
    both = save(second, later, 409, discussion="Other words.")
    for words in ("What each agency said.", "Other words.", "Somebody else saved this item after you opened it"):
        assert words in both
    assert form_of(first).values["rationale"] == "Because of the car."
    save(second, form_to(both, second.address))
    assert form_of(first).values["discussion"] == "Other words."
    assert "What each agency said." in first.client.get(first.address).text


def test_whoever_is_kept_from_the_item_reads_and_saves_nothing_of_it(app: Flask, day: NetworkDay) -> None:
    first, second = typist(app, day, "chair-police"), typist(app, day, "second-police")
    first.type("discussion", "Canarytalk")
    day.operator()
    item = item_at(day, ITEM)
    person = day.chair_account.key
    day.session.add(
        SubjectConflict(
            subject_id=item.subject_id or 0, account_id=person, meeting_id=day.first.key, reason="A cousin.",
            declared_at=NOW,
        )
    )  # fmt: skip
    day.session.commit()
    assert first.look().status_code == 404
    assert first.send({"fields": [{"name": "rationale", "value": "x", "seen": 0}]}).status_code == 404
    assert second.texts() == {"discussion": "Canarytalk"}


def test_what_is_passed_on_at_the_end_is_listed_before_anything_is_said_of_it(app: Flask, day: NetworkDay) -> None:
    chair, at = browser(app, "chair-police"), f"/networks/meetings/{day.first.reference}"
    page = chair.get(f"{at}/close").text
    asked = chair.post(f"{at}/leave-the-rest", data=form_to(page, f"{at}/leave-the-rest").with_values(reason="No time"))
    assert asked.status_code == 200
    assert f"Item {ITEM}: " in asked.text
    assert "nothing is decided" in chair.get(f"{at}/close").text
    form = form_to(asked.text, f"{at}/leave-the-rest")
    assert form.values["reason"] == "No time"
    assert chair.post(f"{at}/leave-the-rest", data=form.values).status_code == 302
    assert "nothing is decided" not in chair.get(f"{at}/close").text


def test_too_long_a_reason_to_pass_on_the_rest_is_refused_at_its_field_and_stays(app: Flask, day: NetworkDay) -> None:
    chair, at = browser(app, "chair-police"), f"/networks/meetings/{day.first.reference}"
    form, long = form_to(chair.get(f"{at}/close").text, f"{at}/leave-the-rest"), "No time. " * 120
    refused = chair.post(f"{at}/leave-the-rest", data=form.with_values(reason=long))
    assert refused.status_code == 400
    assert '<a href="#reason">Enter no more than 1,000 characters' in refused.text
    assert form_to(refused.text, f"{at}/leave-the-rest").values["reason"].strip() == long.strip()
    assert "nothing is decided" in chair.get(f"{at}/close").text


def test_what_is_added_while_the_list_is_confirmed_is_not_passed_on_unread(
    day: NetworkDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, by = day.session, day.chair()
    late = open_subject(session, SubjectKind.PLACE, "Pretend Pier")
    listed = " ".join(sorted(closing.undecided_numbers(session, day.first)))

    def somebody_was_first(session: Session, meeting: Meeting) -> None:
        publishing.add_by_hand(session, by, DURING, OFFICE, meeting, late, "An invented late call")

    with monkeypatch.context() as patched:
        patched.setattr(closing, "lock", somebody_was_first)
        with pytest.raises(RestChanged):
            closing.leave_the_rest(session, by, DURING, day.first, "No time", listed)
    now = closing.undecided_numbers(session, day.first)
    assert set(listed.split()) < now
    assert closing.leave_the_rest(session, by, DURING, day.first, "No time", " ".join(now)) == len(now)


def test_an_older_page_keeps_that_the_item_was_not_reached(app: Flask, day: NetworkDay) -> None:
    first, second = typist(app, day, "chair-police"), typist(app, day, "second-police")
    older, at = form_of(second), f"/networks/meetings/{day.first.reference}"
    first.type("put_off_reason", "Typed, not saved")
    chosen = form_to(first.client.get(f"{at}/close").text, f"{at}/leave-the-rest").with_values(reason="No time")
    listing = first.client.post(f"{at}/leave-the-rest", data=chosen).text
    form = form_to(listing, f"{at}/leave-the-rest")
    assert first.client.post(f"{at}/leave-the-rest", data=form.values).status_code == 302
    assert second.texts() == {"outcome": "not_reached", "put_off_reason": "No time"}
    save(second, older, discussion="Said at the very end.")
    day.operator()
    day.session.expire_all()
    kept = day.session.scalars(
        select(NetworkDecision).where(col(NetworkDecision.item_id) == item_at(day, ITEM).key)
    ).one()
    said = (kept.outcome, kept.put_off_reason, kept.discussion)
    assert said == (NetworkOutcome.NOT_REACHED, "No time", "Said at the very end.")
    aside = day.session.scalars(select(NetworkSetAside)).one()
    assert (aside.name, aside.value) == ("put_off_reason", "Typed, not saved")
