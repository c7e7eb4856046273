"""Statements on the processes that share the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from widgetstream_server.conversation.processes import Process
from widgetstream_server.storage.column_types import Instant, PlainText
from widgetstream_server.storage.tables import processes

_id: sa.BindParameter[str] = sa.bindparam("of_process", type_=PlainText)

_JOIN = sa.insert(processes)
_BEAT = (
    sa.update(processes)
    .where(processes.c.id == _id)
    .values(beats=processes.c.beats + 1, seen_at=sa.bindparam("now", type_=Instant))
)
_ALL = sa.select(processes.c.id, processes.c.address, processes.c.key, processes.c.beats)
_LEAVE = sa.delete(processes).where(processes.c.id == _id)
_BURY = _LEAVE.where(processes.c.beats == sa.bindparam("beats_seen", type_=sa.BigInteger))


def join(connection: sa.Connection, process: Process, now: datetime) -> None:
    """Add a process."""
    values = {"id": process.id, "address": process.address, "key": process.key, "beats": process.beats, "seen_at": now}
    connection.execute(_JOIN, values)


def beat(connection: sa.Connection, process_id: str, now: datetime) -> bool:
    """Count up a process's beats, and return whether it is still there."""
    return bool(connection.execute(_BEAT, {"of_process": process_id, "now": now}).rowcount)


def everyone(connection: sa.Connection) -> Sequence[Process]:
    """Return all processes."""
    return [Process(row.id, row.address, row.key, row.beats) for row in connection.execute(_ALL)]


def leave(connection: sa.Connection, process_id: str) -> None:
    """Remove a process."""
    connection.execute(_LEAVE, {"of_process": process_id})


def bury(connection: sa.Connection, process: Process) -> bool:
    """Remove a process unless it has counted up since it was seen, and return whether it was removed."""
    return bool(connection.execute(_BURY, {"of_process": process.id, "beats_seen": process.beats}).rowcount)
