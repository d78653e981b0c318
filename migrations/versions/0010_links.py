"""links between children, and the warning of a closure that a linked child is rated high"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BEFORE = ("missing", "not_seen", "non_engagement", "investigation", "closed_before", "recently_high", "dissent")
AFTER = (*BEFORE, "linked_high")
KEPT = "child_id, other_id, kind, since, source, recorded_at, recorded_by_id"


def upgrade() -> None:
    op.create_table('child_link',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('sibling', 'peer', 'same_network', 'alleged_harm', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('since', sa.Date(), nullable=True),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('ended_because', sa.String(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('child_id <> other_id', name=op.f('ck_child_link_two_children')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_child_link_child_id_child')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['account.id'], name=op.f('fk_child_link_ended_by_id_account')),
    sa.ForeignKeyConstraint(['other_id'], ['child.id'], name=op.f('fk_child_link_other_id_child')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['account.id'], name=op.f('fk_child_link_recorded_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_child_link'))
    )
    op.create_index(op.f('ix_child_link_child_id'), 'child_link', ['child_id'], unique=False)
    op.create_index(op.f('ix_child_link_other_id'), 'child_link', ['other_id'], unique=False)
    op.create_index('ix_child_link_running', 'child_link', ['child_id', 'other_id', 'kind'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    _keep()
    _allow(BEFORE, AFTER)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for trigger in ("no_update", "no_delete") if sqlite else ("kept",):
        op.execute(f"DROP TRIGGER closure_warning_{trigger}" + ("" if sqlite else " ON closure_warning"))
    op.execute("DELETE FROM closure_warning WHERE code = 'linked_high'")
    _allow(AFTER, BEFORE)
    if not sqlite:
        op.execute("CREATE TRIGGER closure_warning_kept BEFORE UPDATE OR DELETE ON closure_warning FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    # The triggers of a table go with it.
    op.drop_index('ix_child_link_running', table_name='child_link', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.drop_index(op.f('ix_child_link_other_id'), table_name='child_link')
    op.drop_index(op.f('ix_child_link_child_id'), table_name='child_link')
    op.drop_table('child_link')


def _keep() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE TRIGGER child_link_no_delete BEFORE DELETE ON child_link BEGIN SELECT RAISE(ABORT, 'child_link is never deleted'); END")
        op.execute(
            f"CREATE TRIGGER child_link_kept BEFORE UPDATE OF {KEPT} ON child_link "
            "BEGIN SELECT RAISE(ABORT, 'child_link is kept as it was recorded'); END"
        )
        return
    op.execute("CREATE TRIGGER child_link_no_delete BEFORE DELETE ON child_link FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    op.execute(f"CREATE TRIGGER child_link_kept BEFORE UPDATE OF {KEPT} ON child_link FOR EACH ROW EXECUTE FUNCTION refuse_change()")


def _allow(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """Let `closure_warning` hold other codes."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(_list(before), _list(after))
    else:
        op.execute("ALTER TABLE closure_warning DROP CONSTRAINT ck_closure_warning_code")
        op.execute(f"ALTER TABLE closure_warning ADD CONSTRAINT ck_closure_warning_code CHECK (code IN ({_list(after)}))")


def _rebuild(before: str, after: str) -> None:
    """Make the table anew with another CHECK, as SQLite changes none, with its index and its triggers."""
    shape = op.get_bind().scalar(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'closure_warning'"))
    if f"code IN ({before})" not in shape:
        raise RuntimeError("closure_warning is not as this migration knows it")
    changed = shape.replace(f"code IN ({before})", f"code IN ({after})")
    op.execute("DROP INDEX ix_closure_warning_closure_id_id")
    op.execute("ALTER TABLE closure_warning RENAME TO closure_warning_before")
    op.execute(sa.text(changed.replace(":", "\\:")))
    op.execute("INSERT INTO closure_warning SELECT * FROM closure_warning_before")
    op.execute("DROP TABLE closure_warning_before")
    op.execute("CREATE INDEX ix_closure_warning_closure_id_id ON closure_warning (closure_id, id)")
    op.execute("CREATE TRIGGER closure_warning_no_update BEFORE UPDATE ON closure_warning BEGIN SELECT RAISE(ABORT, 'closure_warning is append-only'); END")
    op.execute("CREATE TRIGGER closure_warning_no_delete BEFORE DELETE ON closure_warning BEGIN SELECT RAISE(ABORT, 'closure_warning is never deleted'); END")


def _list(codes: tuple[str, ...]) -> str:
    return ", ".join(f"'{code}'" for code in codes)
