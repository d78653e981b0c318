"""assessments, what their flags ask for, and what was decided on them"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

APPEND_ONLY = ("flag_answer", "assessment_decision", "declined_recommendation")
NEVER_DELETED = ("assessment", "assessment_flag")

# What a finished assessment keeps for ever. Its child is not among it: two records may turn out to be one child.
KEPT = (
    "id, reference, child_name, born, tool_code, tool_version, tool_file, tool_number, previous_id, concern_received_at, "
    "assessed_on, answers, gone, before, sections, state, started_at, started_by_id, saved_at, saved_by_id, "
    "finished_at, finished_by_id, score, category, level, reassess_from, reassess_by, discarded_reason"
)



def upgrade() -> None:
    op.create_table('assessment',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('child_name', sa.String(), nullable=False),
    sa.Column('born', sa.Date(), nullable=False),
    sa.Column('tool_code', sa.String(), nullable=False),
    sa.Column('tool_version', sa.String(), nullable=False),
    sa.Column('tool_file', sa.String(), nullable=False),
    sa.Column('tool_number', sa.Integer(), nullable=False),
    sa.Column('previous_id', sa.Integer(), nullable=True),
    sa.Column('concern_received_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('assessed_on', sa.Date(), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('gone', sa.JSON(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('sections', sa.JSON(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'finished', 'discarded', name='state', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_by_id', sa.Integer(), nullable=True),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_by_id', sa.Integer(), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_by_id', sa.Integer(), nullable=True),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('category', sa.Integer(), nullable=True),
    sa.Column('level', sa.String(), nullable=True),
    sa.Column('reassess_from', sa.Date(), nullable=True),
    sa.Column('reassess_by', sa.Date(), nullable=True),
    sa.Column('discarded_reason', sa.String(), nullable=False),
    sa.CheckConstraint("(state = 'finished') = (finished_at IS NOT NULL)", name=op.f('ck_assessment_finished_has_moment')),
    sa.CheckConstraint("level IN ('none', 'low', 'medium', 'high')", name=op.f('ck_assessment_level')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_assessment_child_id_child')),
    sa.ForeignKeyConstraint(['finished_by_id'], ['account.id'], name=op.f('fk_assessment_finished_by_id_account')),
    sa.ForeignKeyConstraint(['previous_id'], ['assessment.id'], name=op.f('fk_assessment_previous_id_assessment')),
    sa.ForeignKeyConstraint(['saved_by_id'], ['account.id'], name=op.f('fk_assessment_saved_by_id_account')),
    sa.ForeignKeyConstraint(['started_by_id'], ['account.id'], name=op.f('fk_assessment_started_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment')),
    sa.UniqueConstraint('reference', name=op.f('uq_assessment_reference'))
    )
    op.create_index(op.f('ix_assessment_child_id_assessed_on_id'), 'assessment', ['child_id', 'assessed_on', 'id'], unique=False, sqlite_where=sa.text("state = 'finished'"), postgresql_where=sa.text("state = 'finished'"))
    op.create_index(op.f('ix_assessment_child_id_id'), 'assessment', ['child_id', 'id'], unique=False)
    op.create_index(op.f('ix_assessment_started_by_id_id'), 'assessment', ['started_by_id', 'id'], unique=False, sqlite_where=sa.text("state = 'draft'"), postgresql_where=sa.text("state = 'draft'"))
    op.create_table('assessment_decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('referred', 'at_rmm', 'no_referral', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_assessment_decision_assessment_id_assessment')),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_assessment_decision_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_decision')),
    sa.UniqueConstraint('assessment_id', name=op.f('uq_assessment_decision_assessment_id'))
    )
    op.create_table('assessment_flag',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_assessment_flag_assessment_id_assessment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_flag')),
    sa.UniqueConstraint('assessment_id', 'code', name=op.f('uq_assessment_flag_assessment_id_code'))
    )
    op.create_index(op.f('ix_assessment_flag_raised_at_id'), 'assessment_flag', ['raised_at', 'id'], unique=False, sqlite_where=sa.text('answered_at IS NULL'), postgresql_where=sa.text('answered_at IS NULL'))
    op.create_table('declined_recommendation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_declined_recommendation_assessment_id_assessment')),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_declined_recommendation_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_declined_recommendation')),
    sa.UniqueConstraint('assessment_id', 'number', name=op.f('uq_declined_recommendation_assessment_id_number'))
    )
    op.create_table('recommendation_taken_up',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_recommendation_taken_up_action_id_action')),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_recommendation_taken_up_assessment_id_assessment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recommendation_taken_up')),
    sa.UniqueConstraint('action_id', name=op.f('uq_recommendation_taken_up_action_id')),
    sa.UniqueConstraint('assessment_id', 'number', name=op.f('uq_recommendation_taken_up_assessment_id_number'))
    )
    op.create_table('referral_assessment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('referral_id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_referral_assessment_assessment_id_assessment')),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_referral_assessment_referral_id_referral')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral_assessment')),
    sa.UniqueConstraint('referral_id', 'assessment_id', name=op.f('uq_referral_assessment_referral_id_assessment_id'))
    )
    op.create_index(op.f('ix_referral_assessment_assessment_id'), 'referral_assessment', ['assessment_id'], unique=False)
    op.create_table('flag_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('flag_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('done', 'not_done', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_flag_answer_by_id_account')),
    sa.ForeignKeyConstraint(['flag_id'], ['assessment_flag.id'], name=op.f('fk_flag_answer_flag_id_assessment_flag')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_flag_answer'))
    )
    op.create_index(op.f('ix_flag_answer_flag_id'), 'flag_answer', ['flag_id'], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        _keep_on_sqlite()
    else:
        _keep_on_postgresql()


def downgrade() -> None:
    # The triggers of a table go with it.
    op.drop_index(op.f('ix_flag_answer_flag_id'), table_name='flag_answer')
    op.drop_table('flag_answer')
    op.drop_index(op.f('ix_referral_assessment_assessment_id'), table_name='referral_assessment')
    op.drop_table('referral_assessment')
    op.drop_table('recommendation_taken_up')
    op.drop_table('declined_recommendation')
    op.drop_index(op.f('ix_assessment_flag_raised_at_id'), table_name='assessment_flag', sqlite_where=sa.text('answered_at IS NULL'), postgresql_where=sa.text('answered_at IS NULL'))
    op.drop_table('assessment_flag')
    op.drop_table('assessment_decision')
    op.drop_index(op.f('ix_assessment_started_by_id_id'), table_name='assessment', sqlite_where=sa.text("state = 'draft'"), postgresql_where=sa.text("state = 'draft'"))
    op.drop_index(op.f('ix_assessment_child_id_id'), table_name='assessment')
    op.drop_index(op.f('ix_assessment_child_id_assessed_on_id'), table_name='assessment', sqlite_where=sa.text("state = 'finished'"), postgresql_where=sa.text("state = 'finished'"))
    op.drop_table('assessment')


def _keep_on_sqlite() -> None:
    for table in APPEND_ONLY:
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")
    for table in (*APPEND_ONLY, *NEVER_DELETED):
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is never deleted'); END")
    op.execute(
        f"CREATE TRIGGER assessment_finished BEFORE UPDATE OF {KEPT} ON assessment WHEN OLD.state <> 'draft' "
        "BEGIN SELECT RAISE(ABORT, 'assessment is kept as it was finished'); END"
    )
    op.execute(
        "CREATE TRIGGER assessment_flag_answered BEFORE UPDATE ON assessment_flag WHEN OLD.answered_at IS NOT NULL "
        "BEGIN SELECT RAISE(ABORT, 'assessment_flag is kept as it was answered'); END"
    )


def _keep_on_postgresql() -> None:
    for table in APPEND_ONLY:
        op.execute(f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    for table in NEVER_DELETED:
        op.execute(f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    op.execute(
        f"CREATE TRIGGER assessment_finished BEFORE UPDATE OF {KEPT} ON assessment FOR EACH ROW WHEN (OLD.state <> 'draft') "
        "EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER assessment_flag_answered BEFORE UPDATE ON assessment_flag FOR EACH ROW "
        "WHEN (OLD.answered_at IS NOT NULL) EXECUTE FUNCTION refuse_change()"
    )
