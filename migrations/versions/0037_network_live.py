"""what is being typed on an item of a network meeting, field by field, and texts that were set aside"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('network_live_field',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('save_id', sa.String(), nullable=False),
    sa.Column('recorded', sa.Boolean(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['changed_by_id'], ['account.id'], name=op.f('fk_network_live_field_changed_by_id_account')),
    sa.ForeignKeyConstraint(['item_id'], ['network_item.id'], name=op.f('fk_network_live_field_item_id_network_item')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_network_live_field')),
    sa.UniqueConstraint('item_id', 'name', name=op.f('uq_network_live_field_item_id_name'))
    )
    op.create_index(op.f('ix_network_live_field_item_id_number'), 'network_live_field', ['item_id', 'number'], unique=False)
    op.create_table('network_set_aside',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.Column('undecided', sa.Boolean(), nullable=False),
    sa.Column('set_aside_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['account.id'], name=op.f('fk_network_set_aside_by_id_account')),
    sa.ForeignKeyConstraint(['item_id'], ['network_item.id'], name=op.f('fk_network_set_aside_item_id_network_item')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_network_set_aside'))
    )
    op.create_index(op.f('ix_network_set_aside_item_id'), 'network_set_aside', ['item_id'], unique=False)


def downgrade() -> None:
    for table in ("network_set_aside", "network_live_field"):
        op.drop_table(table)
