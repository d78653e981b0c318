"""network meetings: corrections, items moved by hand, what becomes of each thing open, and actions RMMs pass on"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("network_decision", sa.Column("settled", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("network_adjustment", sa.Column("place", sa.Integer(), nullable=True))
    op.create_table(
        "passed_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("passed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_passed_action_action_id_action")),
        sa.ForeignKeyConstraint(["passed_by_id"], ["account.id"], name=op.f("fk_passed_action_passed_by_id_account")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_passed_action_subject_id_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passed_action")),
        sa.UniqueConstraint("action_id", name=op.f("uq_passed_action_action_id")),
    )
    op.create_index(op.f("ix_passed_action_subject_id"), "passed_action", ["subject_id"], unique=False)
    triggers = _triggers()
    with op.batch_alter_table("minutes_correction") as batch:
        batch.alter_column("area_id", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("network_item_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_minutes_correction_network_item_id_network_item"), "network_item", ["network_item_id"], ["id"]
        )
        batch.create_index(op.f("ix_minutes_correction_network_item_id"), ["network_item_id"], unique=False)
    for trigger in triggers:
        op.execute(trigger)


def downgrade() -> None:
    """Only while no correction is of a network meeting: nothing recorded is taken away."""
    triggers = _triggers()
    with op.batch_alter_table("minutes_correction") as batch:
        batch.drop_index(op.f("ix_minutes_correction_network_item_id"))
        batch.drop_constraint(op.f("fk_minutes_correction_network_item_id_network_item"), type_="foreignkey")
        batch.drop_column("network_item_id")
        batch.alter_column("area_id", existing_type=sa.Integer(), nullable=False)
    for trigger in triggers:
        op.execute(trigger)
    op.drop_table("passed_action")
    op.execute("ALTER TABLE network_adjustment DROP COLUMN place")
    op.execute("ALTER TABLE network_decision DROP COLUMN settled")


def _triggers() -> list[str]:
    """Give what locks a correction once it is answered: SQLite makes the table anew, and loses it with the old one."""
    if op.get_bind().dialect.name != "sqlite":
        return []
    wanted = sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'minutes_correction'")
    return list(op.get_bind().execute(wanted).scalars())
