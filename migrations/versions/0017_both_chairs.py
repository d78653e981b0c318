"""that both chairs agree to lower a rating fast is their word, no longer read off who is there"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE item_decision ADD COLUMN both_chairs_agree BOOLEAN NOT NULL DEFAULT false")


def downgrade() -> None:
    op.execute("ALTER TABLE item_decision DROP COLUMN both_chairs_agree")
