"""why a rating differs from the tool, items that were not reached, each agency's view, and who did not supply"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BEFORE, AFTER = (("rated", "closed", "deferred", "noted"), ("rated", "closed", "deferred", "not_reached", "noted"))
ONE, BOTH = "outcome = 'deferred'", "outcome IN ('deferred', 'not_reached')"
ADDED = {
    "item_decision": (
        "tool_difference_reason VARCHAR NOT NULL DEFAULT ''",
        "information_supplied BOOLEAN NOT NULL DEFAULT false",
        "not_reached_reason VARCHAR NOT NULL DEFAULT ''",
    ),
    "rating": ("tool_difference_reason VARCHAR NOT NULL DEFAULT ''",),
}


def upgrade() -> None:
    for table, columns in ADDED.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    _allow(BEFORE, AFTER, BOTH)
    op.create_table('information_owed',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('child_id', sa.Integer(), nullable=False),
    sa.Column('rating_id', sa.Integer(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_information_owed_agency_id_agency')),
    sa.ForeignKeyConstraint(['child_id'], ['child.id'], name=op.f('fk_information_owed_child_id_child')),
    sa.ForeignKeyConstraint(['rating_id'], ['rating.id'], name=op.f('fk_information_owed_rating_id_rating')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_information_owed')),
    sa.UniqueConstraint('rating_id', name=op.f('uq_information_owed_rating_id'))
    )
    op.create_index(op.f('ix_information_owed_child_id'), 'information_owed', ['child_id'], unique=False)
    op.create_table('agency_view',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('agency_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('dissents', sa.Boolean(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_agency_view_agency_id_agency')),
    sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_agency_view_item_id_agenda_item')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['account.id'], name=op.f('fk_agency_view_recorded_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agency_view')),
    sa.UniqueConstraint('item_id', 'agency_id', name=op.f('uq_agency_view_item_id_agency_id'))
    )


def downgrade() -> None:
    op.drop_table('agency_view')
    op.drop_table('information_owed')
    op.execute("UPDATE item_decision SET outcome = 'deferred' WHERE outcome = 'not_reached'")
    _allow(AFTER, BEFORE, ONE)
    for table, columns in ADDED.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")


def _allow(before: tuple[str, ...], after: tuple[str, ...], indexed: str) -> None:
    """Let `item_decision` hold other outcomes, and its index of what is passed on follow."""
    op.execute("DROP INDEX ix_item_decision_item_id")
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(_list(before), _list(after))
    else:
        op.execute("ALTER TABLE item_decision DROP CONSTRAINT ck_item_decision_outcome")
        op.execute(f"ALTER TABLE item_decision ADD CONSTRAINT ck_item_decision_outcome CHECK (outcome IN ({_list(after)}))")
    op.execute(f"CREATE INDEX ix_item_decision_item_id ON item_decision (item_id) WHERE {indexed}")


def _rebuild(before: str, after: str) -> None:
    """Make the table anew with another CHECK, as SQLite changes none; nothing refers to it and it has no trigger."""
    shape = op.get_bind().scalar(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'item_decision'"))
    if f"outcome IN ({before})" not in shape:
        raise RuntimeError("item_decision is not as this migration knows it")
    changed = shape.replace(f"outcome IN ({before})", f"outcome IN ({after})")
    op.execute("ALTER TABLE item_decision RENAME TO item_decision_before")
    op.execute(sa.text(changed.replace(":", "\\:")))
    op.execute("INSERT INTO item_decision SELECT * FROM item_decision_before")
    op.execute("DROP TABLE item_decision_before")


def _list(outcomes: tuple[str, ...]) -> str:
    return ", ".join(f"'{outcome}'" for outcome in outcomes)
