"""why minutes were signed while corrections were still taken"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("minutes", sa.Column("early_reason", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    op.execute("ALTER TABLE minutes DROP COLUMN early_reason")
