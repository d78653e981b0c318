"""What the page of a subject shows: its own facts, its links both ways, who is linked, and the picture of it all."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from meetings_app.errors import DomainError, NotFound
from meetings_app.networks import borders, charmm, following, merging, queries
from meetings_app.networks.checks import check_may_change, check_stands
from meetings_app.networks.models import Subject
from meetings_app.networks.picture import Picture, Place, draw
from meetings_app.networks.rules import suggested_links
from meetings_app.networks.states import CHILD_TIES, TIES, SubjectKind
from meetings_app.networks.young import OwnDiscussion, own_discussion, young_of
from meetings_app.permissions import Actor


@dataclass(frozen=True)
class Node:
    """One part of the picture: what it is, how it is called, and where it leads."""

    code: str
    name: str
    kind: str
    place: Place


@dataclass(frozen=True)
class Line:
    """A line of the picture from one part to another, with its words."""

    start: Place
    end: Place
    words: str
    words_x: float
    words_y: float


@dataclass(frozen=True)
class Seen:
    """All that the person may see of one subject."""

    aliases: Sequence[Any]
    area_ids: Sequence[int]
    authorities: Sequence[Any]
    suspect: Any
    is_child: bool
    discussion: OwnDiscussion | None
    readers: Sequence[Any]
    links: Sequence[Any]
    children: Sequence[Any]
    disruption: Sequence[Any]
    charmm: Sequence[Any]
    outside: Sequence[Any]
    nodes: Sequence[Node]
    lines: Sequence[Line]
    height: float
    suggested: Sequence[tuple[str, str]]
    same: Sequence[Any]
    referrals: Sequence[str]
    kept: Subject | None
    kept_because: str

    @property
    def words(self) -> dict[Any, str]:
        """The words for each way of being linked."""
        return {**TIES, **CHILD_TIES}


def of_subject(session: Session, subject: Subject, today: date) -> Seen:
    """Read what the person may see of a subject; a link with a hidden end is no part of it.

    What was recorded on records that point to this one is part of it.
    """
    same = following.records(session, subject.key)
    links, children = following.links_of(session, subject, same), following.children_of(session, same)
    suspect = subject.kind is SubjectKind.SUSPECT
    own = queries.suspect_record(session, subject.key) if suspect else None
    young = young_of(session, _suspects(subject, links), today)
    running = [[row for row in rows if row.ended_at is None] for rows in (links, children)]
    outside = borders.outside_children_of(session, same)
    beyond = [row for row in outside if row.ended_at is None]
    nodes, lines, picture = _picture(subject, running[0], running[1], beyond, young)
    return Seen(
        queries.aliases(session, same), queries.area_ids(session, subject.key),
        borders.authorities_of(session, same), own, subject.key in young,
        own_discussion(session, own.child_id) if own else None,
        queries.readers(session, subject.key) if suspect else [], links, children,
        queries.disruption_of(session, same),
        charmm.referrals_of(session, same) if suspect else [],
        outside, nodes, lines, picture.height,
        _suggested(session, subject, running[1]), following.pointing(session, same) if len(same) > 1 else [],
        queries.referrals_taken_up_as(session, same), *_kept(session, subject),
    )  # fmt: skip


def _kept(session: Session, subject: Subject) -> tuple[Subject | None, str]:
    """Give the record that this one points to, where the person sees it, and why it does."""
    if subject.merged_into_id is None:
        return None, ""
    kept = queries.subject_by_id(session, subject.merged_into_id)
    return kept, merging.reason_of(session, subject.key) if kept else ""


def may_work(session: Session, by: Actor, subject: Subject) -> bool:
    """Say whether the person may add to the record of a subject as it stands."""
    try:
        check_may_change(session, by, subject)
        check_stands(subject)
    except (NotFound, DomainError):
        return False
    return True


def may_change(session: Session, by: Actor, subject: Subject) -> bool:
    """Say whether the person works on this subject, however its record stands."""
    try:
        check_may_change(session, by, subject)
    except NotFound:
        return False
    return True


def may_undo(session: Session, by: Actor, subject: Subject, kept: Subject | None) -> bool:
    """Say whether the person may take back that a record is the same as another one."""
    return kept is not None and all(may_change(session, by, each) for each in (subject, kept))


def _suspects(subject: Subject, links: Sequence[Any]) -> set[int]:
    suspect = SubjectKind.SUSPECT
    found = {row.first_id for row in links if row.first_kind is suspect}
    found |= {row.second_id for row in links if row.second_kind is suspect}
    return found | ({subject.key} if subject.kind is suspect else set())


def _picture(
    subject: Subject, links: Sequence[Any], children: Sequence[Any], outside: Sequence[Any], young: Collection[int]
) -> tuple[list[Node], list[Line], Picture]:
    def shape(key: int, kind: SubjectKind) -> str:
        return "young" if key in young else kind.value

    parts: dict[str, tuple[str, str]] = {subject.reference: (subject.name, shape(subject.key, subject.kind))}
    for row in links:
        parts.setdefault(row.first, (row.first_name, shape(row.first_id, row.first_kind)))
        parts.setdefault(row.second, (row.second_name, shape(row.second_id, row.second_kind)))
    for row in (*children, *outside):
        parts.setdefault(row.reference, (row.name, "child"))
    picture = draw(len(parts))
    places = dict(zip(parts, picture.places, strict=True))
    nodes = [Node(code, name, kind, places[code]) for code, (name, kind) in parts.items()]
    middle = places[subject.reference]
    lines = [_line(places[row.first], places[row.second], TIES[row.tie], middle) for row in links]
    lines += [_line(places[row.reference], middle, CHILD_TIES[row.tie], middle) for row in (*children, *outside)]
    return nodes, lines, picture


def _line(start: Place, end: Place, words: str, middle: Place) -> Line:
    """Give a line whose words stand away from the middle, where all the lines meet."""
    outer = start if end == middle else end
    x, y = outer.x * 0.6 + middle.x * 0.4, outer.y * 0.6 + middle.y * 0.4
    return Line(start, end, words, round(x, 1), round(y - 5, 1))


def _suggested(session: Session, subject: Subject, children: Sequence[Any]) -> list[tuple[str, str]]:
    """Give the pairs of children, by reference, who share this subject and are not linked with each other yet."""
    names = {row.child_id: row.reference for row in children}
    if len(names) < 2 or subject.kind is SubjectKind.NETWORK:
        return []
    pairs = suggested_links({subject.key: list(names)}, following.linked_pairs(session, list(names)))
    return [(names[first], names[second]) for first, second in pairs]
