"""What an agency sent for a meeting that was then cancelled, or about a record that points away, waits to be heard."""

from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.accounts.models import ConflictOfInterest
from meetings_app.children.models import Child
from meetings_app.meetings.arranging import cancel_meeting
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.information_left import information_left
from meetings_app.meetings.minutes_word import Audience, facts_for
from meetings_app.meetings.models import AdjustmentKind, AgendaAdjustment
from meetings_app.preparing.attendance_left import attendance_left
from meetings_app.preparing.rules import Answer, Attendance, Attending, Information
from meetings_app.preparing.service import save_draft, send, send_attendance
from meetings_app.ratings.models import RiskRating
from meetings_app.schedule.models import Meeting
from tests.support.browsing import browser, text_of
from tests.support.children import add_child
from tests.support.documents import words_of
from tests.support.rmm import OFFICE, Rmm, due, rated, rmm
from tests.support.world import NOW

CANCELLED, POINTING, UPDATE = "Canarycancelled was seen.", "Canarypointing was seen.", "Canaryupdate, as invented."


def said(text: str) -> Information:
    return Information(Answer.RELEVANT, text, source="A visit, as invented.")


def test_what_was_sent_and_never_heard_stands_beside_the_next_item_until_a_meeting_has_heard_it(
    app: Flask, session: Session
) -> None:
    first = rmm(session)
    child, record = due(session), add_child(session)
    send(session, first.act("police"), NOW, first.meeting, child.key, said("An earlier version."))
    send(session, first.act("police"), NOW, first.meeting, child.key, said(CANCELLED))
    first.operator()
    cancel_meeting(
        session, first.act("coordinator"), NOW, OFFICE, first.meeting, first.meeting.version, "A storm, invented."
    )
    day = Rmm(session, first.world, first.later[0], first.later[1:])
    send(session, day.act("health"), NOW, day.meeting, record.key, said(POINTING))
    day.operator()
    record.merged_into_id = child.key
    day.open()
    key, at, number = child.key, f"/meetings/{day.meeting.reference}", day.item(child).number
    cancelled_reference, merged = first.meeting.reference, record.reference
    ids = day.meeting.key, day.later[0].key
    session.commit()
    session.close()
    for who, page, there in (
        ("coordinator", f"{at}/items/{number}", (CANCELLED, POINTING, merged)),
        ("coordinator", f"{at}/pack", (CANCELLED, POINTING, f"Sent for {cancelled_reference}, which was not held")),
        ("police", f"{at}/before", (CANCELLED,)),
        ("health", f"{at}/before", ()),
    ):
        text = text_of(browser(app, who), page)
        assert [word for word in (CANCELLED, POINTING) if word in text] == [
            word for word in there if word in (CANCELLED, POINTING)
        ], (who, page)
        assert all(word in text for word in there), (who, page)
        assert "An earlier version." not in text
    day.operator()
    day.meeting, day.later = session.get_one(Meeting, ids[0]), [session.get_one(Meeting, ids[1])]
    day.decide(session.get_one(Child, key), rated(session, RiskRating.MEDIUM))
    close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    day.operator()
    assert information_left(session, day.later[0], [key]) == {}
    assert len(information_left(session, day.meeting, [key])[key]) == 2


def test_a_draft_that_was_never_sent_is_shown_again_to_its_agency_alone_until_it_answers(
    app: Flask, session: Session
) -> None:
    first = rmm(session)
    child = due(session)
    for who, words in (("police", "Canaryunsent was seen."), ("health", "Canarysent was seen.")):
        save_draft(session, first.act(who), NOW, first.meeting, child.key, 0, said(words))
    send(session, first.act("health"), NOW, first.meeting, child.key, said("Canarysent was seen."))
    first.operator()
    cancel(first, first.meeting)
    day = Rmm(session, first.world, first.later[0], first.later[1:])
    day.open()
    key, at, meeting_id = child.key, f"/meetings/{day.meeting.reference}", day.meeting.key
    told = f"Your agency’s draft for {first.meeting.reference}, which was not held. It was not sent"
    session.commit()
    session.close()
    police = browser(app, "police")
    page = text_of(police, f"{at}/before")
    assert told in page
    assert "<strong>Fact:</strong> Canaryunsent was seen." in page
    assert told not in text_of(browser(app, "health"), f"{at}/before"), "it was sent as it was written"
    for who, where in (("health", "before"), ("coordinator", "before"), ("coordinator", "pack")):
        assert "Canaryunsent" not in text_of(browser(app, who), f"{at}/{where}")
    send(session, day.act("police"), NOW, session.get_one(Meeting, meeting_id), key, said("Said anew."))
    session.commit()
    session.close()
    assert "Canaryunsent" not in text_of(police, f"{at}/before")


