"""networks: CHaRMM, other authorities, extracts for them, and records that are one subject"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

APPEND_ONLY = ("charmm_step", "authority_contact", "network_extract_child", "network_extract_copy")
NEVER_DELETED = ("charmm_referral", "subject_merge", "outside_child", "network_extract")


def upgrade() -> None:
    op.create_table('charmm_referral',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('district', sa.String(), nullable=False),
    sa.Column('referred_on', sa.Date(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.Column('comes_back_on', sa.Date(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['account.id'], name=op.f('fk_charmm_referral_recorded_by_id_account')),
    sa.ForeignKeyConstraint(['subject_id'], ['subject.id'], name=op.f('fk_charmm_referral_subject_id_subject')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_charmm_referral')),
    sa.UniqueConstraint('reference', name=op.f('uq_charmm_referral_reference'))
    )
    op.create_index(op.f('ix_charmm_referral_ended_at_comes_back_on'), 'charmm_referral', ['ended_at', 'comes_back_on'], unique=False)
    op.create_index(op.f('ix_charmm_referral_subject_id'), 'charmm_referral', ['subject_id'], unique=False)
    op.create_table('subject_merge',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('kept_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by_id', sa.Integer(), nullable=True),
    sa.Column('undone_because', sa.String(), nullable=False),
    sa.CheckConstraint('subject_id <> kept_id', name=op.f('ck_subject_merge_two_records')),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_subject_merge_by_id_account')),
    sa.ForeignKeyConstraint(['kept_id'], ['subject.id'], name=op.f('fk_subject_merge_kept_id_subject')),
    sa.ForeignKeyConstraint(['subject_id'], ['subject.id'], name=op.f('fk_subject_merge_subject_id_subject')),
    sa.ForeignKeyConstraint(['undone_by_id'], ['account.id'], name=op.f('fk_subject_merge_undone_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subject_merge'))
    )
    op.create_index(op.f('ix_subject_merge_kept_id'), 'subject_merge', ['kept_id'], unique=False)
    op.create_index('ix_subject_merge_running', 'subject_merge', ['subject_id'], unique=True, sqlite_where=sa.text('undone_at IS NULL'), postgresql_where=sa.text('undone_at IS NULL'))
    op.create_table('authority_contact',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('reach', sa.String(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['authority_id'], ['subject_authority.id'], name=op.f('fk_authority_contact_authority_id_subject_authority')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['account.id'], name=op.f('fk_authority_contact_recorded_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_authority_contact'))
    )
    op.create_index(op.f('ix_authority_contact_authority_id_id'), 'authority_contact', ['authority_id', 'id'], unique=False)
    op.create_table('charmm_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('referral_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('heard_on', sa.Date(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('comes_back_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_charmm_step_by_id_account')),
    sa.ForeignKeyConstraint(['referral_id'], ['charmm_referral.id'], name=op.f('fk_charmm_step_referral_id_charmm_referral')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_charmm_step'))
    )
    op.create_index(op.f('ix_charmm_step_referral_id_id'), 'charmm_step', ['referral_id', 'id'], unique=False)
    op.create_table('network_extract',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('authority', sa.String(), nullable=False),
    sa.Column('reader', sa.String(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('contents', sa.JSON(), nullable=False),
    sa.Column('state', sa.Enum('proposed', 'approved', 'refused', name='state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('proposed_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decision_reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['authority_id'], ['subject_authority.id'], name=op.f('fk_network_extract_authority_id_subject_authority')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['account.id'], name=op.f('fk_network_extract_decided_by_id_account')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['account.id'], name=op.f('fk_network_extract_proposed_by_id_account')),
    sa.ForeignKeyConstraint(['subject_id'], ['subject.id'], name=op.f('fk_network_extract_subject_id_subject')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_network_extract')),
    sa.UniqueConstraint('reference', name=op.f('uq_network_extract_reference'))
    )
    op.create_index(op.f('ix_network_extract_state_id'), 'network_extract', ['state', 'id'], unique=False)
    op.create_index(op.f('ix_network_extract_subject_id'), 'network_extract', ['subject_id'], unique=False)
    op.create_table('outside_child',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('their_reference', sa.String(), nullable=False),
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
    sa.ForeignKeyConstraint(['authority_id'], ['subject_authority.id'], name=op.f('fk_outside_child_authority_id_subject_authority')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['account.id'], name=op.f('fk_outside_child_ended_by_id_account')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['account.id'], name=op.f('fk_outside_child_recorded_by_id_account')),
    sa.ForeignKeyConstraint(['subject_id'], ['subject.id'], name=op.f('fk_outside_child_subject_id_subject')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outside_child')),
    sa.UniqueConstraint('reference', name=op.f('uq_outside_child_reference'))
    )
    op.create_index(op.f('ix_outside_child_authority_id'), 'outside_child', ['authority_id'], unique=False)
    op.create_index(op.f('ix_outside_child_subject_id'), 'outside_child', ['subject_id'], unique=False)
    op.create_table('network_extract_child',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('extract_id', sa.Integer(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_network_extract_child_child_id_child')),
    sa.ForeignKeyConstraint(['extract_id'], ['network_extract.id'], name=op.f('fk_network_extract_child_extract_id_network_extract')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_network_extract_child')),
    sa.UniqueConstraint('extract_id', 'child_id', name=op.f('uq_network_extract_child_extract_id_child_id'))
    )
    op.create_index(op.f('ix_network_extract_child_child_id'), 'network_extract_child', ['child_id'], unique=False)
    op.create_table('network_extract_copy',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('extract_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('reader', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_network_extract_copy_by_id_account')),
    sa.ForeignKeyConstraint(['extract_id'], ['network_extract.id'], name=op.f('fk_network_extract_copy_extract_id_network_extract')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_network_extract_copy')),
    sa.UniqueConstraint('extract_id', 'number', name=op.f('uq_network_extract_copy_extract_id_number'))
    )
    op.add_column('subject_area', sa.Column('shared', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(
        "INSERT INTO authority_contact (authority_id, name, reach, recorded_at, recorded_by_id) "
        "SELECT id, contact, '', recorded_at, recorded_by_id FROM subject_authority WHERE contact <> '' ORDER BY id"
    )
    op.drop_column('subject_authority', 'contact')
    _keep()


def downgrade() -> None:
    op.add_column('subject_authority', sa.Column('contact', sa.String(), server_default='', nullable=False))
    op.execute(
        "UPDATE subject_authority SET contact = (SELECT name FROM authority_contact WHERE id = (SELECT max(id) "
        "FROM authority_contact WHERE authority_id = subject_authority.id)) "
        "WHERE id IN (SELECT authority_id FROM authority_contact)"
    )
    op.drop_column('subject_area', 'shared')
    # The triggers of a table go with it.
    for table in (
        "network_extract_copy", "network_extract_child", "network_extract", "outside_child", "charmm_step",
        "charmm_referral", "authority_contact", "subject_merge",
    ):
        op.drop_table(table)


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
