"""Pages of entries as they are kept: one statement each, and another one to find where a later page begins."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import sqlalchemy as sa

from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.chatkit_json.entries import FORMAT, entry_id
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
        if not rows:
            return EntryPage((), (), "", has_more=False)
        has_more = len(rows) > limit
        entries, to_make = zip(*rows[:limit], strict=True)
        last_id = (to_make[-1] or entry_id(entries[-1])) if has_more else ""
        if not any(to_make):
            return EntryPage(entries, (), last_id, has_more)
        # Some may be gone meanwhile.
        made = {thread.id: thread for thread in await self._threads(owner, [each for each in to_make if each])}
        whole = [entry or made.get(thread_id) for entry, thread_id in zip(entries, to_make, strict=True)]
        return EntryPage([each for each in whole if each is not None], list(made.values()), last_id, has_more)

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
            return EntryPage((), (), "", has_more=False)
        has_more = len(rows) > limit
        entries, to_make = zip(*rows[:limit], strict=True)
        messages: list[ThreadItem] = []
        if any(to_make):
            entries = tuple(
                ThreadItem.FromString(entry) if is_message else entry
                for entry, is_message in zip(entries, to_make, strict=True)
            )
            messages = [each for each in entries if isinstance(each, ThreadItem)]
        last_id = (entries[-1].id if to_make[-1] else entry_id(entries[-1])) if has_more else ""
        return EntryPage(entries, messages, last_id, has_more)

    async def _threads(self, owner: str, ids: Sequence[str]) -> Sequence[Thread]:
        """Return the threads that still exist, in the order of their ids."""
        return await self._database.read(lambda connection: thread_rows.some(connection, owner, ids))

    async def _require(self, owner: str, thread_id: str) -> None:
        await self._database.read(lambda connection: thread_rows.require(connection, owner, thread_id))


@cache
def _threads_page(order: Order, *, later: bool) -> Query:
    """Return a query for entries, and for the ids of those that are not kept. A text in each row would cost a fifth."""
    is_json = threads.c.json_format == FORMAT
    columns = sa.select(sa.case((is_json, threads.c.json)), sa.case((is_json, sa.null()), else_=threads.c.id))
    return Query(thread_rows.ordered(columns, order, later=later))


@cache
def _items_page(order: Order, *, later: bool) -> Query:
    """Return a query for entries or messages, and for whether they are messages."""
    is_json = items.c.json_format == FORMAT
    columns = sa.select(sa.case((is_json, items.c.json), else_=items.c.data), sa.case((is_json, 0), else_=1))
    return Query(item_rows.ordered(columns, order, later=later, include_hidden=False))
