"""Threads, items, runs; tasks and their tags."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# What the columns are in this revision, whatever becomes of the types in `column_types`.
_TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
_RUNNING = sa.text("state = 2")


def upgrade() -> None:
    op.create_table(
        "threads",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("owner", _TEXT, nullable=False),
        sa.Column("title", _TEXT),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("updated_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_threads"),
    )
    op.create_index("ix_threads_owner_updated_at_id", "threads", ["owner", "updated_at", "id"])

    op.create_table(
        "items",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("thread_id", _TEXT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_items"),
        sa.UniqueConstraint("thread_id", "position", name="uq_items_thread_id_position"),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name="fk_items_thread_id", ondelete="CASCADE"),
    )

    op.create_table(
        "runs",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("thread_id", _TEXT, nullable=False),
        sa.Column("owner", _TEXT, nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT),
        sa.Column("last_sequence", sa.BigInteger(), nullable=False),
        sa.Column("lease_holder", _TEXT),
        sa.Column("lease_expires_at", _INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name="fk_runs_thread_id", ondelete="CASCADE"),
    )
    op.create_index("ix_runs_thread_id", "runs", ["thread_id"])
    op.create_index(
        "uq_runs_thread_id_running",
        "runs",
        ["thread_id"],
        unique=True,
        sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    )

    op.create_table(
        "tasks",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("owner", _TEXT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", _TEXT, nullable=False),
        sa.Column("description", _TEXT, nullable=False),
        sa.Column("due", _TEXT, nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("completed", sa.Boolean(), nullable=False),
        sa.Column("completed_at", _INSTANT),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("updated_at", _INSTANT, nullable=False),
        sa.Column("search", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
        sa.UniqueConstraint("owner", "number", name="uq_tasks_owner_number"),
    )
    op.create_index("ix_tasks_owner_completed_due_at_number", "tasks", ["owner", "completed", "due_at", "number"])

    op.create_table(
        "task_tags",
        sa.Column("task_id", _TEXT, nullable=False),
        sa.Column("tag", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("task_id", "tag", name="pk_task_tags"),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="fk_task_tags_task_id", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )

    op.create_table(
        "task_counters",
        sa.Column("owner", _TEXT, nullable=False),
        sa.Column("next_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("owner", name="pk_task_counters"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in ("task_counters", "task_tags", "tasks", "runs", "items", "threads"):
        op.drop_table(table)
