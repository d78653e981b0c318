"""what the notes of a meeting said before other words were saved over them"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

TABLE = "notes_before"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_notes_before_area_id_area")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_notes_before_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["replaced_by_id"], ["account.id"], name=op.f("fk_notes_before_replaced_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes_before")),
    )
    op.create_index(op.f("ix_notes_before_meeting_id_id"), TABLE, ["meeting_id", "id"], unique=False)
    # What was said stays as it was said.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END")
        op.execute(f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{TABLE} is never deleted'); END")
    else:
        op.execute(f"CREATE TRIGGER {TABLE}_kept BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION refuse_change()")


def downgrade() -> None:
    # The triggers of a table go with it.
    op.drop_table(TABLE)
