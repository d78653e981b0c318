"""Another name of a child, by which the networks know them, is taken out of a copy wherever the name is."""

from collections.abc import Sequence

from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.networks import subjects, suspects
from meetings_app.networks.models import SubjectVersion
from meetings_app.networks.states import SubjectKind
from meetings_app.permissions import OPERATOR
from tests.minutes.test_texts_apart import Held
from tests.support.browsing import browser, text_of
from tests.support.documents import every_word_of
from tests.support.networks import open_subject
from tests.support.world import NOW


def called_otherwise(session: Session) -> Held:
    """A closed meeting at which a child was spoken of as they are called in the record of a suspect under 18."""
    called = ("Canarysecond", ("The Canary Face", "Qz"), "Canarybefore")
    return closed_with(session, "Canarysecond, the CANARY face, canarybefore, Qz", *called)


def closed_with(session: Session, said: str, name: str, aliases: Sequence[str], before: str) -> Held:
    """A closed meeting at which this was said of a child, whose record as a suspect has these names."""
    held = Held(session)
    held.names = f"{said}, {held.names}"
    held.day.operator()
    suspect = open_subject(session, SubjectKind.SUSPECT, name)
    for alias in aliases:
        subjects.add_alias(session, OPERATOR, NOW, suspect, alias, "Invented")
    suspects.name_own_record(session, OPERATOR, NOW, suspect, held.hidden)
    session.add(
        SubjectVersion(subject_id=suspect.key, replaced_at=NOW, name=before, about="", state=suspect.state, area_ids=[])
    )
    held.close()
    session.commit()
    return held


def test_an_anonymised_copy_has_no_other_name_of_a_child_and_does_not_say_whose_it_is(
    app: Flask, session: Session
) -> None:
    held = called_otherwise(session)
    chair = browser(app, "chair-fs")
    said = every_word_of(chair.get(f"{held.at}/minutes.docx?audience=anonymised").get_data())
    assert "canary" not in said.casefold()
    assert f"Seen with [a child], [a child], [a child], Qz, {held.hidden.reference}" in said
    # Too short to be told from any other word: it is for the person who passes the copy on.
    assert "Qz" in text_of(chair, f"{held.at}/minutes/without-names")


def test_another_name_is_taken_out_where_the_name_is(app: Flask, session: Session) -> None:
    held = called_otherwise(session)
    at, chair = f"{held.at}/minutes.docx", browser(app, "chair-fs")
    of_other = f"{at}?audience=child:{held.shown.reference}"
    whole = every_word_of(chair.get(at).get_data())
    assert "Canarysecond, the CANARY face, canarybefore" in whole
    said = every_word_of(chair.get(of_other).get_data())
    assert "canary" not in said.casefold()
    assert "[another child], [another child], [another child], Qz" in said
    held.day.keep_apart("chair_cs", held.hidden.key)
    session.commit()
    for address in (at, of_other, f"{held.at}/minutes", f"{held.at}/minutes/texts"):
        said = every_word_of(browser(app, "chair-cs").get(address).get_data())
        assert "canary" not in said.casefold(), address


def test_a_part_of_the_name_of_the_record_is_taken_out_as_a_part_of_the_childs_name_is(
    app: Flask, session: Session
) -> None:
    said = "CanaryNick alone, Canarysurname, Canaryborn before, of a good face"
    held = closed_with(session, said, "CanaryNick Canarysurname", ["Good Face"], "Canaryborn of A")
    at, chair = f"{held.at}/minutes.docx", browser(app, "chair-fs")
    of_other = f"{at}?audience=child:{held.shown.reference}"
    said = every_word_of(chair.get(f"{at}?audience=anonymised").get_data())
    assert "canary" not in said.casefold()
    assert f"Seen with [a child] alone, [a child], [a child] before, of a [a child], {held.hidden.reference}" in said
    assert "CanaryNick" not in text_of(chair, f"{held.at}/minutes/without-names")
    said = every_word_of(chair.get(of_other).get_data())
    assert "canary" not in said.casefold()
    assert "[another child] alone, [another child], [another child] before, of a [another child]," in said
    held.day.keep_apart("chair_cs", held.hidden.key)
    session.commit()
    for address in (at, of_other, f"{held.at}/minutes", f"{held.at}/minutes/texts"):
        said = every_word_of(browser(app, "chair-cs").get(address).get_data())
        assert "canary" not in said.casefold(), address