def test_a_draft_that_was_not_sent_before_the_meeting_was_over_is_read_again_by_its_agency_alone(
    app: Flask, session: Session
) -> None:
    day = rmm(session)
    child, at = due(session), f"/meetings/{day.meeting.reference}"
    day.open()
    for who, words in (("police", "Canaryunsent was seen."), ("health", "Canarysent was seen.")):
        save_draft(session, day.act(who), NOW, day.meeting, child.key, 0, said(words))
    send(session, day.act("health"), NOW, day.meeting, child.key, said("Canarysent was seen."))
    session.commit()
    police, waits = browser(app, "police"), "Not answered yet: a draft is saved, and it is not sent."
    assert waits in text_of(police, f"{at}/before")
    day.operator()
    day.decide(child, rated(session, RiskRating.MEDIUM))
    close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)
    session.commit()
    session.close()
    page, told = text_of(police, f"{at}/before"), "Your agency’s draft. It was not sent before the meeting was over"
    assert (told in page, "<strong>Fact:</strong> Canaryunsent was seen." in page, waits in page) == (True, True, False)
    assert told not in text_of(browser(app, "health"), f"{at}/before"), "it was sent as it was written"
    for who, where in (("health", "before"), ("coordinator", "before"), ("coordinator", "pack")):
        assert "Canaryunsent" not in text_of(browser(app, who), f"{at}/{where}")


def cancel(day: Rmm, meeting: Meeting) -> None:
    by = day.act("coordinator")
    cancel_meeting(day.session, by, NOW, OFFICE, meeting, meeting.version, "A storm, invented.")
    day.operator()


def say(day: Rmm, who: str, meeting: Meeting, update: str) -> None:
    said = Attendance(Attending.APOLOGIES, None, update)
    send_attendance(day.session, day.act(who), NOW, meeting, said, ())
    day.operator()


def test_an_update_sent_with_apologies_is_read_at_the_meeting_that_took_the_place_of_the_cancelled_one(
    app: Flask, session: Session
) -> None:
    day = rmm(session)
    due(session)
    held, following = day.later[0], day.later[1]
    say(day, "police", day.meeting, "An earlier version.")
    say(day, "police", day.meeting, UPDATE)
    cancel(day, day.meeting)
    reference, at = day.meeting.reference, f"/meetings/{held.reference}"
    session.commit()
    for who, page in (("coordinator", "replies"), ("chair-cs", "pack"), ("police", "before")):
        text = text_of(browser(app, who), f"{at}/{page}")
        assert UPDATE in text, page
        assert f"For {reference}, which was not held: " in text, page
        assert "An earlier version." not in text, page
        assert UPDATE not in text_of(browser(app, who), f"/meetings/{following.reference}/{page}"), page
    assert UPDATE not in text_of(browser(app, "health"), f"{at}/before"), "what another agency wrote"
    word = words_of(browser(app, "coordinator").get(f"{at}/pack.docx").data)
    assert f"Not said For {reference}, which was not held: Apologies" in word
    assert UPDATE in word


def test_the_minutes_of_the_meeting_that_took_its_place_hold_the_update_and_say_for_which_it_was_sent(
    session: Session,
) -> None:
    first = rmm(session)
    child, elsewhere = due(session), due(session, name="Canaryelsewhere McExample")
    first.publish()
    first.operator()
    say(first, "health", first.meeting, UPDATE)
    cancel(first, first.meeting)
    reference = first.meeting.reference
    day = Rmm(session, first.world, first.later[0], first.later[1:])
    say(day, "health", day.meeting, "What holds for this one, invented.")
    # The other child is not heard here, and the police’s person is kept from that child.
    put_off = AgendaAdjustment(
        meeting_id=day.meeting.key, child_id=elsewhere.key, kind=AdjustmentKind.DEFERRED, reason="Invented.",
        made_at=NOW,
    )  # fmt: skip
    session.add(put_off)
    session.add(
        ConflictOfInterest(
            account_id=day.world.police.key,
            child_id=elsewhere.key,
            area_id=elsewhere.area_id,
            meeting_id=first.meeting.key,
            reason="A relative, as invented.",
            declared_at=NOW,
        )
    )
    day.open()
    day.decide(child, rated(session, RiskRating.MEDIUM))
    minutes = close_meeting(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, day.meeting.version)

    def updates(who: str, audience: str = "full") -> dict[str, str]:
        by, asked = day.act(who), Audience.read(audience)
        facts = facts_for(session, by, NOW, OFFICE, day.meeting, minutes, asked, marking="TEST")
        return {line.label: line.text for line in facts.notes if line.label.startswith("Written update of ")}

    told = {
        f"Written update of Health, with its apologies for {reference}, which was not held": UPDATE,
        "Written update of Health, sent before the meeting": "What holds for this one, invented.",
    }
    assert updates("coordinator") == updates("chair_fs", "chair") == updates("health", "agency:health") == told
    own = "Written update of Health, sent before the meeting"
    assert updates("police") == {own: told[own]}, "it may be about a child from whom its reader is kept"
    assert updates("coordinator", "anonymised") == {own: told[own]}, "or name a child whom these minutes do not know"
    assert updates("chair_fs", "agency:police") == {}


def test_where_the_next_meeting_is_cancelled_too_everything_waits_for_the_one_after(session: Session) -> None:
    day = rmm(session)
    first, second, third = day.meeting, *day.later[:2]
    say(day, "police", first, UPDATE)
    say(day, "health", second, "Another update, invented.")
    say(day, "police", third, "What holds for the third, invented.")
    for meeting in (first, second):
        cancel(day, meeting)
    police, health = (getattr(day.world, who).agency_id for who in ("police", "health"))
    left = attendance_left(session, third)
    assert [said.update_text for said in left[police]] == [UPDATE]
    assert [said.update_text for said in left[health]] == ["Another update, invented."]
    assert attendance_left(session, second) == attendance_left(session, day.later[2]) == {}
