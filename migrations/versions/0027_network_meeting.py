"""the network meeting: its items, decisions, actions, who was away, conflicts, and what goes on to an RMM"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

NEVER_DELETED = ("network_item", "network_decision", "subject_conflict", "network_adjustment")
TABLES = ('network_action_event', 'network_matter', 'network_decision', 'network_action', 'network_absence', 'network_item', 'network_adjustment', 'subject_conflict')


def upgrade() -> None:
    op.create_table('subject_conflict',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('declared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('declared_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_subject_conflict_account_id_account')),
    sa.ForeignKeyConstraint(['declared_by_id'], ['account.id'], name=op.f('fk_subject_conflict_declared_by_id_account')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['account.id'], name=op.f('fk_subject_conflict_ended_by_id_account')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_subject_conflict_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['subject_id'], ['subject.id'], name=op.f('fk_subject_conflict_subject_id_subject')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subject_conflict'))
    )
    op.create_index(op.f('ix_subject_conflict_account_id'), 'subject_conflict', ['account_id'], unique=False)
    op.create_index('ix_subject_conflict_running', 'subject_conflict', ['subject_id', 'account_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('network_adjustment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=True),
    sa.Column('referral_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('added', 'deferred', 'moved', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(subject_id IS NULL) <> (referral_id IS NULL)', name=op.f('ck_network_adjustment_one_of_two')),
    sa.ForeignKeyConstraint(['made_by_id'], ['account.id'], name=op.f('fk_network_adjustment_made_by_id_account')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_network_adjustment_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['referral_id'], ['network_referral.id'], name=op.f('fk_network_adjustment_referral_id_network_referral')),
    sa.ForeignKeyConstraint(['subject_id'], ['subject.id'], name=op.f('fk_network_adjustment_subject_id_subject')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_network_adjustment'))
    )
    op.create_index(op.f('ix_network_adjustment_meeting_id_id'), 'network_adjustment', ['meeting_id', 'id'], unique=False)
    op.create_index(op.f('ix_network_adjustment_referral_id'), 'network_adjustment', ['referral_id'], unique=False)
    op.create_index(op.f('ix_network_adjustment_subject_id'), 'network_adjustment', ['subject_id'], unique=False)
    op.create_table('network_item',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=True),
    sa.Column('referral_id', sa.Integer(), nullable=True),
    sa.Column('section', sa.String(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('parts', sa.JSON(), nullable=False),
    sa.CheckConstraint('(subject_id IS NULL) <> (referral_id IS NULL)', name=op.f('ck_network_item_one_of_two')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_network_item_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['referral_id'], ['network_referral.id'], name=op.f('fk_network_item_referral_id_network_referral')),
    sa.ForeignKeyConstraint(['subject_id'], ['subject.id'], name=op.f('fk_network_item_subject_id_subject')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_network_item')),
    sa.UniqueConstraint('meeting_id', 'number', name=op.f('uq_network_item_meeting_id_number')),
    sa.UniqueConstraint('meeting_id', 'referral_id', name=op.f('uq_network_item_meeting_id_referral_id')),
    sa.UniqueConstraint('meeting_id', 'subject_id', name=op.f('uq_network_item_meeting_id_subject_id'))
    )
    op.create_index(op.f('ix_network_item_referral_id'), 'network_item', ['referral_id'], unique=False)
    op.create_index(op.f('ix_network_item_subject_id'), 'network_item', ['subject_id'], unique=False)
    op.create_table('network_absence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('attendance_id', sa.Integer(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['attendance_id'], ['attendance.id'], name=op.f('fk_network_absence_attendance_id_attendance')),
    sa.ForeignKeyConstraint(['item_id'], ['network_item.id'], name=op.f('fk_network_absence_item_id_network_item')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['account.id'], name=op.f('fk_network_absence_recorded_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_network_absence')),
    sa.UniqueConstraint('item_id', 'attendance_id', name=op.f('uq_network_absence_item_id_attendance_id'))
    )
    op.create_index(op.f('ix_network_absence_attendance_id'), 'network_absence', ['attendance_id'], unique=False)
    op.create_table('network_action',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=True),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('first_due_on', sa.Date(), nullable=False),
    sa.Column('state', sa.Enum('proposed', 'open', 'done', 'not_done', 'could_not_be_done', 'withdrawn', name='state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_network_action_agency_id_agency')),
    sa.ForeignKeyConstraint(['item_id'], ['network_item.id'], name=op.f('fk_network_action_item_id_network_item')),
    sa.ForeignKeyConstraint(['owner_id'], ['account.id'], name=op.f('fk_network_action_owner_id_account')),
    sa.ForeignKeyConstraint(['subject_id'], ['subject.id'], name=op.f('fk_network_action_subject_id_subject')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_network_action')),
    sa.UniqueConstraint('reference', name=op.f('uq_network_action_reference'))
    )
    op.create_index(op.f('ix_network_action_item_id'), 'network_action', ['item_id'], unique=False)
    op.create_index(op.f('ix_network_action_owner_id_due_on'), 'network_action', ['owner_id', 'due_on'], unique=False)
    op.create_index(op.f('ix_network_action_state_due_on'), 'network_action', ['state', 'due_on'], unique=False)
    op.create_index(op.f('ix_network_action_subject_id'), 'network_action', ['subject_id'], unique=False)
    op.create_table('network_decision',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.Enum('taken_up', 'returned', 'not_taken_up', 'continues', 'closed', 'deferred', 'not_reached', name='outcome', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('discussion', sa.String(), nullable=False),
    sa.Column('about_suspects', sa.String(), nullable=False),
    sa.Column('rationale', sa.String(), nullable=False),
    sa.Column('network_name', sa.String(), nullable=False),
    sa.Column('known_id', sa.Integer(), nullable=True),
    sa.Column('put_off_reason', sa.String(), nullable=False),
    sa.Column('next_review_on', sa.Date(), nullable=True),
    sa.Column('became_id', sa.Integer(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.Column('took_effect_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['became_id'], ['subject.id'], name=op.f('fk_network_decision_became_id_subject')),
    sa.ForeignKeyConstraint(['changed_by_id'], ['account.id'], name=op.f('fk_network_decision_changed_by_id_account')),
    sa.ForeignKeyConstraint(['item_id'], ['network_item.id'], name=op.f('fk_network_decision_item_id_network_item')),
    sa.ForeignKeyConstraint(['known_id'], ['subject.id'], name=op.f('fk_network_decision_known_id_subject')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_network_decision')),
    sa.UniqueConstraint('item_id', name=op.f('uq_network_decision_item_id'))
    )
    op.create_table('network_matter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('item', 'action', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=True),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('meeting_id', sa.Integer(), nullable=True),
    sa.Column('action_id', sa.Integer(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.Column('took_effect_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_network_matter_action_id_action')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_network_matter_agency_id_agency')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_network_matter_child_id_child')),
    sa.ForeignKeyConstraint(['item_id'], ['network_item.id'], name=op.f('fk_network_matter_item_id_network_item')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_network_matter_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['owner_id'], ['account.id'], name=op.f('fk_network_matter_owner_id_account')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['account.id'], name=op.f('fk_network_matter_recorded_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_network_matter'))
    )
    op.create_index(op.f('ix_network_matter_child_id'), 'network_matter', ['child_id'], unique=False)
    op.create_index(op.f('ix_network_matter_item_id'), 'network_matter', ['item_id'], unique=False)
    op.create_table('network_action_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('given', 'new_date', 'done', 'not_done', 'could_not_be_done', 'withdrawn', 'reassigned', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['action_id'], ['network_action.id'], name=op.f('fk_network_action_event_action_id_network_action')),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_network_action_event_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_network_action_event'))
    )
    op.create_index(op.f('ix_network_action_event_action_id_id'), 'network_action_event', ['action_id', 'id'], unique=False)
    _keep()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _keep() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        op.execute("CREATE TRIGGER network_action_event_no_update BEFORE UPDATE ON network_action_event BEGIN SELECT RAISE(ABORT, 'network_action_event is append-only'); END")
        op.execute("CREATE TRIGGER network_action_event_no_delete BEFORE DELETE ON network_action_event BEGIN SELECT RAISE(ABORT, 'network_action_event is never deleted'); END")
    else:
        op.execute("CREATE TRIGGER network_action_event_kept BEFORE UPDATE OR DELETE ON network_action_event FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    for table in NEVER_DELETED:
        if sqlite:
            op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is never deleted'); END")
        else:
            op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
