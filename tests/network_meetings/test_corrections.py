"""Those who attended a network meeting ask for corrections of its minutes; the chair accepts or refuses each."""

import re
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Account
from meetings_app.errors import Conflict, DomainError, NotFound, RuleBroken
from meetings_app.meetings.models import Minutes
from meetings_app.meetings.network_models import NetworkOutcome, SubjectConflict
from meetings_app.meetings.running import set_attendance
from meetings_app.minutes import issuing, queries
from meetings_app.minutes.models import Answered, MinutesCorrection
from meetings_app.network_meetings import corrections
from meetings_app.network_meetings import minutes as kept
from meetings_app.network_meetings.deciding import Decided
from meetings_app.network_meetings.minutes_changed import changed_since_issue
from meetings_app.networks.states import SubjectKind
from meetings_app.notices.models import OutboxMail
from meetings_app.permissions import Role
from tests.network_meetings.test_referral_text import TAKEN_UP, keep_from, referred
from tests.support.browsing import browser, text_of
from tests.support.meetings import series
from tests.support.network_meetings import DURING, NetworkDay, close, decide, line_of, network_day, opened, tangled
from tests.support.networks import open_subject
from tests.support.rmm import OFFICE
from tests.support.sent_forms import form_to
from tests.support.world import add_account, send

SHOWN = frozenset({"4.1"})


@pytest.fixture
def day(session: Session) -> NetworkDay:
    """A network meeting is closed that the chair and the coordinator attended; the coordinator may not see item 5.1."""
    made = network_day(session)
    add_account(session, "county", Role.COORDINATOR, "childrens-services")
    tangled(session)
    open_subject(session, SubjectKind.SUSPECT, "Canarylone")
    series(session)
    opened(made)
    decide(made, "4.1", Decided(NetworkOutcome.CONTINUES, "A red car.", rationale="Invented."))
    decide(made, "5.1", Decided(NetworkOutcome.CONTINUES, "Canarytalk.", rationale="Invented."))
    close(made)
    return made


def ask(day: NetworkDay, who: Account, item: str = "4.1", at: datetime = DURING) -> MinutesCorrection:
    text = "Canaryask: the car was blue."
    return issuing.propose(day.session, day.act(who), at, day.first, item, text, SHOWN)


def issue(day: NetworkDay) -> None:
    kept.issue(day.session, day.chair(), DURING, OFFICE, day.first, 1)


def test_they_are_taken_for_ten_working_days_from_the_issue_of_what_the_reader_may_see(day: NetworkDay) -> None:
    people, session = day.people, day.session
    with pytest.raises(DomainError, match="once the draft is issued"):
        ask(day, people.coordinator)
    issue(day)
    step = queries.last_issue(session, day.first.key)
    assert step is not None
    assert step.until == date(2026, 12, 16)
    with pytest.raises(RuleBroken, match="before the time for corrections is over, on 16 December 2026"):
        kept.sign(session, day.chair(), DURING, OFFICE, day.first, 1)
    made = ask(day, people.coordinator, at=datetime(2026, 12, 16, 12, tzinfo=DURING.tzinfo))
    with pytest.raises(DomainError, match="time for corrections"):
        ask(day, people.coordinator, at=DURING + timedelta(days=15))
    for who, item in ((people.police, "4.1"), (people.coordinator, "5.1"), (people.coordinator, "9.9")):
        with pytest.raises(NotFound):
            ask(day, who, item)
    with pytest.raises(DomainError, match="A correction is not answered"):
        kept.sign(session, day.chair(), DURING, OFFICE, day.first, 1)
    issuing.refuse(session, day.chair(), DURING, OFFICE, day.first, made, "Said once already")
    kept.sign(session, day.chair(), DURING, OFFICE, day.first, 1)
    with pytest.raises(DomainError, match="signed"):
        ask(day, people.coordinator)


def test_accepted_it_makes_the_next_version_and_refused_it_has_a_reason(day: NetworkDay) -> None:
    issue(day)
    session, people = day.session, day.people
    first, second, of_notes = (ask(day, people.coordinator, item) for item in ("4.1", "4.1", ""))
    with pytest.raises(NotFound):
        issuing.refuse(session, day.act(people.coordinator), DURING, OFFICE, day.first, first, "Mine")
    chair, blue = day.chair(), {"discussion": "A blue car.", "about_suspects": "", "rationale": "Invented."}
    with pytest.raises(RuleBroken, match="Change a text"):
        corrections.accept(session, chair, DURING, OFFICE, day.first, first, 1, {"discussion": "A red car."})
    assert first.answered is None
    corrections.accept(session, chair, DURING, OFFICE, day.first, first, 1, blue)
    with pytest.raises(RuleBroken, match="why the correction"):
        issuing.refuse(session, chair, DURING, OFFICE, day.first, second, " ")
    issuing.refuse(session, chair, DURING, OFFICE, day.first, second, "Said once already")
    corrections.accept(session, chair, DURING, OFFICE, day.first, of_notes, 2, {"notes": "It began late."})
    with pytest.raises(Conflict):
        issuing.refuse(session, chair, DURING, OFFICE, day.first, second, "Again")
    assert [each.answered for each in (first, second, of_notes)] == [
        Answered.ACCEPTED, Answered.REFUSED, Answered.ACCEPTED
    ]  # fmt: skip
    day.operator()
    versions = session.scalars(select(Minutes).order_by(col(Minutes.number))).all()
    assert [each.facts["items"][0]["discussion"] for each in versions] == ["A red car.", "A blue car.", "A blue car."]
    assert versions[2].facts["notes"] == "It began late."
    mails = [mail for mail in session.scalars(select(OutboxMail)) if mail.kind == "correction_answered"]
    assert len(mails) == 3
    assert all("Canary" not in repr(mail.model_dump()) for mail in mails)
    assert all(f"/networks/meetings/{day.first.reference}" in repr(mail.model_dump()) for mail in mails)


