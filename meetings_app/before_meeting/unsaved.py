"""Words that were typed on an agency's page and have no place on it any more, so that nobody loses them."""

from collections.abc import Collection, Iterable

from meetings_app.before_meeting.forms import AttendanceForm, InformationForm
from meetings_app.before_meeting.page import AgencyPage
from meetings_app.web.forms import shown

_OPENED = "-opened"
_HIDDEN = ("form_id", "version", "opened")
Part = AttendanceForm | InformationForm


def unsaved_words(page: AgencyPage, sent: Iterable[str]) -> list[tuple[str, str]]:
    """Give label and text of everything typed that cannot be kept, for the page to show back. `sent` names the fields.

    That is what was changed about a child who has left the person's page since it was opened; what was typed over a
    text that is not the person's any more, as it names a child from whom they are kept; and everything that was
    changed, once the meeting takes nothing any more. Hidden fields and choices say nothing that is worth copying.
    """
    there = {box.key for box in page.boxes}
    gone = sorted({name.removesuffix(_OPENED) for name in sent if name.endswith(_OPENED)} - there - {"attendance"})
    parts: list[tuple[str, Part, Collection[str]]] = [(key, InformationForm(prefix=f"{key}-"), ()) for key in gone]
    filled = [("Attendance", page.attendance_part), *((box.key, box.part) for box in page.boxes)]
    if not page.open:
        # What stands in a box that is not the person's is a colleague's; what was typed there is told apart below.
        parts += [(key, part.form, part.boxes) for key, part in filled]
    over = [
        (f"{key}: {part.form[name].label.text}", text) for key, part in filled for name, text in part.over.items()
    ]  # fmt: skip
    own = [
        (f"{key}: {one.label.text}", shown(one))
        for key, part, others in parts if part.is_changed
        for one in part
        if one.short_name not in (*_HIDDEN, *others) and one.data
    ]  # fmt: skip
    # A page that was open before the conflict of interest may hold what a colleague wrote, and its own words name too.
    return [(page.apart.text(label), page.apart.text(text)) for label, text in over + own]
