"""Tables: the child's identity, what is written beside it, links between children, and possible duplicates."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from meetings_app.children.ages import TransitionStep
from meetings_app.db.columns import Table, Versioned, enum_type


class YesNoUnknown(StrEnum):
    """An answer that may honestly be missing."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Resolution(StrEnum):
    """What a person said about two records that looked alike."""

    SAME = "same"
    DIFFERENT = "different"


class LinkKind(StrEnum):
    """How two children are linked. Alleged harm has a direction: `child_id` is said to have harmed `other_id` (SG)."""

    SIBLING = "sibling"
    PEER = "peer"
    SAME_NETWORK = "same_network"
    ALLEGED_HARM = "alleged_harm"


_MERGED = sa.text("merged_into_id IS NOT NULL")
_RUNNING = sa.text("ended_at IS NULL")


class Child(Table, Versioned, table=True):
    """A child, once in the county; the area is an attribute. `name_key` and `sound_key` serve the search."""

    __tablename__ = "child"
    __table_args__ = (
        sa.Index(None, "name_key", "born"),
        sa.Index(None, "born"),
        sa.Index(None, "sound_key"),
        sa.Index(None, "area_id"),
        sa.Index(None, "merged_into_id", sqlite_where=_MERGED, postgresql_where=_MERGED),
    )
    reference: str = Field(unique=True)
    name: str
    name_key: str
    sound_key: str
    born: date
    area_id: int = Field(foreign_key="area.id")
    external_reference: str | None = Field(default=None, unique=True)
    gender: str = ""
    ethnicity: str = ""
    school_id: int | None = Field(default=None, foreign_key="school.id", index=True)
    school_name: str = ""
    learning_disability: YesNoUnknown = Field(
        default=YesNoUnknown.UNKNOWN, sa_type=enum_type(YesNoUnknown, "learning_disability")
    )
    looked_after: YesNoUnknown = Field(default=YesNoUnknown.UNKNOWN, sa_type=enum_type(YesNoUnknown, "looked_after"))
    legal_status: str = ""
    lead_professional_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    lead_professional_name: str = ""
    merged_into_id: int | None = Field(default=None, foreign_key="child.id")
    created_at: datetime


class ChildFact(StrEnum):
    """A fact of a child's record that may be changed."""

    NAME = "name"
    BORN = "born"
    AREA = "area"
    EXTERNAL_REFERENCE = "external_reference"
    GENDER = "gender"
    ETHNICITY = "ethnicity"
    SCHOOL = "school"
    LEARNING_DISABILITY = "learning_disability"
    LOOKED_AFTER = "looked_after"
    LEGAL_STATUS = "legal_status"
    LEAD_PROFESSIONAL = "lead_professional"
    LEAD_AGENCY = "lead_agency"


class ChildBefore(Table, table=True):
    """What a fact said, in words, until it was changed: appended, never changed itself (triggers refuse it)."""

    __tablename__ = "child_before"
    __table_args__ = (sa.Index(None, "child_id", "id"),)
    child_id: int = Field(foreign_key="child.id")
    fact: ChildFact = Field(sa_type=enum_type(ChildFact, "fact"))
    value: str
    changed_at: datetime
    changed_by_id: int | None = Field(default=None, foreign_key="account.id")


class ChildNote(Table, table=True):
    """Narrative: appended with author and time, never overwritten (triggers refuse it)."""

    __tablename__ = "child_note"
    __table_args__ = (sa.Index(None, "child_id", "id"),)
    child_id: int = Field(foreign_key="child.id")
    author_id: int | None = Field(default=None, foreign_key="account.id")
    written_at: datetime
    text: str


class TransitionRecord(Table, table=True):
    """One step towards adult services as it was recorded: appended, never changed; the last of a kind counts.

    Adult contact: `service`, `contact`. Referral to adult services: `referred`, `service`, `happens_on`, or `reason`.
    Package: `service`, `contact`, `happens_on` (its start) and `agreed_by`.
    """

    __tablename__ = "transition_record"
    __table_args__ = (sa.Index(None, "child_id", "id"),)
    child_id: int = Field(foreign_key="child.id")
    kind: TransitionStep = Field(sa_type=enum_type(TransitionStep, "kind"))
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="account.id")
    service: str = ""
    contact: str = ""
    happens_on: date | None = None
    agreed_by: str = ""
    referred: bool | None = None
    reason: str = ""


class Involvement(Table, table=True):
    """A person of the specialist service who works with a child, and so may see the record."""

    __tablename__ = "involvement"
    __table_args__ = (sa.Index(None, "account_id", "child_id"),)
    child_id: int = Field(foreign_key="child.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    began_at: datetime
    ended_at: datetime | None = None


class ChildLink(Table, Versioned, table=True):
    """That two children are linked, and until when: ended, never deleted. Seen only by who may see both.

    `source` says in words who said so. A kind without a direction holds the older record first.
    """

    __tablename__ = "child_link"
    __table_args__ = (
        sa.Index(None, "child_id"),
        sa.Index(None, "other_id"),
        sa.Index(
            "ix_child_link_running", "child_id", "other_id", "kind", unique=True, sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
        sa.CheckConstraint("child_id <> other_id", name="two_children"),
    )  # fmt: skip
    child_id: int = Field(foreign_key="child.id")
    other_id: int = Field(foreign_key="child.id")
    kind: LinkKind = Field(sa_type=enum_type(LinkKind, "kind"))
    since: date | None = None
    source: str
    recorded_at: datetime
    recorded_by_id: int | None = Field(default=None, foreign_key="account.id")
    ended_on: date | None = None
    ended_because: str = ""
    ended_at: datetime | None = None
    ended_by_id: int | None = Field(default=None, foreign_key="account.id")


class PossibleDuplicate(Table, table=True):
    """Two records that look alike: shown to the coordinator until a person says which it is, never guessed."""

    __tablename__ = "possible_duplicate"
    __table_args__ = (
        sa.UniqueConstraint("child_id", "other_id"),
        sa.CheckConstraint("child_id <> other_id", name="two_children"),
    )
    child_id: int = Field(foreign_key="child.id")
    other_id: int = Field(foreign_key="child.id", index=True)
    why: str
    found_at: datetime
    resolution: Resolution | None = Field(default=None, sa_type=enum_type(Resolution, "resolution"))
    resolved_at: datetime | None = None
    resolved_by_id: int | None = Field(default=None, foreign_key="account.id")
    resolution_reason: str = ""


class MovedRow(Table, table=True):
    """A row that went to the record which is kept when another was merged into it, so that undoing brings it back."""

    __tablename__ = "moved_row"
    __table_args__ = (sa.Index(None, "child_id", "id"),)
    child_id: int = Field(foreign_key="child.id")
    kept_id: int = Field(foreign_key="child.id")
    table_name: str
    row_id: int
    moved_at: datetime
    back_at: datetime | None = None
