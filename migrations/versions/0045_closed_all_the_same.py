"""that a meeting was closed although something was pointed out, and why"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

TABLE = "check_override"
BEFORE, AFTER = "'agenda', 'minutes'", "'agenda', 'closing', 'minutes'"


def upgrade() -> None:
    _allow(BEFORE, AFTER)


def downgrade() -> None:
    # What was gone past at a closing has no place before this migration; the trail keeps that it was.
    _drop_triggers()
    op.execute(f"DELETE FROM {TABLE} WHERE stage = 'closing'")
    _make_triggers()
    _allow(AFTER, BEFORE)


def _allow(before: str, after: str) -> None:
    """Let the table hold other stages."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(before, after)
    else:
        op.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT ck_check_override_stage")
        op.execute(f"ALTER TABLE {TABLE} ADD CONSTRAINT ck_check_override_stage CHECK (stage IN ({after}))")


def _rebuild(before: str, after: str) -> None:
    """Make the table anew with another CHECK, as SQLite changes none, with its index and its triggers."""
    shape = op.get_bind().scalar(sa.text(f"SELECT sql FROM sqlite_master WHERE type = 'table' AND name = '{TABLE}'"))
    if f"stage IN ({before})" not in shape:
        raise RuntimeError(f"{TABLE} is not as this migration knows it")
    changed = shape.replace(f"stage IN ({before})", f"stage IN ({after})")
    op.execute(f"DROP INDEX ix_{TABLE}_meeting_id_id")
    op.execute(f"ALTER TABLE {TABLE} RENAME TO {TABLE}_before")
    op.execute(sa.text(changed.replace(":", "\\:")))
    op.execute(f"INSERT INTO {TABLE} SELECT * FROM {TABLE}_before")
    op.execute(f"DROP TABLE {TABLE}_before")
    op.execute(f"CREATE INDEX ix_{TABLE}_meeting_id_id ON {TABLE} (meeting_id, id)")
    _make_triggers()


def _drop_triggers() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {TABLE}_no_update")
        op.execute(f"DROP TRIGGER {TABLE}_no_delete")
    else:
        op.execute(f"DROP TRIGGER {TABLE}_kept ON {TABLE}")


def _make_triggers() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END")
        op.execute(f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{TABLE} is never deleted'); END")
    else:
        op.execute(f"CREATE TRIGGER {TABLE}_kept BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
