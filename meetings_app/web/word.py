"""Word documents as answers: where the partnership's template lies, and how the file is sent."""

from pathlib import Path

from flask import Response

from meetings_app.resources import folder
from meetings_app.web.context import settings

OLDEST = ("agenda", "minutes", "list", "assessment")
"""Kinds that every folder has: one of these that is missing is said, and not made up for."""

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def template_in(agendas: Path | None, name: str) -> Path:
    """Give a Word template of a partnership's folder; the shipped one where an older folder has none of this kind."""
    own = agendas / "word" / f"{name}.docx" if agendas else None
    return own if own is not None and (own.exists() or name in OLDEST) else folder("agendas") / "word" / f"{name}.docx"


def word_template(name: str) -> Path:
    """Give the partnership's Word template."""
    return template_in(settings().agendas, name)


def word_answer(document: bytes, name: str) -> Response:
    """Send a Word document; `name` carries a reference only, never a person's name."""
    return Response(document, mimetype=_WORD, headers={"Content-Disposition": f'attachment; filename="{name}.docx"'})
