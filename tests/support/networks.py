"""Builders of networks for tests: people, subjects, links and referrals, through the services."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from meetings_app.children.models import Child
from meetings_app.db.session import act_for
from meetings_app.networks import borders, charmm, disrupting, extracts, linking, merging, referring, subjects
from meetings_app.networks.extract_lines import ExtractLine
from meetings_app.networks.linking import Grounds
from meetings_app.networks.models import NetworkReferral, Subject
from meetings_app.networks.record_models import Extract
from meetings_app.networks.referring import ReferralSaid
from meetings_app.networks.states import (
    Basis,
    ChildTie,
    Confidence,
    Criterion,
    DisruptionState,
    ExtractState,
    SubjectKind,
    Tie,
)
from meetings_app.networks.subjects import SubjectSaid
from meetings_app.networks.suspects import name_reader
from meetings_app.permissions import OPERATOR, Actor
from tests.support.children import add_child, agency_id, area_id, put_on_list
from tests.support.world import NOW

GROUNDS = Grounds("Invented report", Basis.FACT, Confidence.LIKELY)


def open_subject(
    session: Session, kind: SubjectKind, name: str, areas: Sequence[str] = ("NE",), *, by: Actor = OPERATOR, **more: Any
) -> Subject:
    """Open a record that touches some areas."""
    held = frozenset(area_id(session, code) for code in areas)
    return subjects.open_subject(session, by, NOW, SubjectSaid(kind, name, area_ids=held, **more))


def listed(session: Session, name: str, area: str = "NE") -> str:
    """Put a child on the list of an area and give the reference."""
    child = add_child(session, name, area)
    put_on_list(session, child)
    return child.reference


def referral_said(session: Session, areas: Sequence[str] = ("NE",), **more: Any) -> ReferralSaid:
    """Give what a complete referral says."""
    held = frozenset(area_id(session, code) for code in areas)
    said = {"criteria": frozenset({Criterion.LOCATION}), "known": "Invented: what is known.", "source": "Invented"}
    return ReferralSaid(
        basis=Basis.FACT, confidence=Confidence.LIKELY, area_ids=held, **{**said, **more}
    )  # fmt: skip


def refer(
    session: Session, by: Actor = OPERATOR, areas: Sequence[str] = ("NE",), children: tuple[Child, ...] = (),
    now: datetime = NOW, **more: Any,
) -> NetworkReferral:  # fmt: skip
    """Refer to the network meeting."""
    agency = by.agency_id or agency_id(session, "health")
    return referring.refer(session, by, now, agency, referral_said(session, areas, **more), children)


def guarded_networks(session: Session, own: Child, other: Child, police: Actor, reader: Any) -> dict[str, str]:
    """Make a network here and one elsewhere, a suspect, and what links them; give the objects of addresses."""
    network = open_subject(session, SubjectKind.NETWORK, "Canarynetwork")
    suspect = open_subject(session, SubjectKind.SUSPECT, "Canarysuspect", details="Canarysuspect details")
    far = open_subject(session, SubjectKind.NETWORK, "Canaryremote", ("NW",))
    link = linking.link_subjects(session, OPERATOR, NOW, suspect, network, Tie.PART_OF, GROUNDS)
    child = linking.link_child(session, OPERATOR, NOW, network, own, ChildTie.TARGETED_BY, GROUNDS)
    far_child = linking.link_child(session, OPERATOR, NOW, far, other, ChildTie.TARGETED_BY, GROUNDS)
    step = disrupting.Step(DisruptionState.SOUGHT, NOW.date(), "Canarysuspect is warned")
    order = disrupting.begin_disruption(
        session, OPERATOR, NOW, suspect, "abduction_warning", agency_id(session, "police"), step
    )  # fmt: skip
    twin, kept = (open_subject(session, SubjectKind.PLACE, name) for name in ("Canarysame", "Canarykept"))
    merging.merge(session, OPERATOR, NOW, twin, twin.version, kept, "Canarysame is the same door")
    taken = charmm.Taken("Canarydistrict", NOW.date(), "Canarysuspect is discussed")
    at_charmm = charmm.refer_suspect(session, OPERATOR, NOW, suspect, taken)
    contact = borders.Contact("Testy McNeighbour", "Invented desk")
    borough = borders.add_authority(session, OPERATOR, NOW, network, "Invented Borough", contact)
    said = borders.OutsideSaid("Canaryoutside", ChildTie.TARGETED_BY, GROUNDS)
    outside = borders.add_outside_child(session, OPERATOR, NOW, network, borough, said)
    extract = issued_extract(session, network, own)
    act_for(session, OPERATOR)
    named = name_reader(session, police, NOW, suspect, reader, "Invented")
    near = refer(session, children=(own,), known="Canaryknown", suspects="Canaryhint")
    elsewhere = refer(session, areas=("NW",), children=(other,))
    return {
        "network": network.reference, "suspect": suspect.reference, "far-network": far.reference,
        "subject-link": str(link.key), "subject-child": str(child.key), "far-subject-child": str(far_child.key),
        "disruption": order.reference, "reader": str(named.key), "network-referral": near.reference,
        "far-network-referral": elsewhere.reference, "charmm": at_charmm.reference, "authority": str(borough.key),
        "outside-child": str(outside.key), "twin-place": twin.reference, "extract": extract.reference, "copy": "1",
    }  # fmt: skip


def issued_extract(session: Session, network: Subject, child: Child) -> Extract:
    """Propose, approve and issue an extract that names a child."""
    (borough,) = borders.authorities_of(session, [network.key])
    lines = [
        ExtractLine("name", "Network", "Canaryextract"),
        ExtractLine("child-1", "Child", child.reference, child.key),
    ]
    extract = extracts.propose(session, OPERATOR, NOW, network, borough, lines, "Canarypurpose")
    extract.state, extract.decided_at = ExtractState.APPROVED, NOW
    session.flush()
    extracts.issue(session, OPERATOR, NOW, network, extract, extract.version, "Testy McNeighbour")
    return extract
