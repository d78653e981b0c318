"""whether a social worker already works with a child rated low, who is else held at Early Help"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE item_decision ADD COLUMN social_worker VARCHAR(40) DEFAULT 'unknown' NOT NULL "
        "CONSTRAINT ck_item_decision_social_worker CHECK (social_worker IN ('yes', 'no', 'unknown'))"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE item_decision DROP COLUMN social_worker")
