"""what a closure is asked and what follows it, and the steps towards adult services"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

APPEND_ONLY = ("closure_warning", "transition_record")
NEVER_DELETED = ("closure_task", "look_back")
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
    op.create_table('closure_task',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('closure_id', sa.Integer(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_closure_task_action_id_action')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_closure_task_agency_id_agency')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_closure_task_child_id_child')),
    sa.ForeignKeyConstraint(['closure_id'], ['closure.id'], name=op.f('fk_closure_task_closure_id_closure')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closure_task')),
    sa.UniqueConstraint('action_id', name=op.f('uq_closure_task_action_id')),
    sa.UniqueConstraint('closure_id', 'agency_id', name=op.f('uq_closure_task_closure_id_agency_id'))
    )
    op.create_index(op.f('ix_closure_task_child_id_id'), 'closure_task', ['child_id', 'id'], unique=False)
    op.create_index(op.f('ix_closure_task_due_on_id'), 'closure_task', ['due_on', 'id'], unique=False, sqlite_where=sa.text('action_id IS NULL'), postgresql_where=sa.text('action_id IS NULL'))
    op.create_table('look_back',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('closure_id', sa.Integer(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('found', sa.String(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('found_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_look_back_child_id_child')),
    sa.ForeignKeyConstraint(['closure_id'], ['closure.id'], name=op.f('fk_look_back_closure_id_closure')),
    sa.ForeignKeyConstraint(['found_by_id'], ['account.id'], name=op.f('fk_look_back_found_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_look_back')),
    sa.UniqueConstraint('closure_id', name=op.f('uq_look_back_closure_id'))
    )
    op.create_index(op.f('ix_look_back_child_id_id'), 'look_back', ['child_id', 'id'], unique=False)
    op.create_index(op.f('ix_look_back_due_on_id'), 'look_back', ['due_on', 'id'], unique=False, sqlite_where=sa.text('found_at IS NULL'), postgresql_where=sa.text('found_at IS NULL'))
    op.create_table('transition_record',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('adult_contact', 'adult_services', 'package', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.Column('service', sa.String(), nullable=False),
    sa.Column('contact', sa.String(), nullable=False),
    sa.Column('happens_on', sa.Date(), nullable=True),
    sa.Column('agreed_by', sa.String(), nullable=False),
    sa.Column('referred', sa.Boolean(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_transition_record_child_id_child')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['account.id'], name=op.f('fk_transition_record_recorded_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transition_record'))
    )
    op.create_index(op.f('ix_transition_record_child_id_id'), 'transition_record', ['child_id', 'id'], unique=False)
    _keep()


def downgrade() -> None:
    # The triggers of a table go with it.
    op.drop_index(op.f('ix_transition_record_child_id_id'), table_name='transition_record')
    op.drop_table('transition_record')
    op.drop_index(op.f('ix_look_back_due_on_id'), table_name='look_back', sqlite_where=sa.text('found_at IS NULL'), postgresql_where=sa.text('found_at IS NULL'))
    op.drop_index(op.f('ix_look_back_child_id_id'), table_name='look_back')
    op.drop_table('look_back')
    op.drop_index(op.f('ix_closure_task_due_on_id'), table_name='closure_task', sqlite_where=sa.text('action_id IS NULL'), postgresql_where=sa.text('action_id IS NULL'))
    op.drop_index(op.f('ix_closure_task_child_id_id'), table_name='closure_task')
    op.drop_table('closure_task')
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
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")
        for table in (*APPEND_ONLY, *NEVER_DELETED):
            op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is never deleted'); END")
        return
    for table in APPEND_ONLY:
        op.execute(f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    for table in NEVER_DELETED:
        op.execute(f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
