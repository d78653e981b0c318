"""Changes to a child's identity and to what is written beside it. Narrative is only ever appended."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.audit.events import EventKind
from meetings_app.audit.trail import record
from meetings_app.children.before import keep_before
from meetings_app.children.matching import name_key, sound_key
from meetings_app.children.models import Child, ChildNote, PossibleDuplicate, YesNoUnknown
from meetings_app.children.queries import matches_in_county
from meetings_app.children.rules import may_for_child
from meetings_app.clock import london_date
from meetings_app.db.references import unused_reference
from meetings_app.db.session import unscoped
from meetings_app.errors import Conflict, NotFound, RuleBroken
from meetings_app.permissions import Actor, Permission


@dataclass(frozen=True)
class ChildDetails:
    """The identity of a child as a form or a spreadsheet gives it, already cleaned."""

    name: str
    born: date
    area_id: int
    external_reference: str | None = None
    gender: str = ""
    ethnicity: str = ""
    school_id: int | None = None
    school_name: str = ""
    learning_disability: YesNoUnknown = YesNoUnknown.UNKNOWN
    looked_after: YesNoUnknown = YesNoUnknown.UNKNOWN
    legal_status: str = ""
    lead_professional_id: int | None = None
    lead_professional_name: str = ""


def create_child(
    session: Session, by: Actor, now: datetime, details: ChildDetails, *, look_for_duplicates: bool = True
) -> Child:
    """Create the record of a child and store who in the whole county may be the same child, for a person to say.

    The search before it is the caller's. An import that compares its own rows may leave the comparison out.
    Raises `RuleBroken` for `name`, `born` or `external_reference`.
    """
    check_identity(session, details, now)
    matches = []
    if look_for_duplicates:
        matches = matches_in_county(session, details.name, details.born, details.external_reference)
    child = Child(
        reference=unused_reference(session, col(Child.reference), "C"),
        name_key=name_key(details.name),
        sound_key=sound_key(details.name),
        created_at=now,
        **vars(details),
    )
    session.add(child)
    session.flush()
    for match in matches:
        store_possible_duplicate(session, now, child.key, match.child.id, match.why)
    record(session, by, now, EventKind.CHILD_CREATED, child.key)
    return child


def check_identity(session: Session, details: ChildDetails, now: datetime, child_id: int | None = None) -> None:
    """Refuse a child without a name, born in the future, or with another child's reference in the other system."""
    if not details.name.strip():
        raise RuleBroken("name", "Enter the child’s name")
    if details.born > london_date(now):
        raise RuleBroken("born", "The date of birth must be in the past")
    if details.external_reference:
        # Looked up past the actor's scope, because the column is unique in the whole county.
        holder = session.execute(
            select(col(Child.id)).where(col(Child.external_reference) == details.external_reference),
            execution_options=unscoped(),
        ).scalar()
        if holder is not None and holder != child_id:
            raise RuleBroken("external_reference", "Another record already has this reference")


def store_possible_duplicate(session: Session, now: datetime, child_id: int, other_id: int, why: str) -> None:
    """Keep that two records look alike, for the coordinator; the newer record names the pair."""
    newer, older = max(child_id, other_id), min(child_id, other_id)
    session.add(PossibleDuplicate(child_id=newer, other_id=older, why=why, found_at=now))
    session.flush()


def add_note(session: Session, by: Actor, now: datetime, child_id: int, text: str) -> ChildNote:
    """Append a note with its author and time. Raises `RuleBroken` for `text`, `NotFound` out of scope."""
    check_may(session, by, Permission.WRITE_NOTE, child_id)
    if not text.strip():
        raise RuleBroken("text", "Enter the note")
    note = ChildNote(child_id=child_id, author_id=by.account_id, written_at=now, text=text.strip())
    session.add(note)
    session.flush()
    record(session, by, now, EventKind.NOTE_WRITTEN, child_id)
    return note


# Built once, for every change to a child asks it.
_PLACE = select(col(Child.area_id), col(Child.lead_professional_id)).where(col(Child.id) == bindparam("child"))


def check_may(session: Session, by: Actor, permission: Permission, child_id: int) -> None:
    """Raise `NotFound` unless `by` sees the child and holds `permission` for it."""
    row = session.execute(_PLACE, {"child": child_id}).first()
    if row is None or not may_for_child(by, permission, row.area_id, row.lead_professional_id):
        raise NotFound


def change_details(
    session: Session, by: Actor, now: datetime, child: Child, version: int, details: ChildDetails
) -> list[str]:
    """Change a child's identity; gives the names of the fields that changed. The lead professional is not touched.

    What the fields said before is kept beside the child.

    Raises `Conflict` where somebody saved since `version`, `RuleBroken` beside a field, `NotFound` for whoever may not.
    """
    check_may(session, by, Permission.CHANGE_CHILD, child.key)
    check_version(child, version)
    check_identity(session, details, now, child.key)
    wanted = {name: value for name, value in vars(details).items() if not name.startswith("lead_professional")}
    changed = [name for name, value in wanted.items() if getattr(child, name) != value]
    keep_before(session, by, now, child, changed)
    for name in changed:
        setattr(child, name, wanted[name])
    child.name_key, child.sound_key = name_key(child.name), sound_key(child.name)
    session.flush()
    if changed:
        record(session, by, now, EventKind.CHILD_CHANGED, child.key, fields=in_words(changed))
    return changed


def check_version(child: Child, version: int) -> None:
    """Raise `Conflict` where the record was saved after the form was opened."""
    if child.version != version:
        raise Conflict("Somebody else changed this record after you opened it.")


def set_lead_professional(
    session: Session, by: Actor, now: datetime, child: Child, account_id: int | None, name: str = ""
) -> bool:
    """Say who the lead professional is, by account or, for somebody without one, by name; says whether it changed.

    The caller has asked whether `by` may. An account goes before a name.
    """
    name = "" if account_id is not None else name.strip()
    if (child.lead_professional_id, child.lead_professional_name) == (account_id, name):
        return False
    keep_before(session, by, now, child, ["lead_professional_id"])
    child.lead_professional_id, child.lead_professional_name = account_id, name
    session.flush()
    record(session, by, now, EventKind.CHILD_CHANGED, child.key, fields="lead professional")
    return True


def in_words(fields: list[str]) -> str:
    """Give the names of columns as the trail says them: `area_id` as “area”."""
    return ", ".join(sorted(field.removesuffix("_id").replace("_", " ") for field in fields))
