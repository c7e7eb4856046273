"""The schema: one for SQLite and PostgreSQL. Every change needs a migration beside it; a test compares the two."""

from __future__ import annotations

import sqlalchemy as sa

from widgetstream.chatkit.v1.run_pb2 import RunState
from widgetstream_server.storage.column_types import Instant, PlainText

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

threads = sa.Table(
    "threads",
    metadata,
    sa.Column("id", PlainText, primary_key=True),
    sa.Column("owner", PlainText, nullable=False),
    sa.Column("title", PlainText),
    # A serialized Thread with what the other columns do not hold: status, image domains, metadata.
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    # The thread as it stands in lists of ChatKit's own protocol, and the format of that: `chatkit_json.entries.FORMAT`.
    sa.Column("json", sa.LargeBinary),
    sa.Column("json_format", sa.Integer),
    sa.Index(None, "owner", "updated_at", "id"),
)

items = sa.Table(
    "items",
    metadata,
    sa.Column("id", PlainText, primary_key=True),
    sa.Column("thread_id", PlainText, sa.ForeignKey(threads.c.id, ondelete="CASCADE"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    # The name of ThreadItem's case, and whether that kind is kept from clients.
    sa.Column("kind", PlainText, nullable=False),
    sa.Column("hidden", sa.Boolean, nullable=False),
    # A serialized ThreadItem.
    sa.Column("data", sa.LargeBinary, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    # As of `threads`. Null: there is none to be kept, or the item was stored before there was any.
    sa.Column("json", sa.LargeBinary),
    sa.Column("json_format", sa.Integer),
    sa.UniqueConstraint("thread_id", "position"),
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", PlainText, primary_key=True),
    sa.Column("thread_id", PlainText, sa.ForeignKey(threads.c.id, ondelete="CASCADE"), nullable=False),
    sa.Column("owner", PlainText, nullable=False),
    # A number of RunState.
    sa.Column("state", sa.SmallInteger, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("last_sequence", sa.BigInteger, nullable=False),
    # The process that serves the run. Null: it has ended. A run under way of none of the `processes` has nobody.
    sa.Column("lease_holder", PlainText),
    # While the run waits for its turn: a serialized ItemPage of what it will begin with.
    sa.Column("queued_input", sa.LargeBinary),
    # Until when the run's events are kept. Null: it has not ended, or they are gone.
    sa.Column("events_expire_at", Instant),
    sa.Index(None, "thread_id"),
)

# Written out, not bound: a database only uses a partial index where it sees the index's own condition.
is_running: sa.ColumnElement[bool] = runs.c.state == sa.literal_column(str(RunState.RUN_STATE_RUNNING), sa.SmallInteger)

# The lease of a thread: one run at a time.
running_index = sa.Index(
    "uq_runs_thread_id_running",
    runs.c.thread_id,
    unique=True,
    sqlite_where=is_running,
    postgresql_where=is_running,
)

# What goes before a run that another process would begin: those that wait for their turn in the thread.
is_queued: sa.ColumnElement[bool] = runs.c.state == sa.literal_column(str(RunState.RUN_STATE_QUEUED), sa.SmallInteger)
queued_index = sa.Index(
    "ix_runs_thread_id_queued", runs.c.thread_id, sqlite_where=is_queued, postgresql_where=is_queued
)

# Queued or running: among these are the runs that have nobody.
is_under_way: sa.ColumnElement[bool] = runs.c.state <= sa.literal_column(
    str(RunState.RUN_STATE_RUNNING), sa.SmallInteger
)
under_way_index = sa.Index(
    "ix_runs_under_way", runs.c.created_at, sqlite_where=is_under_way, postgresql_where=is_under_way
)

# The server processes that share the database.
processes = sa.Table(
    "processes",
    metadata,
    sa.Column("id", PlainText, primary_key=True),
    # Where the others reach it, and what they show there.
    sa.Column("address", PlainText, nullable=False),
    sa.Column("key", PlainText, nullable=False),
    # Counts up as long as it lives. The others look at the count and at their own clocks, never at this time.
    sa.Column("beats", sa.BigInteger, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
)

_has_events = runs.c.events_expire_at.is_not(None)
expiry_index = sa.Index(
    "ix_runs_events_expire_at", runs.c.events_expire_at, sqlite_where=_has_events, postgresql_where=_has_events
)

# The journal: what runs have said, in pieces.
run_events = sa.Table(
    "run_events",
    metadata,
    sa.Column("run_id", PlainText, sa.ForeignKey(runs.c.id, ondelete="CASCADE"), primary_key=True),
    sa.Column("first_sequence", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("last_sequence", sa.BigInteger, nullable=False),
    # Serialized WidgetEvents, each after its length as a varint.
    sa.Column("frames", sa.LargeBinary, nullable=False),
)

# Ids that make requests safe to repeat.
requests = sa.Table(
    "requests",
    metadata,
    sa.Column("owner", PlainText, primary_key=True),
    sa.Column("request_id", PlainText, primary_key=True),
    # Tells one request from another.
    sa.Column("fingerprint", sa.LargeBinary, nullable=False),
    # What came of it: a run, or a serialized response. Neither: it is being served.
    sa.Column("run_id", PlainText),
    sa.Column("response", sa.LargeBinary),
    sa.Column("claimed_at", Instant, nullable=False),
    sa.Index(None, "claimed_at"),
)

feedback = sa.Table(
    "feedback",
    metadata,
    sa.Column("item_id", PlainText, sa.ForeignKey(items.c.id, ondelete="CASCADE"), primary_key=True),
    # A number of FeedbackKind.
    sa.Column("kind", sa.SmallInteger, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)

attachments = sa.Table(
    "attachments",
    metadata,
    sa.Column("id", PlainText, primary_key=True),
    sa.Column("owner", PlainText, nullable=False),
    # The thread whose message carries it.
    sa.Column("thread_id", PlainText, sa.ForeignKey(threads.c.id, ondelete="SET NULL")),
    # A serialized Attachment with what the other columns do not hold, and no addresses.
    sa.Column("data", sa.LargeBinary, nullable=False),
    # SHA-256 of the content: what was declared, if anything, then what it is.
    sa.Column("sha256", sa.LargeBinary),
    # Where the content is; nowhere before it was uploaded.
    sa.Column("content", PlainText),
    # When it may be removed, if no thread has it then: so the content of a deleted thread is found.
    sa.Column("expires_at", Instant, nullable=False),
)

# Without those of no thread: SQLite would take it for all of these, and sort.
_of_thread = attachments.c.thread_id.is_not(None)
attachments_by_thread = sa.Index(
    "ix_attachments_thread_id", attachments.c.thread_id, sqlite_where=_of_thread, postgresql_where=_of_thread
)
is_loose: sa.ColumnElement[bool] = attachments.c.thread_id.is_(None)
loose_by_owner = sa.Index(
    "ix_attachments_owner_expires_at_loose",
    attachments.c.owner,
    attachments.c.expires_at,
    sqlite_where=is_loose,
    postgresql_where=is_loose,
)
loose_by_expiry = sa.Index(
    "ix_attachments_expires_at_loose",
    attachments.c.expires_at,
    sqlite_where=is_loose,
    postgresql_where=is_loose,
)

tasks = sa.Table(
    "tasks",
    metadata,
    sa.Column("id", PlainText, primary_key=True),
    sa.Column("owner", PlainText, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("title", PlainText, nullable=False),
    sa.Column("description", PlainText, nullable=False),
    # As written: a day, or a time with its offset, or nothing.
    sa.Column("due", PlainText, nullable=False),
    # The instant it counts as due; far in the future when it is not due, so that one index serves the order of lists.
    sa.Column("due_at", Instant, nullable=False),
    # A number of Priority.
    sa.Column("priority", sa.SmallInteger, nullable=False),
    sa.Column("completed", sa.Boolean, nullable=False),
    sa.Column("completed_at", Instant),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    # Title and description, folded, for search.
    sa.Column("search", PlainText, nullable=False),
    sa.UniqueConstraint("owner", "number"),
    # The order of lists. No other index may begin like it: SQLite would take the smaller of the two, and sort.
    sa.Index(None, "owner", "completed", "due_at", "number"),
)

task_tags = sa.Table(
    "task_tags",
    metadata,
    sa.Column("task_id", PlainText, sa.ForeignKey(tasks.c.id, ondelete="CASCADE"), primary_key=True),
    sa.Column("tag", PlainText, primary_key=True),
    sqlite_with_rowid=False,
)

task_counters = sa.Table(
    "task_counters",
    metadata,
    sa.Column("owner", PlainText, primary_key=True),
    sa.Column("next_number", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)
