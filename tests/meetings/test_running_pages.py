"""A meeting through its pages, as chairs and coordinators hold it, without a script running."""

import io
import re
from datetime import date

import pytest
from docx import Document
from sqlalchemy import select
from sqlmodel import col

from meetings_app.actions.models import Action, ActionState
from meetings_app.audit.queries import trail_of_child
from meetings_app.children.models import Child
from meetings_app.cse_list.models import EntryState, ListEntry
from meetings_app.meetings import arranging
from meetings_app.permissions import OPERATOR
from meetings_app.schedule.models import Meeting, MeetingState
from tests.support.issued import long_issued
from tests.support.meeting_day import Day, pass_on_the_rest, seen_in
from tests.support.meetings import office
from tests.support.world import NOW, send

HOSTILE = "Zoë O’Example & <b>\u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u4e2d\u6587 \U0001f642\nsecond line"


def rated(day: Day, rating: str, **more: str) -> dict[str, str]:
    return {
        "outcome": "rated", "rating": rating, "exploitation_status": "suspected", "rationale": f"Because {rating}",
        "lead_agency": day.agencies["childrens-services"], "discussion": HOSTILE, **more,
    }  # fmt: skip


CLOSURE = {
    "outcome": "closed", "rationale": "What changed, as invented", "good_practice": "Invented good practice",
    "no_onward_need": "y", "child_view": "Invented view", "parents_view": "Not sought: invented",
    "step_down_reason": "Perpetrator in custody, as invented", "both_chairs_agree": "y",
    "section_47": "no", "seen_since_review": "yes",
    "non_engagement_only": "no", "live_investigation": "no", "agency_dissents": "no",
}  # fmt: skip


def test_a_whole_meeting_of_eight_items_through_the_pages(day: Day) -> None:
    coordinator, chair, other = day.browser("coordinator"), day.browser("chair-cs"), day.browser("chair-fs")
    page = coordinator.get(f"{day.at}/agenda").get_data(as_text=True)
    assert all(child.reference in page for child in day.children)
    assert "Draft agenda" in page
    day.publish_and_open(coordinator)
    raised, kept, lowered, closing, listed, no_risk, put_off, last = day.children
    day.decide(chair, raised, **rated(day, "high"))
    day.decide(chair, kept, **rated(day, "high"))
    day.decide(chair, lowered, **rated(day, "low"))
    day.decide(chair, closing, **CLOSURE)
    day.decide(chair, listed, **rated(day, "medium"))
    day.decide(chair, no_risk, outcome="rated", rating="none", rationale="Nothing found, as invented")
    day.decide(
        coordinator, put_off, outcome="deferred", deferred_reason="A report is missing",
        information_agency=day.agencies["police"],
    )  # fmt: skip
    number = day.number(coordinator, raised)
    answer = send(
        coordinator, f"{day.at}/items/{number}/actions",
        {"what": "Check the address", "owner": str(day.police), "due_on": "1/12/2026"},
        page=f"{day.at}/items/{number}",
    )  # fmt: skip
    assert answer.status_code == 302, answer.get_data(as_text=True)

    close = coordinator.get(f"{day.at}/close").get_data(as_text=True)
    assert f"Item {day.number(coordinator, last)}</a>: nothing is decided" in close
    assert "Item " + number not in close
    pass_on_the_rest(day, coordinator, reason="No time left")
    version = re.search(r'name="version"[^>]*value="(\d+)"', coordinator.get(f"{day.at}/close").get_data(as_text=True))
    assert version
    answer = send(coordinator, f"{day.at}/close", {"version": version.group(1)})
    assert answer.status_code == 302, answer.get_data(as_text=True)

    with day.open() as session:
        live = session.scalars(select(ListEntry).where(col(ListEntry.state) != EntryState.CLOSED)).all()
        assert {entry.child_id: entry.current_rating.value for entry in live} == {
            raised.id: "high", kept.id: "high", lowered.id: "low", closing.id: "medium", listed.id: "medium",
            last.id: "medium",
        }  # fmt: skip
        assert session.scalars(select(col(Action.state))).all() == [ActionState.OPEN]
        assert {entry.state for entry in live if entry.child_id == closing.id} == {EntryState.CLOSING}

    with day.open() as session:
        long_issued(session, session.scalars(select(Meeting).where(col(Meeting.reference) == day.reference)).one())
        session.commit()
    minutes = other.get(f"{day.at}/minutes").get_data(as_text=True)
    assert "DRAFT" in minutes
    assert "Zoë O’Example &amp; &lt;b&gt;" in minutes
    for signer in (chair, other):
        signed = {"version": version_of(signer.get("/closures").get_data(as_text=True))}
        assert send(signer, f"/closures/{closing.reference}/sign", signed, page="/closures").status_code == 302
        assert send(signer, f"{day.at}/minutes/sign", {"number": "1"}, page=f"{day.at}/minutes").status_code == 302
    with day.open() as session:
        meeting = session.scalars(select(Meeting).where(col(Meeting.reference) == day.reference)).one()
        assert meeting.state is MeetingState.SIGNED
        states = session.scalars(select(col(ListEntry.state)).where(col(ListEntry.child_id) == closing.id)).all()
        assert states == [EntryState.CLOSED]
    ended = chair.get(f"{day.at}/items/{number}").get_data(as_text=True)
    assert "The meeting is over: this is what was recorded." in ended
    assert '<fieldset class="govuk-fieldset" disabled>' in ended, "nobody types where nothing is kept"
    assert "Save item" not in ended
    assert f"<title>Item {number}, {raised.reference} – " in ended, "a title is kept by browsers: no name in it"
    police = day.browser("police")
    for shown in (
        police.get(f"{day.at}/agenda").get_data(as_text=True), police.get(f"{day.at}/minutes").get_data(as_text=True),
        words_of(police.get(f"{day.at}/agenda.docx").data), words_of(police.get(f"{day.at}/minutes.docx").data),
    ):  # fmt: skip
        assert not any(child.reference in shown or child.name in shown for child in (no_risk, put_off))
        assert "Nothing found, as invented" not in shown
    answer = chair.get(f"{day.at}/minutes.docx")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{day.reference}-minutes.docx"'
    text = words_of(answer.data)
    for said in (HOSTILE, "Because high", "Because low", "Nothing found, as invented", "Check the address",
                 "A report is missing", "No time left", "Invented good practice", put_off.name):  # fmt: skip
        assert " ".join(said.split()) in text, said
    answer = chair.get(f"{day.at}/minutes.docx?audience=anonymised")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{day.reference}-minutes-without-names.docx"'
    without = words_of(answer.data)
    assert put_off.reference in without
    assert not any(child.name in without for child in day.children)
    for address, name in (("minutes.docx?audience=agency:police", "minutes-police"), ("agenda.docx", "agenda"),
                          ("agenda.docx?chair=1", "agenda-chair")):  # fmt: skip
        disposition = chair.get(f"{day.at}/{address}").headers["Content-Disposition"]
        assert disposition == f'attachment; filename="{day.reference}-{name}.docx"', "a copy's file says for whom it is"


