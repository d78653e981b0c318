"""what a network meeting has of an RMM: corrections of its minutes, of one of its items, and items moved by hand"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("network_adjustment", sa.Column("place", sa.Integer(), nullable=True))
    with op.batch_alter_table("minutes_correction") as batch:
        batch.alter_column("area_id", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("network_item_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_minutes_correction_network_item_id_network_item"), "network_item", ["network_item_id"], ["id"]
        )
        batch.create_index(op.f("ix_minutes_correction_network_item_id"), ["network_item_id"], unique=False)


def downgrade() -> None:
    op.execute("DELETE FROM network_adjustment WHERE kind = 'moved'")
    op.execute("ALTER TABLE network_adjustment DROP COLUMN place")
    op.execute("DELETE FROM minutes_correction WHERE area_id IS NULL")
    with op.batch_alter_table("minutes_correction") as batch:
        batch.drop_index(op.f("ix_minutes_correction_network_item_id"))
        batch.drop_constraint(op.f("fk_minutes_correction_network_item_id_network_item"), type_="foreignkey")
        batch.drop_column("network_item_id")
        batch.alter_column("area_id", existing_type=sa.Integer(), nullable=False)
