"""an action that an RMM passed on to the network meeting can be called back, and passed on again"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("passed_action") as batch:
        batch.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("ended_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("ended_because", sa.String(), server_default="", nullable=False))
        batch.drop_constraint(op.f("uq_passed_action_action_id"), type_="unique")
        batch.create_foreign_key(
            op.f("fk_passed_action_ended_by_id_account"), "account", ["ended_by_id"], ["id"]
        )
        batch.create_index(op.f("ix_passed_action_action_id"), ["action_id"], unique=False)
    running = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_passed_action_running", "passed_action", ["action_id"], unique=True, sqlite_where=running,
        postgresql_where=running,
    )  # fmt: skip


def downgrade() -> None:
    """Only while no watch has ended: else one that was called back would run again, and its reason be lost."""
    ended = sa.text("SELECT 1 FROM passed_action WHERE ended_at IS NOT NULL LIMIT 1")
    if op.get_bind().execute(ended).first() is not None:
        raise RuntimeError("A watch over an action has ended, with a reason that the older tables cannot keep")
    op.drop_index("ix_passed_action_running", table_name="passed_action")
    with op.batch_alter_table("passed_action") as batch:
        batch.drop_index(op.f("ix_passed_action_action_id"))
        batch.drop_constraint(op.f("fk_passed_action_ended_by_id_account"), type_="foreignkey")
        batch.create_unique_constraint(op.f("uq_passed_action_action_id"), ["action_id"])
        batch.drop_column("ended_because")
        batch.drop_column("ended_by_id")
        batch.drop_column("ended_at")
