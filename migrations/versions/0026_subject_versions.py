"""what a record of networks said before somebody changed it, and the conditions that each step of an order carried"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subject_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("state", sa.Enum("open", "closed", name="state", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("closed_because", sa.String(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("area_ids", sa.JSON(), nullable=False),
        sa.Column("born", sa.Date(), nullable=True),
        sa.Column("details", sa.String(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_subject_version_child_id_child")),
        sa.ForeignKeyConstraint(["replaced_by_id"], ["account.id"], name=op.f("fk_subject_version_replaced_by_id_account")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_subject_version_subject_id_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_version")),
    )
    op.create_index(op.f("ix_subject_version_child_id"), "subject_version", ["child_id"], unique=False)
    op.create_index(op.f("ix_subject_version_subject_id_id"), "subject_version", ["subject_id", "id"], unique=False)
    op.add_column("disruption_step", sa.Column("conditions", sa.String(), nullable=False, server_default=""))
    if op.get_bind().dialect.name == "sqlite":
        for verb, happens in (("update", "append-only"), ("delete", "never deleted")):
            op.execute(
                f"CREATE TRIGGER subject_version_no_{verb} BEFORE {verb.upper()} ON subject_version "
                f"BEGIN SELECT RAISE(ABORT, 'subject_version is {happens}'); END"
            )
    else:
        op.execute(
            "CREATE TRIGGER subject_version_kept BEFORE UPDATE OR DELETE ON subject_version "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.execute("ALTER TABLE disruption_step DROP COLUMN conditions")
    op.drop_index(op.f("ix_subject_version_subject_id_id"), table_name="subject_version")
    op.drop_index(op.f("ix_subject_version_child_id"), table_name="subject_version")
    op.drop_table("subject_version")
