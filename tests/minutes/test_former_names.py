"""What a child was called before, and where they went to school, is taken out of a copy wherever the name is."""

from flask import Flask
from sqlalchemy.orm import Session

from meetings_app.children.models import ChildBefore, ChildFact
from tests.minutes.test_texts_apart import Held
from tests.support.browsing import browser
from tests.support.children import add_child
from tests.support.documents import every_word_of
from tests.support.world import NOW


def renamed(session: Session) -> Held:
    """A closed meeting at which a child was spoken of by a former name."""
    held = Held(session)
    held.names = f"Canaryformer, {held.names}"
    held.day.operator()
    session.add(
        ChildBefore(child_id=held.hidden.key, fact=ChildFact.NAME, value="Canaryformer Canaryborn", changed_at=NOW)
    )
    held.close()
    session.commit()
    return held


def test_an_anonymised_copy_says_no_former_name_of_a_child_it_shows(app: Flask, session: Session) -> None:
    held = renamed(session)
    said = every_word_of(browser(app, "chair-fs").get(f"{held.at}/minutes.docx?audience=anonymised").get_data())
    assert "Canaryformer" not in said
    assert held.hidden.reference in said


def test_a_former_name_is_taken_out_where_the_name_is(app: Flask, session: Session) -> None:
    held = renamed(session)
    at = f"{held.at}/minutes.docx"
    of_other = f"{at}?audience=child:{held.shown.reference}"
    whole = every_word_of(browser(app, "chair-fs").get(at).get_data())
    assert "Canaryformer" in whole
    assert held.secret(every_word_of(browser(app, "chair-fs").get(of_other).get_data())) == []
    held.day.keep_apart("chair_cs", held.hidden.key)
    session.commit()
    for address in (at, of_other, held.at + "/minutes"):
        assert held.secret(every_word_of(browser(app, "chair-cs").get(address).get_data())) == [], address


def test_an_anonymised_copy_says_no_school_and_no_date_of_birth_of_before(app: Flask, session: Session) -> None:
    held = Held(session)
    held.day.operator()
    held.hidden.school_name = "Present Invented School"
    for fact, value in (
        (ChildFact.SCHOOL, "Canary Hill, Invented Academy of Before"), (ChildFact.BORN, "1 February 2011"),
    ):  # fmt: skip
        session.add(ChildBefore(child_id=held.hidden.key, fact=fact, value=value, changed_at=NOW))
    held.names = f"Present Invented School, Canary Hill, Invented Academy of Before, 01/02/2011, {held.names}"
    held.close()
    session.commit()
    said = every_word_of(browser(app, "chair-fs").get(f"{held.at}/minutes.docx?audience=anonymised").get_data())
    for word in ("Present Invented", "Canary Hill", "Academy of Before", "01/02/2011"):
        assert word not in said, word
    assert "[school]" in said
    assert "[date of birth]" in said


def test_an_anonymised_copy_calls_a_child_of_two_records_by_one_reference(app: Flask, session: Session) -> None:
    held = Held(session)
    held.day.operator()
    merged = add_child(session, name="Canaryformer Canaryborn")
    merged.merged_into_id = held.hidden.key
    session.flush()
    held.names = f"Canaryformer, {merged.reference}, {held.names}"
    held.close()
    session.commit()
    said = every_word_of(browser(app, "chair-fs").get(f"{held.at}/minutes.docx?audience=anonymised").get_data())
    assert "Canaryformer" not in said
    assert merged.reference not in said
    assert f"Seen with {held.hidden.reference}, {held.hidden.reference}," in said
