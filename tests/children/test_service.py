"""A child's record: created once, changed in sight, its narrative only ever added to."""

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.models import AuditEvent
from meetings_app.children.models import Child, ChildNote
from meetings_app.children.queries import find_child
from meetings_app.children.rules import may_for_child
from meetings_app.children.service import ChildDetails, add_note, change_details, set_lead_professional
from meetings_app.db.session import act_for
from meetings_app.errors import Conflict, NotFound, RuleBroken
from meetings_app.permissions import OPERATOR, Actor, Grant, Permission, Role
from tests.support.children import add_child, area_id
from tests.support.messy import UNUSUAL_NAMES
from tests.support.world import actor_for, tiny_world

BORN = date(2011, 1, 5)


def details_of(child: Child, **changes: object) -> ChildDetails:
    return ChildDetails(**{"name": child.name, "born": child.born, "area_id": child.area_id, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", UNUSUAL_NAMES)
def test_a_name_of_any_script_is_kept_exactly(session: Session, name: str) -> None:
    reference = add_child(session, name).reference
    session.expire_all()
    child = find_child(session, reference.lower())
    assert child is not None
    assert child.name == name


def test_references_say_nothing_and_differ(session: Session) -> None:
    references = {add_child(session).reference for _number in range(20)}
    assert len(references) == 20
    assert all(reference.startswith("C-") and len(reference) == 7 for reference in references)


def test_what_changed_is_on_record_by_the_names_of_the_fields_only(session: Session, now: datetime) -> None:
    child = add_child(session, "Testy Before")
    changed = change_details(session, OPERATOR, now, child, child.version, details_of(child, name="Testy After"))
    assert changed == ["name"]
    assert child.name_key == "testy after"
    session.commit()
    last = session.scalars(select(AuditEvent).order_by(col(AuditEvent.id).desc()).limit(1)).one()
    assert (last.kind, last.facts) == ("child_changed", {"fields": "name"})


def test_an_old_version_changes_nothing(session: Session, now: datetime) -> None:
    child = add_child(session)
    old = child.version
    change_details(session, OPERATOR, now, child, old, details_of(child, gender="girl"))
    with pytest.raises(Conflict):
        change_details(session, OPERATOR, now, child, old, details_of(child, gender="boy"))
    assert child.gender == "girl"


def test_a_note_carries_its_author_and_time(session: Session, now: datetime) -> None:
    world, child = tiny_world(session), add_child(session)
    add_note(session, actor_for(session, world.coordinator), now, child.key, "  First line\nsecond  ")
    note = session.scalars(select(ChildNote)).one()
    assert (note.text, note.author_id, note.written_at) == ("First line\nsecond", world.coordinator.id, now)
    with pytest.raises(RuleBroken, match="Enter the note"):
        add_note(session, OPERATOR, now, child.key, " \n")


def test_a_child_out_of_scope_takes_no_note(session: Session, now: datetime) -> None:
    world, child = tiny_world(session), add_child(session, area="NW")
    coordinator = actor_for(session, world.coordinator)
    act_for(session, coordinator)
    with pytest.raises(NotFound):
        add_note(session, coordinator, now, child.key, "Invented.")


def test_a_lead_professional_is_an_account_or_else_a_name(session: Session, now: datetime) -> None:
    world, child = tiny_world(session), add_child(session)
    assert set_lead_professional(session, OPERATOR, now, child, None, " Pat Invented ")
    assert (child.lead_professional_id, child.lead_professional_name) == (None, "Pat Invented")
    assert set_lead_professional(session, OPERATOR, now, child, world.health.key, "Pat Invented")
    assert (child.lead_professional_id, child.lead_professional_name) == (world.health.id, "")
    assert not set_lead_professional(session, OPERATOR, now, child, world.health.key)


@pytest.mark.parametrize(
    ("grants", "permission", "lead", "may"),
    [
        ([Grant(Role.COORDINATOR, 1)], Permission.CHANGE_CHILD, None, True),
        ([Grant(Role.COORDINATOR, 2)], Permission.CHANGE_CHILD, None, False),
        ([Grant(Role.COORDINATOR)], Permission.CHANGE_CHILD, None, True),
        ([Grant(Role.REPRESENTATIVE, 1)], Permission.WRITE_NOTE, None, True),
        ([Grant(Role.REPRESENTATIVE, 1)], Permission.WRITE_PLAN, None, False),
        ([Grant(Role.LEAD_PROFESSIONAL, 2)], Permission.WRITE_PLAN, 7, True),
        ([Grant(Role.LEAD_PROFESSIONAL, 1)], Permission.WRITE_PLAN, 8, False),
        ([Grant(Role.REPRESENTATIVE, 1), Grant(Role.LEAD_PROFESSIONAL, 1)], Permission.WRITE_PLAN, 8, False),
        ([Grant(Role.SPECIALIST, 2)], Permission.WRITE_NOTE, None, True),
        ([Grant(Role.SCHOOL, 1)], Permission.WRITE_NOTE, None, False),
        ([Grant(Role.AUDITOR)], Permission.SEE_TRAIL, None, False),
        ([], Permission.SEE_CHILD, None, False),
    ],
)
def test_a_permission_counts_in_the_area_of_the_child_or_for_ones_own_children(
    grants: list[Grant], permission: Permission, lead: int | None, may: bool
) -> None:
    """The child lives in area 1; the person's account is 7."""
    assert may_for_child(Actor(7, "", grants=tuple(grants)), permission, 1, lead) is may


def test_the_area_is_an_attribute_of_the_child(session: Session, now: datetime) -> None:
    child = add_child(session, area="NE")
    changed = change_details(
        session, OPERATOR, now, child, child.version, details_of(child, area_id=area_id(session, "SW"))
    )
    assert changed == ["area_id"]
