"""A copy without names of a network meeting has no name of a person and no part of one, of now or of before."""

import re

from sqlalchemy.orm import Session

from meetings_app.children.models import Child, ChildBefore, ChildFact
from meetings_app.meetings.minutes_audience import Audience
from meetings_app.network_meetings import minutes as kept
from meetings_app.networks import linking, subjects, suspects
from meetings_app.networks.states import ChildTie, SubjectKind
from meetings_app.permissions import OPERATOR
from tests.network_meetings.test_minutes import copy_of, held
from tests.support.children import add_child
from tests.support.network_meetings import DURING, NetworkDay, child_called
from tests.support.networks import GROUNDS, listed, open_subject
from tests.support.world import NOW

TALK = "Talk of Testy McFirst; McFirst again; Quillfirst Canaryformer, as they were called; Testy alone."
HOLDS = "Canarykept Canarylater"
NAMELESS, SERVICES = Audience("anonymised"), Audience("agency", "childrens-services")


def merge(session: Session, merged: Child, holds: Child) -> None:
    """Merge a child's record into another, which had a former name."""
    merged.merged_into_id = holds.key
    session.add(ChildBefore(child_id=holds.key, fact=ChildFact.NAME, value="Quillfirst Canaryformer", changed_at=NOW))
    session.flush()


def said_in(day: NetworkDay, talk: str, *audiences: Audience) -> list[str]:
    """Give what the copies that the chair makes say where `talk` was said of the network."""
    minutes = kept.put_right(day.session, day.chair(), DURING, day.first, 1, "4.1", {"discussion": talk}, "Invented.")
    return [
        next(re.finditer(r"Talk of [^.]*\.", copy_of(day, day.chair_account, minutes, audience))).group()
        for audience in audiences
    ]


def test_no_part_of_a_name_stands_in_a_copy_without_names(session: Session) -> None:
    day, known, _minutes = held(session)
    day.operator()
    child = known.children[0]
    session.add(ChildBefore(child_id=child.key, fact=ChildFact.NAME, value="Quillfirst Canaryformer", changed_at=NOW))
    session.flush()
    [said] = said_in(day, TALK, NAMELESS)
    for word in ("Testy", "McFirst", "Quillfirst", "Canaryformer"):
        assert word not in said, said


def test_a_child_is_not_named_as_the_record_calls_them_into_which_theirs_was_merged(session: Session) -> None:
    day, known, _minutes = held(session)
    day.operator()
    merged, holds = known.children[0], add_child(session, name=HOLDS)
    merge(session, merged, holds)
    [said] = said_in(
        day, "Talk of Canarykept Canarylater, Canarykept, Quillfirst Canaryformer, Testy McFirst.", NAMELESS
    )
    assert not re.search(r"Canary|Quill|McFirst", said), said


def test_who_may_not_see_a_merged_child_does_not_read_the_name_that_holds_now(session: Session) -> None:
    day, known, _minutes = held(session)
    day.operator()
    far, holds = child_called(session, listed(session, "Testy McFaraway", "NW")), add_child(session, HOLDS, "NW")
    linking.link_child(session, OPERATOR, DURING, known.network, far, ChildTie.TARGETED_BY, GROUNDS)
    merge(session, far, holds)
    names = ("Canarykept Canarylater", "canarylater", holds.reference, "Quillfirst Canaryformer", "Testy McFaraway")
    talk = f"Talk of {', '.join(names)}, Testy McFirst."
    [said] = said_in(day, talk, SERVICES)
    assert said == f"Talk of {', '.join(['[a child]'] * len(names))}, Testy McFirst."


def test_short_parts_and_parts_in_any_case_go_too(session: Session) -> None:
    day, known, _minutes = held(session)
    day.operator()
    known.suspect.name, known.children[0].name = "Ali Qux-O'Zed", "Eve Zed"
    session.flush()
    child, suspect = known.children[0].reference, known.suspect.reference
    [said] = said_in(day, "Talk of Ali; QUX; qux o’zed; O'Zed; Eve; ZED’s bag; eve; Alison; the zeds.", NAMELESS)
    assert said == (
        f"Talk of {suspect}; {suspect}; {suspect}; {suspect}; {child}; {child}’s bag; {child}; Alison; the zeds."
    )


