"""how an agency said it attends: the number of the change of date or time after which it was said"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("agency_attendance", sa.Column("sequence", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.execute("ALTER TABLE agency_attendance DROP COLUMN sequence")
