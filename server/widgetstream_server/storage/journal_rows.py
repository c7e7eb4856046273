"""Statements on the events of runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from widgetstream_server.conversation.journal import JournalEntry
from widgetstream_server.storage.column_types import Instant, PlainText
from widgetstream_server.storage.queries import Command
from widgetstream_server.storage.tables import is_under_way, run_events, runs

_run_id: sa.BindParameter[str] = sa.bindparam("of_run", type_=PlainText)

_EXPIRY = sa.select(runs.c.events_expire_at).where(runs.c.id == _run_id)
_ENTRIES = sa.select(run_events.c.first_sequence, run_events.c.last_sequence, run_events.c.frames).where(
    run_events.c.run_id == _run_id
)
_earlier = run_events.alias()
_last_first = (
    sa.select(sa.func.max(_earlier.c.first_sequence))
    .where(_earlier.c.run_id == _run_id, _earlier.c.first_sequence <= sa.bindparam("known", type_=sa.BigInteger))
    .scalar_subquery()
)
# From the entry in which the first event asked for is, or may be; or from the last one.
_AFTER = _ENTRIES.where(run_events.c.first_sequence >= sa.func.coalesce(_last_first, 0)).order_by(
    run_events.c.first_sequence
)
_EXPIRED = (
    sa.select(runs.c.id)
    .where(runs.c.events_expire_at <= sa.bindparam("now", type_=Instant))
    .order_by(runs.c.events_expire_at)
    .limit(sa.bindparam("limit"))
)
_these = sa.bindparam("these", expanding=True, type_=PlainText)
_REMOVE = sa.delete(run_events).where(run_events.c.run_id.in_(_these))
_MARK = sa.update(runs).where(runs.c.id.in_(_these)).values(events_expire_at=None)


def append(connection: sa.Connection, entries: Sequence[JournalEntry], *, last: bool = False) -> None:
    """Store events of runs that are under way. Of two entries that begin alike the longer one stays, or the last.

    What else comes after a run's end is there already, or of a process that others have taken for dead.

    Args:
        connection: The transaction.
        entries: The events.
        last: Whether they end their runs, which have ended already in this transaction.
    """
    if not entries:
        return
    rows = [
        {
            "of_run": entry.run_id,
            "new_first": entry.first_sequence,
            "new_last": entry.last_sequence,
            "new_frames": entry.frames,
        }
        for entry in entries
    ]
    (_APPEND_LAST if last else _APPEND).run_each(connection, rows)


def read(connection: sa.Connection, run_id: str, after_sequence: int) -> tuple[datetime | None, Sequence[JournalEntry]]:
    """Return until when a run's events are kept, and its entries after a number, or its last."""
    expiry = connection.execute(_EXPIRY, {"of_run": run_id}).scalar_one_or_none()
    rows = connection.execute(_AFTER, {"of_run": run_id, "known": after_sequence + 1})
    entries = [JournalEntry(run_id, row.first_sequence, row.last_sequence, row.frames) for row in rows]
    return expiry, entries


def expire(connection: sa.Connection, now: datetime, limit: int) -> int:
    """Remove the events of runs that were kept long enough, and return of how many runs."""
    these = connection.execute(_EXPIRED, {"now": now, "limit": limit}).scalars().all()
    if these:
        connection.execute(_REMOVE, {"these": these})
        connection.execute(_MARK, {"these": these})
    return len(these)


def _appending(insert: postgresql.Insert | sqlite.Insert, *, last: bool) -> sa.UpdateBase:
    new: list[sa.ColumnElement[Any]] = [
        sa.bindparam("new_first", type_=sa.BigInteger),
        sa.bindparam("new_last", type_=sa.BigInteger),
        sa.bindparam("new_frames", type_=sa.LargeBinary),
    ]
    # In SQLite's grammar, ON CONFLICT after a SELECT needs the WHERE that is here anyway.
    row = sa.select(runs.c.id, *new).where(runs.c.id == _run_id, *(() if last else (is_under_way,)))
    statement = insert.from_select(["run_id", "first_sequence", "last_sequence", "frames"], row)
    return statement.on_conflict_do_update(
        index_elements=[run_events.c.run_id, run_events.c.first_sequence],
        set_={name: statement.excluded[name] for name in ("last_sequence", "frames")},
        where=None if last else run_events.c.last_sequence < statement.excluded.last_sequence,
    )


_APPEND, _APPEND_LAST = (
    Command(
        _appending(sqlite.insert(run_events), last=last),
        _appending(postgresql.insert(run_events), last=last),
    )
    for last in (False, True)
)
