"""corrections of the minutes of a network meeting: of no area and no child, but of an item of that meeting"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("minutes_correction") as batch:
        batch.alter_column("area_id", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("network_item_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_minutes_correction_network_item_id_network_item"), "network_item", ["network_item_id"], ["id"]
        )
        batch.create_index(op.f("ix_minutes_correction_network_item_id"), ["network_item_id"], unique=False)


def downgrade() -> None:
    op.execute("DELETE FROM minutes_correction WHERE area_id IS NULL")
    with op.batch_alter_table("minutes_correction") as batch:
        batch.drop_index(op.f("ix_minutes_correction_network_item_id"))
        batch.drop_constraint(op.f("fk_minutes_correction_network_item_id_network_item"), type_="foreignkey")
        batch.drop_column("network_item_id")
        batch.alter_column("area_id", existing_type=sa.Integer(), nullable=False)
