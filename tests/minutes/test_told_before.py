"""What agencies sent before a meeting, and who was there, as each copy of the minutes says it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from meetings_app.children.models import Child
from meetings_app.documents.facts import ChildMinutes, MinutesFacts
from meetings_app.errors import RuleBroken
from meetings_app.meetings.agency_views import record_view
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.decisions import Decided
from meetings_app.meetings.minutes_word import Audience, facts_for
from meetings_app.meetings.models import Outcome
from meetings_app.meetings.running import remove_attendant
from meetings_app.preparing.rules import Answer, Attendance, Attending, Information
from meetings_app.preparing.service import send, send_attendance
from meetings_app.ratings.models import RiskRating
from tests.support.children import agency_id
from tests.support.rmm import OFFICE, PRESENT, Rmm, due, rated, rmm
from tests.support.world import NOW

NOT_SHARED = "Sent before the meeting: there is information that is not shared."


@pytest.fixture
def day(session: Session) -> tuple[Rmm, Child]:
    """A child is put off until health supplies something; police and health said something before."""
    day = rmm(session)
    child = due(session)
    for who, said in (
        ("police", Information(Answer.NOT_SHARED, reason="Canarywhy.")),
        ("health", Information(Answer.RELEVANT, "Canaryfact.", "Canaryopinion.", "Canarysource.")),
    ):
        send(session, day.act(who), NOW, day.meeting, child.key, said)
    apologies = Attendance(Attending.APOLOGIES, None, "Canaryupdate.")
    send_attendance(session, day.act("health"), NOW, day.meeting, apologies, ())
    day.operator()
    day.open()
    health = agency_id(session, "health")
    put_off = Decided(Outcome.DEFERRED, deferred_reason="Canaryowed.", information_agency_id=health)
    day.decide(child, put_off)
    return day, child


def copies(day: Rmm) -> Callable[[str, str], MinutesFacts]:
    minutes = close_meeting(day.session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)

    def copy(who: str, audience: str) -> MinutesFacts:
        by = day.act(who)
        return facts_for(
            day.session, by, NOW, OFFICE, day.meeting, minutes, Audience.read(audience), marking="TEST"
        )  # fmt: skip

    return copy


def test_what_is_not_shared_stays_so_and_the_police_are_in_no_copy_that_goes_on(day: tuple[Rmm, Child]) -> None:
    held, child = day
    copy = copies(held)

    def told(who: str, audience: str) -> list[str]:
        return [each.text for one in copy(who, audience).children for each in one.information]

    fact = "Sent before the meeting: Canaryfact.\nOpinion: Canaryopinion."
    assert told("coordinator", "full") == told("police", "full") == [NOT_SHARED, fact]
    assert told("chair_fs", "chair") == [f"{NOT_SHARED} Why: Canarywhy.", f"{fact}\nSource: Canarysource."]
    assert told("coordinator", f"child:{child.reference}") == told("coordinator", "anonymised") == [fact]
    updates = {
        who: [line.text for line in copy(who, audience).notes if line.label.startswith("Written update of Health")]
        for who, audience in (("coordinator", "full"), ("health", "agency:health"), ("chair_cs", "agency:police"))
    }
    assert updates == {"coordinator": ["Canaryupdate."], "health": ["Canaryupdate."], "chair_cs": []}


@pytest.mark.parametrize(
    ("there", "late", "title"),
    [
        (True, False, "Written update of Health, sent before the meeting"),
        (True, True, "Written update of Health, sent during the meeting"),
        (False, False, "Written update of Health, with its apologies"),
    ],
)
def test_an_agency_that_sent_apologies_and_came_after_all_is_said_to_be_there_and_its_update_stays(
    session: Session, there: bool, late: bool, title: str
) -> None:
    held = rmm(session)
    child, apologies = due(session), Attendance(Attending.APOLOGIES, None, "Canaryupdate.")
    if not late:
        send_attendance(session, held.act("health"), NOW, held.meeting, apologies, ())
    held.operator()
    held.open(PRESENT if there else ("chair_cs", "chair_fs", "police"))
    if late:
        send_attendance(session, held.act("health"), NOW, held.meeting, apologies, ())
    held.operator()
    held.decide(child, Decided(Outcome.NOT_REACHED))
    copy = copies(held)
    for who, audience in (
        ("coordinator", "full"), ("chair_cs", "chair"), ("coordinator", "anonymised"), ("coordinator", "agency:health"),
    ):  # fmt: skip
        said = copy(who, audience)
        [update] = [line for line in said.notes if line.label.startswith("Written update")]
        assert (update.label, update.text) == (title, "Canaryupdate."), audience
        how = {line.how for line in said.attendance if line.agency == "Health"}
        assert ("Present" in how) is there, audience


def test_a_copy_that_goes_on_says_that_the_police_disagree_and_not_in_their_words(day: tuple[Rmm, Child]) -> None:
    held, child = day
    session, chair, item = held.session, held.act("chair_cs"), held.item(child)
    for agency, words, dissents in (("police", "Canarywatched.", True), ("health", "Canarywell.", True)):
        record_view(session, chair, NOW, held.meeting, item, agency_id(session, agency), words, dissents=dissents)
    copy = copies(held)

    def views(audience: str) -> list[tuple[str, str, bool]]:
        [one] = copy("coordinator", audience).children
        return [(each.agency, each.text, each.dissents) for each in one.information if "Sent before" not in each.text]

    health = ("Health", "Canarywell.", True)
    assert views("full") == [("Police", "Canarywatched.", True), health]
    for audience in (f"child:{child.reference}", "anonymised"):
        assert views(audience) == [("Police", "what they say is not in this copy.", True), health]


def test_a_view_of_the_police_without_a_dissent_is_in_no_copy_that_goes_on(day: tuple[Rmm, Child]) -> None:
    held, child = day
    police = agency_id(held.session, "police")
    chair, item = held.act("chair_cs"), held.item(child)
    record_view(held.session, chair, NOW, held.meeting, item, police, "Canarywatched.", dissents=False)
    [one] = copies(held)("coordinator", f"child:{child.reference}").children
    assert {each.agency for each in one.information} == {"Health"}


def test_what_agencies_sent_of_an_item_not_reached_stays_with_each_and_the_chairs(day: tuple[Rmm, Child]) -> None:
    held, child = day
    held.decide(child, Decided(Outcome.NOT_REACHED))
    copy = copies(held)

    def told(who: str, audience: str) -> int:
        return sum(len(one.information) for one in copy(who, audience).children)

    assert [told("police", "full"), told("health", "full"), told("chair_fs", "chair")] == [1, 1, 2]
    assert told("education", "full") == 0


@pytest.mark.parametrize("answer", [Answer.NOTHING_KNOWN, Answer.NOT_SHARED])
def test_that_nothing_is_known_is_in_no_copy_of_an_item_not_reached(session: Session, answer: Answer) -> None:
    held = rmm(session)
    child = due(session)
    for who in ("health", "coordinator"):
        why = "" if answer is Answer.NOTHING_KNOWN else "Invented."
        send(session, held.act(who), NOW, held.meeting, child.key, Information(answer, reason=why))
    held.operator()
    held.open()
    held.decide(child, Decided(Outcome.NOT_REACHED))
    copy, shared = copies(held), answer is Answer.NOT_SHARED
    told = {
        (who, audience): [one.agency for item in copy(who, audience).children for one in item.information]
        for who, audience in (
            ("chair_fs", "chair"), ("health", "full"), ("coordinator", "full"), ("police", "full"),
            ("coordinator", "anonymised"), ("coordinator", f"child:{child.reference}"),
        )
    }  # fmt: skip
    assert told == {
        ("chair_fs", "chair"): ["Children’s Services", "Health"] if shared else [],
        ("health", "full"): ["Health"] if shared else [],
        ("coordinator", "full"): ["Children’s Services"] if shared else [],
        # What goes on is the same whoever makes it.
        ("police", "full"): [], ("coordinator", "anonymised"): [], ("coordinator", f"child:{child.reference}"): [],
    }  # fmt: skip


def test_the_copy_of_an_agency_says_who_disagrees_and_holds_what_it_disagreed_with_itself(session: Session) -> None:
    held = rmm(session)
    led, other = due(session, name="Canaryled McExample"), due(session, name="Canaryother McExample")
    held.open()
    for child in (led, other):
        said = rated(session, RiskRating.HIGH, discussion="Canarydiscussion.", rationale="Canaryreason.")
        held.decide(child, replace(said, lead_agency_id=agency_id(session, "police" if child is led else "health")))
        item = held.item(child)
        for agency, dissents in (("police", child is other), ("health", child is led), ("education", False)):
            view, to = f"Canaryviewof{agency}.", agency_id(session, agency)
            record_view(session, held.act("chair_cs"), NOW, held.meeting, item, to, view, dissents=dissents)
    copy = copies(held)
    of_police = copy("coordinator", "agency:police")
    whole, part = sorted(of_police.children, key=lambda one: not one.discussion)
    assert (whole.child, part.child) == (led.reference, other.reference)
    own = ("Police", "Canaryviewofpolice.", False)
    assert told(whole) == [own, ("Health", "what they say is not in this copy.", True)]
    assert told(part) == [("Police", "Canaryviewofpolice.", True)]
    assert (part.discussion, part.rationale, part.actions, part.reasons) == ("", "", (), ())
    assert part.decision is not None
    assert (part.decision.rating, part.decision.further) == ("High", ())
    [how_much] = [line.text for line in of_police.notes if line.label == "Items in this copy"]
    assert how_much.startswith("2 of the 2 items: ")
    assert how_much.endswith("owes information or disagrees with the decision.")
    assert copy("coordinator", "agency:education").children == ()


def told(one: ChildMinutes) -> list[tuple[str, str, bool]]:
    return [(each.agency, each.text, each.dissents) for each in one.information]


def test_an_agency_that_owes_information_gets_that_request_and_no_more_of_the_item(day: tuple[Rmm, Child]) -> None:
    copy = copies(day[0])
    [asked] = copy("coordinator", "agency:health").children
    assert "Canaryowed.\nTo be supplied by Health." in str(asked.deferred)
    assert (asked.discussion, asked.rationale, asked.information, asked.actions) == ("", "", (), ())
    assert copy("coordinator", "agency:police").children == ()


def test_a_member_of_whom_nothing_is_recorded_is_said_to_be_so(day: tuple[Rmm, Child]) -> None:
    held = day[0]
    remove_attendant(
        held.session, held.act("chair_cs"), NOW, held.meeting, held.world.police.agency_id, "Testy McPolice"
    )
    how = {line.name: line.how for line in copies(held)("coordinator", "full").attendance}
    assert (how["Testy McPolice"], how["Testy McHealth"]) == ("Not recorded", "Present")


def test_a_meeting_at_which_nobody_is_recorded_closes_with_a_reason_that_is_printed(session: Session) -> None:
    held = rmm(session)
    child = due(session)
    held.open(())
    held.decide(
        child, Decided(Outcome.DEFERRED, deferred_reason="Owed.", information_agency_id=agency_id(session, "health"))
    )
    chair = held.act("chair_cs")
    with pytest.raises(RuleBroken, match="nobody’s attendance"):
        close_meeting(session, chair, NOW, OFFICE, held.meeting, held.meeting.version, " ")
    minutes = close_meeting(session, chair, NOW, OFFICE, held.meeting, held.meeting.version, "The list was lost.")
    facts = facts_for(session, chair, NOW, OFFICE, held.meeting, minutes, Audience(), marking="TEST")
    assert ("Nobody’s attendance was recorded", "The list was lost.") in [(n.label, n.text) for n in facts.notes]


def test_somebody_with_a_conflict_of_interest_reads_the_own_agency_s_update_without_that_child(
    session: Session,
) -> None:
    held = rmm(session)
    apart, other = due(session, name="Canaryhidden Canarylast"), due(session, name="Testy McShown")
    text = f"Canaryupdate on Canaryhidden Canarylast ({apart.reference}) and on Testy McShown."
    for who in ("police", "health"):
        apologies = Attendance(Attending.APOLOGIES, None, text)
        send_attendance(session, held.act(who), NOW, held.meeting, apologies, ())
    held.operator()
    for who in ("health", "chair_cs"):
        held.keep_apart(who, apart.key)
    held.open(("chair_cs", "chair_fs", "education"))
    for child in (apart, other):
        put_off = Decided(Outcome.DEFERRED, deferred_reason="Owed.", information_agency_id=agency_id(session, "health"))
        held.decide(child, put_off, who="chair_fs")
    minutes = close_meeting(session, held.act("chair_fs"), NOW, OFFICE, held.meeting, held.meeting.version)

    def updates(who: str, audience: str) -> dict[str, str]:
        facts = facts_for(
            session, held.act(who), NOW, OFFICE, held.meeting, minutes, Audience.read(audience), marking="TEST"
        )  # fmt: skip
        return {line.label.split()[3].strip(","): line.text for line in facts.notes if line.label.startswith("Written")}

    without = "Canaryupdate on [another child] ([another child]) and on Testy McShown."
    assert updates("health", "full") == updates("health", "agency:health") == {"Health": without}
    # What other agencies sent may be about any child: it stays with who sees every item. So does the copy to pass on.
    assert updates("health", "anonymised") == updates("chair_cs", "full") == {}
    assert updates("chair_fs", "full") == {"Police": text, "Health": text}
