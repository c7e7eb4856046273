"""Statements on the items of threads."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.options_pb2 import message_json
from widgetstream_server.chatkit_json.entries import FORMAT, item_entry
from widgetstream_server.conversation.errors import ItemNotFoundError, ThreadNotFoundError
from widgetstream_server.conversation.ports import Order, Slice, StoredItem
from widgetstream_server.storage import thread_rows
from widgetstream_server.storage.column_types import PlainText
from widgetstream_server.storage.failures import error_code
from widgetstream_server.storage.queries import Command
from widgetstream_server.storage.tables import items, threads
from widgetstream_server.storage.thread_rows import instant, own_thread_id

HIDDEN_KINDS = frozenset(
    field.name
    for field in ThreadItem.DESCRIPTOR.oneofs_by_name["item"].fields
    if field.message_type and field.message_type.GetOptions().Extensions[message_json].hidden
)
"""The kinds of items that are never sent to clients, as the schema says."""

_LAST_POSITION = 2**31 - 1
_FOREIGN_KEY = ("SQLITE_CONSTRAINT_FOREIGNKEY", "23503")

_id: sa.BindParameter[str] = sa.bindparam("of_item", type_=PlainText)
_here = sa.and_(items.c.id == _id, items.c.thread_id == own_thread_id)

_GET = sa.select(items.c.data).where(_here)
PLACE = sa.select(items.c.position).where(_here, items.c.hidden.is_(sa.false()))
"""Finds the place of an item that people can see."""
_DELETE = Command(sa.delete(items).where(_here))
_REPLACE = Command(sa.update(items).where(_here))
_LAST = sa.select(sa.func.coalesce(sa.func.max(items.c.position), 0)).where(
    items.c.thread_id == sa.bindparam("of_thread", type_=PlainText)
)
_APPEND = Command(sa.insert(items).values(position=_LAST.scalar_subquery() + 1).returning(items.c.position))


def get(connection: sa.Connection, owner: str, thread_id: str, item_id: str) -> ThreadItem:
    """Return an item. Raises ``ThreadNotFoundError`` or ``ItemNotFoundError``."""
    values = {"of_owner": owner, "of_thread": thread_id, "of_item": item_id}
    data = connection.execute(_GET, values).scalar_one_or_none()
    if data is None:
        thread_rows.require(connection, owner, thread_id)
        raise ItemNotFoundError(item_id)
    return ThreadItem.FromString(data)


def page(
    connection: sa.Connection,
    owner: str,
    thread_id: str,
    limit: int,
    order: Order,
    after: int | None,
    *,
    include_hidden: bool,
) -> Slice[StoredItem, int]:
    """Return a page of items by place. Raises ``ThreadNotFoundError``."""
    values: dict[str, object] = {"of_owner": owner, "of_thread": thread_id, "limit": limit + 1}
    if after is not None:
        values["after"] = max(0, min(after, _LAST_POSITION))
    statement = _page(order, after=after is not None, include_hidden=include_hidden)
    rows = connection.execute(statement, values).all()
    if not rows:
        thread_rows.require(connection, owner, thread_id)
    shown = rows[:limit]
    entries = [StoredItem(ThreadItem.FromString(row.data), row.position) for row in shown]
    return Slice(entries, shown[-1].position if len(rows) > limit else None)


def put(connection: sa.Connection, owner: str, item: ThreadItem, position: int) -> None:
    """Store an item at a place, or its new value at the place it has. A place below 1 is for items that exist.

    Raises:
        ThreadNotFoundError: There is no such thread.
        ItemNotFoundError: The item does not exist, and the place is below 1; or it is another thread's.
    """
    values = {"of_owner": owner, "of_thread": item.thread_id, "of_item": item.id}
    if position < 1:
        command = _REPLACE
        values |= _content(item)
    else:
        command = _PUT
        new = {**_content(item), "position": position, "created_at": instant(item.create_time)}
        values |= {f"new_{name}": value for name, value in new.items()}
    try:
        stored = command.run(connection, values)
    except IntegrityError as error:
        if error_code(error) in _FOREIGN_KEY:  # the thread was deleted in this very moment
            raise ThreadNotFoundError(item.thread_id) from None
        raise
    if not stored:
        thread_rows.require(connection, owner, item.thread_id)
        raise ItemNotFoundError(item.id)


def append(connection: sa.Connection, thread_id: str, item: ThreadItem) -> int:
    """Store a new item at the end of a thread, whose row is locked, and return its place."""
    values = {
        "of_thread": thread_id,
        "id": item.id,
        "thread_id": thread_id,
        "created_at": instant(item.create_time),
        **_content(item),
    }
    position: int = _APPEND.returned(connection, values).position
    return position


def last_position(connection: sa.Connection, thread_id: str) -> int:
    """Return the last place that is taken in a thread, whose row is locked. 0: none is."""
    position: int = connection.execute(_LAST, {"of_thread": thread_id}).scalar_one()
    return position


def delete(connection: sa.Connection, owner: str, thread_id: str, item_id: str) -> None:
    """Delete an item, if it exists. Raises ``ThreadNotFoundError``."""
    values = {"of_owner": owner, "of_thread": thread_id, "of_item": item_id}
    if not _DELETE.run(connection, values):
        thread_rows.require(connection, owner, thread_id)


def _content(item: ThreadItem) -> dict[str, Any]:
    kind = item.WhichOneof("item") or ""
    json = item_entry(item)
    return {
        "kind": kind,
        "hidden": kind in HIDDEN_KINDS,
        "data": item.SerializeToString(),
        "json": json,
        "json_format": None if json is None else FORMAT,
    }


def _putting(insert: postgresql.Insert | sqlite.Insert) -> sa.UpdateBase:
    """Return the statement that stores an item in one step, whoever's and whether or not it exists."""
    content = ("kind", "hidden", "data", "json", "json_format")
    given = ("position", "created_at", *content)
    new = [sa.bindparam(f"new_{name}", type_=items.c[name].type) for name in given]
    row = sa.select(_id, threads.c.id, *new).where(threads.c.id == own_thread_id)
    statement = insert.from_select(["id", "thread_id", *given], row)
    return statement.on_conflict_do_update(
        index_elements=[items.c.id],
        set_={name: statement.excluded[name] for name in content},
        where=items.c.thread_id == statement.excluded.thread_id,
    )


_PUT = Command(_putting(sqlite.insert(items)), _putting(postgresql.insert(items)))


@cache
def _page(order: Order, *, after: bool, include_hidden: bool) -> sa.Select[*tuple[Any, ...]]:
    return ordered(sa.select(items.c.data, items.c.position), order, later=after, include_hidden=include_hidden)


def ordered(
    select: sa.Select[*tuple[Any, ...]], order: Order, *, later: bool, include_hidden: bool
) -> sa.Select[*tuple[Any, ...]]:
    """Make a page of what a statement selects: the first ``:limit`` items, ``later`` those after place ``:after``."""
    place = items.c.position
    statement = select.where(items.c.thread_id == own_thread_id)
    if later:
        last: sa.BindParameter[int] = sa.bindparam("after", type_=sa.Integer)
        statement = statement.where(place > last if order == "asc" else place < last)
    if not include_hidden:
        statement = statement.where(items.c.hidden.is_(sa.false()))
    return statement.order_by(place if order == "asc" else place.desc()).limit(sa.bindparam("limit"))
