"""conflicts of interest, which keep a person from a child, and who was not in the room for an item"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

LIVE = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table('conflict_of_interest',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('declared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('declared_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_conflict_of_interest_account_id_account')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_conflict_of_interest_area_id_area')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_conflict_of_interest_child_id_child')),
    sa.ForeignKeyConstraint(['declared_by_id'], ['account.id'], name=op.f('fk_conflict_of_interest_declared_by_id_account')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['account.id'], name=op.f('fk_conflict_of_interest_ended_by_id_account')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_conflict_of_interest_meeting_id_meeting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conflict_of_interest'))
    )
    op.create_index(op.f('ix_conflict_of_interest_account_id_child_id'), 'conflict_of_interest', ['account_id', 'child_id'], unique=True, sqlite_where=LIVE, postgresql_where=LIVE)
    op.create_index(op.f('ix_conflict_of_interest_child_id'), 'conflict_of_interest', ['child_id'], unique=False)
    op.create_table('item_absence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('attendance_id', sa.Integer(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['attendance_id'], ['attendance.id'], name=op.f('fk_item_absence_attendance_id_attendance')),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_item_absence_item_id_agenda_item')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['account.id'], name=op.f('fk_item_absence_recorded_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_absence')),
    sa.UniqueConstraint('item_id', 'attendance_id', name=op.f('uq_item_absence_item_id_attendance_id'))
    )
    op.create_index(op.f('ix_item_absence_attendance_id'), 'item_absence', ['attendance_id'], unique=False)


def downgrade() -> None:
    for table in ("item_absence", "conflict_of_interest"):
        op.drop_table(table)
