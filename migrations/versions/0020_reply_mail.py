"""the mails that were read from the mailbox of the replies, without any of their words"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

OUTCOMES = (
    "recorded", "outdated", "too_late", "other_sender", "not_proved", "not_invited", "no_such_meeting", "other_time",
    "not_understood", "no_answer",
)


def upgrade() -> None:
    op.create_table(
        "reply_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_key", sa.String(), nullable=False),
        sa.Column("validity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Enum(*OUTCOMES, name="outcome", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_reply_mail_account_id_account")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_reply_mail_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_mail")),
        sa.UniqueConstraint("message_key", name=op.f("uq_reply_mail_message_key")),
        sa.UniqueConstraint("validity", "uid", name=op.f("uq_reply_mail_validity_uid")),
    )
    op.create_index(op.f("ix_reply_mail_meeting_id"), "reply_mail", ["meeting_id"], unique=False)


def downgrade() -> None:
    op.drop_table("reply_mail")
