"""forms that came when their writers were signed out"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unsent_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("fields", sa.String(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_unsent_form_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsent_form")),
        sa.UniqueConstraint("account_id", "form_id", name=op.f("uq_unsent_form_account_id_form_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_unsent_form_reference")),
    )
    op.create_index(op.f("ix_unsent_form_kept_at"), "unsent_form", ["kept_at"])


def downgrade() -> None:
    op.drop_table("unsent_form")
