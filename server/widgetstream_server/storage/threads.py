"""The store of threads, items and runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from widgetstream.chatkit.v1.chatkit_service_pb2 import FeedbackKind
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.run_pb2 import Run
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.conversation.journal import JournalEntry
from widgetstream_server.conversation.ports import (
    Announce,
    Edit,
    Order,
    RunOpening,
    Slice,
    StoredItem,
    ThreadCursor,
    UnfinishedRun,
)
from widgetstream_server.conversation.requests import RequestKey
from widgetstream_server.storage import feedback_rows, item_rows, run_rows, thread_rows
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

    async def change_thread(self, owner: str, thread_id: str, edit: Callable[[Thread], None]) -> Thread:
        """Change a thread that nobody else changes meanwhile, and return it. Raises ``ThreadNotFoundError``."""
        return await self._database.write(lambda connection: thread_rows.change(connection, owner, thread_id, edit))

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

    async def put_feedback(
        self, owner: str, thread_id: str, item_ids: Sequence[str], kind: FeedbackKind.ValueType, now: datetime
    ) -> None:
        """Store feedback on items, on all or none. Raises ``ThreadNotFoundError`` or ``ItemNotFoundError``."""
        await self._database.write(
            lambda connection: feedback_rows.put(connection, owner, thread_id, item_ids, kind, now)
        )

    async def get_feedback(
        self, owner: str, thread_id: str, item_ids: Sequence[str]
    ) -> Mapping[str, FeedbackKind.ValueType]:
        """Return the feedback on items, of those that have any. Raises ``ThreadNotFoundError``."""
        return await self._database.read(lambda connection: feedback_rows.get(connection, owner, thread_id, item_ids))

    async def begin_run(
        self,
        owner: str,
        run: Run,
        *,
        new_thread: Thread | None = None,
        items: Sequence[ThreadItem] = (),
        edit: Edit | None = None,
        announce: Announce | None = None,
        request: RequestKey | None = None,
        holder: str = "",
    ) -> RunOpening:
        """Store a running run with its first items.

        Raises:
            ThreadNotFoundError: There is no such thread.
            ThreadBusyError: Another run of the thread is under way.
            RequestRepeated: The request has a run already.
            RequestIdReusedError: Another request had its id.
            RunNotFoundError: The run was queued, and is gone.
        """
        return await self._database.write(
            lambda connection: run_rows.begin(
                connection,
                owner,
                run,
                new_thread=new_thread,
                items=items,
                edit=edit,
                announce=announce,
                request=request,
                holder=holder,
            )
        )

    async def queue_run(
        self,
        owner: str,
        run: Run,
        *,
        items: Sequence[ThreadItem] = (),
        entry: JournalEntry | None = None,
        request: RequestKey | None = None,
        holder: str = "",
    ) -> None:
        """Store a run that waits for its turn.

        Raises:
            ThreadNotFoundError: There is no such thread.
            RequestRepeated: The request has a run already.
            RequestIdReusedError: Another request had its id.
        """
        await self._database.write(
            lambda connection: run_rows.queue(
                connection, owner, run, items=items, entry=entry, request=request, holder=holder
            )
        )

    async def end_run(
        self,
        owner: str,
        run: Run,
        *,
        items: Sequence[StoredItem] = (),
        remove: Sequence[str] = (),
        entry: JournalEntry | None = None,
        events_expire_at: datetime | None = None,
    ) -> None:
        """Store how a run ended, with items and events; nothing if it has ended already.

        Raises:
            RunNotFoundError: There is no such run; its thread may have been deleted meanwhile.
        """
        await self._database.write(
            lambda connection: run_rows.end(
                connection,
                owner,
                run,
                items=items,
                remove=remove,
                entry=entry,
                events_expire_at=events_expire_at,
            )
        )

    async def get_run(self, owner: str, run_id: str) -> Run:
        """Return a run. Raises ``RunNotFoundError``."""
        return await self._database.read(lambda connection: run_rows.get(connection, owner, run_id))

    async def active_run(self, owner: str, thread_id: str) -> Run | None:
        """Return the run of a thread that is under way. Raises ``ThreadNotFoundError``."""
        return await self._database.read(lambda connection: run_rows.active(connection, owner, thread_id))

    async def run_holders(self, owner: str, thread_id: str) -> Mapping[str, str]:
        """Return the runs of a thread that are under way, with their processes. Raises ``ThreadNotFoundError``."""
        return await self._database.read(lambda connection: run_rows.holders(connection, owner, thread_id))

    async def abandoned_runs(self) -> Sequence[UnfinishedRun]:
        """Return everybody's runs that are queued or running and whose process is gone, the oldest first."""
        return await self._database.read(run_rows.abandoned)
