"""what happened to each mail"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('mail_try',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('mail_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.Enum('sent', 'put_off', 'given_up', 'sent_again', name='outcome', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('problem', sa.String(), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['mail_id'], ['outbox_mail.id'], name=op.f('fk_mail_try_mail_id_outbox_mail')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_try'))
    )
    op.create_index(op.f('ix_mail_try_mail_id_id'), 'mail_try', ['mail_id', 'id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_mail_try_mail_id_id'), table_name='mail_try')
    op.drop_table('mail_try')
