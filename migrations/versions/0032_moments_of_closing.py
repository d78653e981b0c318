"""when a closure was proposed, and the referral of a child who was handed over to adult services"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("closure_proposal", sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("referral", sa.Column("handed_over", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.execute("ALTER TABLE referral DROP COLUMN handed_over")
    op.execute("ALTER TABLE closure_proposal DROP COLUMN proposed_at")
