"""No copy of an RMM's minutes names a suspect to who may not see the record, nor by a part of the name alone (SG)."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.accounts.models import Account
from meetings_app.networks import linking, merging, subjects
from meetings_app.networks.models import Subject
from meetings_app.networks.states import ChildTie, SubjectKind, Tie
from meetings_app.networks.suspects import name_reader
from meetings_app.permissions import OPERATOR
from tests.minutes.test_texts_apart import Held
from tests.support.browsing import browser
from tests.support.documents import every_word_of
from tests.support.networks import GROUNDS, open_subject
from tests.support.world import NOW

SAID = "Quillman Canarysurname, Canarysurname, Quillman’s car, the canary face, Quilltwin"
MASKED = ", ".join(["[a restricted record]", "[a restricted record]", "[a restricted record]’s car"])


def told_of_a_suspect(session: Session, *, through: bool) -> tuple[Held, Subject]:
    """A closed meeting at which somebody was named who is linked with the child, or `through` a network is."""
    held = Held(session)
    held.names = f"{SAID}, a quillman, {held.names}"
    held.day.operator()
    suspect = open_subject(session, SubjectKind.SUSPECT, "Quillman Canarysurname")
    subjects.add_alias(session, OPERATOR, NOW, suspect, "The Canary Face", "Invented")
    linked = suspect
    if through:
        linked = open_subject(session, SubjectKind.NETWORK, "Quillnetwork")
        linking.link_subjects(session, OPERATOR, NOW, suspect, linked, Tie.PART_OF, GROUNDS)
    linking.link_child(session, OPERATOR, NOW, linked, held.shown, ChildTie.TARGETED_BY, GROUNDS)
    twin = open_subject(session, SubjectKind.SUSPECT, "Quilltwin")
    merging.merge(session, OPERATOR, NOW, twin, twin.version, suspect, "Invented: the same face")
    held.close()
    session.commit()
    return held, suspect


@pytest.mark.parametrize("through", [False, True])
def test_who_may_not_see_a_suspect_reads_no_name_of_theirs_in_any_copy(
    app: Flask, session: Session, through: bool
) -> None:
    held, _suspect = told_of_a_suspect(session, through=through)
    at = f"{held.at}/minutes.docx"
    for who in ("coordinator", "health"):
        said = every_word_of(browser(app, who).get(at).get_data())
        assert f"Seen with {MASKED}, [a restricted record], [a restricted record], a quillman, Canaryhidden" in said, (
            who
        )
        assert not [word for word in SAID.split(", ") if word in said], who
    chair = browser(app, "chair-fs")
    for who, client in (("chair", chair), ("police", browser(app, "police"))):
        assert f"Seen with {SAID}, a quillman, Canaryhidden" in every_word_of(client.get(at).get_data()), who
    for audience in (f"child:{held.shown.reference}", "anonymised", "agency:health"):
        said = every_word_of(chair.get(f"{at}?audience={audience}").get_data())
        assert not [word for word in SAID.split(", ") if word in said], audience


def test_whom_the_police_named_reads_what_the_suspect_is_called(app: Flask, session: Session) -> None:
    held, suspect = told_of_a_suspect(session, through=True)
    health: Account = held.day.world.health
    name_reader(session, held.day.act("police"), NOW, suspect, health, "Invented")
    session.commit()
    said = every_word_of(browser(app, "health").get(f"{held.at}/minutes.docx").get_data())
    assert "Seen with Quillman Canarysurname" in said
