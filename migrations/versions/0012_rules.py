"""by which version of the rules each decision was made; a version that is kept never changes"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

RULED_AT = "coalesce((SELECT max(number) FROM imported_default WHERE file = 'ratings.toml' AND read_at <= {moment}), 1)"
OF_ITEM = (
    "(SELECT max(d.rules_version) FROM item_decision d JOIN agenda_item i ON i.id = d.item_id "
    "WHERE i.meeting_id = {table}.meeting_id AND i.child_id = {table}.child_id)"
)


def upgrade() -> None:
    for table in ("rating", "item_decision", "closure"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN rules_version INTEGER")
    _let_ratings_change()
    # A rating that follows from a closure is recorded when the second chair signs, and was decided at the meeting.
    op.execute(
        f"UPDATE item_decision SET rules_version = {RULED_AT.format(moment='took_effect_at')} WHERE took_effect_at IS NOT NULL"
    )
    op.execute(
        f"UPDATE rating SET rules_version = coalesce({OF_ITEM.format(table='rating')}, {RULED_AT.format(moment='recorded_at')}) "
        "WHERE NOT before_service"
    )
    op.execute(f"UPDATE closure SET rules_version = {OF_ITEM.format(table='closure')} WHERE state <> 'drafted'")
    _keep_ratings()
    _keep_versions()


def downgrade() -> None:
    if _sqlite():
        op.execute("DROP TRIGGER imported_default_no_update")
    else:
        op.execute("DROP TRIGGER imported_default_kept ON imported_default")
    for table in ("rating", "item_decision", "closure"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN rules_version")


def _let_ratings_change() -> None:
    """Open what was recorded for the one change of this migration, inside its transaction."""
    op.execute("DROP TRIGGER rating_no_update" if _sqlite() else "ALTER TABLE rating DISABLE TRIGGER rating_kept")


def _keep_ratings() -> None:
    op.execute(
        "CREATE TRIGGER rating_no_update BEFORE UPDATE ON rating BEGIN SELECT RAISE(ABORT, 'rating is append-only'); END"
        if _sqlite()
        else "ALTER TABLE rating ENABLE TRIGGER rating_kept"
    )


def _keep_versions() -> None:
    """A decision names the version it was made under, so that a version is never another text afterwards."""
    op.execute(
        "CREATE TRIGGER imported_default_no_update BEFORE UPDATE ON imported_default "
        "BEGIN SELECT RAISE(ABORT, 'imported_default is append-only'); END"
        if _sqlite()
        else "CREATE TRIGGER imported_default_kept BEFORE UPDATE ON imported_default "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
