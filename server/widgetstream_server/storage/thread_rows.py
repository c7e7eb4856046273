"""Statements on threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from google.protobuf.timestamp_pb2 import Timestamp

from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.chatkit_json.entries import FORMAT, thread_entry
from widgetstream_server.conversation.errors import ThreadNotFoundError
from widgetstream_server.conversation.ports import Order, Slice, ThreadCursor
from widgetstream_server.storage.column_types import Instant, PlainText
from widgetstream_server.storage.queries import Command
from widgetstream_server.storage.tables import threads

# Statements are made once: making one costs SQLAlchemy more than running it. Their conditions are on `of_…`: the names
# of columns stand for new values.
_id: sa.BindParameter[str] = sa.bindparam("of_thread", type_=PlainText)
_owner: sa.BindParameter[str] = sa.bindparam("of_owner", type_=PlainText)
_own = sa.and_(threads.c.id == _id, threads.c.owner == _owner)
_COLUMNS = (threads.c.id, threads.c.title, threads.c.data, threads.c.created_at, threads.c.updated_at)

own_thread_id: sa.ScalarSelect[str] = sa.select(threads.c.id).where(_own).scalar_subquery()
"""The id of the thread ``:of_thread`` if it is ``:of_owner``'s."""

_GET = sa.select(*_COLUMNS).where(_own)
_LOCKED = _GET.with_for_update()  # on SQLite there is one writer anyway
_SOME = sa.select(*_COLUMNS).where(
    threads.c.id.in_(sa.bindparam("ids", expanding=True, type_=PlainText)), threads.c.owner == _owner
)
_EXISTS = sa.select(threads.c.id).where(_own)
_DELETE = sa.delete(threads).where(_own)
_INSERT = Command(sa.insert(threads))
_update = sa.update(threads).where(_own)
_UPDATE = Command(_update)
_TOUCH = Command(_update.returning(*_COLUMNS))


def instant(time: Timestamp) -> datetime:
    """Return a message's time as the columns take it."""
    return time.ToDatetime(tzinfo=UTC)


def require(connection: sa.Connection, owner: str, thread_id: str) -> None:
    """Raise ``ThreadNotFoundError`` unless the thread is the owner's."""
    if connection.execute(_EXISTS, {"of_owner": owner, "of_thread": thread_id}).first() is None:
        raise ThreadNotFoundError(thread_id)


def get(connection: sa.Connection, owner: str, thread_id: str) -> Thread:
    """Return a thread. Raises ``ThreadNotFoundError``."""
    row = connection.execute(_GET, {"of_owner": owner, "of_thread": thread_id}).first()
    if row is None:
        raise ThreadNotFoundError(thread_id)
    return _thread(row)


def some(connection: sa.Connection, owner: str, ids: Sequence[str]) -> Sequence[Thread]:
    """Return those of an owner's threads that exist, in the order of their ids here."""
    rows = connection.execute(_SOME, {"of_owner": owner, "ids": list(ids)}).all()
    found = {row.id: row for row in rows}
    return [_thread(found[thread_id]) for thread_id in ids if thread_id in found]


def page(
    connection: sa.Connection, owner: str, limit: int, order: Order, after: ThreadCursor | None
) -> Slice[Thread, ThreadCursor]:
    """Return a page of threads by update time and id."""
    values: dict[str, object] = {"of_owner": owner, "limit": limit + 1}
    if after is not None:
        values |= {"after_time": after.update_time, "after_id": after.thread_id}
    rows = connection.execute(_page(order, after=after is not None), values).all()
    shown = rows[:limit]
    cursor = ThreadCursor(shown[-1].updated_at, shown[-1].id) if len(rows) > limit else None
    return Slice([_thread(row) for row in shown], cursor)


