"""network meetings: corrections of their minutes, items moved by hand, and what becomes of each thing still open"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("network_decision", sa.Column("settled", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("network_adjustment", sa.Column("place", sa.Integer(), nullable=True))
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
    op.execute("ALTER TABLE network_adjustment DROP COLUMN place")
    op.execute("ALTER TABLE network_decision DROP COLUMN settled")


def _triggers() -> list[str]:
    """Give what locks a correction once it is answered: SQLite makes the table anew, and loses it with the old one."""
    if op.get_bind().dialect.name != "sqlite":
        return []
    wanted = sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'minutes_correction'")
    return list(op.get_bind().execute(wanted).scalars())
