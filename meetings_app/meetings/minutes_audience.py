"""For whom a copy of the minutes is."""

from dataclasses import dataclass

from meetings_app.errors import DomainError
from meetings_app.permissions import Actor, Permission
from meetings_app.schedule.models import Meeting


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

    def check_reader(self, by: Actor, meeting: Meeting) -> None:
        """Raise `DomainError` for a chair’s copy asked for by somebody who does not record meetings of the area."""
        if self.kind == "chair" and not by.may(Permission.RECORD_MEETING, meeting.area_id):
            raise DomainError("The chair’s copy is for chairs and coordinators of the area.")

    def file_name(self, meeting_reference: str) -> str:
        """Give the name of a copy's file, without its ending. It says for whom the copy is: copies get mixed up."""
        for_whom = {"anonymised": "without-names", "chair": "chair"}.get(self.kind, self.code)
        return "-".join(part for part in (meeting_reference, "minutes", for_whom) if part)
