"""a version of the rules says whether it was made on the page, and which earlier one it brought back"""

from alembic import op
import sqlalchemy as sa

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Adding columns changes no row, so that what keeps the versions from change stays as it is.
    op.add_column("imported_default", sa.Column("on_page", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("imported_default", sa.Column("restores", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("imported_default", "restores")
    op.drop_column("imported_default", "on_page")
