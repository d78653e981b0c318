"""what was decided on a change in circumstances that came after the child had left the list"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

TABLE = "change_answer"
KINDS = ("referred_again", "passed_on", "no_further_action")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_change_answer_by_id_account")),
        sa.ForeignKeyConstraint(
            ["change_id"], ["change_in_circumstances.id"], name=op.f("fk_change_answer_change_id_change_in_circumstances")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_answer")),
        sa.UniqueConstraint("change_id", name=op.f("uq_change_answer_change_id")),
    )
    # What was decided stays as it was decided.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END")
        op.execute(f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{TABLE} is never deleted'); END")
    else:
        op.execute(f"CREATE TRIGGER {TABLE}_kept BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION refuse_change()")


def downgrade() -> None:
    # The triggers of a table go with it.
    op.drop_table(TABLE)
