"""strategy discussions, and what was recorded of each"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# What a discussion keeps from the moment it is asked for. Its child is not among it: two records may turn out to be one
# child.
KEPT = "id, reference, about, triggers, asked_at, asked_by_id, asked_at_meeting_id, due_on"



def upgrade() -> None:
    op.create_table('strategy_discussion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('about', sa.Enum('child', 'alleged_perpetrator', name='about', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('triggers', sa.JSON(), nullable=False),
    sa.Column('state', sa.Enum('requested', 'held', 'not_held', name='state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=True),
    sa.Column('asked_at_meeting_id', sa.Integer(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('happened_on', sa.Date(), nullable=True),
    sa.Column('heard_at_meeting_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['asked_at_meeting_id'], ['meeting.id'], name=op.f('fk_strategy_discussion_asked_at_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['account.id'], name=op.f('fk_strategy_discussion_asked_by_id_account')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_strategy_discussion_child_id_child')),
    sa.ForeignKeyConstraint(['heard_at_meeting_id'], ['meeting.id'], name=op.f('fk_strategy_discussion_heard_at_meeting_id_meeting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_strategy_discussion')),
    sa.UniqueConstraint('reference', name=op.f('uq_strategy_discussion_reference'))
    )
    op.create_index(op.f('ix_strategy_discussion_child_id_id'), 'strategy_discussion', ['child_id', 'id'], unique=False)
    op.create_index(op.f('ix_strategy_discussion_due_on_id'), 'strategy_discussion', ['due_on', 'id'], unique=False, sqlite_where=sa.text("state = 'requested'"), postgresql_where=sa.text("state = 'requested'"))
    op.create_index('ix_strategy_discussion_unheard', 'strategy_discussion', ['child_id'], unique=False, sqlite_where=sa.text('heard_at_meeting_id IS NULL'), postgresql_where=sa.text('heard_at_meeting_id IS NULL'))
    op.create_table('strategy_record',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('discussion_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('meeting_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('requested', 'held', 'not_held', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('took_part', sa.JSON(), nullable=False),
    sa.Column('missing', sa.JSON(), nullable=False),
    sa.Column('manager', sa.String(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('actions', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_strategy_record_by_id_account')),
    sa.ForeignKeyConstraint(['discussion_id'], ['strategy_discussion.id'], name=op.f('fk_strategy_record_discussion_id_strategy_discussion')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_strategy_record_meeting_id_meeting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_strategy_record'))
    )
    op.create_index(op.f('ix_strategy_record_discussion_id_id'), 'strategy_record', ['discussion_id', 'id'], unique=False)
    op.create_index(op.f('ix_strategy_record_meeting_id'), 'strategy_record', ['meeting_id'], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        _keep_on_sqlite()
    else:
        _keep_on_postgresql()


def downgrade() -> None:
    # The triggers of a table go with it.
    op.drop_index(op.f('ix_strategy_record_meeting_id'), table_name='strategy_record')
    op.drop_index(op.f('ix_strategy_record_discussion_id_id'), table_name='strategy_record')
    op.drop_table('strategy_record')
    op.drop_index('ix_strategy_discussion_unheard', table_name='strategy_discussion', sqlite_where=sa.text('heard_at_meeting_id IS NULL'), postgresql_where=sa.text('heard_at_meeting_id IS NULL'))
    op.drop_index(op.f('ix_strategy_discussion_due_on_id'), table_name='strategy_discussion', sqlite_where=sa.text("state = 'requested'"), postgresql_where=sa.text("state = 'requested'"))
    op.drop_index(op.f('ix_strategy_discussion_child_id_id'), table_name='strategy_discussion')
    op.drop_table('strategy_discussion')


def _keep_on_sqlite() -> None:
    op.execute("CREATE TRIGGER strategy_record_no_update BEFORE UPDATE ON strategy_record BEGIN SELECT RAISE(ABORT, 'strategy_record is append-only'); END")
    for table in ("strategy_record", "strategy_discussion"):
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is never deleted'); END")
    op.execute(
        f"CREATE TRIGGER strategy_discussion_kept BEFORE UPDATE OF {KEPT} ON strategy_discussion "
        "BEGIN SELECT RAISE(ABORT, 'strategy_discussion is kept as it was asked for'); END"
    )


def _keep_on_postgresql() -> None:
    op.execute("CREATE TRIGGER strategy_record_kept BEFORE UPDATE OR DELETE ON strategy_record FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    op.execute("CREATE TRIGGER strategy_discussion_no_delete BEFORE DELETE ON strategy_discussion FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    op.execute(
        f"CREATE TRIGGER strategy_discussion_kept BEFORE UPDATE OF {KEPT} ON strategy_discussion FOR EACH ROW "
        "EXECUTE FUNCTION refuse_change()"
    )
