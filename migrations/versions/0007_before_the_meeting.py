"""what each agency says before a meeting: drafts, what was sent, how it attends, and when it was asked again"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ADDED_ONLY = ("information_sent", "agency_attendance", "chase")


def upgrade() -> None:
    op.create_table('agency_attendance',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('attending', sa.Enum('coming', 'deputy', 'apologies', name='attending', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('deputy_id', sa.Integer(), nullable=True),
    sa.Column('update_text', sa.String(), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('said_by_id', sa.Integer(), nullable=True),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_agency_attendance_agency_id_agency')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_agency_attendance_area_id_area')),
    sa.ForeignKeyConstraint(['deputy_id'], ['account.id'], name=op.f('fk_agency_attendance_deputy_id_account')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_agency_attendance_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['said_by_id'], ['account.id'], name=op.f('fk_agency_attendance_said_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agency_attendance')),
    sa.UniqueConstraint('meeting_id', 'agency_id', 'number', name=op.f('uq_agency_attendance_meeting_id_agency_id_number'))
    )
    op.create_table('attendance_draft',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('attending', sa.Enum('coming', 'deputy', 'apologies', name='attending', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('deputy_id', sa.Integer(), nullable=True),
    sa.Column('update_text', sa.String(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_attendance_draft_agency_id_agency')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_attendance_draft_area_id_area')),
    sa.ForeignKeyConstraint(['changed_by_id'], ['account.id'], name=op.f('fk_attendance_draft_changed_by_id_account')),
    sa.ForeignKeyConstraint(['deputy_id'], ['account.id'], name=op.f('fk_attendance_draft_deputy_id_account')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_attendance_draft_meeting_id_meeting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance_draft')),
    sa.UniqueConstraint('meeting_id', 'agency_id', name=op.f('uq_attendance_draft_meeting_id_agency_id'))
    )
    op.create_table('chase',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('chased_on', sa.Date(), nullable=False),
    sa.Column('chased_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('chased_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_chase_agency_id_agency')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_chase_area_id_area')),
    sa.ForeignKeyConstraint(['chased_by_id'], ['account.id'], name=op.f('fk_chase_chased_by_id_account')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_chase_meeting_id_meeting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_chase')),
    sa.UniqueConstraint('meeting_id', 'agency_id', 'chased_on', name=op.f('uq_chase_meeting_id_agency_id_chased_on'))
    )
    op.create_table('information_draft',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('answer', sa.Enum('relevant', 'not_shared', 'nothing_known', name='answer', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('facts', sa.String(), nullable=False),
    sa.Column('opinion', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_information_draft_agency_id_agency')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_information_draft_area_id_area')),
    sa.ForeignKeyConstraint(['changed_by_id'], ['account.id'], name=op.f('fk_information_draft_changed_by_id_account')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_information_draft_child_id_child')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_information_draft_meeting_id_meeting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_information_draft')),
    sa.UniqueConstraint('meeting_id', 'child_id', 'agency_id', name=op.f('uq_information_draft_meeting_id_child_id_agency_id'))
    )
    op.create_index(op.f('ix_information_draft_child_id'), 'information_draft', ['child_id'], unique=False)
    op.create_table('information_sent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('answer', sa.Enum('relevant', 'not_shared', 'nothing_known', name='answer', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('facts', sa.String(), nullable=False),
    sa.Column('opinion', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_by_id', sa.Integer(), nullable=True),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_information_sent_agency_id_agency')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_information_sent_area_id_area')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_information_sent_child_id_child')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_information_sent_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['sent_by_id'], ['account.id'], name=op.f('fk_information_sent_sent_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_information_sent')),
    sa.UniqueConstraint('meeting_id', 'child_id', 'agency_id', 'number', name=op.f('uq_information_sent_meeting_id_child_id_agency_id_number'))
    )
    op.create_index(op.f('ix_information_sent_child_id'), 'information_sent', ['child_id'], unique=False)
    for table in ADDED_ONLY:
        _keep(table)


def downgrade() -> None:
    # The triggers of a table go with it.
    op.drop_index(op.f('ix_information_sent_child_id'), table_name='information_sent')
    op.drop_table('information_sent')
    op.drop_index(op.f('ix_information_draft_child_id'), table_name='information_draft')
    op.drop_table('information_draft')
    op.drop_table('chase')
    op.drop_table('attendance_draft')
    op.drop_table('agency_attendance')


def _keep(table: str) -> None:
    """Refuse any change of what was said, and its deletion."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is never deleted'); END")
    else:
        op.execute(f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
