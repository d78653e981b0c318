"""The networks that the specialist service sees: those of the children it works with, and those it attends.

It sees the network itself, and of the children linked with it those whose records it reads; no suspect, no place.
Sources: `domain.md`, "Confidentiality".
"""

import sqlalchemy as sa

from meetings_app.access_clauses import Clause, about_one_of, kept_record
from meetings_app.children.models import Involvement
from meetings_app.meetings.network_models import NetworkItem
from meetings_app.networks.models import Subject, SubjectChild
from meetings_app.permissions import Actor, Role
from meetings_app.schedule.models import Meeting, MeetingMember, MeetingState

_subject: sa.Table = Subject.__table__  # type: ignore[attr-defined]
_tied: sa.Table = SubjectChild.__table__  # type: ignore[attr-defined]
_works: sa.Table = Involvement.__table__  # type: ignore[attr-defined]
_item: sa.Table = NetworkItem.__table__  # type: ignore[attr-defined]
_meeting: sa.Table = Meeting.__table__  # type: ignore[attr-defined]
_member: sa.Table = MeetingMember.__table__  # type: ignore[attr-defined]
_OPEN: list[sa.ColumnElement[str]] = [
    sa.literal_column(f"'{state.value}'")
    for state in (MeetingState.PUBLISHED, MeetingState.IN_PROGRESS, MeetingState.CLOSED)
]


def networks_of(actor: Actor) -> list[Clause]:
    """Give the clauses for the networks that a specialist sees; none for anybody else."""
    if not actor.has(Role.SPECIALIST) or actor.account_id is None:
        return []
    return [_of_children(actor), _attended(actor)]


def _of_children(actor: Actor) -> Clause:
    """A child they work with now is linked with it now, whichever of the child’s records says so."""
    running = [_tied.c.ended_at.is_(None), _works.c.ended_at.is_(None), _works.c.account_id == actor.account_id]
    if actor.kept_from:
        running.append(sa.not_(about_one_of(_tied.c.child_id, actor.kept_from)))
    same = kept_record(_tied.c.child_id) == _works.c.child_id
    rows = sa.select(sa.literal(1)).select_from(_tied).join(_works, same)
    return sa.exists(rows.where(_tied.c.subject_id == _subject.c.id, *running).correlate(_subject))


def _attended(actor: Actor) -> Clause:
    """It stands on a published agenda of a meeting they are invited to, until those minutes are signed."""
    rows = sa.select(sa.literal(1)).select_from(_item).join(_meeting, _meeting.c.id == _item.c.meeting_id)
    rows = rows.join(_member, _member.c.meeting_id == _meeting.c.id)
    invited = (_member.c.account_id == actor.account_id, _member.c.removed_at.is_(None))
    published = (_item.c.subject_id == _subject.c.id, _meeting.c.state.in_(_OPEN))
    return sa.exists(rows.where(*invited, *published).correlate(_subject))
