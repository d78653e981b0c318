"""networks: referrals to the network meeting, subjects, what links them, and disruption"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

APPEND_ONLY = ("subject_alias", "disruption_step", "network_referral_suspects", "network_referral_child")
NEVER_DELETED = ("subject", "subject_link", "subject_child", "suspect_reader", "network_referral", "disruption")


def upgrade() -> None:
    op.create_table('subject',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('kind', sa.Enum('network', 'suspect', 'place', 'organisation', 'vehicle', 'online', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_key', sa.String(), nullable=False),
    sa.Column('about', sa.String(), nullable=False),
    sa.Column('state', sa.Enum('open', 'closed', name='state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by_id', sa.Integer(), nullable=True),
    sa.Column('review_on', sa.Date(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_because', sa.String(), nullable=False),
    sa.Column('merged_into_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['merged_into_id'], ['subject.id'], name=op.f('fk_subject_merged_into_id_subject')),
    sa.ForeignKeyConstraint(['opened_by_id'], ['account.id'], name=op.f('fk_subject_opened_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subject')),
    sa.UniqueConstraint('reference', name=op.f('uq_subject_reference'))
    )
    op.create_index(op.f('ix_subject_kind_state_name_key'), 'subject', ['kind', 'state', 'name_key'], unique=False)
    op.create_index(op.f('ix_subject_merged_into_id'), 'subject', ['merged_into_id'], unique=False)
    op.create_index(op.f('ix_subject_review_on'), 'subject', ['review_on'], unique=False)
    op.create_table('disruption',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('tactic', sa.String(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('considered', 'sought', 'granted', 'refused', 'ended', name='state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('conditions', sa.String(), nullable=False),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_disruption_agency_id_agency')),
    sa.ForeignKeyConstraint(['subject_id'], ['subject.id'], name=op.f('fk_disruption_subject_id_subject')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disruption')),
    sa.UniqueConstraint('reference', name=op.f('uq_disruption_reference'))
    )
    op.create_index(op.f('ix_disruption_state_expires_on'), 'disruption', ['state', 'expires_on'], unique=False)
    op.create_index(op.f('ix_disruption_subject_id'), 'disruption', ['subject_id'], unique=False)
    op.create_table('subject_alias',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_key', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['account.id'], name=op.f('fk_subject_alias_recorded_by_id_account')),
    sa.ForeignKeyConstraint(['subject_id'], ['subject.id'], name=op.f('fk_subject_alias_subject_id_subject')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subject_alias'))
    )
    op.create_index(op.f('ix_subject_alias_name_key'), 'subject_alias', ['name_key'], unique=False)
    op.create_index(op.f('ix_subject_alias_subject_id_id'), 'subject_alias', ['subject_id', 'id'], unique=False)
    op.create_table('subject_area',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_subject_area_area_id_area')),
    sa.ForeignKeyConstraint(['subject_id'], ['subject.id'], name=op.f('fk_subject_area_subject_id_subject')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subject_area')),
    sa.UniqueConstraint('subject_id', 'area_id', name=op.f('uq_subject_area_subject_id_area_id'))
    )
    op.create_index(op.f('ix_subject_area_area_id_subject_id'), 'subject_area', ['area_id', 'subject_id'], unique=False)
    op.create_table('subject_authority',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('authority', sa.String(), nullable=False),
    sa.Column('contact', sa.String(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['account.id'], name=op.f('fk_subject_authority_recorded_by_id_account')),
    sa.ForeignKeyConstraint(['subject_id'], ['subject.id'], name=op.f('fk_subject_authority_subject_id_subject')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subject_authority')),
    sa.UniqueConstraint('subject_id', 'authority', name=op.f('uq_subject_authority_subject_id_authority'))
    )
    op.create_table('subject_child',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('tie', sa.Enum('targeted_by', 'taken_to', 'contacted_by', 'seen_with', name='tie', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('since', sa.Date(), nullable=True),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('basis', sa.Enum('fact', 'opinion', name='basis', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('confidence', sa.Enum('confirmed', 'likely', 'possible', name='confidence', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_because', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_subject_child_child_id_child')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['account.id'], name=op.f('fk_subject_child_ended_by_id_account')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['account.id'], name=op.f('fk_subject_child_recorded_by_id_account')),
    sa.ForeignKeyConstraint(['subject_id'], ['subject.id'], name=op.f('fk_subject_child_subject_id_subject')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subject_child'))
    )
    op.create_index(op.f('ix_subject_child_child_id'), 'subject_child', ['child_id'], unique=False)
    op.create_index('ix_subject_child_running', 'subject_child', ['subject_id', 'child_id', 'tie'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.create_index(op.f('ix_subject_child_subject_id'), 'subject_child', ['subject_id'], unique=False)
    op.create_table('subject_link',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('first_id', sa.Integer(), nullable=False),
    sa.Column('second_id', sa.Integer(), nullable=False),
    sa.Column('tie', sa.Enum('part_of', 'knows', 'related', 'uses', 'owns', 'works_at', 'seen_at', name='tie', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('since', sa.Date(), nullable=True),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('basis', sa.Enum('fact', 'opinion', name='basis', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('confidence', sa.Enum('confirmed', 'likely', 'possible', name='confidence', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_because', sa.String(), nullable=False),
    sa.CheckConstraint('first_id <> second_id', name=op.f('ck_subject_link_two_subjects')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['account.id'], name=op.f('fk_subject_link_ended_by_id_account')),
    sa.ForeignKeyConstraint(['first_id'], ['subject.id'], name=op.f('fk_subject_link_first_id_subject')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['account.id'], name=op.f('fk_subject_link_recorded_by_id_account')),
    sa.ForeignKeyConstraint(['second_id'], ['subject.id'], name=op.f('fk_subject_link_second_id_subject')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subject_link'))
    )
    op.create_index(op.f('ix_subject_link_first_id'), 'subject_link', ['first_id'], unique=False)
    op.create_index('ix_subject_link_running', 'subject_link', ['first_id', 'second_id', 'tie'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.create_index(op.f('ix_subject_link_second_id'), 'subject_link', ['second_id'], unique=False)
    op.create_table('suspect_reader',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('named_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('named_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_suspect_reader_account_id_account')),
    sa.ForeignKeyConstraint(['named_by_id'], ['account.id'], name=op.f('fk_suspect_reader_named_by_id_account')),
    sa.ForeignKeyConstraint(['subject_id'], ['subject.id'], name=op.f('fk_suspect_reader_subject_id_subject')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suspect_reader'))
    )
    op.create_index(op.f('ix_suspect_reader_account_id_subject_id'), 'suspect_reader', ['account_id', 'subject_id'], unique=False)
    op.create_index('ix_suspect_reader_running', 'suspect_reader', ['subject_id', 'account_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('suspect_record',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('born', sa.Date(), nullable=True),
    sa.Column('details', sa.String(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_suspect_record_child_id_child')),
    sa.ForeignKeyConstraint(['subject_id'], ['subject.id'], name=op.f('fk_suspect_record_subject_id_subject')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suspect_record')),
    sa.UniqueConstraint('subject_id', name=op.f('uq_suspect_record_subject_id'))
    )
    op.create_index(op.f('ix_suspect_record_child_id'), 'suspect_record', ['child_id'], unique=False)
    op.create_table('disruption_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('disruption_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.Enum('considered', 'sought', 'granted', 'refused', 'ended', name='state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_disruption_step_by_id_account')),
    sa.ForeignKeyConstraint(['disruption_id'], ['disruption.id'], name=op.f('fk_disruption_step_disruption_id_disruption')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disruption_step'))
    )
    op.create_index(op.f('ix_disruption_step_disruption_id_id'), 'disruption_step', ['disruption_id', 'id'], unique=False)
    op.create_table('network_referral',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=False),
    sa.Column('referrer_id', sa.Integer(), nullable=True),
    sa.Column('referrer_name', sa.String(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('criteria', sa.JSON(), nullable=False),
    sa.Column('manager', sa.String(), nullable=False),
    sa.Column('inspector', sa.String(), nullable=False),
    sa.Column('known', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('basis', sa.Enum('fact', 'opinion', name='basis', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('confidence', sa.Enum('confirmed', 'likely', 'possible', name='confidence', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('authorities', sa.String(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.Enum('received', 'accepted', 'returned', 'no_action', name='state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decision_reason', sa.String(), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_network_referral_agency_id_agency')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['account.id'], name=op.f('fk_network_referral_decided_by_id_account')),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_network_referral_item_id_agenda_item')),
    sa.ForeignKeyConstraint(['referrer_id'], ['account.id'], name=op.f('fk_network_referral_referrer_id_account')),
    sa.ForeignKeyConstraint(['subject_id'], ['subject.id'], name=op.f('fk_network_referral_subject_id_subject')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_network_referral')),
    sa.UniqueConstraint('reference', name=op.f('uq_network_referral_reference'))
    )
    op.create_index(op.f('ix_network_referral_item_id'), 'network_referral', ['item_id'], unique=False)
    op.create_index(op.f('ix_network_referral_referrer_id'), 'network_referral', ['referrer_id'], unique=False)
    op.create_index(op.f('ix_network_referral_subject_id'), 'network_referral', ['subject_id'], unique=False)
    op.create_table('network_referral_area',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('referral_id', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_network_referral_area_area_id_area')),
    sa.ForeignKeyConstraint(['referral_id'], ['network_referral.id'], name=op.f('fk_network_referral_area_referral_id_network_referral')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_network_referral_area')),
    sa.UniqueConstraint('referral_id', 'area_id', name=op.f('uq_network_referral_area_referral_id_area_id'))
    )
    op.create_index(op.f('ix_network_referral_area_area_id_referral_id'), 'network_referral_area', ['area_id', 'referral_id'], unique=False)
    op.create_table('network_referral_child',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('referral_id', sa.Integer(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_network_referral_child_child_id_child')),
    sa.ForeignKeyConstraint(['referral_id'], ['network_referral.id'], name=op.f('fk_network_referral_child_referral_id_network_referral')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_network_referral_child')),
    sa.UniqueConstraint('referral_id', 'child_id', name=op.f('uq_network_referral_child_referral_id_child_id'))
    )
    op.create_index(op.f('ix_network_referral_child_child_id'), 'network_referral_child', ['child_id'], unique=False)
    op.create_table('network_referral_suspects',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('referral_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['referral_id'], ['network_referral.id'], name=op.f('fk_network_referral_suspects_referral_id_network_referral')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_network_referral_suspects')),
    sa.UniqueConstraint('referral_id', name=op.f('uq_network_referral_suspects_referral_id'))
    )
    _keep()


def downgrade() -> None:
    # The triggers of a table go with it.
    op.drop_table('network_referral_suspects')
    op.drop_index(op.f('ix_network_referral_child_child_id'), table_name='network_referral_child')
    op.drop_table('network_referral_child')
    op.drop_index(op.f('ix_network_referral_area_area_id_referral_id'), table_name='network_referral_area')
    op.drop_table('network_referral_area')
    op.drop_index(op.f('ix_network_referral_subject_id'), table_name='network_referral')
    op.drop_index(op.f('ix_network_referral_referrer_id'), table_name='network_referral')
    op.drop_index(op.f('ix_network_referral_item_id'), table_name='network_referral')
    op.drop_table('network_referral')
    op.drop_index(op.f('ix_disruption_step_disruption_id_id'), table_name='disruption_step')
    op.drop_table('disruption_step')
    op.drop_index(op.f('ix_suspect_record_child_id'), table_name='suspect_record')
    op.drop_table('suspect_record')
    op.drop_index('ix_suspect_reader_running', table_name='suspect_reader', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.drop_index(op.f('ix_suspect_reader_account_id_subject_id'), table_name='suspect_reader')
    op.drop_table('suspect_reader')
    op.drop_index(op.f('ix_subject_link_second_id'), table_name='subject_link')
    op.drop_index('ix_subject_link_running', table_name='subject_link', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.drop_index(op.f('ix_subject_link_first_id'), table_name='subject_link')
    op.drop_table('subject_link')
    op.drop_index(op.f('ix_subject_child_subject_id'), table_name='subject_child')
    op.drop_index('ix_subject_child_running', table_name='subject_child', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.drop_index(op.f('ix_subject_child_child_id'), table_name='subject_child')
    op.drop_table('subject_child')
    op.drop_table('subject_authority')
    op.drop_index(op.f('ix_subject_area_area_id_subject_id'), table_name='subject_area')
    op.drop_table('subject_area')
    op.drop_index(op.f('ix_subject_alias_subject_id_id'), table_name='subject_alias')
    op.drop_index(op.f('ix_subject_alias_name_key'), table_name='subject_alias')
    op.drop_table('subject_alias')
    op.drop_index(op.f('ix_disruption_subject_id'), table_name='disruption')
    op.drop_index(op.f('ix_disruption_state_expires_on'), table_name='disruption')
    op.drop_table('disruption')
    op.drop_index(op.f('ix_subject_review_on'), table_name='subject')
    op.drop_index(op.f('ix_subject_merged_into_id'), table_name='subject')
    op.drop_index(op.f('ix_subject_kind_state_name_key'), table_name='subject')
    op.drop_table('subject')


def _keep() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in APPEND_ONLY:
        if sqlite:
            op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")
            op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is never deleted'); END")
        else:
            op.execute(f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    for table in NEVER_DELETED:
        if sqlite:
            op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is never deleted'); END")
        else:
            op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