def test_it_is_read_by_whoever_asked_and_by_a_chair_who_may_see_the_item(day: NetworkDay) -> None:
    issue(day)
    made, session = ask(day, day.people.coordinator), day.session
    readers = {"coordinator": day.people.coordinator, "chair": day.chair_account, "police": day.people.police}
    readers["county"] = session.scalars(select(Account).where(col(Account.email).startswith("county"))).one()

    def reading() -> set[str]:
        found = set()
        for who, account in readers.items():
            day.act(account)
            found |= {who} if queries.corrections_of(session, day.first.key) else set()
        day.operator()
        return found

    assert reading() == {"coordinator", "chair"}
    item = session.get_one(MinutesCorrection, made.key).network_item_id
    assert item is not None
    session.add(
        SubjectConflict(
            subject_id=tangled_subject(day), account_id=day.chair_account.key, meeting_id=day.first.key,
            reason="A cousin.", declared_at=DURING,
        )
    )  # fmt: skip
    session.flush()
    assert reading() == {"coordinator"}


def test_a_conflict_about_a_child_of_the_item_keeps_from_what_was_asked_of_it(session: Session) -> None:
    day, _referral, (child,) = referred(session, ("NE",))
    opened(day)
    decide(day, "4.1", TAKEN_UP)
    close(day)
    issue(day)
    for item in ("4.1", ""):
        ask(day, day.people.coordinator, item)

    def read_by(account: Account) -> list[str]:
        day.act(account)
        return [each.correction.item for each in queries.corrections_of(session, day.first.key)]

    assert read_by(day.chair_account) == ["4.1", ""]
    keep_from(day, day.chair_account, child)
    assert read_by(day.chair_account) == [""]
    assert read_by(day.people.coordinator) == ["4.1", ""]
    keep_from(day, day.people.coordinator, child)
    assert read_by(day.people.coordinator) == [""]


def tangled_subject(day: NetworkDay) -> int:
    minutes = day.session.scalars(select(Minutes)).one()
    return int(next(each["subject_id"] for each in minutes.facts["items"] if each["number"] == "4.1"))


def test_it_is_asked_for_and_answered_on_the_pages(app: Flask, day: NetworkDay) -> None:
    issue(day)
    day.session.commit()
    here = f"/networks/meetings/{day.first.reference}/minutes"
    reader, chair = browser(app, "coordinator"), browser(app, "chair-police")
    assert "Ask for a correction" in reader.get(here).text
    assert reader.get(f"{here}/corrections/5.1").status_code == 404
    assert "Canary" not in reader.get(f"{here}/corrections/4.1").text.replace("Canarynetwork", "")
    empty = send(reader, f"{here}/corrections/4.1", {"text": ""})
    assert (empty.status_code, "Enter what is to be corrected" in empty.text) == (400, True)
    assert send(reader, f"{here}/corrections/4.1", {"text": "The car was blue."}).status_code == 302
    assert "correction waits" in chair.get("/").text.lower() or "correction waits" in chair.get("/home").text.lower()
    answers = re.search(rf"{here}/answers/\d+", chair.get(here).text)
    assert answers
    page = answers.group()
    assert reader.get(page).status_code == 404
    typed = {"version": "1", "discussion": "Canarytyped", "rationale": "Invented."}
    refused = send(chair, page, {**typed, "do": "refuse", "reason": ""})
    assert (refused.status_code, "Enter why the correction is refused" in refused.text) == (400, True)
    assert "Canarytyped" in refused.text, "what was typed in the other boxes stays"
    words = {"do": "accept", "version": "1", "discussion": "A blue car.", "rationale": "Invented."}
    day.session.expire_all()
    kept.put_right(
        day.session, day.chair(), DURING, day.first, 1, "4.1", {"discussion": "Canarymeanwhile"}, "Invented: a slip"
    )
    day.session.commit()
    unchanged = send(chair, page, {**words, "discussion": "x" * 20_001, "reason": "Canaryreason"})
    assert (unchanged.status_code, "Canaryreason" in unchanged.text) == (400, True)
    assert form_to(unchanged.text, page).values["version"] == "1", "what is refused goes on from no newer words unseen"
    told = send(chair, page, words)
    assert (told.status_code, "Canarymeanwhile" in told.text, "A blue car." in told.text) == (409, True, True)
    chosen = form_to(told.text, page).values
    assert (chosen["version"], chosen["settles"]) == ("1", "2"), "only a button beside theirs goes on from it"
    assert send(chair, page, {**words, "settles": "2", "do": "mine"}).status_code == 302
    said = reader.get(here).text
    assert "Accepted" in said
    # Words that are not issued are the chair’s alone.
    assert "A blue car." not in said
    assert reader.get(f"{here}?version=3").status_code == 404
    assert send(chair, f"{here}/issue", {"version": "3"}, page=here).status_code == 302
    assert "A blue car." in reader.get(here).text


