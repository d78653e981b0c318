"""Word documents as answers: where the partnership's template lies, and how the file is sent."""

from pathlib import Path

from flask import Response

from meetings_app.resources import folder
from meetings_app.web.context import settings

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word_template(name: str) -> Path:
    """Give the partnership's Word template."""
    return (settings().agendas or folder("agendas")) / "word" / f"{name}.docx"


def word_answer(document: bytes, name: str) -> Response:
    """Send a Word document; `name` carries a reference only, never a person's name."""
    return Response(document, mimetype=_WORD, headers={"Content-Disposition": f'attachment; filename="{name}.docx"'})
