"""Pages of entries as they are kept: one statement each, and another one to find where a later page begins."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import sqlalchemy as sa

from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.chatkit_json.entries import FORMAT
from widgetstream_server.conversation.entries import EntryPage
from widgetstream_server.conversation.errors import ItemNotFoundError, ThreadNotFoundError
from widgetstream_server.conversation.ports import Order
from widgetstream_server.storage import item_rows, thread_rows
from widgetstream_server.storage.column_types import PlainText
from widgetstream_server.storage.database import Database
from widgetstream_server.storage.queries import Query
from widgetstream_server.storage.tables import items, threads

_owner: sa.BindParameter[str] = sa.bindparam("of_owner", type_=PlainText)
_thread: sa.BindParameter[str] = sa.bindparam("of_thread", type_=PlainText)

_THREAD_PLACE = Query(
    sa.select(threads.c.updated_at, threads.c.id).where(threads.c.id == _thread, threads.c.owner == _owner)
)
_ITEM_PLACE = Query(item_rows.PLACE)


class EntryRepository:
    """Reads pages from a database; see ``EntryStore``, which this implements, for what is promised."""

    def __init__(self, database: Database) -> None:
        """Read from a database, which stays the caller's to close."""
        self._database = database

    async def list_threads(self, owner: str, *, limit: int, order: Order, after: str) -> EntryPage[Thread]:
        """List threads. Raises ``ThreadNotFoundError``."""
        values: dict[str, object] = {"of_owner": owner, "limit": limit + 1}
        if after:
            place = await self._database.fetch(_THREAD_PLACE, {"of_owner": owner, "of_thread": after})
            if not place:
                raise ThreadNotFoundError(after)
            values["after_time"], values["after_id"] = place[0]
        rows = await self._database.fetch(_threads_page(order, later=bool(after)), values)
        shown = rows[:limit]
        entries: list[bytes | Thread] = [entry for _, entry in shown]
        if None in entries:
            entries = list(await self._threads(owner, [thread_id for thread_id, _ in shown]))
        return EntryPage(entries, shown[-1][0] if shown else "", len(rows) > limit)

    async def list_items(
        self, owner: str, thread_id: str, *, limit: int, order: Order, after: str
    ) -> EntryPage[ThreadItem]:
        """List items. Raises ``ThreadNotFoundError`` or ``ItemNotFoundError``."""
        values: dict[str, object] = {"of_owner": owner, "of_thread": thread_id, "limit": limit + 1}
        if after:
            place = await self._database.fetch(_ITEM_PLACE, {**values, "of_item": after})
            if not place:
                await self._require(owner, thread_id)
                raise ItemNotFoundError(after)
            values["after"] = place[0][0]
        rows = await self._database.fetch(_items_page(order, later=bool(after)), values)
        if not rows:
            await self._require(owner, thread_id)
        shown = rows[:limit]
        entries = [entry if is_json else ThreadItem.FromString(entry) for _, entry, is_json in shown]
        return EntryPage(entries, shown[-1][0] if shown else "", len(rows) > limit)

    async def _threads(self, owner: str, ids: Sequence[str]) -> Sequence[Thread]:
        """Return the threads that still exist, in the order of their ids."""
        return await self._database.read(lambda connection: thread_rows.some(connection, owner, ids))

    async def _require(self, owner: str, thread_id: str) -> None:
        await self._database.read(lambda connection: thread_rows.require(connection, owner, thread_id))


@cache
def _threads_page(order: Order, *, later: bool) -> Query:
    kept = sa.case((threads.c.json_format == FORMAT, threads.c.json))
    return Query(thread_rows.ordered(sa.select(threads.c.id, kept), order, later=later))


@cache
def _items_page(order: Order, *, later: bool) -> Query:
    is_json = items.c.json_format == FORMAT
    entry = sa.case((is_json, items.c.json), else_=items.c.data)
    return Query(item_rows.ordered(sa.select(items.c.id, entry, is_json), order, later=later, include_hidden=False))
