"""What an agency sent for a meeting that was then cancelled, or about a record that points away, waits to be heard."""

from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.children.models import Child
from meetings_app.meetings.arranging import cancel_meeting
from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.information_left import information_left
from meetings_app.preparing.rules import Answer, Information
from meetings_app.preparing.service import send
from meetings_app.ratings.models import RiskRating
from meetings_app.schedule.models import Meeting
from tests.support.browsing import browser, text_of
from tests.support.children import add_child
from tests.support.rmm import OFFICE, Rmm, due, rated, rmm
from tests.support.world import NOW

CANCELLED, POINTING = "Canarycancelled was seen.", "Canarypointing was seen."


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
