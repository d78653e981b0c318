"""the weekly list: what was circulated is kept as it was"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEPT = ("weekly_list", "weekly_row", "weekly_change", "weekly_copy")


def upgrade() -> None:
    op.create_table('weekly_list',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('week', sa.String(), nullable=False),
    sa.Column('taken_on', sa.Date(), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('children', sa.Integer(), nullable=False),
    sa.Column('last_entry_id', sa.Integer(), nullable=False),
    sa.Column('trail_mark', sa.Integer(), nullable=False),
    sa.Column('previous_digest', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_weekly_list')),
    sa.UniqueConstraint('number', name=op.f('uq_weekly_list_number')),
    sa.UniqueConstraint('week', name=op.f('uq_weekly_list_week'))
    )
    op.create_table('weekly_copy',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('list_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_weekly_copy_account_id_account')),
    sa.ForeignKeyConstraint(['list_id'], ['weekly_list.id'], name=op.f('fk_weekly_copy_list_id_weekly_list')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_weekly_copy')),
    sa.UniqueConstraint('list_id', 'account_id', name=op.f('uq_weekly_copy_list_id_account_id'))
    )
    op.create_index(op.f('ix_weekly_copy_account_id'), 'weekly_copy', ['account_id'], unique=False)
    op.create_table('weekly_recipient',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('named_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('named_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_weekly_recipient_account_id_account')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['account.id'], name=op.f('fk_weekly_recipient_ended_by_id_account')),
    sa.ForeignKeyConstraint(['named_by_id'], ['account.id'], name=op.f('fk_weekly_recipient_named_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_weekly_recipient'))
    )
    op.create_index(op.f('ix_weekly_recipient_account_id'), 'weekly_recipient', ['account_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('weekly_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('list_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('on', 'off', 'up', 'down', 'moved', 'overdue', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('said', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_weekly_change_area_id_area')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_weekly_change_child_id_child')),
    sa.ForeignKeyConstraint(['list_id'], ['weekly_list.id'], name=op.f('fk_weekly_change_list_id_weekly_list')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_weekly_change')),
    sa.UniqueConstraint('list_id', 'place', name=op.f('uq_weekly_change_list_id_place'))
    )
    op.create_index(op.f('ix_weekly_change_child_id'), 'weekly_change', ['child_id'], unique=False)
    op.create_table('weekly_row',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('list_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('area', sa.String(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('born', sa.Date(), nullable=False),
    sa.Column('age', sa.Integer(), nullable=False),
    sa.Column('rating', sa.Enum('high', 'medium', 'low', 'none', name='rating', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('provisional', sa.Boolean(), nullable=False),
    sa.Column('listed_on', sa.Date(), nullable=False),
    sa.Column('lead_agency', sa.String(), nullable=False),
    sa.Column('lead_professional', sa.String(), nullable=False),
    sa.Column('next_review_on', sa.Date(), nullable=False),
    sa.Column('overdue_days', sa.Integer(), nullable=False),
    sa.Column('meeting', sa.String(), nullable=False),
    sa.Column('notes', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_weekly_row_area_id_area')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_weekly_row_child_id_child')),
    sa.ForeignKeyConstraint(['entry_id'], ['list_entry.id'], name=op.f('fk_weekly_row_entry_id_list_entry')),
    sa.ForeignKeyConstraint(['list_id'], ['weekly_list.id'], name=op.f('fk_weekly_row_list_id_weekly_list')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_weekly_row')),
    sa.UniqueConstraint('list_id', 'child_id', name=op.f('uq_weekly_row_list_id_child_id')),
    sa.UniqueConstraint('list_id', 'place', name=op.f('uq_weekly_row_list_id_place'))
    )
    op.create_index(op.f('ix_weekly_row_child_id'), 'weekly_row', ['child_id'], unique=False)
    for table in KEPT:
        if _sqlite():
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )


def downgrade() -> None:
    op.drop_index(op.f('ix_weekly_row_child_id'), table_name='weekly_row')
    op.drop_table('weekly_row')
    op.drop_index(op.f('ix_weekly_change_child_id'), table_name='weekly_change')
    op.drop_table('weekly_change')
    op.drop_index(op.f('ix_weekly_recipient_account_id'), table_name='weekly_recipient', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.drop_table('weekly_recipient')
    op.drop_index(op.f('ix_weekly_copy_account_id'), table_name='weekly_copy')
    op.drop_table('weekly_copy')
    op.drop_table('weekly_list')


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