def test_small_words_in_what_a_suspect_is_called_stay_in_the_text(session: Session) -> None:
    day, known, _minutes = held(session)
    day.operator()
    known.suspect.name = "The Quillman of Canarytown"
    subjects.add_alias(session, OPERATOR, DURING, known.suspect, "A Child in Zed", "Invented")
    session.flush()
    suspect, child = known.suspect.reference, "The first child in the car"
    [said] = said_in(
        day, f"Talk of the quillman; CANARYTOWN of before; Zed; {child}; the quillman of canarytown.", NAMELESS
    )
    assert said == f"Talk of the {suspect}; {suspect} of before; {suspect}; {child}; {suspect}."


def test_a_part_of_what_the_record_of_a_child_is_called_goes_as_a_part_of_their_name_does(session: Session) -> None:
    day, known, _minutes = held(session)
    day.operator()
    far = child_called(session, listed(session, "Testy McFaraway", "NW"))
    linking.link_child(session, OPERATOR, DURING, known.network, far, ChildTie.TARGETED_BY, GROUNDS)
    own = open_subject(session, SubjectKind.SUSPECT, "Quillnick of Canarysurname")
    subjects.add_alias(session, OPERATOR, DURING, own, "Good Face", "Invented")
    suspects.name_own_record(session, OPERATOR, DURING, own, far)
    talk = "Talk of quillnick; Canarysurname; a good face."
    nameless, of_services = said_in(day, talk, NAMELESS, SERVICES)
    assert nameless == "Talk of [a child]; [a child]; a [a child]."
    assert of_services == "Talk of quillnick; [a child]; a [a child]."


def test_a_first_name_alone_of_whom_a_reader_may_not_see_stands_in_no_copy_with_names(session: Session) -> None:
    day, known, _minutes = held(session)
    day.operator()
    known.suspect.name = "Quillman Canarysurname"
    subjects.add_alias(session, OPERATOR, DURING, known.suspect, "Good Face", "Invented")
    far = child_called(session, listed(session, "Canaryfar McFirst", "NW"))
    linking.link_child(session, OPERATOR, DURING, known.network, far, ChildTie.TARGETED_BY, GROUNDS)
    talk = "Talk of Quillman; Canarysurname; a good face; Good friends; Canaryfar’s bag; a quillman; Testy McFirst."
    whole, of_services = said_in(day, talk, Audience(), SERVICES)
    assert whole == talk, "whoever records the meeting reads what they wrote"
    assert of_services == (
        "Talk of [a restricted record]; [a restricted record]; a [a restricted record]; Good friends; "
        "[a child]’s bag; a quillman; Testy McFirst."
    ), "a nickname goes as a whole, and what somebody who is shown bears stays, as in an RMM’s copy"


def test_a_childs_file_names_no_suspect_by_a_part_of_their_name(session: Session) -> None:
    day, known, minutes = held(session)
    day.operator()
    # That the car was seen at the school is passed on as “Canarypassed: the car at the school”.
    known.suspect.name = "Canarypassed Canarysurname"
    session.flush()
    said = copy_of(day, day.chair_account, minutes, Audience("child", known.children[0].reference))
    assert "Canarypassed" not in said
    assert "[a restricted record]: the car at the school" in said


def test_another_full_name_goes_in_parts_and_a_description_whole_as_in_an_rmms_copy(session: Session) -> None:
    day, known, _minutes = held(session)
    day.operator()
    known.suspect.name = "Unknown man with a red tractor"
    subjects.add_alias(session, OPERATOR, DURING, known.suspect, "Quillfirst Brown", "Invented")
    session.flush()
    usual = "a red car; an unknown man; her tractor; brown hair; With a Red Van"
    talk = f"Talk of {usual}; unknown man with a red tractor; Quillfirst; Mr Brown; Quillfirst Brown, Testy McFirst."
    record = "[a restricted record]"
    [of_services] = said_in(day, talk, SERVICES)
    assert of_services == f"Talk of {usual}; {record}; {record}; Mr {record}; {record}, Testy McFirst."


def test_a_copy_without_names_loses_no_usual_word_to_a_description(session: Session) -> None:
    day, known, _minutes = held(session)
    day.operator()
    known.suspect.name = "Limping man with a red tractor"
    subjects.add_alias(session, OPERATOR, DURING, known.suspect, "Rose Brown", "Invented")
    session.flush()
    usual, suspect = "a limping man; her red tractor; a rose; brown hair", known.suspect.reference
    [said] = said_in(day, f"Talk of {usual}; limping man with a red tractor; Rose; Mr Brown; Rose Brown.", NAMELESS)
    assert said == f"Talk of {usual}; {suspect}; {suspect}; Mr {suspect}; {suspect}."
