"""What is still open when a record of the networks is to be closed: nothing of it is left without a word.

Each thing ends, with the reason, or goes on: a record that belongs to it is heard at the next network meeting, an order
stays on the register with its reminders, a link stays as what is known. An action that an RMM passed on is the RMM’s,
whatever becomes of the watch over it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.actions.models import Action
from meetings_app.actions.owners import HELD
from meetings_app.meetings.network_models import NetworkAction
from meetings_app.networks import charmm, following, passing_on, queries
from meetings_app.networks.models import Disruption, Subject
from meetings_app.networks.record_models import PassedAction
from meetings_app.networks.states import CHILD_TIES, DISRUPTION_STATES, TIES, DisruptionState, SubjectState

RUNNING = (DisruptionState.CONSIDERED, DisruptionState.SOUGHT, DisruptionState.GRANTED)
"""An order or a tactic in one of these states waits for an outcome, or holds."""


class Kind(StrEnum):
    """What sort of thing is open."""

    RECORD = "record"
    ORDER = "order"
    LINK = "link"
    CHILD = "child"
    PASSED = "passed"


KINDS = {
    Kind.RECORD: ("record that belongs to it", "records that belong to it"),
    Kind.ORDER: ("order or tactic", "orders and tactics"),
    Kind.LINK: ("link with another record", "links with other records"),
    Kind.CHILD: ("link with a child", "links with children"),
    Kind.PASSED: ("action that an RMM passed on", "actions that RMMs passed on"),
}


@dataclass(frozen=True)
class OpenThing:
    """One thing that is open. `words` hold references alone, `called` the names beside them, for a page.

    `busy` says why it cannot end yet. Whoever reads the words has to see all of `subjects` and `children`.
    """

    kind: Kind
    id: int
    words: str
    called: str = ""
    busy: str = ""
    subjects: tuple[int, ...] = ()
    children: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        """A name for it that stays."""
        return f"{self.kind.value}_{self.id}"


def still_open(session: Session, subject: Subject, parts: Sequence[int]) -> list[OpenThing]:
    """Give what is open of a record and of the `parts` grouped under it, as far as the session’s reader sees it."""
    ids = following.records(session, subject.key)
    return [
        *_records(session, parts), *_orders(session, subject, ids), *_links(session, subject, ids),
        *_passed(session, subject, ids),
    ]  # fmt: skip


def _records(session: Session, parts: Sequence[int]) -> list[OpenThing]:
    stands = (col(Subject.state) == SubjectState.OPEN, col(Subject.merged_into_id).is_(None))
    rows = session.scalars(select(Subject).where(col(Subject.id).in_(parts), *stands).order_by(col(Subject.reference)))
    found = rows.all()
    busy = what_keeps_open(session, [row.key for row in found])
    return [
        OpenThing(Kind.RECORD, row.key, row.reference, row.name, busy.get(row.key, ""), (row.key,)) for row in found
    ]


def what_keeps_open(session: Session, subject_ids: Sequence[int]) -> dict[int, str]:
    """Give by record the references of what has to be over before it can be closed, as far as the reader sees it.

    What stands on a record that points to it keeps it open, too.
    """
    whole = following.alike(session, subject_ids)
    ids = sorted(whole)
    orders = select(col(Disruption.subject_id), col(Disruption.reference)).where(
        col(Disruption.subject_id).in_(ids), col(Disruption.state).in_(RUNNING)
    )
    actions = select(col(NetworkAction.subject_id), col(NetworkAction.reference)).where(
        col(NetworkAction.subject_id).in_(ids), col(NetworkAction.state).in_(HELD)
    )
    taken = [(row.subject_id, row.reference) for row in charmm.referrals_of(session, ids) if row.ended_at is None]
    passed = (
        select(col(PassedAction.subject_id), col(Action.reference))
        .join(Action, col(Action.id) == col(PassedAction.action_id))
        .where(col(PassedAction.subject_id).in_(ids), col(PassedAction.ended_at).is_(None), col(Action.state).in_(HELD))
    )
    found: dict[int, list[str]] = {}
    every = (*session.execute(orders), *session.execute(actions), *session.execute(passed), *taken)
    for subject_id, reference in every:
        found.setdefault(whole[subject_id or 0], []).append(reference)
    return {key: ", ".join(references) for key, references in found.items()}


def _orders(session: Session, subject: Subject, ids: Sequence[int]) -> list[OpenThing]:
    return [
        OpenThing(
            Kind.ORDER, row.key, f"{row.reference}: {DISRUPTION_STATES[row.state].lower()}", subjects=(subject.key,)
        )
        for row in reversed(queries.disruption_of(session, ids))
        if row.state in RUNNING
    ]


def _links(session: Session, subject: Subject, ids: Sequence[int]) -> list[OpenThing]:
    links: list[Any] = [row for row in following.links_of(session, subject, ids) if row.ended_at is None]
    children = [row for row in following.children_of(session, ids) if row.ended_at is None]
    return [
        *(
            OpenThing(
                Kind.LINK, row.id, f"{row.first} {TIES[row.tie]} {row.second}",
                f"{row.first_name} {TIES[row.tie]} {row.second_name}", subjects=(row.first_id, row.second_id),
            )
            for row in links
        ),
        *(
            OpenThing(
                Kind.CHILD, row.id, f"{row.reference} {CHILD_TIES[row.tie]} {subject.reference}", row.name,
                subjects=(subject.key,), children=(row.child_id,),
            )
            for row in children
        ),
    ]  # fmt: skip


def _passed(session: Session, subject: Subject, ids: Sequence[int]) -> list[OpenThing]:
    # An RMM may pass on what it gives only when it closes: the watch over that runs, too.
    return [
        OpenThing(
            Kind.PASSED, row.key, f"the watch on action {row.reference} of an RMM", row.what, subjects=(subject.key,),
            children=(row.child_id,) if row.child_id is not None else (),
        )
        for row in passing_on.passed_to(session, ids, HELD)
    ]  # fmt: skip
