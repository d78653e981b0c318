"""The versions of the assessment tools that the database keeps: a finished assessment is read with its own."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from meetings_app.accounts.models import ImportedDefault
from meetings_app.errors import NotFound
from meetings_app.partnership import ToolDefinition, identity_of, is_tool, read_tool


@dataclass(frozen=True)
class KeptTool:
    """One version of a tool, with the file and the number under which the database keeps it."""

    file: str
    number: int
    definition: ToolDefinition


def kept_tool(session: Session, file: str, number: int) -> ToolDefinition:
    """Give the definition kept as version `number` of `file`, such as `tools/seraf.toml`. Raises `NotFound`."""
    content = session.scalars(
        select(col(ImportedDefault.content)).where(
            col(ImportedDefault.file) == file, col(ImportedDefault.number) == number
        )
    ).one_or_none()
    if not content or not is_tool(file):
        raise NotFound
    return read_tool(content, file)


def find_kept_tool(session: Session, code: str, version: str) -> KeptTool:
    """Give the tool with this code and version, whichever rules now. Raises `NotFound`.

    The two stand for one text for ever; where that text was applied more than once, the first is given.
    """
    rows = session.execute(
        select(col(ImportedDefault.file), col(ImportedDefault.number), col(ImportedDefault.content))
        .where(col(ImportedDefault.file).like("tools/%"), col(ImportedDefault.content) != "")
        .order_by(col(ImportedDefault.id))
    )
    for row in rows:
        if identity_of(row.content) == (code, version):
            return KeptTool(row.file, row.number, read_tool(row.content, row.file))
    raise NotFound