def version_of(page: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert found
    return found.group(1)


def words_of(document: bytes) -> str:
    opened = Document(io.BytesIO(document))
    shown = {"t": None, "br": " ", "tab": " ", "p": " "}
    pieces = []
    for element in opened.element.body.iter():
        kind = element.tag.rpartition("}")[2]
        if kind in shown:
            pieces.append(element.text or "" if shown[kind] is None else " ")
    return " ".join("".join(pieces).split())


def test_the_second_saver_sees_both_texts_and_loses_nothing(day: Day) -> None:
    coordinator, chair = day.browser("coordinator"), day.browser("chair-cs")
    day.publish_and_open(coordinator)
    address = f"{day.at}/items/{day.number(chair, day.children[0])}"
    version = re.search(r'name="version"[^>]*value="(\d+)"', chair.get(address).get_data(as_text=True))
    assert version
    first = send(coordinator, address, {"version": version.group(1), "discussion": "Theirs, as invented"})
    assert first.status_code == 302
    second = send(chair, address, {"version": version.group(1), "discussion": "Ours, as invented"})
    page = second.get_data(as_text=True)
    assert second.status_code == 409
    assert page.count("Ours, as invented") >= 2
    assert "Theirs, as invented" in page
    again = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert again
    assert again.group(1) != version.group(1)
    third = send(chair, address, {"version": again.group(1), "discussion": "Ours, as invented"})
    assert third.status_code == 302


def test_what_is_missing_is_said_beside_the_field_and_what_was_typed_is_kept(day: Day) -> None:
    coordinator, chair = day.browser("coordinator"), day.browser("chair-cs")
    day.publish_and_open(coordinator)
    address = f"{day.at}/items/{day.number(chair, day.children[0])}"
    version = re.search(r'name="version"[^>]*value="(\d+)"', chair.get(address).get_data(as_text=True))
    assert version
    values = {**rated(day, "high", lead_agency=""), "version": version.group(1), "rationale": "Typed and kept"}
    answer = send(chair, address, values)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "Choose the lead agency: a rating of high or medium needs one" in page
    assert "Typed and kept" in page


@pytest.mark.parametrize("who", ["police", "coordinator-nw"])
def test_others_see_no_record_and_before_publishing_no_agenda(day: Day, who: str) -> None:
    person = day.browser(who)
    assert person.get(f"{day.at}/record").status_code == 404
    page = person.get(f"{day.at}/agenda")
    shown = page.get_data(as_text=True)
    assert not any(child.reference in shown or child.name in shown for child in day.children)
    assert page.status_code == (200 if who == "police" else 404)


def test_a_representative_reads_the_published_agenda_and_the_draft_minutes(day: Day) -> None:
    coordinator, police = day.browser("coordinator"), day.browser("police")
    day.publish_and_open(coordinator)
    page = police.get(f"{day.at}/agenda").get_data(as_text=True)
    assert all(child.reference in page for child in day.children)
    assert "For the chair" not in page
    assert police.get(f"{day.at}/agenda.docx?chair=1").status_code == 404
    text = words_of(police.get(f"{day.at}/agenda.docx").data)
    assert all(child.reference in text for child in day.children)
    with day.open() as session:
        for child in day.children:
            said = [entry.text for entry in trail_of_child(session, child.key).entries]
            assert "read about the child in the agenda of RMM-NE-2026-W48" in said
            assert "read about the child in the agenda of RMM-NE-2026-W48, as Word" in said


def test_an_action_is_changed_removed_and_an_older_one_withdrawn_while_the_meeting_is_held(day: Day) -> None:
    with day.open() as session:
        child = session.get_one(Child, day.children[0].id)
        older = Action(
            reference="A-OLDER", child_id=child.key, child_reference=child.reference, area_id=child.area_id,
            what="An older action", agency_id=int(day.agencies["police"]), owner_id=day.police,
            due_on=date(2026, 11, 16), first_due_on=date(2026, 11, 16), state=ActionState.OPEN, created_at=NOW,
        )  # fmt: skip
        session.add(older)
        session.commit()
    coordinator = day.browser("coordinator")
    day.publish_and_open(coordinator)
    item = f"{day.at}/items/{day.number(coordinator, day.children[0])}"
    values = {"what": "Check the address", "owner": str(day.police), "due_on": "1/12/2026"}
    before = send(coordinator, f"{item}/actions", {**values, "due_on": "1/11/2026"}, page=item)
    assert before.status_code == 400
    assert "must not be before the meeting" in before.get_data(as_text=True)
    assert send(coordinator, f"{item}/actions", values, page=item).status_code == 302
    given = re.search(r"/actions/(A-[A-Z0-9]+)/remove", coordinator.get(item).get_data(as_text=True))
    assert given
    change = f"{item}/actions/{given.group(1)}"
    both = {**values, "what": "Check both addresses", "version": "1"}
    assert send(coordinator, change, both).status_code == 302
    assert send(coordinator, change, {**both, "what": "Theirs is there already"}).status_code == 409
    assert "Check both addresses" in coordinator.get(item).get_data(as_text=True)
    assert send(coordinator, f"{change}/remove", {}, page=item).status_code == 302
    version = re.search(
        r'name="version"[^>]*value="(\d+)"', coordinator.get(f"{item}/withdraw/A-OLDER").get_data(as_text=True)
    )
    assert version
    answer = send(coordinator, f"{item}/withdraw/A-OLDER", {"version": version.group(1), "reason": "No longer needed"})
    assert answer.status_code == 302
    with day.open() as session:
        left = session.execute(select(col(Action.reference), col(Action.state), col(Action.outcome))).all()
        assert [tuple(row) for row in left] == [("A-OLDER", ActionState.WITHDRAWN, "No longer needed")]


def test_the_second_saver_of_the_attendance_is_told_with_both_and_loses_nothing(day: Day) -> None:
    coordinator, chair = day.browser("coordinator"), day.browser("chair-cs")
    day.publish_and_open(coordinator)
    address = f"{day.at}/attendance"
    seen = {"members": "1", "seen": seen_in(chair.get(address).get_data(as_text=True))}
    everybody = {f"presence-{key}": "present" for key in day.people.values()}
    first = send(coordinator, address, {**seen, **everybody, f"presence-{day.police}": "apologies"})
    assert first.status_code == 302
    second = send(chair, address, {**seen, **everybody, f"presence-{day.police}": "report_only"})
    page = second.get_data(as_text=True)
    assert second.status_code == 409
    assert "Apologies" in page.partition("<table")[0]
    assert "Report only" in page.partition("<table")[0]
    assert 'value="report_only" selected' in page
    again = {**seen, "seen": seen_in(page), **everybody, f"presence-{day.police}": "report_only"}
    assert send(chair, address, again).status_code == 302


def test_two_who_add_the_same_person_in_different_words_see_both_and_lose_neither(day: Day) -> None:
    coordinator, chair = day.browser("coordinator"), day.browser("chair-cs")
    day.publish_and_open(coordinator)
    address = f"{day.at}/attendance"
    seen = {"seen": seen_in(chair.get(address).get_data(as_text=True))}
    person = {"agency": day.agencies["police"], "name": "Testy McGuest", "presence": "present"}
    assert send(coordinator, address, {**seen, **person, "note": "For items 1 to 3, invented"}).status_code == 302
    assert send(chair, address, {**seen, **person, "name": "Testy McOther"}).status_code == 302, "somebody else"
    second = send(chair, address, {**seen, **person, "note": "By telephone, invented"})
    page = second.get_data(as_text=True)
    assert second.status_code == 409
    told = page.partition("<table")[0]
    assert "Present, For items 1 to 3, invented" in told
    assert "Present, By telephone, invented" in told
    assert 'value="By telephone, invented"' in page
    again = {"seen": seen_in(page), **person, "note": "By telephone, invented"}
    assert send(chair, address, again).status_code == 302
    assert "(By telephone, invented)" in chair.get(address).get_data(as_text=True)


def test_a_closure_is_signed_only_as_it_was_read(day: Day) -> None:
    coordinator, chair = day.browser("coordinator"), day.browser("chair-cs")
    day.publish_and_open(coordinator)
    child = day.children[3]
    day.decide(chair, child, **CLOSURE)
    read = {"version": version_of(chair.get("/closures").get_data(as_text=True))}
    day.decide(chair, child, **{**CLOSURE, "rationale": "Altered, as invented"})
    address = f"/closures/{child.reference}/sign"
    assert send(chair, address, read, page="/closures").status_code == 409
    read = {"version": version_of(chair.get("/closures").get_data(as_text=True))}
    assert send(chair, address, read, page="/closures").status_code == 302


def test_a_meeting_in_progress_is_cancelled_only_while_nothing_stands_on_its_record(day: Day) -> None:
    coordinator, chair = day.browser("coordinator"), day.browser("chair-cs")
    day.publish_and_open(coordinator)
    address = f"{day.at}/items/{day.number(chair, day.children[0])}"
    version = version_of(chair.get(address).get_data(as_text=True))
    assert f'href="{day.at}/cancel"' in coordinator.get(day.at).get_data(as_text=True)
    assert send(chair, address, {"version": version, "discussion": "Said, as invented"}).status_code == 302
    assert f'href="{day.at}/cancel"' not in coordinator.get(day.at).get_data(as_text=True)
    answer = coordinator.get(f"{day.at}/cancel")
    version = version_of(answer.get_data(as_text=True))
    refused = send(coordinator, f"{day.at}/cancel", {"version": version, "reason": "Fire alarm", "confirmed": "1"})
    assert refused.status_code == 400
    page = refused.get_data(as_text=True)
    assert "Close it instead: defer what was not reached" in page
    assert "Fire alarm" in page, "what was typed is kept"


def test_a_meeting_cancelled_after_it_began_still_shows_its_record_to_read(day: Day) -> None:
    coordinator = day.browser("coordinator")
    day.publish_and_open(coordinator)
    with day.open() as session:
        meeting = session.scalars(select(Meeting).where(col(Meeting.reference) == day.reference)).one()
        arranging.cancel_meeting(session, OPERATOR, NOW, office(), meeting, meeting.version, "Fire alarm, as invented")
        session.commit()
    assert f'href="{day.at}/record"' in coordinator.get(day.at).get_data(as_text=True)
    page = coordinator.get(f"{day.at}/record").get_data(as_text=True)
    assert "this is to read" in page
    assert "Close the meeting" not in page
