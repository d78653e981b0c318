"""What was recorded stays: triggers against change and deletion, and the audit chain's first link."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("audit_event", "child_note", "rating", "safety_plan", "action_event")
NEVER_DELETED = ("child", "list_entry", "referral", "closure", "agenda_item", "minutes", "possible_duplicate", "audit_head")
GENESIS = "0" * 64


def upgrade() -> None:
    op.execute(sa.text(f"INSERT INTO audit_head (id, last_id, last_digest) VALUES (1, 0, '{GENESIS}')"))
    if op.get_bind().dialect.name == "sqlite":
        _upgrade_sqlite()
    else:
        _upgrade_postgresql()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            op.execute(f"DROP TRIGGER {table}_no_update")
        for table in (*APPEND_ONLY, *NEVER_DELETED, "action"):
            op.execute(f"DROP TRIGGER {table}_no_delete")
        op.execute("DROP TRIGGER audit_event_link")
    else:
        for table in (*APPEND_ONLY, *NEVER_DELETED, "action"):
            op.execute(f"DROP TRIGGER {table}_kept ON {table}")
        op.execute("DROP TRIGGER audit_event_link ON audit_event")
        op.execute("DROP FUNCTION refuse_change()")
        op.execute("DROP FUNCTION check_audit_link()")
    op.execute("DELETE FROM audit_head")


def _upgrade_sqlite() -> None:
    for table in APPEND_ONLY:
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")
    for table in (*APPEND_ONLY, *NEVER_DELETED):
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is never deleted'); END")
    op.execute(
        "CREATE TRIGGER action_no_delete BEFORE DELETE ON action WHEN OLD.state <> 'proposed' "
        "BEGIN SELECT RAISE(ABORT, 'action is never deleted'); END"
    )
    # Once ANALYZE has run, SQLite would read a whole index for the greatest id; the key alone gives it in one step.
    op.execute(
        "CREATE TRIGGER audit_event_link BEFORE INSERT ON audit_event "
        "WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM audit_event NOT INDEXED) "
        f"OR NEW.previous_digest IS NOT coalesce((SELECT digest FROM audit_event WHERE id = NEW.id - 1), '{GENESIS}') "
        "BEGIN SELECT RAISE(ABORT, 'audit_event does not follow the last entry'); END"
    )


def _upgrade_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '% is kept as it was recorded', TG_TABLE_NAME; END $$"
    )
    op.execute(
        "CREATE FUNCTION check_audit_link() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.id IS DISTINCT FROM (SELECT coalesce(max(id), 0) + 1 FROM audit_event) OR NEW.previous_digest IS DISTINCT FROM "
        f"coalesce((SELECT digest FROM audit_event WHERE id = NEW.id - 1), '{GENESIS}') "
        "THEN RAISE EXCEPTION 'audit_event does not follow the last entry'; END IF; RETURN NEW; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    for table in NEVER_DELETED:
        op.execute(f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    op.execute(
        "CREATE TRIGGER action_kept BEFORE DELETE ON action FOR EACH ROW WHEN (OLD.state <> 'proposed') "
        "EXECUTE FUNCTION refuse_change()"
    )
    op.execute("CREATE TRIGGER audit_event_link BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION check_audit_link()")
