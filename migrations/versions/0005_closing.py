"""what a closure is asked beside its answers, and why it was decided although something warned"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0003"
branch_labels = None
depends_on = None

APPEND_ONLY = ("closure_warning",)
ASKED = ("section_47", "seen_since_review", "non_engagement_only", "live_investigation", "agency_dissents")


def upgrade() -> None:
    _ask_more()
    op.create_table('closure_warning',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('closure_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.Enum('missing', 'not_seen', 'non_engagement', 'investigation', 'closed_before', 'recently_high', 'dissent', name='code', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_closure_warning_by_id_account')),
    sa.ForeignKeyConstraint(['closure_id'], ['closure.id'], name=op.f('fk_closure_warning_closure_id_closure')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closure_warning'))
    )
    op.create_index(op.f('ix_closure_warning_closure_id_id'), 'closure_warning', ['closure_id', 'id'], unique=False)
    _keep()


def downgrade() -> None:
    # The triggers of a table go with it.
    op.drop_index(op.f('ix_closure_warning_closure_id_id'), table_name='closure_warning')
    op.drop_table('closure_warning')
    for column in ASKED:
        op.execute(f"ALTER TABLE closure DROP COLUMN {column}")


def _ask_more() -> None:
    # Written out, because a copy of the table, as SQLite else needs it, would lose the triggers.
    for column in ASKED:
        op.execute(
            f"ALTER TABLE closure ADD COLUMN {column} VARCHAR(40) DEFAULT 'unknown' NOT NULL "
            f"CONSTRAINT ck_closure_{column} CHECK ({column} IN ('yes', 'no', 'unknown'))"
        )
    if op.get_bind().dialect.name != "sqlite":
        for column in ASKED:
            op.execute(f"ALTER TABLE closure ALTER COLUMN {column} DROP DEFAULT")


def _keep() -> None:
    for table in APPEND_ONLY:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")
            op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is never deleted'); END")
        else:
            op.execute(f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
