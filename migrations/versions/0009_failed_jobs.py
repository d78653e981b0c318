"""which slots of the timetable failed, so that a page can say so"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('job_failure',
    sa.Column('job', sa.String(), nullable=False),
    sa.Column('slot', sa.DateTime(timezone=True), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('problem', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('job', 'slot', name=op.f('pk_job_failure'))
    )


def downgrade() -> None:
    op.drop_table('job_failure')
