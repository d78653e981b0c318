"""What every change to networks asks first: whether the person may, and whether somebody saved before."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import Agency
from meetings_app.errors import Conflict, NotFound, RuleBroken
from meetings_app.networks.models import Subject, SubjectArea
from meetings_app.networks.states import SubjectKind, SubjectState
from meetings_app.permissions import AREA_ROLES, CHAIR_ROLES, Actor, Permission, Role


def is_police(session: Session, by: Actor) -> bool:
    """Say whether the person belongs to the police, who may name readers of a suspect (SG)."""
    statement = select(col(Agency.code)).where(col(Agency.id) == by.agency_id)
    return session.scalar(statement) == "police"


def is_member(session: Session, by: Actor) -> bool:
    """Say whether the person works on every network: the network chair and whoever represents the police."""
    if by.everything or by.has(Role.NETWORK_CHAIR):
        return True
    return by.has(Role.REPRESENTATIVE) and is_police(session, by)


def check_may_open(session: Session, by: Actor, kind: SubjectKind, area_ids: set[int]) -> None:
    """Raise `NotFound` for whoever records no subject of this kind, `RuleBroken` for `areas` outside their own.

    The network chair and the police record all; coordinators and chairs what touches an area of theirs; a
    coordinator no suspect, for they could not read the record afterwards.
    """
    if not by.may(Permission.WORK_NETWORKS):
        raise NotFound
    if is_member(session, by):
        return
    roles = CHAIR_ROLES if kind is SubjectKind.SUSPECT else AREA_ROLES
    held = by.areas(roles)
    if held is not None and not held:
        raise NotFound
    if not area_ids or (held is not None and not held & area_ids):
        raise RuleBroken("areas", "Choose at least one area that you work in")


def check_may_change(session: Session, by: Actor, subject: Subject) -> None:
    """Raise `NotFound` unless the person works on this subject; whether they see it was asked when it was read."""
    if not by.may(Permission.WORK_NETWORKS):
        raise NotFound
    if is_member(session, by):
        return
    held = by.areas(CHAIR_ROLES if subject.kind is SubjectKind.SUSPECT else AREA_ROLES)
    areas = set(session.scalars(select(col(SubjectArea.area_id)).where(col(SubjectArea.subject_id) == subject.key)))
    if held is not None and not held & areas:
        raise NotFound


def check_stands(subject: Subject) -> None:
    """Raise `Conflict` where the record points to another one, or was closed, meanwhile."""
    if subject.merged_into_id is not None:
        raise Conflict("This record points to another one by now. Open that one.")
    if subject.state is SubjectState.CLOSED:
        raise Conflict("This record was closed by now. Open it again first.")


def check_version(row: Any, version: int, theirs: str = "", ours: str = "") -> None:
    """Raise `Conflict`, with both texts, where somebody saved since `version`."""
    if row.version != version:
        raise Conflict("Somebody else saved this record before you.", theirs=theirs, ours=ours)
