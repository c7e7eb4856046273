"""The server processes that share a database."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
_QUEUED = sa.text("state = 1")


def upgrade() -> None:
    op.create_table(
        "processes",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("address", _TEXT, nullable=False),
        sa.Column("key", _TEXT, nullable=False),
        sa.Column("beats", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_processes"),
    )
    op.create_index("ix_runs_thread_id_queued", "runs", ["thread_id"], sqlite_where=_QUEUED, postgresql_where=_QUEUED)
    # Nothing was ever in it.
    op.drop_column("runs", "lease_expires_at")


def downgrade() -> None:
    op.add_column("runs", sa.Column("lease_expires_at", _INSTANT))
    op.drop_index("ix_runs_thread_id_queued", "runs")
    op.drop_table("processes")
