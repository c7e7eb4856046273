"""The store of threads, items and runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.run_pb2 import Run
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.conversation.ports import Order, RunOpening, Slice, StoredItem, ThreadCursor
from widgetstream_server.storage import item_rows, run_rows, thread_rows
from widgetstream_server.storage.database import Database


class ThreadRepository:
    """Threads, items and runs in a database; see ``ThreadStore``, which this implements, for what each method promises.

    Every method is one transaction: when it is canceled, the cancel comes through when the transaction has ended.
    """

    def __init__(self, database: Database) -> None:
        """Make the store over a database, which stays the caller's to close."""
        self._database = database

    async def get_thread(self, owner: str, thread_id: str) -> Thread:
        """Return a thread without items. Raises ``ThreadNotFoundError``."""
        return await self._database.read(lambda connection: thread_rows.get(connection, owner, thread_id))

    async def list_threads(
        self, owner: str, *, limit: int, order: Order = "desc", after: ThreadCursor | None = None
    ) -> Slice[Thread, ThreadCursor]:
        """List threads by update time, ties by id, with keyset pages."""
        return await self._database.read(lambda connection: thread_rows.page(connection, owner, limit, order, after))

    async def save_thread(self, owner: str, thread: Thread) -> None:
        """Store title, status, image domains, metadata and update time. Raises ``ThreadNotFoundError``."""
        await self._database.write(lambda connection: thread_rows.save(connection, owner, thread))

    async def delete_thread(self, owner: str, thread_id: str) -> None:
        """Delete a thread with its items and runs. Raises ``ThreadNotFoundError``."""
        await self._database.write(lambda connection: thread_rows.delete(connection, owner, thread_id))

    async def get_item(self, owner: str, thread_id: str, item_id: str) -> ThreadItem:
        """Return an item. Raises ``ThreadNotFoundError`` or ``ItemNotFoundError``."""
        return await self._database.read(lambda connection: item_rows.get(connection, owner, thread_id, item_id))

    async def list_items(
        self,
        owner: str,
        thread_id: str,
        *,
        limit: int,
        order: Order = "asc",
        after: int | None = None,
        include_hidden: bool = False,
    ) -> Slice[StoredItem, int]:
        """List items by place, with keyset pages. Raises ``ThreadNotFoundError``."""
        return await self._database.read(
            lambda connection: item_rows.page(
                connection, owner, thread_id, limit, order, after, include_hidden=include_hidden
            )
        )

    async def put_item(self, owner: str, item: ThreadItem, position: int) -> None:
        """Store an item at a place, or its new value at the place it has.

        A place below 1 is for items that exist.

        Raises:
            ThreadNotFoundError: There is no such thread.
            ItemNotFoundError: The item does not exist, and the place is below 1; or it is another thread's.
        """
        await self._database.write(lambda connection: item_rows.put(connection, owner, item, position))

    async def delete_item(self, owner: str, thread_id: str, item_id: str) -> None:
        """Delete an item, if it exists. Raises ``ThreadNotFoundError``."""
        await self._database.write(lambda connection: item_rows.delete(connection, owner, thread_id, item_id))

    async def begin_run(
        self, owner: str, run: Run, *, new_thread: Thread | None = None, items: Sequence[ThreadItem] = ()
    ) -> RunOpening:
        """Store a running run with its first items. Raises ``ThreadNotFoundError`` or ``ThreadBusyError``."""
        return await self._database.write(lambda connection: run_rows.begin(connection, owner, run, new_thread, items))

    async def end_run(self, owner: str, run: Run, *, items: Sequence[StoredItem] = ()) -> None:
        """Store how a run ended, with items; nothing if it has ended already.

        Raises:
            RunNotFoundError: There is no such run; its thread may have been deleted meanwhile.
        """
        await self._database.write(lambda connection: run_rows.end(connection, owner, run, items))

    async def get_run(self, owner: str, run_id: str) -> Run:
        """Return a run. Raises ``RunNotFoundError``."""
        return await self._database.read(lambda connection: run_rows.get(connection, owner, run_id))

    async def active_run(self, owner: str, thread_id: str) -> Run | None:
        """Return the run of a thread that is under way. Raises ``ThreadNotFoundError``."""
        return await self._database.read(lambda connection: run_rows.active(connection, owner, thread_id))

    async def fail_abandoned_runs(self, now: datetime) -> int:
        """Mark all runs under way as failed, and return how many there were."""
        return await self._database.write(lambda connection: run_rows.fail_all(connection, now))
