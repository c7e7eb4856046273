"""Entries of lists as JSON, beside their messages."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What is there already has none, until it is stored again.
    for table in ("threads", "items"):
        op.add_column(table, sa.Column("json", sa.LargeBinary()))
        op.add_column(table, sa.Column("json_format", sa.Integer()))


def downgrade() -> None:
    for table in ("items", "threads"):
        op.drop_column(table, "json_format")
        op.drop_column(table, "json")
