"""Statements on runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from widgetstream.chatkit.v1.item_pb2 import ItemPage, ThreadItem
from widgetstream.chatkit.v1.run_pb2 import Run, RunState
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.conversation.errors import RunNotFoundError, ThreadBusyError, ThreadNotFoundError
from widgetstream_server.conversation.journal import JournalEntry
from widgetstream_server.conversation.ports import Announce, Edit, RunOpening, StoredItem, UnfinishedRun
from widgetstream_server.conversation.requests import RequestKey
from widgetstream_server.storage import attachment_rows, item_edits, item_rows, journal_rows, request_rows, thread_rows
from widgetstream_server.storage.column_types import PlainText
from widgetstream_server.storage.queries import Command
from widgetstream_server.storage.tables import is_queued, is_running, is_under_way, processes, runs, threads
from widgetstream_server.storage.thread_rows import instant

_id: sa.BindParameter[str] = sa.bindparam("of_run", type_=PlainText)
_owner: sa.BindParameter[str] = sa.bindparam("of_owner", type_=PlainText)
_thread_id: sa.BindParameter[str] = sa.bindparam("of_thread", type_=PlainText)
_own = sa.and_(runs.c.id == _id, runs.c.owner == _owner)
_COLUMNS = (runs.c.id, runs.c.thread_id, runs.c.state, runs.c.created_at, runs.c.ended_at, runs.c.last_sequence)

_others = runs.alias()
_others_running = _others.c.state == sa.literal_column(str(RunState.RUN_STATE_RUNNING), sa.SmallInteger)

_GET = sa.select(*_COLUMNS).where(_own)
_RUNNING = sa.select(*_COLUMNS).where(runs.c.thread_id == _thread_id, is_running)
_queued_elsewhere = sa.and_(
    runs.c.thread_id == _thread_id, is_queued, runs.c.lease_holder != sa.bindparam("of_holder", type_=PlainText)
)
_FIRST_ELSEWHERE = sa.select(*_COLUMNS).where(_queued_elsewhere).order_by(runs.c.created_at).limit(1)
_HOLDERS = (
    sa.select(threads.c.id.label("of_thread"), runs.c.id, runs.c.lease_holder)
    .join_from(threads, runs, sa.and_(runs.c.thread_id == threads.c.id, is_under_way), isouter=True)
    .where(threads.c.id == _thread_id, threads.c.owner == _owner)
    .order_by(runs.c.state.desc(), runs.c.created_at)
)
_ACTIVE = (
    sa.select(threads.c.id.label("of_thread"), *_COLUMNS)
    .join_from(threads, runs, sa.and_(runs.c.thread_id == threads.c.id, is_running), isouter=True)
    .where(threads.c.id == _thread_id, threads.c.owner == _owner)
)
_END = Command(sa.update(runs).where(_own, is_under_way).values(lease_holder=None, queued_input=None))
_QUEUE = Command(sa.insert(runs))
_PROMOTE = Command(
    sa.update(runs)
    .where(
        _own,
        runs.c.state == sa.literal_column(str(RunState.RUN_STATE_QUEUED), sa.SmallInteger),
        ~sa.exists().where(_others.c.thread_id == _thread_id, _others_running),
    )
    .values(queued_input=None)
)
_ABANDONED = (
    sa.select(*_COLUMNS, runs.c.owner, runs.c.queued_input)
    .join(processes, processes.c.id == runs.c.lease_holder, isouter=True)
    .where(is_under_way, processes.c.id.is_(None))
    .order_by(runs.c.created_at)
)


def begin(
    connection: sa.Connection,
    owner: str,
    run: Run,
    *,
    new_thread: Thread | None,
    items: Sequence[ThreadItem],
    edit: Edit | None,
    announce: Announce | None,
    request: RequestKey | None,
    holder: str,
) -> RunOpening:
    """Store a running run with its first items; see ``ThreadStore.begin_run``."""
    started = instant(run.create_time)
    if request is not None:
        request_rows.take_for_run(connection, owner, request, run.run_id, started)
    if new_thread is None:
        thread = thread_rows.touch(connection, owner, run.thread_id, started)
    else:
        thread = thread_rows.insert(connection, owner, new_thread, started)
    if run.state == RunState.RUN_STATE_QUEUED:
        _promote(connection, owner, run)
    else:
        _take(connection, owner, run, holder)
    # In statements of their own, after the lease was taken: only now can nobody else add items.
    removed: Sequence[str] = ()
    replaced: Sequence[ThreadItem] = ()
    if edit is not None:
        wanted = edit(item_edits.Reader(connection, owner, run.thread_id))
        removed, replaced = item_edits.apply(connection, owner, run.thread_id, wanted), wanted.replace
    attachment_rows.bind(connection, owner, run.thread_id, items, started)
    position = 0 if new_thread or items else item_rows.last_position(connection, run.thread_id)
    for item in items:
        position = item_rows.append(connection, run.thread_id, item)
    opening = RunOpening(thread, position + 1, removed, replaced)
    if announce is not None:
        journal_rows.append(connection, [announce(opening)])
    return opening


def queue(
    connection: sa.Connection,
    owner: str,
    run: Run,
    *,
    items: Sequence[ThreadItem],
    entry: JournalEntry | None,
    request: RequestKey | None,
    holder: str,
) -> None:
    """Store a run that waits for its turn; see ``ThreadStore.queue_run``."""
    if request is not None:
        request_rows.take_for_run(connection, owner, request, run.run_id, instant(run.create_time))
    thread_rows.require(connection, owner, run.thread_id)
    attachment_rows.bind(connection, owner, run.thread_id, items, instant(run.create_time))
    waiting = ItemPage(data=items).SerializeToString()
    _QUEUE.run(
        connection, {**_values(owner, run, holder), "state": int(RunState.RUN_STATE_QUEUED), "queued_input": waiting}
    )
    if entry is not None:
        journal_rows.append(connection, [entry])


def end(
    connection: sa.Connection,
    owner: str,
    run: Run,
    *,
    items: Sequence[StoredItem],
    remove: Sequence[str],
    entry: JournalEntry | None,
    events_expire_at: datetime | None,
) -> None:
    """Store how a run ended; nothing if it has ended already. Raises ``RunNotFoundError``."""
    values = {
        "of_owner": owner,
        "of_run": run.run_id,
        "state": run.state,
        "ended_at": instant(run.end_time) if run.HasField("end_time") else None,
        "last_sequence": run.last_sequence,
        "events_expire_at": events_expire_at,
    }
    if not _END.run(connection, values):
        get(connection, owner, run.run_id)
        return
    for stored in items:
        item_rows.put(connection, owner, stored.item, stored.position)
    for item_id in remove:
        item_rows.delete(connection, owner, run.thread_id, item_id)
    if entry is not None:
        journal_rows.append(connection, [entry], last=True)


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


def holders(connection: sa.Connection, owner: str, thread_id: str) -> Mapping[str, str]:
    """Return the runs of a thread that are under way, with their processes. Raises ``ThreadNotFoundError``."""
    rows = connection.execute(_HOLDERS, {"of_owner": owner, "of_thread": thread_id}).all()
    if not rows:
        raise ThreadNotFoundError(thread_id)
    return {row.id: row.lease_holder or "" for row in rows if row.id is not None}


def abandoned(connection: sa.Connection) -> Sequence[UnfinishedRun]:
    """Return all runs that are queued or running and whose process is gone, the oldest first."""
    return [
        UnfinishedRun(row.owner, _run(row), ItemPage.FromString(row.queued_input or b"").data)
        for row in connection.execute(_ABANDONED)
    ]


def _take(connection: sa.Connection, owner: str, run: Run, holder: str) -> None:
    """Store a running run, or raise ``ThreadBusyError``. The thread's row is locked."""
    values = _values(owner, run, holder)
    new = {
        **{f"new_{name}": value for name, value in values.items()},
        "new_state": int(RunState.RUN_STATE_RUNNING),
        "of_thread": run.thread_id,
        "of_holder": holder,
    }
    while not _TAKE.run(connection, new):
        other = connection.execute(_RUNNING, {"of_thread": run.thread_id}).first()
        if other is None:
            other = connection.execute(_FIRST_ELSEWHERE, {"of_thread": run.thread_id, "of_holder": holder}).first()
        if other is not None:
            raise ThreadBusyError(other.id)
        # It ended between the two statements. No other can begin while the thread's row is locked: one more try.


