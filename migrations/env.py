"""What Alembic runs: always on a connection that the caller opened, never with an address of its own."""

from typing import Any

from alembic import context
from sqlmodel import SQLModel

import meetings_app.tables  # noqa: F401


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Write plain SQLAlchemy types into the history, so that it does not depend on SQLModel."""
    if kind == "type" and type(item).__module__.startswith("sqlmodel"):
        name = type(item).__name__
        if name == "AutoString":
            return f"sa.String(length={item.length})" if item.length else "sa.String()"
        return f"sa.DateTime(timezone={getattr(item, 'timezone', True)})"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_item=render_item,
    render_as_batch=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
