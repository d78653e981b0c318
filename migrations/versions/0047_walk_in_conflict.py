"""that somebody without an account left the room for an item because of a conflict of interest, and which"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("item_absence", sa.Column("conflict", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("item_absence", "conflict")
