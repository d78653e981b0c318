"""Word documents as answers: where the partnership's template lies, and how the file is sent."""

from pathlib import Path

from flask import Response

from meetings_app.documents.left_out import OF_THE_RECORD, left_out
from meetings_app.resources import folder
from meetings_app.web.context import settings

OLDEST = ("agenda", "minutes", "list", "assessment")
"""Kinds that every folder has: one of these that is missing is said, and not made up for."""

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def template_in(agendas: Path | None, name: str) -> Path:
    """Give a Word template of a partnership's folder; the shipped one where an older folder has none of this kind."""
    own = agendas / "word" / f"{name}.docx" if agendas else None
    return own if own is not None and (own.exists() or name in OLDEST) else folder("agendas") / "word" / f"{name}.docx"


def words_left_out(agendas: Path | None) -> list[str]:
    """Say of each Word template of a partnership’s folder what it leaves out that the shipped one prints, a line each.

    Raises `WordTemplateError` for one that cannot be filled in.
    """
    shipped = folder("agendas")
    lines = (left_out(template_in(agendas, kind), template_in(shipped, kind), kind) for kind in OF_THE_RECORD)
    return [line for line in lines if line]


def word_template(name: str) -> Path:
    """Give the partnership's Word template."""
    return template_in(settings().agendas, name)


def word_answer(document: bytes, name: str) -> Response:
    """Send a Word document; `name` carries a reference only, never a person's name."""
    return Response(document, mimetype=_WORD, headers={"Content-Disposition": f'attachment; filename="{name}.docx"'})
