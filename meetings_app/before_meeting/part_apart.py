"""A part of an agency's page for somebody whom a conflict of interest keeps from a child that a text there may name.

They read such a box without the name and cannot fill it in; the rest of the part is theirs as anybody's of the agency.
"""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from meetings_app.before_meeting.forms import AttendanceForm, InformationForm
from meetings_app.meetings.item_apart import cover, leave_as_recorded, others_boxes, refuse_naming, typed_over
from meetings_app.meetings.kept_apart import NOT_YOURS, Apart

Part = TypeVar("Part", AttendanceForm, InformationForm)


@dataclass
class PartApart(Generic[Part]):
    """A part, the same as its draft stands, which of its boxes are not the person's, and what was sent for these."""

    apart: Apart
    form: Part
    present: Part
    boxes: frozenset[str] = frozenset()
    over: dict[str, str] = field(default_factory=dict)

    def cover(self) -> None:
        """Let the boxes that are not the person's show what they read there, and take nothing."""
        cover(self.apart, self.boxes, self.present._fields, self.form._fields)

    @property
    def notice(self) -> str:
        """Why some boxes are not the person's."""
        return NOT_YOURS

    def is_refused(self) -> bool:
        """Refuse beside each box what names the child from whom the person is kept; says whether any does."""
        return refuse_naming(self.apart, self.boxes, self.form._fields)


def part_apart(apart: Apart, form: Part, present: Part, *, submitted: bool) -> PartApart[Part]:
    """Give a part as its person may fill it in: what was sent for a box that is not theirs counts for nothing."""
    boxes = others_boxes(apart, present._fields)
    part = PartApart(apart, form, present, boxes)
    if submitted:
        part.over = typed_over(apart, boxes, present._fields, form._fields)
        leave_as_recorded(boxes, present._fields, form._fields)
    return part
