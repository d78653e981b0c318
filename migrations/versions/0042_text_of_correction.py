"""which text of the minutes was written by accepting a correction"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    triggers = _triggers()
    with op.batch_alter_table("minutes_text") as batch:
        batch.add_column(sa.Column("correction_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_minutes_text_correction_id_minutes_correction"), "minutes_correction", ["correction_id"], ["id"]
        )
    for trigger in triggers:
        op.execute(trigger)


def downgrade() -> None:
    triggers = _triggers()
    with op.batch_alter_table("minutes_text") as batch:
        batch.drop_constraint(op.f("fk_minutes_text_correction_id_minutes_correction"), type_="foreignkey")
        batch.drop_column("correction_id")
    for trigger in triggers:
        op.execute(trigger)


def _triggers() -> list[str]:
    """Give what keeps a text as it was saved: SQLite makes the table anew, and loses it with the old one."""
    if op.get_bind().dialect.name != "sqlite":
        return []
    wanted = sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'minutes_text'")
    return list(op.get_bind().execute(wanted).scalars())
