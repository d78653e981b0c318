"""when the room came to each item, and to whom the statement was read"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('item_opening',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_item_opening_item_id_agenda_item')),
    sa.ForeignKeyConstraint(['opened_by_id'], ['account.id'], name=op.f('fk_item_opening_opened_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_opening'))
    )
    op.create_index(op.f('ix_item_opening_item_id'), 'item_opening', ['item_id'], unique=False)
    op.create_table('statement_reading',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('attendance_id', sa.Integer(), nullable=False),
    sa.Column('read_by', sa.String(), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('again', sa.Boolean(), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['attendance_id'], ['attendance.id'], name=op.f('fk_statement_reading_attendance_id_attendance')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_statement_reading_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['account.id'], name=op.f('fk_statement_reading_recorded_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement_reading')),
    sa.UniqueConstraint('attendance_id', name=op.f('uq_statement_reading_attendance_id'))
    )
    op.create_index(op.f('ix_statement_reading_meeting_id'), 'statement_reading', ['meeting_id'], unique=False)
    # Whoever was present so far counts as having heard it: nobody kept a record of whoever came later.
    op.execute(
        "INSERT INTO statement_reading (meeting_id, attendance_id, read_by, read_at, again) "
        "SELECT attendance.meeting_id, attendance.id, meeting.statement_read_by, meeting.statement_read_at, false "
        "FROM attendance JOIN meeting ON meeting.id = attendance.meeting_id "
        "WHERE attendance.presence = 'present' AND meeting.statement_read_at IS NOT NULL"
    )


def downgrade() -> None:
    for table in ("statement_reading", "item_opening"):
        op.drop_table(table)
