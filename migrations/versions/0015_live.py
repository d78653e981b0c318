"""what is being typed on an item of a meeting, field by field, and texts that were set aside"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('live_field',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('save_id', sa.String(), nullable=False),
    sa.Column('recorded', sa.Boolean(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['account.id'], name=op.f('fk_live_field_changed_by_id_account')),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_live_field_item_id_agenda_item')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_live_field')),
    sa.UniqueConstraint('item_id', 'name', name=op.f('uq_live_field_item_id_name'))
    )
    op.create_index(op.f('ix_live_field_item_id_number'), 'live_field', ['item_id', 'number'], unique=False)
    op.create_table('set_aside',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.Column('undecided', sa.Boolean(), nullable=False),
    sa.Column('set_aside_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_set_aside_by_id_account')),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_set_aside_item_id_agenda_item')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_set_aside'))
    )
    op.create_index(op.f('ix_set_aside_item_id'), 'set_aside', ['item_id'], unique=False)


def downgrade() -> None:
    for table in ("set_aside", "live_field"):
        op.drop_table(table)
