"""the other ways off the list besides the closure gate, and what a merge moved"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KINDS = "'transfer', 'death', 'duplicate'"
STATES = "'waiting', 'left', 'withdrawn', 'undone'"
KEPT = ("departure", "moved_row")


def upgrade() -> None:
    op.execute(f"ALTER TABLE list_entry ADD COLUMN leaving VARCHAR(40) CONSTRAINT ck_list_entry_leaving CHECK (leaving IN ({KINDS}))")
    op.create_table('departure',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('authority', sa.String(), nullable=False),
    sa.Column('contact', sa.String(), nullable=False),
    sa.Column('kept_child_id', sa.Integer(), nullable=True),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('begun_by_id', sa.Integer(), nullable=True),
    sa.Column('acknowledged_by', sa.String(), nullable=False),
    sa.Column('acknowledged_on', sa.Date(), nullable=True),
    sa.Column('agreed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('agreed_by_id', sa.Integer(), nullable=True),
    sa.Column('left_on', sa.Date(), nullable=True),
    sa.Column('ended_because', sa.String(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f('ck_departure_kind')),
    sa.CheckConstraint(f"state IN ({STATES})", name=op.f('ck_departure_state')),
    sa.CheckConstraint("(left_on IS NULL) = (agreed_at IS NULL)", name=op.f('ck_departure_left_when_agreed')),
    sa.CheckConstraint("(kind = 'duplicate') = (kept_child_id IS NOT NULL)", name=op.f('ck_departure_duplicate_of')),
    sa.ForeignKeyConstraint(['agreed_by_id'], ['account.id'], name=op.f('fk_departure_agreed_by_id_account')),
    sa.ForeignKeyConstraint(['begun_by_id'], ['account.id'], name=op.f('fk_departure_begun_by_id_account')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_departure_child_id_child')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['account.id'], name=op.f('fk_departure_ended_by_id_account')),
    sa.ForeignKeyConstraint(['entry_id'], ['list_entry.id'], name=op.f('fk_departure_entry_id_list_entry')),
    sa.ForeignKeyConstraint(['kept_child_id'], ['child.id'], name=op.f('fk_departure_kept_child_id_child')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_departure'))
    )
    stands = sa.text("state IN ('waiting', 'left')")
    op.create_index(op.f('ix_departure_entry_id'), 'departure', ['entry_id'], unique=True, sqlite_where=stands, postgresql_where=stands)
    op.create_index(op.f('ix_departure_child_id_id'), 'departure', ['child_id', 'id'], unique=False)
    op.create_table('moved_row',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('kept_id', sa.Integer(), nullable=False),
    sa.Column('table_name', sa.String(), nullable=False),
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('moved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('back_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_moved_row_child_id_child')),
    sa.ForeignKeyConstraint(['kept_id'], ['child.id'], name=op.f('fk_moved_row_kept_id_child')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_moved_row'))
    )
    op.create_index(op.f('ix_moved_row_child_id_id'), 'moved_row', ['child_id', 'id'], unique=False)
    for table in KEPT:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(
                f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is never deleted'); END"
            )
        else:
            op.execute(f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")


def downgrade() -> None:
    for table in KEPT:
        on = "_no_delete" if op.get_bind().dialect.name == "sqlite" else f"_kept ON {table}"
        op.execute(f"DROP TRIGGER {table}{on}")
    op.drop_table('moved_row')
    op.drop_table('departure')
    op.execute("ALTER TABLE list_entry DROP COLUMN leaving")
