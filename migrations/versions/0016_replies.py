"""answers to invites, deputies, and calendar feeds"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BEFORE, AFTER = ("none", "accepted", "declined"), ("none", "accepted", "tentative", "declined", "deputy")
SOURCES = ("none", "link", "mail", "page")
KEPT = "id, meeting_id, account_id, reply, removed_at"


def upgrade() -> None:
    _make_members_anew(AFTER, added=True)
    op.create_table(
        "agency_deputy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_agency_deputy_account_id_account")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_agency_deputy_area_id_area")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_deputy")),
    )
    op.create_index(op.f("ix_agency_deputy_area_id"), "agency_deputy", ["area_id"], unique=False)
    op.create_index(op.f("ix_agency_deputy_account_id"), "agency_deputy", ["account_id"], unique=False)
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_calendar_feed_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    op.create_index(op.f("ix_calendar_feed_account_id"), "calendar_feed", ["account_id"], unique=False)


def downgrade() -> None:
    op.drop_table("calendar_feed")
    op.drop_table("agency_deputy")
    op.execute("UPDATE meeting_member SET reply = 'none' WHERE reply IN ('tentative', 'deputy')")
    _make_members_anew(BEFORE, added=False)


def _make_members_anew(replies: tuple[str, ...], *, added: bool) -> None:
    """Give the members another CHECK, as SQLite changes none; nothing refers to the table and it has no trigger."""
    op.drop_index("ix_meeting_member_account_id", table_name="meeting_member")
    op.rename_table("meeting_member", "meeting_member_before")
    if op.get_bind().dialect.name == "postgresql":
        # Its names are the database's, so those of the table that goes make room.
        for name in ("pk_meeting_member", "uq_meeting_member_meeting_id_account_id"):
            op.execute(f"ALTER TABLE meeting_member_before RENAME CONSTRAINT {name} TO {name}_before")
        op.execute("ALTER SEQUENCE meeting_member_id_seq RENAME TO meeting_member_before_id_seq")
    op.create_table(
        "meeting_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("reply", sa.Enum(*replies, name="reply", native_enum=False, create_constraint=True, length=40), nullable=False),
        *(_added() if added else ()),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_meeting_member_account_id_account")),
        *([sa.ForeignKeyConstraint(["deputy_id"], ["account.id"], name=op.f("fk_meeting_member_deputy_id_account"))] if added else ()),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_member_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_member")),
        sa.UniqueConstraint("meeting_id", "account_id", name=op.f("uq_meeting_member_meeting_id_account_id")),
    )
    more, values = (", reply_source, reply_sequence, deputy_name", ", 'none', 0, ''") if added else ("", "")
    op.execute(f"INSERT INTO meeting_member ({KEPT}{more}) SELECT {KEPT}{values} FROM meeting_member_before")
    op.drop_table("meeting_member_before")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT setval('meeting_member_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM meeting_member), false)")
    op.create_index("ix_meeting_member_account_id", "meeting_member", ["account_id"], unique=False)


def _added() -> tuple[sa.Column, ...]:
    return (
        sa.Column("reply_source", sa.Enum(*SOURCES, name="reply_source", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("reply_sequence", sa.Integer(), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deputy_id", sa.Integer(), nullable=True),
        sa.Column("deputy_name", sa.String(), nullable=False),
    )
