"""What the pages of the notes and of the minutes’ text share: which of two texts was chosen, and what answers."""

from typing import Any

from flask import jsonify, redirect, request
from flask.typing import ResponseReturnValue

from meetings_app.meetings.two_texts import settled
from meetings_app.web.forms import LONGEST_TEXT


def chosen_text(standing: str, box: Any) -> str:
    """Give the text to save of what was sent in a box, by the button that was pressed where two texts were shown.

    Raises `RuleBroken` for the box where both together are too long.
    """
    return settled(request.form.get("do", ""), standing, box.data, field=box.name, longest=LONGEST_TEXT)


def saved(address: str) -> ResponseReturnValue:
    """Lead on to a page once a text is saved; a script is told so, for it keeps the text until it knows."""
    if request.headers.get("Accept") != "application/json":
        return redirect(address)
    answer = jsonify(to=address)
    answer.status_code, answer.location = 201, address
    return answer
