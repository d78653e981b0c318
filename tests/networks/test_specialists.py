"""The specialist service sees the networks of the children it works with, and those it attends: these and no more."""

from datetime import date

from sqlalchemy.orm import Session

from meetings_app.children.models import Involvement
from meetings_app.db.session import act_for
from meetings_app.meetings.network_models import NetworkItem
from meetings_app.networks import borders, following, linking, queries
from meetings_app.networks.states import ChildTie, SubjectKind, Tie
from meetings_app.permissions import OPERATOR, Role
from meetings_app.schedule.models import MeetingMember, MeetingState, MeetingType
from tests.support.children import add_meeting, child_of, put_on_list
from tests.support.networks import GROUNDS, open_subject
from tests.support.world import NOW, actor_for, add_account, tiny_world


def test_a_specialist_sees_the_network_of_a_child_they_work_with_and_of_it_that_child_alone(session: Session) -> None:
    act_for(session, OPERATOR)
    tiny_world(session)
    worker = add_account(session, "worker", Role.SPECIALIST, "specialist-service")
    own, other = (child_of(session, put_on_list(session)) for _ in range(2))
    network, suspect, place, far = (
        open_subject(session, kind, f"Invented {name}", area)
        for kind, name, area in (
            (SubjectKind.NETWORK, "Amber", ("NE",)), (SubjectKind.SUSPECT, "McSuspect", ("NE",)),
            (SubjectKind.PLACE, "Takeaway", ("NE",)), (SubjectKind.NETWORK, "Beryl", ("NW",)),
        )
    )  # fmt: skip
    for subject in (suspect, place):
        linking.link_subjects(session, OPERATOR, NOW, subject, network, Tie.PART_OF, GROUNDS)
    ties = [linking.link_child(session, OPERATOR, NOW, network, each, ChildTie.TARGETED_BY, GROUNDS)
            for each in (own, other)]  # fmt: skip
    for subject in (suspect, place):
        linking.link_child(session, OPERATOR, NOW, subject, own, ChildTie.SEEN_WITH, GROUNDS)
    borough = borders.add_authority(
        session, OPERATOR, NOW, network, "Invented Borough", borders.Contact("Testy McNeighbour", "Invented desk")
    )
    said = borders.OutsideSaid("Testy McOutside", ChildTie.TARGETED_BY, GROUNDS)
    borders.add_outside_child(session, OPERATOR, NOW, network, borough, said)
    involved = Involvement(child_id=own.key, account_id=worker.key, began_at=NOW)
    session.add(involved)
    session.flush()
    act_for(session, actor_for(session, worker))
    assert [row.reference for row in queries.subjects(session, None, "")] == [network.reference]
    assert [row.reference for row in following.children_of(session, [network.key])] == [own.reference]
    assert queries.links_of(session, [network.key]) == []
    assert borders.outside_children_of(session, [network.key]) == []
    assert queries.find_subject(session, far.reference) is None
    act_for(session, OPERATOR)
    linking.end_link(session, OPERATOR, NOW, network, ties[0], "Invented: mistaken")
    act_for(session, actor_for(session, worker))
    assert queries.subjects(session, None, "") == []
    act_for(session, OPERATOR)
    linking.link_child(session, OPERATOR, NOW, network, own, ChildTie.TARGETED_BY, GROUNDS)
    involved.ended_at = NOW
    session.flush()
    act_for(session, actor_for(session, worker))
    assert queries.subjects(session, None, "") == []


def test_a_specialist_sees_the_networks_of_a_meeting_they_attend_until_its_minutes_are_signed(session: Session) -> None:
    act_for(session, OPERATOR)
    tiny_world(session)
    worker = add_account(session, "worker", Role.SPECIALIST, "specialist-service")
    network = open_subject(session, SubjectKind.NETWORK, "Invented Amber")
    suspect = open_subject(session, SubjectKind.SUSPECT, "Testy McSuspect")
    open_subject(session, SubjectKind.NETWORK, "Invented Beryl")
    meeting = add_meeting(session, date(2026, 12, 2), state=MeetingState.ANNOUNCED)
    meeting.type, meeting.area_id = MeetingType.NETWORK, None
    for number, subject in enumerate((network, suspect), start=1):
        session.add(
            NetworkItem(
                meeting_id=meeting.key, subject_id=subject.key, section="network_reviews", number=f"4.{number}",
                place=number, minutes=10, reasons=[], parts=[],
            )
        )  # fmt: skip
    member = MeetingMember(meeting_id=meeting.key, account_id=worker.key)
    session.add(member)
    for state, expected in (
        (MeetingState.ANNOUNCED, []), (MeetingState.PUBLISHED, [network.reference]),
        (MeetingState.CLOSED, [network.reference]), (MeetingState.SIGNED, []),
    ):  # fmt: skip
        act_for(session, OPERATOR)
        meeting.state = state
        session.flush()
        act_for(session, actor_for(session, worker))
        assert [row.reference for row in queries.subjects(session, None, "")] == expected, state
    act_for(session, OPERATOR)
    meeting.state, member.removed_at = MeetingState.PUBLISHED, NOW
    session.flush()
    act_for(session, actor_for(session, worker))
    assert queries.subjects(session, None, "") == []
