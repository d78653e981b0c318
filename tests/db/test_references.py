"""References are drawn by lot, and by the same lot each time where the fictional county is made."""

from random import Random

from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.children.models import Child
from meetings_app.db.references import references_by, unused_reference, unused_references
from tests.support.children import add_child


def drawn(session: Session) -> list[str]:
    """One reference on its own, and some in bulk."""
    one = unused_reference(session, col(Child.reference), "C")
    return [one, *unused_references(session, col(Child.reference), "C", 20)]


def test_the_same_lot_gives_the_same_references_and_no_other_does(session: Session) -> None:
    made = []
    for seed in (7, 7, 8):
        with references_by(Random(seed)):
            made.append(drawn(session))
    assert made[0] == made[1]
    assert not set(made[0]) & set(made[2])
    assert not set(made[0]) & set(drawn(session))


def test_a_reference_that_is_taken_is_not_given_again(session: Session) -> None:
    child = add_child(session)
    with references_by(Random(7)):
        first = drawn(session)
    child.reference = first[0]
    session.flush()
    with references_by(Random(7)):
        again = drawn(session)
    assert first[0] not in again
    assert len(set(again)) == 21
