"""aims as rows of a safety plan, what RMMs found about each, and updates between meetings"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

APPEND_ONLY = ("plan_aim", "plan_update")
ADDED = {
    "child_view_kind": "'view', 'not_sought'",
    "parents_view_kind": "'view', 'not_sought'",
    "school_copy": "'given', 'not_given'",
}
TEXTS = ("missing_plan", "school_copy_note")


def upgrade() -> None:
    # Written out, because a copy of the table, as SQLite else needs it, would lose the triggers.
    for column, members in ADDED.items():
        op.execute(
            f"ALTER TABLE safety_plan ADD COLUMN {column} VARCHAR(40) "
            f"CONSTRAINT ck_safety_plan_{column} CHECK ({column} IN ({members}))"
        )
    for column in TEXTS:
        op.execute(f"ALTER TABLE safety_plan ADD COLUMN {column} VARCHAR NOT NULL DEFAULT ''")
    op.create_table('plan_aim',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('aim', sa.String(), nullable=False),
    sa.Column('actions', sa.String(), nullable=False),
    sa.Column('action_references', sa.JSON(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_plan_aim_child_id_child')),
    sa.ForeignKeyConstraint(['plan_id'], ['safety_plan.id'], name=op.f('fk_plan_aim_plan_id_safety_plan')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_aim')),
    sa.UniqueConstraint('plan_id', 'number', name=op.f('uq_plan_aim_plan_id_number'))
    )
    op.create_index(op.f('ix_plan_aim_child_id'), 'plan_aim', ['child_id'], unique=False)
    # What stood as one text is one aim, the same one in every version.
    op.execute(
        "INSERT INTO plan_aim (plan_id, child_id, number, place, aim, actions, action_references) "
        "SELECT id, child_id, 1, 1, aims, '', '[]' FROM safety_plan ORDER BY id"
    )
    op.execute("ALTER TABLE safety_plan DROP COLUMN aims")
    op.create_table('aim_review',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('aim_number', sa.Integer(), nullable=False),
    sa.Column('effect', sa.Enum('working', 'partly', 'not_working', 'achieved', name='effect', native_enum=False, length=40, create_constraint=True), nullable=False),
    sa.Column('seen', sa.String(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.Column('took_effect_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_aim_review_child_id_child')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_aim_review_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['plan_id'], ['safety_plan.id'], name=op.f('fk_aim_review_plan_id_safety_plan')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['account.id'], name=op.f('fk_aim_review_recorded_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_aim_review')),
    sa.UniqueConstraint('meeting_id', 'child_id', 'aim_number', name=op.f('uq_aim_review_meeting_id_child_id_aim_number'))
    )
    op.create_index(op.f('ix_aim_review_child_id_id'), 'aim_review', ['child_id', 'id'], unique=False)
    op.create_table('plan_update',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('happened', sa.String(), nullable=False),
    sa.Column('progress', sa.JSON(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('written_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_plan_update_child_id_child')),
    sa.ForeignKeyConstraint(['plan_id'], ['safety_plan.id'], name=op.f('fk_plan_update_plan_id_safety_plan')),
    sa.ForeignKeyConstraint(['written_by_id'], ['account.id'], name=op.f('fk_plan_update_written_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_update'))
    )
    op.create_index(op.f('ix_plan_update_child_id_id'), 'plan_update', ['child_id', 'id'], unique=False)
    _keep()


def downgrade() -> None:
    op.execute("ALTER TABLE safety_plan ADD COLUMN aims VARCHAR NOT NULL DEFAULT ''")
    _let_go()
    _write_aims_as_one_text()
    _keep_plans()
    # The triggers of a table go with it.
    for table in ("plan_update", "aim_review", "plan_aim"):
        op.drop_table(table)
    for column in (*ADDED, *TEXTS):
        op.execute(f"ALTER TABLE safety_plan DROP COLUMN {column}")


def _write_aims_as_one_text() -> None:
    """Write the aims of each version as the one text that they were, with all that stands in them."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.text("SELECT plan_id, aim, actions, action_references, due_on FROM plan_aim ORDER BY plan_id, place")
    ).all()
    texts: dict[int, list[str]] = {}
    for plan_id, aim, actions, references, due_on in rows:
        said = references if isinstance(references, str) else ", ".join(references)
        more = [part for part in (actions, said.strip("[]"), f"By {due_on}" if due_on else "") if part]
        texts.setdefault(plan_id, []).append("\n".join([aim, *more]))
    for plan_id, parts in texts.items():
        connection.execute(
            sa.text("UPDATE safety_plan SET aims = :aims WHERE id = :id"), {"aims": "\n\n".join(parts), "id": plan_id}
        )


def _let_go() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("DROP TRIGGER safety_plan_no_update" if sqlite else "DROP TRIGGER safety_plan_kept ON safety_plan")


def _keep_plans() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE TRIGGER safety_plan_no_update BEFORE UPDATE ON safety_plan BEGIN SELECT RAISE(ABORT, 'safety_plan is append-only'); END")
    else:
        op.execute("CREATE TRIGGER safety_plan_kept BEFORE UPDATE OR DELETE ON safety_plan FOR EACH ROW EXECUTE FUNCTION refuse_change()")


def _keep() -> None:
    held = "OLD.took_effect_at IS NOT NULL"
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")
            op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is never deleted'); END")
        for name, change in (("no_update", "UPDATE"), ("no_delete", "DELETE")):
            op.execute(
                f"CREATE TRIGGER aim_review_{name} BEFORE {change} ON aim_review WHEN {held} "
                "BEGIN SELECT RAISE(ABORT, 'aim_review is kept once it took effect'); END"
            )
        return
    for table in APPEND_ONLY:
        op.execute(f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    op.execute(
        f"CREATE TRIGGER aim_review_kept BEFORE UPDATE OR DELETE ON aim_review FOR EACH ROW WHEN ({held}) "
        "EXECUTE FUNCTION refuse_change()"
    )
