"""Attachments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_INSTANT = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
_OF_THREAD = sa.text("thread_id IS NOT NULL")
_LOOSE = sa.text("thread_id IS NULL")


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("owner", _TEXT, nullable=False),
        sa.Column("thread_id", _TEXT),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.LargeBinary()),
        sa.Column("content", _TEXT),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name="fk_attachments_thread_id", ondelete="SET NULL"),
    )
    op.create_index(
        "ix_attachments_thread_id",
        "attachments",
        ["thread_id"],
        sqlite_where=_OF_THREAD,
        postgresql_where=_OF_THREAD,
    )
    op.create_index(
        "ix_attachments_owner_expires_at_loose",
        "attachments",
        ["owner", "expires_at"],
        sqlite_where=_LOOSE,
        postgresql_where=_LOOSE,
    )
    op.create_index(
        "ix_attachments_expires_at_loose",
        "attachments",
        ["expires_at"],
        sqlite_where=_LOOSE,
        postgresql_where=_LOOSE,
    )


def downgrade() -> None:
    op.drop_table("attachments")