def _promote(connection: sa.Connection, owner: str, run: Run) -> None:
    """Let a queued run go, or raise ``ThreadBusyError``. The thread's row is locked."""
    values = {
        "of_owner": owner,
        "of_run": run.run_id,
        "of_thread": run.thread_id,
        "state": int(RunState.RUN_STATE_RUNNING),
    }
    if not _PROMOTE.run(connection, values):
        other = connection.execute(_RUNNING, {"of_thread": run.thread_id}).first()
        if other is not None:
            raise ThreadBusyError(other.id)
        raise RunNotFoundError(run.run_id)


def _values(owner: str, run: Run, holder: str) -> dict[str, Any]:
    return {
        "id": run.run_id,
        "owner": owner,
        "thread_id": run.thread_id,
        "created_at": instant(run.create_time),
        "last_sequence": run.last_sequence,
        "lease_holder": holder or None,
    }


def _taking(insert: postgresql.Insert | sqlite.Insert) -> sa.UpdateBase:
    columns = ("id", "owner", "thread_id", "state", "created_at", "last_sequence", "lease_holder")
    new = [sa.bindparam(f"new_{name}", type_=runs.c[name].type) for name in columns]
    # In SQLite's grammar, ON CONFLICT after a SELECT needs the WHERE that is here anyway.
    row = sa.select(*new).where(~sa.exists().where(_queued_elsewhere))
    return insert.from_select(list(columns), row).on_conflict_do_nothing(
        index_elements=[runs.c.thread_id], index_where=is_running
    )


_TAKE = Command(_taking(sqlite.insert(runs)), _taking(postgresql.insert(runs)))


def _run(row: sa.Row[*tuple[Any, ...]]) -> Run:
    run = Run(run_id=row.id, thread_id=row.thread_id, state=row.state, last_sequence=row.last_sequence)
    run.create_time.FromDatetime(row.created_at)
    if row.ended_at is not None:
        run.end_time.FromDatetime(row.ended_at)
    return run
