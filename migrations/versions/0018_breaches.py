"""what the check of the night found, so that the home pages can show it until it is put right"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('breach_found',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('problem', sa.String(), nullable=False),
    sa.Column('href', sa.String(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=True),
    sa.Column('child_id', sa.Integer(), nullable=True),
    sa.Column('without_meeting', sa.Boolean(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('cleared_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_breach_found_area_id_area')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_breach_found_child_id_child')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_breach_found'))
    )
    stands = sa.text('cleared_at IS NULL')
    op.create_index(
        op.f('ix_breach_found_area_id_id'), 'breach_found', ['area_id', 'id'], unique=False,
        sqlite_where=stands, postgresql_where=stands,
    )
    op.create_index(op.f('ix_breach_found_child_id'), 'breach_found', ['child_id'], unique=False)


def downgrade() -> None:
    op.drop_table('breach_found')
