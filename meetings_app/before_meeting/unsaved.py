"""Words that were typed on an agency's page and have no place on it any more, so that nobody loses them."""

from collections.abc import Iterable

from meetings_app.before_meeting.forms import AttendanceForm, InformationForm
from meetings_app.before_meeting.page import AgencyPage
from meetings_app.web.forms import shown

_OPENED = "-opened"


def unsaved_words(page: AgencyPage, sent: Iterable[str]) -> list[tuple[str, str]]:
    """Give label and text of everything typed that cannot be kept, for the page to show back. `sent` names the fields.

    That is what was changed about a child who has left the person's page since it was opened; what was typed over a
    text that is not the person's any more, as it names a child from whom they are kept; and everything that was
    changed, once the meeting takes nothing any more. Hidden fields and choices say nothing that is worth copying.
    """
    there = {box.key for box in page.boxes}
    gone = sorted({name.removesuffix(_OPENED) for name in sent if name.endswith(_OPENED)} - there - {"attendance"})
    parts: list[tuple[str, AttendanceForm | InformationForm]] = [
        (key, InformationForm(prefix=f"{key}-")) for key in gone
    ]
    if not page.open:
        parts += [("Attendance", page.attendance), *((box.key, box.form) for box in page.boxes)]
    over = [
        (f"{key}: {part.form[name].label.text}", text)
        for key, part in (("Attendance", page.attendance_part), *((box.key, box.part) for box in page.boxes))
        for name, text in part.over.items()
    ]  # fmt: skip
    return over + [
        (f"{key}: {one.label.text}", shown(one))
        for key, part in parts if part.is_changed
        for one in part
        if one.short_name not in ("form_id", "version", "opened") and one.data
    ]  # fmt: skip
