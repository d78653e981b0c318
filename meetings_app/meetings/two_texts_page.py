"""What the pages of the notes and of the minutes’ text have in common: which of two texts was chosen."""

from typing import Any

from flask import request

from meetings_app.meetings.two_texts import settled
from meetings_app.web.forms import LONGEST_TEXT


def chosen_text(standing: str, box: Any) -> str:
    """Give the text to save of what was sent in a box, by the button that was pressed where two texts were shown.

    Raises `RuleBroken` for the box where both together are too long.
    """
    return settled(request.form.get("do", ""), standing, box.data, field=box.name, longest=LONGEST_TEXT)
