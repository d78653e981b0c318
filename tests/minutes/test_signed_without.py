"""A chair who is kept from an item is told so before signing, and the signature says what it does not hold for."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from meetings_app.accounts.models import ConflictOfInterest
from meetings_app.meetings.minutes import latest_minutes
from meetings_app.minutes.editing import make_version
from meetings_app.minutes.issuing import accept, issue, propose
from meetings_app.minutes.signing import sign_minutes
from tests.support.browsing import browser, text_of
from tests.support.documents import every_word_of
from tests.support.issued import long_issued
from tests.support.rmm import OFFICE, Rmm
from tests.support.world import NOW


def test_a_signature_says_which_item_it_was_made_without(app: Flask, day: Rmm, session: Session) -> None:
    minutes = latest_minutes(session, day.meeting.key)
    assert minutes is not None
    kept, _other = minutes.facts["items"]
    at = f"/meetings/{day.meeting.reference}/minutes"
    day.keep_apart("chair_cs", kept["child_id"], NOW - timedelta(hours=1))
    long_issued(session, day.meeting)
    session.commit()
    one, two = browser(app, "chair-cs"), browser(app, "chair-fs")
    assert f"You would sign without item {kept['number']}, which you may not see." in text_of(one, at)
    assert "You would sign" not in text_of(two, at)
    sign_minutes(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, 1)
    session.commit()
    assert f"9am, without item {kept['number']}." in text_of(two, at)
    sign_minutes(session, day.act("chair_fs"), NOW, OFFICE, day.meeting, 1)
    session.commit()
    signed = (
        f"Signed by Testy McChair-Cs on 23 November 2026 (without item {kept['number']}) "
        "and Testy McChair-Fs on 23 November 2026"
    )
    for reader in (one, two, browser(app, "police")):
        assert signed in text_of(reader, at)
    # The conflict may be over later: what was signed was signed without the item all the same.
    day.operator()
    conflict = session.scalars(select(ConflictOfInterest)).one()
    conflict.ended_at, conflict.ended_by_id, conflict.ended_reason = (
        NOW + timedelta(days=1),
        day.world.chair_fs.key,
        "Over.",
    )
    session.commit()
    assert signed in text_of(two, at)


def test_a_signature_says_it_to_whoever_reads_the_item_and_names_nobody_in_a_copy_without_names(
    app: Flask, day: Rmm, session: Session
) -> None:
    minutes = latest_minutes(session, day.meeting.key)
    assert minutes is not None
    kept, other = minutes.facts["items"]
    for who in ("chair_cs", "health"):
        day.keep_apart(who, kept["child_id"], NOW - timedelta(hours=1))
    long_issued(session, day.meeting)
    for chair in ("chair_cs", "chair_fs"):
        sign_minutes(session, day.act(chair), NOW, OFFICE, day.meeting, 1)
    session.commit()
    at = f"/meetings/{day.meeting.reference}/minutes"
    two, health = browser(app, "chair-fs"), browser(app, "health")
    without, named = f"without item {kept['number']}", f"McChair-Cs on 23 November 2026 (without item {kept['number']})"
    assert named in every_word_of(two.get(f"{at}.docx").get_data())
    assert without not in text_of(health, at), "who is kept from the item too learns of nobody else’s conflict"
    of_child = every_word_of(two.get(f"{at}.docx?audience=child:{other['child']}").get_data())
    assert "Signed by" in of_child
    assert without not in of_child, "a child’s file says nothing of an item about another"
    nameless = every_word_of(two.get(f"{at}.docx?audience=anonymised").get_data())
    assert f"McChair-Fs on 23 November 2026 (one signature {without})" in nameless
    assert "McChair-Cs on 23 November 2026 and" in nameless


def test_a_correction_accepted_in_an_item_keeps_nobody_from_signing_without_it(day: Rmm, session: Session) -> None:
    minutes = latest_minutes(session, day.meeting.key)
    assert minutes is not None
    kept, _other = minutes.facts["items"]
    number = str(kept["number"])
    issue(session, day.act("coordinator"), NOW, OFFICE, day.meeting, "Told in the meeting.")
    asked = propose(session, day.act("police"), NOW, day.meeting, number, "It was a Tuesday.", frozenset({number}))
    accept(session, day.act("chair_fs"), NOW, OFFICE, day.meeting, asked, 0, "Recorded on a Tuesday.")
    make_version(session, day.act("coordinator"), NOW, day.meeting)
    day.operator()
    day.keep_apart("chair_cs", kept["child_id"], NOW - timedelta(hours=1))
    long_issued(session, day.meeting, 2)
    session.commit()
    signed = sign_minutes(session, day.act("chair_cs"), NOW, OFFICE, day.meeting, 2)
    assert signed.first_chair_id == day.world.chair_cs.key