def test_signed_minutes_are_amended_and_take_no_correction(app: Flask, day: NetworkDay) -> None:
    here, chair = f"/networks/meetings/{day.first.reference}/minutes", browser(app, "chair-police")
    day.session.commit()
    before = chair.get(here).text
    for said in ("Put the words right", "The draft is not issued yet"):
        assert said in before
    issue(day)
    kept.sign(day.session, day.chair(), DURING, OFFICE, day.first, 1, "Invented: urgent")
    day.session.commit()
    after = chair.get(here).text
    for said in ("Make an amendment", "what is wrong in them is put right by an amendment"):
        assert said in after
    for said in ("Put the words right", "The draft is not issued yet", "Ask for a correction"):
        assert said not in after
    day.session.expire_all()
    kept.put_right(
        day.session, day.chair(), DURING, day.first, 1, "4.1", {"rationale": "Other words."}, "Invented: a slip"
    )
    day.session.commit()
    amendment = chair.get(here).text
    assert "Sign this version" in amendment
    assert 'name="despite"' not in amendment, "no corrections are taken of an amendment, so none are cut short"


def test_a_draft_that_goes_to_nobody_says_so(session: Session, app: Flask) -> None:
    day = network_day(session)
    tangled(session)
    opened(day, ())
    health = day.people.health
    set_attendance(session, day.chair(), DURING, day.first, [line_of(health)])
    decide(day, "4.1")
    close(day)
    session.commit()
    chair, here = browser(app, "chair-police"), f"/networks/meetings/{day.first.reference}/minutes"
    page = text_of(chair, here)
    assert "The draft goes to nobody" in page
    assert health.name in page, "they were in the room, are no member, and cannot open it"
    send(chair, f"{here}/issue", {"version": "1"}, page=here)
    assert "Nobody is told" in text_of(chair, here)


def test_what_was_rewritten_after_the_issue_is_issued_again_and_what_was_asked_for_is_not(
    day: NetworkDay, app: Flask
) -> None:
    session = day.session
    issue(day)
    made = ask(day, day.people.coordinator)
    corrections.accept(session, day.chair(), DURING, OFFICE, day.first, made, 1, {"discussion": "A blue car."})
    two = kept.put_right(session, day.chair(), DURING, day.first, 2, "4.1", {"rationale": "Rewritten."}, "As invented")
    assert changed_since_issue(session, day.first, two) == ["4.1"]
    with pytest.raises(DomainError, match=r"since version 1 .*: item 4\.1\. Send it again"):
        kept.sign(session, day.chair(), DURING, OFFICE, day.first, 3, "In a hurry.")
    session.commit()
    chair, here = browser(app, "chair-police"), f"/networks/meetings/{day.first.reference}/minutes"
    session.close()
    page = text_of(chair, here)
    assert "The text changed since it was sent for corrections (item 4.1)" in page
    assert "Sign this version" not in page
    again = "The text changed since version 1 was sent for corrections. Issue the draft again."
    assert again in text_of(chair, "/")
    send(chair, f"{here}/issue", {"version": "3"}, page=here)
    assert "Sign this version" in text_of(chair, here)
    assert again not in text_of(chair, "/")


def test_an_accepted_correction_is_signed_without_another_issue(day: NetworkDay) -> None:
    issue(day)
    made = ask(day, day.people.coordinator)
    corrections.accept(day.session, day.chair(), DURING, OFFICE, day.first, made, 1, {"discussion": "A blue car."})
    assert kept.sign(day.session, day.chair(), DURING, OFFICE, day.first, 2, "All agree.").first_signed_at


def test_once_everybody_else_has_nothing_to_correct_the_chair_signs_without_a_reason(
    day: NetworkDay, app: Flask
) -> None:
    issue(day)
    day.session.commit()
    day.session.close()
    coordinator, chair = browser(app, "coordinator"), browser(app, "chair-police")
    here = f"/networks/meetings/{day.first.reference}/minutes"
    assert "Why do you sign before" in text_of(chair, here)
    assert "The draft of the minutes waits for corrections until" in text_of(chair, "/")
    form = form_to(text_of(coordinator, here), f"{here}/nothing-to-correct")
    assert coordinator.post(f"{here}/nothing-to-correct", data=form.values).status_code == 302
    page = text_of(chair, here)
    assert "can be signed without waiting longer" in page
    assert "Why do you sign before" not in page
    assert "Sign the minutes." in text_of(chair, "/")
    assert chair.post(f"{here}/sign", data=form_to(page, f"{here}/sign").values).status_code == 302
    assert "This version is locked" in text_of(chair, here)
