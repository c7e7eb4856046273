"""Events of runs, ids of requests, feedback; runs that wait for their turn."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
_UNDER_WAY = sa.text("state <= 2")
_KEPT = sa.text("events_expire_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("runs", sa.Column("queued_input", sa.LargeBinary()))
    op.add_column("runs", sa.Column("events_expire_at", _INSTANT))
    op.create_index("ix_runs_under_way", "runs", ["created_at"], sqlite_where=_UNDER_WAY, postgresql_where=_UNDER_WAY)
    op.create_index(
        "ix_runs_events_expire_at", "runs", ["events_expire_at"], sqlite_where=_KEPT, postgresql_where=_KEPT
    )

    op.create_table(
        "run_events",
        sa.Column("run_id", _TEXT, nullable=False),
        sa.Column("first_sequence", sa.BigInteger(), nullable=False),
        sa.Column("last_sequence", sa.BigInteger(), nullable=False),
        sa.Column("frames", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "first_sequence", name="pk_run_events"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_run_events_run_id", ondelete="CASCADE"),
    )

    op.create_table(
        "requests",
        sa.Column("owner", _TEXT, nullable=False),
        sa.Column("request_id", _TEXT, nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("run_id", _TEXT),
        sa.Column("response", sa.LargeBinary()),
        sa.Column("claimed_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("owner", "request_id", name="pk_requests"),
    )
    op.create_index("ix_requests_claimed_at", "requests", ["claimed_at"])

    op.create_table(
        "feedback",
        sa.Column("item_id", _TEXT, nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("updated_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("item_id", name="pk_feedback"),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_feedback_item_id", ondelete="CASCADE"),
    )


def downgrade() -> None:
    for table in ("feedback", "requests", "run_events"):
        op.drop_table(table)
    op.drop_index("ix_runs_events_expire_at", "runs")
    op.drop_index("ix_runs_under_way", "runs")
    op.drop_column("runs", "events_expire_at")
    op.drop_column("runs", "queued_input")
