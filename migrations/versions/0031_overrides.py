"""that an agenda was published, or minutes were issued, although something was pointed out, and why"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TABLE = "check_override"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Enum("agenda", "minutes", name="stage", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("pointed", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_check_override_area_id_area")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_check_override_by_id_account")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_check_override_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_override")),
    )
    op.create_index(op.f("ix_check_override_meeting_id_id"), TABLE, ["meeting_id", "id"], unique=False)
    # What was said stays as it was said.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END")
        op.execute(f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{TABLE} is never deleted'); END")
    else:
        op.execute(f"CREATE TRIGGER {TABLE}_kept BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION refuse_change()")


def downgrade() -> None:
    # The triggers of a table go with it.
    op.drop_table(TABLE)
