"""what was recorded of a child before it was changed: the fact, its old value, when and by whom"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TABLE = "child_before"
FACTS = (
    "name", "born", "area", "external_reference", "gender", "ethnicity", "school", "learning_disability",
    "looked_after", "legal_status", "lead_professional", "lead_agency",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("fact", sa.Enum(*FACTS, name="fact", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["account.id"], name=op.f("fk_child_before_changed_by_id_account")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_child_before_child_id_child")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_before")),
    )
    op.create_index(op.f("ix_child_before_child_id_id"), TABLE, ["child_id", "id"], unique=False)
    # What was recorded stays as it was recorded.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END")
        op.execute(f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{TABLE} is never deleted'); END")
    else:
        op.execute(f"CREATE TRIGGER {TABLE}_kept BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION refuse_change()")


def downgrade() -> None:
    # The triggers of a table go with it.
    op.drop_table(TABLE)
