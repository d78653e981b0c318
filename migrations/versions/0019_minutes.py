"""the text of minutes as it is edited, what happened to them, corrections, files put back; signed versions are locked"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ADDED_ONLY = ("minutes_text", "minutes_step", "minutes_file")
PROPOSED = "meeting_id, area_id, number, item, child_id, text, proposed_at, proposed_by_id"
RECORDED = "meeting_id, number, made_at, facts, sha256"
LOCKED = "OLD.first_signed_at IS NOT NULL AND OLD.second_signed_at IS NOT NULL"


def upgrade() -> None:
    op.create_table('minutes_correction',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('item', sa.String(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('proposed_by_id', sa.Integer(), nullable=False),
    sa.Column('answered', sa.Enum('accepted', 'refused', name='answered', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['answered_by_id'], ['account.id'], name=op.f('fk_minutes_correction_answered_by_id_account')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_minutes_correction_area_id_area')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_minutes_correction_child_id_child')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_minutes_correction_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['account.id'], name=op.f('fk_minutes_correction_proposed_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_minutes_correction'))
    )
    op.create_index(op.f('ix_minutes_correction_child_id'), 'minutes_correction', ['child_id'], unique=False)
    op.create_index(op.f('ix_minutes_correction_meeting_id_id'), 'minutes_correction', ['meeting_id', 'id'], unique=False)
    op.create_table('minutes_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['added_by_id'], ['account.id'], name=op.f('fk_minutes_file_added_by_id_account')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_minutes_file_area_id_area')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_minutes_file_meeting_id_meeting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_minutes_file')),
    sa.UniqueConstraint('meeting_id', 'number', name=op.f('uq_minutes_file_meeting_id_number'))
    )
    op.create_table('minutes_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('issued', 'reopened', 'approved', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('heard_at_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_minutes_step_by_id_account')),
    sa.ForeignKeyConstraint(['heard_at_id'], ['meeting.id'], name=op.f('fk_minutes_step_heard_at_id_meeting')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_minutes_step_meeting_id_meeting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_minutes_step'))
    )
    op.create_index(op.f('ix_minutes_step_heard_at_id'), 'minutes_step', ['heard_at_id'], unique=False)
    op.create_index(op.f('ix_minutes_step_meeting_id_id'), 'minutes_step', ['meeting_id', 'id'], unique=False)
    op.create_table('minutes_text',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('item', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_minutes_text_area_id_area')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_minutes_text_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['saved_by_id'], ['account.id'], name=op.f('fk_minutes_text_saved_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_minutes_text')),
    sa.UniqueConstraint('meeting_id', 'item', 'number', name=op.f('uq_minutes_text_meeting_id_item_number'))
    )
    for table in ADDED_ONLY:
        _keep(table)
    _keep_corrections()
    _lock_minutes()


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for trigger in ("minutes_recorded", "minutes_locked"):
        op.execute(f"DROP TRIGGER {trigger}" + ("" if sqlite else " ON minutes"))
    # The triggers of a table go with it.
    op.drop_table('minutes_text')
    op.drop_index(op.f('ix_minutes_step_meeting_id_id'), table_name='minutes_step')
    op.drop_index(op.f('ix_minutes_step_heard_at_id'), table_name='minutes_step')
    op.drop_table('minutes_step')
    op.drop_table('minutes_file')
    op.drop_index(op.f('ix_minutes_correction_meeting_id_id'), table_name='minutes_correction')
    op.drop_index(op.f('ix_minutes_correction_child_id'), table_name='minutes_correction')
    op.drop_table('minutes_correction')


def _keep(table: str) -> None:
    """Refuse any change of what was said, and its deletion."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is never deleted'); END")
    else:
        op.execute(f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")


def _keep_corrections() -> None:
    """Refuse that a correction goes, that its words change, and that its answer does."""
    table = "minutes_correction"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is never deleted'); END")
        op.execute(f"CREATE TRIGGER {table}_kept BEFORE UPDATE OF {PROPOSED} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is kept as it was proposed'); END")
        op.execute(f"CREATE TRIGGER {table}_answered BEFORE UPDATE ON {table} WHEN OLD.answered IS NOT NULL BEGIN SELECT RAISE(ABORT, '{table} is answered'); END")
    else:
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
        op.execute(f"CREATE TRIGGER {table}_kept BEFORE UPDATE OF {PROPOSED} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
        op.execute(f"CREATE TRIGGER {table}_answered BEFORE UPDATE ON {table} FOR EACH ROW WHEN (OLD.answered IS NOT NULL) EXECUTE FUNCTION refuse_change()")


def _lock_minutes() -> None:
    """Refuse that what a version holds changes at all, and that anything of it does once both chairs have signed."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER minutes_recorded BEFORE UPDATE OF {RECORDED} ON minutes BEGIN SELECT RAISE(ABORT, 'minutes are kept as they were recorded'); END")
        op.execute(f"CREATE TRIGGER minutes_locked BEFORE UPDATE ON minutes WHEN {LOCKED} BEGIN SELECT RAISE(ABORT, 'minutes are locked'); END")
    else:
        op.execute(f"CREATE TRIGGER minutes_recorded BEFORE UPDATE OF {RECORDED} ON minutes FOR EACH ROW EXECUTE FUNCTION refuse_change()")
        op.execute(f"CREATE TRIGGER minutes_locked BEFORE UPDATE ON minutes FOR EACH ROW WHEN ({LOCKED}) EXECUTE FUNCTION refuse_change()")