def insert(connection: sa.Connection, owner: str, thread: Thread, updated_at: datetime) -> Thread:
    """Store a new thread and return it as stored."""
    _INSERT.run(
        connection,
        {
            "id": thread.id,
            "owner": owner,
            **_content(thread),
            "created_at": instant(thread.create_time),
            "updated_at": updated_at,
        },
    )
    stored = Thread()
    stored.CopyFrom(thread)
    stored.ClearField("items")
    stored.update_time.FromDatetime(updated_at)
    return stored


def save(connection: sa.Connection, owner: str, thread: Thread) -> None:
    """Store what may change of a thread. Raises ``ThreadNotFoundError``."""
    values = {
        "of_owner": owner,
        "of_thread": thread.id,
        **_content(thread),
        "updated_at": instant(thread.update_time),
    }
    if not _UPDATE.run(connection, values):
        raise ThreadNotFoundError(thread.id)


def change(connection: sa.Connection, owner: str, thread_id: str, edit: Callable[[Thread], None]) -> Thread:
    """Change a thread that nobody else changes meanwhile, and return it. Raises ``ThreadNotFoundError``."""
    row = connection.execute(_LOCKED, {"of_owner": owner, "of_thread": thread_id}).first()
    if row is None:
        raise ThreadNotFoundError(thread_id)
    thread = _thread(row)
    edit(thread)
    thread.create_time.FromDatetime(row.created_at)  # it stays
    save(connection, owner, thread)
    return thread


def touch(connection: sa.Connection, owner: str, thread_id: str, updated_at: datetime) -> Thread:
    """Set a thread's update time, lock its row, and return it. Raises ``ThreadNotFoundError``."""
    values = {"of_owner": owner, "of_thread": thread_id, "updated_at": updated_at}
    row = _TOUCH.returned(connection, values)
    if row is None:
        raise ThreadNotFoundError(thread_id)
    return _thread(row)


def delete(connection: sa.Connection, owner: str, thread_id: str) -> None:
    """Delete a thread with all that refers to it. Raises ``ThreadNotFoundError``."""
    if not connection.execute(_DELETE, {"of_owner": owner, "of_thread": thread_id}).rowcount:
        raise ThreadNotFoundError(thread_id)


@cache
def _page(order: Order, *, after: bool) -> sa.Select[*tuple[Any, ...]]:
    return ordered(sa.select(*_COLUMNS), order, later=after)


def ordered(select: sa.Select[*tuple[Any, ...]], order: Order, *, later: bool) -> sa.Select[*tuple[Any, ...]]:
    """Make a page of what a statement selects: the first ``:limit`` threads of ``:of_owner``.

    ``later`` those after update time ``:after_time`` and id ``:after_id``.
    """
    statement = select.where(threads.c.owner == _owner).limit(sa.bindparam("limit"))
    place = sa.tuple_(threads.c.updated_at, threads.c.id)
    if later:
        last = sa.tuple_(sa.bindparam("after_time", type_=Instant), sa.bindparam("after_id", type_=PlainText))
        statement = statement.where(place > last if order == "asc" else place < last)
    if order == "asc":
        return statement.order_by(threads.c.updated_at, threads.c.id)
    return statement.order_by(threads.c.updated_at.desc(), threads.c.id.desc())


def _thread(row: sa.Row[*tuple[object, ...]]) -> Thread:
    thread = Thread.FromString(row.data)
    thread.id = row.id
    if row.title is not None:
        thread.title = row.title
    thread.create_time.FromDatetime(row.created_at)
    thread.update_time.FromDatetime(row.updated_at)
    return thread


def _content(thread: Thread) -> dict[str, Any]:
    rest = Thread()
    rest.CopyFrom(thread)
    rest.ClearField("items")
    json = thread_entry(rest)
    # Data is what the other columns do not hold, also fields that this version does not know.
    for name in ("id", "title", "create_time", "update_time"):
        rest.ClearField(name)
    return {
        "title": thread.title if thread.HasField("title") else None,
        "data": rest.SerializeToString(),
        "json": json,
        "json_format": FORMAT,
    }
