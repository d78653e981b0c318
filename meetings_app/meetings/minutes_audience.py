"""For whom a copy of the minutes is."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from meetings_app.accounts import queries as people
from meetings_app.errors import DomainError
from meetings_app.meetings.minutes_readers import reads_every_version
from meetings_app.permissions import Actor
from meetings_app.schedule.models import Meeting


def copies_for(session: Session, by: Actor, meeting: Meeting) -> list[people.Reference]:
    """Give the agencies whose copy a reader may have: their own, and each for whoever records the meeting."""
    every = reads_every_version(by, meeting)
    return [agency for agency in people.agencies(session) if every or agency.id == by.agency_id]


def less_hidden(copy: str, hidden: int) -> str:
    """Say of a copy that is meant to hold every item how many its reader may not see: nobody takes it for the whole."""
    items = "1 item" if hidden == 1 else f"{hidden} items"
    return f"{copy}, without {items} that its reader may not see" if hidden else copy


@dataclass(frozen=True)
class Audience:
    """For whom a copy is: everybody who may see the items, without names, one agency, or one child's record."""

    kind: str = "full"
    code: str = ""

    @classmethod
    def read(cls, text: str) -> "Audience":
        """Read `full`, `chair`, `anonymised`, `agency:CODE` or `child:REF`. Raises `DomainError` for anything else."""
        kind, _, code = text.partition(":")
        if (kind in ("full", "chair", "anonymised") and not code) or (kind in ("agency", "child") and code):
            return cls(kind, code)
        raise DomainError("The audience is full, chair, anonymised, agency:CODE or child:REFERENCE.")

    def check_reader(self, session: Session, by: Actor, meeting: Meeting) -> None:
        """Raise `DomainError` for the chair’s copy, or that of another agency, unless `by` records the meeting."""
        if self.kind == "chair" and not reads_every_version(by, meeting):
            raise DomainError("The chair’s copy is for those who record the meeting.")
        if self.kind == "agency" and self.code not in {each.code for each in copies_for(session, by, meeting)}:
            raise DomainError("The copy of an agency is for its own people, and for those who record the meeting.")

    def file_name(self, meeting_reference: str) -> str:
        """Give the name of a copy's file, without its ending. It says for whom the copy is: copies get mixed up."""
        for_whom = {"anonymised": "without-names", "chair": "chair"}.get(self.kind, self.code)
        return "-".join(part for part in (meeting_reference, "minutes", for_whom) if part)
