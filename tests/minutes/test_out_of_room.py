"""Who was out of the room for an item stands in the record of that item, for whoever may read it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from meetings_app.accounts.models import ConflictOfInterest
from meetings_app.documents.facts import MinutesFacts
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.conflicts import declare, end
from meetings_app.meetings.decisions import Decided
from meetings_app.meetings.minutes_word import Audience, facts_for
from meetings_app.meetings.models import Outcome
from meetings_app.meetings.presence import room_of, set_room
from meetings_app.ratings.models import RiskRating
from tests.support.rmm import OFFICE, due, rated, rmm
from tests.support.world import NOW

CONFLICT = "Not in the room because of a conflict of interest: Testy McHealth (Health)."
LEFT = "Not in the room: Testy McPolice (Police)."
QUORUM = "No quorum for this item: nobody from Police or Health was in the room."


def test_the_record_of_an_item_says_who_was_out_of_the_room_for_it(session: Session) -> None:
    day = rmm(session)
    without, whole = due(session, name="Canaryout McExample"), due(session)
    day.open()
    chair, item = day.act("chair_cs"), day.item(without)
    declare(session, chair, NOW, day.meeting, item, day.world.health.key, "A relative, as invented.")
    room = room_of(session, day.meeting, item)
    left = [each.attendance_id for each in room.people if each.agency_code in ("police", "health")]
    set_room(session, chair, NOW, day.meeting, item, left, room.seen)
    for child in (without, whole):
        day.decide(child, rated(session, RiskRating.MEDIUM))
    minutes = close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)

    def said(who: str, audience: str = "full") -> dict[str, tuple[str, ...]]:
        by = day.act(who)
        facts = facts_for(
            session, by, NOW, OFFICE, day.meeting, minutes, Audience.read(audience), marking="TEST"
        )  # fmt: skip
        return {one.child: one.attendance_notes for one in facts.children}

    assert said("police") == {"": (), whole.reference: ()}, "a draft holds the items that its reader attended"
    minutes.second_signed_at = NOW
    session.flush()
    for who, audience in (("coordinator", "full"), ("chair_fs", "chair"), ("police", "full")):
        assert said(who, audience) == {without.reference: (LEFT, CONFLICT, QUORUM), whole.reference: ()}
    assert said("coordinator", f"child:{without.reference}") == {without.reference: (LEFT, CONFLICT, QUORUM)}
    # A conflict may be that of a relative, whose name would say who the child is.
    nameless = said("coordinator", "anonymised")[without.reference]
    assert nameless[1] == "Not in the room because of a conflict of interest: one person."
    assert nameless[2] == "No quorum for this item.", "an agency of which one person came would say who it is"
    assert said("health") == {"": (), whole.reference: ()}
    # Once it is over the person may read the item, and still not that a conflict was declared.
    coordinator = day.act("coordinator")
    conflict = session.scalars(select(ConflictOfInterest)).one()
    end(session, coordinator, NOW, day.meeting, conflict.key, "It was another family, as invented.")
    assert said("health") == {without.reference: (LEFT, QUORUM), whole.reference: ()}
    assert said("chair_cs")[without.reference] == (LEFT, CONFLICT, QUORUM)


def test_no_minutes_say_of_somebody_who_is_not_recorded_as_having_left_that_they_did(session: Session) -> None:
    day = rmm(session)
    child = due(session)
    day.open()
    declare(session, day.act("chair_cs"), NOW, day.meeting, day.item(child), day.world.chair_fs.key, "A relative.")
    day.decide(child, rated(session, RiskRating.MEDIUM))
    minutes = close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    facts = facts_for(
        session, day.act("coordinator"), NOW, OFFICE, day.meeting, minutes, Audience(), marking="TEST"
    )  # fmt: skip
    [one] = facts.children
    stayed = (
        "Has a conflict of interest, and is not recorded as having left the room: Testy McChair-Fs (Family Services)."
    )
    assert one.attendance_notes == (stayed,)


def test_the_quorum_is_said_of_each_item_and_the_head_names_those_without(session: Session) -> None:
    day = rmm(session)
    without, whole, late = due(session), due(session), due(session)
    day.open()
    chair, item = day.act("chair_cs"), day.item(without)
    for child in (without, late):
        room = room_of(session, day.meeting, day.item(child))
        police = [each.attendance_id for each in room.people if each.agency_code == "police"]
        set_room(session, chair, NOW, day.meeting, day.item(child), police, room.seen)
    for child in (without, whole):
        day.decide(child, rated(session, RiskRating.HIGH))
    day.decide(late, Decided(Outcome.NOT_REACHED))
    although = "The police were rung afterwards, as invented."
    minutes = close_meeting(
        session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version, although=although
    )

    def facts(who: str, audience: str = "full") -> MinutesFacts:
        by = day.act(who)
        return facts_for(session, by, NOW, OFFICE, day.meeting, minutes, Audience.read(audience), marking="TEST")

    full = facts("coordinator")
    assert full.quorum == f"Quorate, except for item {item.number}"
    notes = {one.child: one.attendance_notes for one in full.children}
    lacks = "No quorum for this item: nobody from Police was in the room."
    assert (notes[without.reference], notes[whole.reference]) == ((LEFT, lacks), ())
    assert lacks not in notes[late.reference], "nobody was in the room for what was not reached"
    assert facts("coordinator", f"child:{whole.reference}").quorum == "Quorate"
