"""What copies say of suspects: no part of another name, and no usual word taken away for a description (SG).

What is signed is the record as it was written: words are taken out of copies and pages alone.
"""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.meetings.closing import close_meeting
from meetings_app.meetings.minutes import latest_minutes
from meetings_app.minutes.signing import sign_minutes
from meetings_app.networks import linking, subjects
from meetings_app.networks.states import ChildTie, SubjectKind
from meetings_app.permissions import OPERATOR
from meetings_app.ratings.models import RiskRating
from tests.minutes.test_digest import digest_written_out
from tests.minutes.test_texts_apart import Held
from tests.support.browsing import browser, text_of
from tests.support.documents import every_word_of
from tests.support.issued import long_issued
from tests.support.networks import GROUNDS, open_subject
from tests.support.rmm import OFFICE, due, rated, rmm
from tests.support.world import NOW

DESCRIBED, VAN = "Unknown man with a red van", "the van was red, her teacher says a young man waits"


def told(session: Session, said: str, name: str, alias: str = "") -> Held:
    """Give a closed meeting at which this was said of a child whom the suspect of this name targets."""
    held = Held(session)
    held.names = f"{said}, {held.names}"
    held.day.operator()
    suspect = open_subject(session, SubjectKind.SUSPECT, name)
    if alias:
        subjects.add_alias(session, OPERATOR, NOW, suspect, alias, "Invented")
    linking.link_child(session, OPERATOR, NOW, suspect, held.shown, ChildTie.TARGETED_BY, GROUNDS)
    held.close()
    session.commit()
    return held


def copy_of(app: Flask, held: Held, audience: str) -> str:
    """Give every word of a copy that the coordinator makes, who may see no suspect."""
    audience = f"child:{held.shown.reference}" if audience == "child" else audience
    return every_word_of(browser(app, "coordinator").get(f"{held.at}/minutes.docx?audience={audience}").get_data())


@pytest.mark.parametrize("audience", ["full", "anonymised", "agency:health", "child"])
def test_no_part_of_another_full_name_is_said(app: Flask, session: Session, audience: str) -> None:
    held = told(session, "Mr Quillsurname, then Quillfirst", "The Canary Face", "Quillfirst Quillsurname")
    said = copy_of(app, held, audience)
    assert not [word for word in ("Quillsurname", "Quillfirst") if word in said]


def test_a_description_takes_no_usual_word_out_of_the_minutes(app: Flask, session: Session) -> None:
    held = told(session, f"{VAN}; {DESCRIBED.lower()}", DESCRIBED)
    said = f"{VAN}; [a restricted record], "
    assert said in text_of(browser(app, "health"), f"{held.at}/minutes")
    for audience in ("full", "anonymised", "child"):
        assert said in copy_of(app, held, audience), audience


def test_names_that_are_words_too_go_only_with_their_capital(app: Flask, session: Session) -> None:
    held = told(session, "Mr Brown; brown hair, a mark; Mark came, as Ghost; a ghost story", "Mark Brown", "ghost")
    record = "[a restricted record]"
    said = f"Mr {record}; brown hair, a mark; {record} came, as {record}; a ghost story, "
    for audience in ("full", "anonymised", "child"):
        assert said in copy_of(app, held, audience), audience


def test_the_record_that_is_signed_holds_what_was_written(app: Flask, session: Session) -> None:
    day, child = rmm(session), due(session, name="Testy McShown")
    day.open()
    day.operator()
    suspect = open_subject(session, SubjectKind.SUSPECT, "Quillman Canarysurname", ("NW",))
    linking.link_child(session, OPERATOR, NOW, suspect, child, ChildTie.TARGETED_BY, GROUNDS)
    said = "Seen with Quillman Canarysurname, Canarysurname’s car."
    day.decide(child, rated(session, RiskRating.HIGH, discussion=said, rationale="Invented."), who="chair_fs")
    close_meeting(session, day.act("chair_fs"), NOW, OFFICE, day.meeting, day.meeting.version)
    long_issued(session, day.meeting)
    session.commit()
    at, masked = f"/meetings/{day.meeting.reference}/minutes", "Seen with [a restricted record], [a restricted record]"
    for who in ("chair-cs", "chair-fs", "coordinator"):
        page = text_of(browser(app, who), at)
        assert masked in page, who
        assert "Canarysurname" not in page, who
    for who in ("chair_cs", "chair_fs"):
        signed = sign_minutes(session, day.act(who), NOW, OFFICE, day.meeting, 1)
        assert signed.facts["items"][0]["discussion"] == said
        assert signed.sha256 == digest_written_out(signed.facts)
    day.operator()
    session.commit()
    kept = latest_minutes(session, day.meeting.key)
    assert kept is not None
    assert (kept.facts, kept.sha256) == (signed.facts, digest_written_out(signed.facts))
    assert kept.sha256 in text_of(browser(app, "chair-cs"), at)
