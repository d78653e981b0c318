"""What stands on a record that points to another one is heard, answered and asked of with that other one."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import ConflictOfInterest
from meetings_app.actions.models import ActionState
from meetings_app.errors import RuleBroken
from meetings_app.meetings.network_models import NetworkAction, NetworkOutcome
from meetings_app.network_meetings import actions
from meetings_app.network_meetings.deciding import Decided
from meetings_app.network_meetings.drafting import draft_of
from meetings_app.network_meetings.facts import Reason
from meetings_app.network_meetings.page import view_of
from meetings_app.networks import borders, charmm, disrupting, ending, linking, merging
from meetings_app.networks.disrupting import Step
from meetings_app.networks.models import Subject, SuspectRecord
from meetings_app.networks.states import ChildTie, DisruptionState, SubjectKind, Tie
from meetings_app.permissions import OPERATOR
from tests.support.children import agency_id
from tests.support.network_meetings import (
    DURING,
    NetworkDay,
    Tangled,
    child_called,
    close,
    decide,
    item_at,
    network_day,
    opened,
    settle_all,
    tangled,
)
from tests.support.networks import GROUNDS, listed, open_subject
from tests.support.rmm import OFFICE
from tests.support.world import NOW


def twin_of(session: Session, known: Tangled) -> tuple[Subject, list[str]]:
    """Record the suspect a second time, with all that may hang on it, and merge; give what the agenda says of that."""
    twin = open_subject(session, SubjectKind.SUSPECT, "Canarytwin")
    step = Step(DisruptionState.SOUGHT, NOW.date(), "Invented")
    order = disrupting.begin_disruption(
        session, OPERATOR, NOW, twin, "abduction_warning", agency_id(session, "police"), step
    )
    taken = charmm.refer_suspect(session, OPERATOR, NOW, twin, charmm.Taken("Invented", NOW.date(), "Invented"))
    borders.add_authority(session, OPERATOR, NOW, twin, "Invented Borough", borders.Contact("Testy McThere", "Desk"))
    child = child_called(session, listed(session, "Testy McThird"))
    linking.link_child(session, OPERATOR, NOW, twin, child, ChildTie.TARGETED_BY, GROUNDS)
    linking.link_child(session, OPERATOR, NOW, known.suspect, known.children[0], ChildTie.TARGETED_BY, GROUNDS)
    linking.link_subjects(session, OPERATOR, NOW, twin, known.car, Tie.OWNS, GROUNDS)
    merging.merge(session, OPERATOR, NOW, twin, twin.version, known.suspect, "Invented: the same face")
    kept = known.suspect.reference
    return twin, [
        f"{order.reference} is sought", f"{taken.reference} to CHaRMM", "Touches another authority: Invented Borough",
        f"{child.reference} is targeted by {kept}", f"{kept} owns or runs {known.car.reference}",
        f"and {child.reference} are both linked with {kept}",
    ]  # fmt: skip


def reasons_about(day: NetworkDay, words: str) -> list[Reason]:
    items = draft_of(day.session, OFFICE, day.first, NOW).items
    return [reason for item in items for reason in item.reasons if words in reason.text]


def told(day: NetworkDay) -> str:
    """Give why things are on the agenda, as whoever reads it now is told."""
    parts = view_of(day.session, OFFICE, day.first, NOW).parts
    return " ".join(reason for part in parts for row in part.rows for reason in row.reasons)


def test_the_agenda_says_of_a_record_what_stands_on_those_that_point_to_it_to_who_sees_both(session: Session) -> None:
    day = network_day(session)
    known = tangled(session)
    twin, said = twin_of(session, known)
    for words in said:
        (reason,) = reasons_about(day, words)
        assert {twin.key, known.suspect.key} <= {*reason.subjects}, words
    assert [item.reference for item in draft_of(session, OFFICE, day.first, NOW).items] == [known.network.reference]
    # The second record is the one of a child whom one of the chairs is kept from.
    own_record = select(SuspectRecord).where(col(SuspectRecord.subject_id) == twin.key)
    kept_from = child_called(session, listed(session, "Testy McKept"))
    session.scalars(own_record).one().child_id = kept_from.key
    session.add(
        ConflictOfInterest(
            account_id=day.people.chair_cs.key, child_id=kept_from.key, area_id=kept_from.area_id or 0,
            meeting_id=day.first.key, reason="A neighbour.", declared_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    for account, missed in ((day.chair_account, []), (day.people.chair_fs, []), (day.people.chair_cs, said)):
        day.act(account)
        agenda = told(day)
        assert known.children[0].reference in agenda, account.email
        assert [words for words in said if words not in agenda] == missed, account.email


def test_a_record_is_not_closed_over_what_stands_on_one_that_points_to_it(session: Session) -> None:
    day = network_day(session)
    known = tangled(session)
    twin, _said = twin_of(session, known)
    opened(day)
    item, due = item_at(day, "4.1"), day.first.held_on
    asked = actions.Proposal("Invented: visit", day.people.police.key, due, known.suspect.key)
    actions.propose(session, day.chair(), DURING, day.first, item, asked)
    (action,) = session.scalars(select(NetworkAction)).all()
    # It was given about the other record, before anybody knew that the two are one.
    action.subject_id, action.state = twin.key, ActionState.OPEN
    with pytest.raises(RuleBroken, match=f"cannot be closed while .*{action.reference}.* is open"):
        ending.close_alone(session, OPERATOR, DURING, known.suspect, known.suspect.version, "Invented")
    over = Decided(NetworkOutcome.CLOSED, rationale="Invented: the takeaway has shut.")
    settle_all(day, day.first, DURING, item)
    with pytest.raises(RuleBroken, match=f"cannot be closed while {action.reference} is open"):
        decide(day, "4.1", over)
    with pytest.raises(RuleBroken, match=f"{known.suspect.reference} cannot end while ND-"):
        settle_all(day, day.first, DURING, item, frozenset({known.suspect.reference}))
    action.state = ActionState.DONE
    decide(day, "4.1", over)
    close(day)
