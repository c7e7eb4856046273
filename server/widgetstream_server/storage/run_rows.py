"""Statements on runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.run_pb2 import Run, RunState
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.conversation.errors import RunNotFoundError, ThreadBusyError, ThreadNotFoundError
from widgetstream_server.conversation.ports import RunOpening, StoredItem
from widgetstream_server.storage import item_rows, thread_rows
from widgetstream_server.storage.column_types import PlainText
from widgetstream_server.storage.tables import is_running, runs, threads
from widgetstream_server.storage.thread_rows import instant

_id: sa.BindParameter[str] = sa.bindparam("of_run", type_=PlainText)
_owner: sa.BindParameter[str] = sa.bindparam("of_owner", type_=PlainText)
_thread_id: sa.BindParameter[str] = sa.bindparam("of_thread", type_=PlainText)
_own = sa.and_(runs.c.id == _id, runs.c.owner == _owner)
_COLUMNS = (runs.c.id, runs.c.thread_id, runs.c.state, runs.c.created_at, runs.c.ended_at, runs.c.last_sequence)

_GET = sa.select(*_COLUMNS).where(_own)
_RUNNING = sa.select(*_COLUMNS).where(runs.c.thread_id == _thread_id, is_running)
_ACTIVE = (
    sa.select(threads.c.id.label("of_thread"), *_COLUMNS)
    .join_from(threads, runs, sa.and_(runs.c.thread_id == threads.c.id, is_running), isouter=True)
    .where(threads.c.id == _thread_id, threads.c.owner == _owner)
)
_END = sa.update(runs).where(_own, is_running).values(lease_holder=None, lease_expires_at=None)
_FAIL_ALL = sa.update(runs).where(is_running).values(lease_holder=None, lease_expires_at=None)


def begin(
    connection: sa.Connection, owner: str, run: Run, new_thread: Thread | None, items: Sequence[ThreadItem]
) -> RunOpening:
    """Store a running run with its first items. Raises ``ThreadNotFoundError`` or ``ThreadBusyError``."""
    started = instant(run.create_time)
    if new_thread is None:
        thread = thread_rows.touch(connection, owner, run.thread_id, started)
    else:
        thread = thread_rows.insert(connection, owner, new_thread, started)
    _take(connection, owner, run)
    # In statements of their own, after the lease was taken: only now can nobody else add items.
    position = 0 if new_thread or items else item_rows.last_position(connection, run.thread_id)
    for item in items:
        position = item_rows.append(connection, run.thread_id, item)
    return RunOpening(thread, position + 1)


def end(connection: sa.Connection, owner: str, run: Run, items: Sequence[StoredItem]) -> None:
    """Store how a run ended, with items; nothing if it has ended already. Raises ``RunNotFoundError``."""
    values = {
        "of_owner": owner,
        "of_run": run.run_id,
        "state": run.state,
        "ended_at": instant(run.end_time) if run.HasField("end_time") else None,
        "last_sequence": run.last_sequence,
    }
    if not connection.execute(_END, values).rowcount:
        get(connection, owner, run.run_id)
        return
    for entry in items:
        item_rows.put(connection, owner, entry.item, entry.position)


def get(connection: sa.Connection, owner: str, run_id: str) -> Run:
    """Return a run. Raises ``RunNotFoundError``."""
    row = connection.execute(_GET, {"of_owner": owner, "of_run": run_id}).first()
    if row is None:
        raise RunNotFoundError(run_id)
    return _run(row)


def active(connection: sa.Connection, owner: str, thread_id: str) -> Run | None:
    """Return the run of a thread that is under way. Raises ``ThreadNotFoundError``."""
    row = connection.execute(_ACTIVE, {"of_owner": owner, "of_thread": thread_id}).first()
    if row is None:
        raise ThreadNotFoundError(thread_id)
    return None if row.id is None else _run(row)


def fail_all(connection: sa.Connection, ended_at: datetime) -> int:
    """Mark all runs under way as failed, and return how many there were."""
    values = {"state": int(RunState.RUN_STATE_FAILED), "ended_at": ended_at}
    return connection.execute(_FAIL_ALL, values).rowcount


def _take(connection: sa.Connection, owner: str, run: Run) -> None:
    """Store a running run, or raise ``ThreadBusyError``. The thread's row is locked."""
    values = {
        "id": run.run_id,
        "owner": owner,
        "thread_id": run.thread_id,
        "state": int(RunState.RUN_STATE_RUNNING),
        "created_at": instant(run.create_time),
        "last_sequence": run.last_sequence,
    }
    take = _TAKE[connection.dialect.name]
    while not connection.execute(take, values).rowcount:
        other = connection.execute(_RUNNING, {"of_thread": run.thread_id}).first()
        if other is not None:
            raise ThreadBusyError(other.id)
        # It ended between the two statements. No other can begin while the thread's row is locked: one more try.


def _taking(insert: postgresql.Insert | sqlite.Insert) -> sa.Executable:
    return insert.on_conflict_do_nothing(index_elements=[runs.c.thread_id], index_where=is_running)


_TAKE = {"sqlite": _taking(sqlite.insert(runs)), "postgresql": _taking(postgresql.insert(runs))}


def _run(row: sa.Row[*tuple[Any, ...]]) -> Run:
    run = Run(run_id=row.id, thread_id=row.thread_id, state=row.state, last_sequence=row.last_sequence)
    run.create_time.FromDatetime(row.created_at)
    if row.ended_at is not None:
        run.end_time.FromDatetime(row.ended_at)
    return run
