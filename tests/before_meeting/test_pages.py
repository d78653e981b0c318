"""An agency answers before a meeting on one page; chairs and the coordinator see who has not, and the pack."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.children.models import Child
from meetings_app.cse_list.service import live_entry
from meetings_app.meetings import adjusting
from meetings_app.meetings.arranging import cancel_meeting
from meetings_app.partnership import parse, texts_in
from meetings_app.permissions import OPERATOR
from meetings_app.preparing.due import due_on
from meetings_app.ratings.models import RANK, RiskRating
from meetings_app.referrals.models import ChangeKind
from meetings_app.referrals.service import report_change
from meetings_app.resources import folder
from meetings_app.schedule.models import Meeting
from meetings_app.schedule.working_days import calendar_of
from meetings_app.web.word import template_in
from tests.documents.reading import body_text, opened
from tests.support.actions import give_action, past_meeting, say_done
from tests.support.browsing import browser, text_of
from tests.support.children import put_on_list
from tests.support.rmm import OFFICE, Rmm, child_of, due, referred, rmm
from tests.support.sent_forms import form_to
from tests.support.world import NOW, add_account

FACTS, VIEW, SOURCE = "Seen with an unknown adult.", "We are worried.", "A visit on 12 November."


@pytest.fixture
def day(session: Session) -> Rmm:
    made = rmm(session)
    add_account(session, "police-two", "representative", "police", ["NE"])
    return made


def words_of(document: bytes) -> str:
    return "\n".join(cell.text for table in opened(document).tables for row in table.rows for cell in row.cells) + (
        body_text(document)
    )


def children(day: Rmm, count: int) -> list[Child]:
    made = [due(day.session, name=f"Testy McChild{number}") for number in range(count)]
    day.publish()
    day.operator()
    day.session.commit()
    return made


def send(client: FlaskClient, address: str, do: str, values: dict[str, str], status: int = 302) -> str:
    form = form_to(text_of(client, address), "")
    answer = client.post(address, data=form.with_values(**{"do": do, **values}))
    assert answer.status_code == status, answer.get_data(as_text=True)[:3000]
    return str(answer.get_data(as_text=True))


def relevant(child: str) -> dict[str, str]:
    box = {"answer": "relevant", "facts": FACTS, "opinion": VIEW, "source": SOURCE}
    return {f"{child}-{name}": text for name, text in box.items()}


def test_an_agency_answers_about_each_child_and_the_chairs_see_fact_and_opinion_marked(app: Flask, day: Rmm) -> None:
    one, two, three = (child.reference for child in children(day, 3))
    at = f"/meetings/{day.meeting.reference}"
    day.session.close()
    police, chair = browser(app, "police"), browser(app, "chair-cs")
    values = relevant(one) | {f"{two}-answer": "not_shared", f"{two}-reason": "A live inquiry."}
    send(police, f"{at}/before", "send", values | {"attendance-attending": "coming"})
    page = text_of(police, f"{at}/before")
    assert "2 of 3" in page
    pack = text_of(chair, f"{at}/pack")
    for shown in ("<strong>Fact:</strong> " + FACTS, "<strong>Opinion:</strong> " + VIEW, SOURCE, "A live inquiry."):
        assert shown in pack
    replies = text_of(chair, f"{at}/replies")
    assert "2 of 3" in replies
    assert three in replies
    word = words_of(chair.get(f"{at}/pack.docx").data)
    for shown in (f"Fact: {FACTS}", f"Opinion: {VIEW}", "Not shared, because: A live inquiry.", "Not answered: "):
        assert shown in word


def test_the_chairs_pack_says_where_each_child_stands_and_what_is_still_to_be_done(app: Flask, day: Rmm) -> None:
    led, unled = children(day, 2)
    session = day.session
    entry = live_entry(session, unled.key)
    assert entry is not None
    entry.lead_agency_id, entry.current_rating, entry.provisional = None, RiskRating.HIGH, True
    entry.rating_rank = RANK[RiskRating.HIGH]
    late = give_action(session, past_meeting(session), led, day.world.police, date(2026, 11, 2), "Visit as invented.")
    done = give_action(session, past_meeting(session), led, day.world.police, date(2026, 11, 3), "Canarydone")
    say_done(session, done)
    session.commit()
    at, reference, owner = f"/meetings/{day.meeting.reference}", late.reference, day.world.police.name
    session.close()
    chair = browser(app, "chair-cs")
    page = " ".join(unescape(re.sub(r"<[^>]+>", " ", text_of(chair, f"{at}/pack"))).split())
    word = " ".join(words_of(chair.get(f"{at}/pack.docx").data).split())
    assert "Medium Lead agency: Children’s Services" in page
    assert "High (provisional) Lead agency: none" in page
    assert f"{reference} : Visit as invented. Police, {owner} , 2 Nov 2026 Overdue by 21 days" in page
    assert "Medium. Lead agency: Children’s Services" in word
    assert "High (provisional). Lead agency: none" in word
    assert f"{reference} Visit as invented. Police {owner} 2 Nov 2026" in word
    assert not [text for text in (page, word) if "Canarydone" in text], "what is done is not open"
    assert browser(app, "police").get(f"{at}/pack").status_code == 404


def test_a_draft_stays_with_the_agency_until_it_is_sent(app: Flask, day: Rmm) -> None:
    (child,) = children(day, 1)
    at = f"/meetings/{day.meeting.reference}"
    reference = child.reference
    day.session.close()
    police, second, chair = browser(app, "police"), browser(app, "police-two"), browser(app, "chair-cs")
    send(police, f"{at}/before", "draft", relevant(reference))
    assert FACTS in text_of(second, f"{at}/before")
    assert FACTS not in text_of(browser(app, "health"), f"{at}/before")
    assert FACTS not in text_of(chair, f"{at}/pack")
    send(second, f"{at}/before", "send", {})
    assert FACTS in text_of(chair, f"{at}/pack")


def test_two_people_of_an_agency_at_once_lose_nothing(app: Flask, day: Rmm) -> None:
    one, two = (child.reference for child in children(day, 2))
    at = f"/meetings/{day.meeting.reference}/before"
    day.session.close()
    police, second = browser(app, "police"), browser(app, "police-two")
    form = form_to(text_of(second, at), "")
    send(police, at, "draft", {f"{one}-facts": "From the first."})
    other = second.post(at, data=form.with_values(do="draft", **{f"{two}-facts": "About another child."}))
    assert other.status_code == 302, "who writes about another child is not in the way"
    stale = form.with_values(do="send", form_id="another", **relevant(one))
    refused = second.post(at, data=stale)
    html = refused.get_data(as_text=True)
    assert refused.status_code == 409
    assert "From the first." in html
    assert FACTS in html
    again = form_to(html, "").with_values(do="send")
    assert second.post(at, data=again).status_code == 302
    assert FACTS in text_of(police, at)


def test_a_refusal_names_the_field_keeps_every_word_and_sends_nothing(app: Flask, day: Rmm) -> None:
    one, two = (child.reference for child in children(day, 2))
    at = f"/meetings/{day.meeting.reference}"
    day.session.close()
    police = browser(app, "police")
    values = {f"{one}-answer": "relevant", f"{one}-opinion": VIEW, f"{two}-answer": "nothing_known"}
    html = send(police, f"{at}/before", "send", values, 400)
    assert f'<a href="#{one}-source">{one}: Enter where the information comes from</a>' in html
    assert VIEW in html
    assert text_of(browser(app, "chair-cs"), f"{at}/replies").count("0 of 2") == 5


def test_the_script_saves_a_draft_as_one_types_and_goes_on_from_its_version(app: Flask, day: Rmm) -> None:
    (child,) = children(day, 1)
    at, reference = f"/meetings/{day.meeting.reference}/before", child.reference
    day.session.close()
    police = browser(app, "police")
    form = form_to(text_of(police, at), "")
    for words in ("Seen", "Seen again"):
        form.values[f"{reference}-facts"] = words
        answer = police.post(f"{at}/draft", data=form.values)
        assert answer.status_code == 200
        form.values |= answer.get_json()["versions"]
    assert "Seen again" in text_of(police, at)
    form.values[f"{reference}-version"] = "0"
    form.values[f"{reference}-facts"] = "Over it"
    assert police.post(f"{at}/draft", data=form.values).status_code == 409


def test_before_the_agenda_an_agency_sees_who_of_the_list_is_on_the_draft_and_is_told_who_is_not_there_yet(
    app: Flask, day: Rmm
) -> None:
    listed, new = due(day.session, name="Testy McListed"), referred(day.session, name="Testy McNew")
    late = child_of(day.session, put_on_list(day.session, name="Testy McLate", review_on=date(2027, 1, 12)))
    give_action(day.session, past_meeting(day.session), late, day.world.police, date(2026, 11, 16))
    adjusting.add_by_hand(
        day.session, OPERATOR, NOW, day.meeting, child_of(day.session, put_on_list(day.session)), "By hand, invented."
    )
    day.session.commit()
    at = f"/meetings/{day.meeting.reference}"
    there, absent, key = (listed.reference, late.reference), new.reference, day.meeting.key
    day.session.close()
    html = text_of(browser(app, "police"), f"{at}/before")
    assert "It is to be published on 23 November 2026." in html
    assert "Children who are new to the list appear once the agenda is published." in html
    for reference in there:
        assert f"{reference}-answer" in html
    assert "Overdue action" in html
    assert "Added by a chair or the coordinator" in html
    assert "By hand, invented." not in html, "what is written for a draft is not its members’ to read"
    assert absent not in html
    assert "0 of 1 children due for review answered" in text_of(browser(app, "police"), "/")
    assert "0 of 3" in text_of(browser(app, "coordinator"), f"{at}/replies")
    day.meeting = day.session.get_one(Meeting, key)
    day.publish()
    day.session.commit()
    day.session.close()
    assert f"{absent}-answer" in text_of(browser(app, "police"), f"{at}/before")


def test_why_staff_deferred_a_child_or_added_one_by_hand_is_no_member_s_to_read_of_a_draft(
    app: Flask, day: Rmm
) -> None:
    back, passed_on, moved = (due(day.session, name=f"Testy McChild{number}") for number in range(3))
    following, by, before = day.later[0], day.act("coordinator"), NOW - timedelta(minutes=5)
    for meeting, child in ((day.meeting, passed_on), (following, back)):
        adjusting.defer_by_hand(day.session, by, before, OFFICE.partnership, meeting, child, "Canarydeferral.")
    adjusting.add_by_hand(day.session, by, before, day.meeting, moved, "Canaryhand.")
    report_change(day.session, by, NOW, back, ChangeKind.DISCLOSURE, date(2026, 11, 22), "Invented.")
    cancel_meeting(day.session, by, NOW, OFFICE, day.meeting, day.meeting.version, "A storm, invented.")
    day.operator()
    day.session.commit()
    at, first = f"/meetings/{following.reference}", day.meeting.reference
    there = [child.reference for child in (back, passed_on, moved)]
    day.session.close()
    staff, police = (
        text_of(browser(app, "coordinator"), f"{at}/agenda"),
        text_of(browser(app, "police"), f"{at}/before"),
    )
    for words in (
        "came after the deferral from this agenda: Canarydeferral.",
        f"Deferred at {first}: Canarydeferral.",
        f"Not reached at {first}: Added by hand: Canaryhand.",
    ):
        assert words in staff, words
    assert all(f"{child}-answer" in police for child in there)
    assert f"Deferred at {first}" in police
    assert "Canary" not in police


def test_one_button_asks_everybody_who_has_not_answered_and_then_rests_for_the_day(app: Flask, day: Rmm) -> None:
    children(day, 1)
    at = f"/meetings/{day.meeting.reference}/replies"
    day.session.close()
    coordinator = browser(app, "coordinator")
    page = text_of(coordinator, at)
    assert "asked today" not in page
    form = form_to(page, f"{at}/chase")
    assert coordinator.post(f"{at}/chase", data=form.values).status_code == 302
    html = text_of(coordinator, at)
    assert "asked by mail" in html
    assert "Ask everybody who has not answered" not in html
    assert "was asked today. You can ask again tomorrow." in html


def test_only_people_of_the_agency_who_see_the_area_s_agendas_can_be_named_as_deputy(app: Flask, day: Rmm) -> None:
    children(day, 1)
    at = f"/meetings/{day.meeting.reference}"
    second = day.session.scalars(select(col(Account.id)).where(col(Account.name) == "Testy McPolice-Two")).one()
    stranger, own = day.world.health.key, day.world.police.key
    day.session.close()
    police, chair = browser(app, "police"), browser(app, "chair-cs")
    offered = text_of(police, f"{at}/before").partition('name="attendance-deputy"')[2].partition("</select>")[0]
    assert "Testy McPolice-Two" in offered
    assert f'value="{own}"' not in offered, "nobody is their own deputy"
    page = send(police, f"{at}/before", "send", deputy(stranger), 400)
    assert "Choose the person who comes" in page
    send(police, f"{at}/before", "send", deputy(second))
    assert "A deputy comes: <bdi>Testy McPolice-Two</bdi>" in text_of(chair, f"{at}/replies")


def deputy(account_id: int | None) -> dict[str, str]:
    return {"attendance-attending": "deputy", "attendance-deputy": str(account_id)}


def test_a_folder_of_before_there_was_a_pack_takes_the_shipped_template(tmp_path: Path) -> None:
    assert template_in(tmp_path, "pack") == template_in(None, "pack")
    assert template_in(tmp_path, "agenda") == tmp_path / "word" / "agenda.docx"


def test_a_meeting_file_of_before_the_figure_asks_two_working_days_before() -> None:
    texts = texts_in(folder("agendas"))
    texts["rmm.toml"] = re.sub(r"information_working_days.*\n", "", texts["rmm.toml"])
    rules = parse(texts).rmm
    due_at = due_on(date(2026, 12, 1), rules, calendar_of(()))
    assert due_at == datetime(2026, 11, 27, 12, tzinfo=UTC)


def test_the_item_s_page_shows_the_chairs_what_the_agencies_sent(app: Flask, day: Rmm) -> None:
    (child,) = children(day, 1)
    at, reference = f"/meetings/{day.meeting.reference}", child.reference
    number = day.item(child).number
    day.session.close()
    send(browser(app, "police"), f"{at}/before", "send", relevant(reference))
    page = text_of(browser(app, "chair-cs"), f"{at}/items/{number}")
    assert f"<strong>Fact:</strong> {FACTS}" in page
    assert f"<strong>Opinion:</strong> {VIEW}" in page
