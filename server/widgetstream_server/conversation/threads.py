"""Reading and changing threads and their items, outside of runs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1.chatkit_service_pb2 import ListOrder
from widgetstream.chatkit.v1.item_pb2 import ItemPage, ThreadItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.conversation.attachments import Attachments
from widgetstream_server.conversation.chatkit_server import ChatKitServer
from widgetstream_server.conversation.context import RequestContext
from widgetstream_server.conversation.errors import PageTokenInvalidError
from widgetstream_server.conversation.item_locks import ItemLocks
from widgetstream_server.conversation.page_tokens import PageTokens
from widgetstream_server.conversation.ports import Clock, Order, ThreadCursor, ThreadStore
from widgetstream_server.conversation.runs import Runs
from widgetstream_server.conversation.thread_fields import shown

DEFAULT_PAGE_SIZE = 20
MAX_PAGE_SIZE = 100


def page_size(requested: int) -> int:
    """Return how many entries a page holds: 20 unless asked otherwise, never more than 100."""
    return min(requested or DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE)


class Threads:
    """A person's threads."""

    def __init__(
        self,
        server: ChatKitServer,
        store: ThreadStore,
        runs: Runs,
        *,
        clock: Clock,
        page_tokens: PageTokens,
        item_locks: ItemLocks,
        attachments: Attachments | None = None,
    ) -> None:
        """Make the service over a store. Without attachments, messages have none."""
        self._server = server
        self._store = store
        self._runs = runs
        self._clock = clock
        self._tokens = page_tokens
        self._attachments = attachments
        self._item_locks = item_locks

    async def get(self, thread_id: str, context: RequestContext) -> pb.GetThreadResponse:
        """Return a thread with its newest items, oldest of them first, and the run under way.

        Raises:
            ThreadNotFoundError: There is no such thread.
        """
        owner = context.principal.id
        thread = await self._store.get_thread(owner, thread_id)
        # The run before the items, and again after them: whether one ends or begins meanwhile, what it says is among
        # the items, or in the events of the run that the answer names.
        active = await self._store.active_run(owner, thread_id)
        pending = await self._runs.pending_items(active, context) if active else ()
        newest = await self._store.list_items(owner, thread_id, limit=DEFAULT_PAGE_SIZE, order="desc")
        active = active or await self._store.active_run(owner, thread_id)
        items = [stored.item for stored in reversed(newest.entries)]
        response = pb.GetThreadResponse(thread=shown(thread))
        if active is not None:
            response.active_run.CopyFrom(active)
            stored_ids = {item.id for item in items}
            items.extend(item for item in pending if item.id not in stored_ids)
        self._renew(items, context)
        response.thread.items.CopyFrom(ItemPage(data=items, has_more=newest.next is not None))
        return response

    async def list(self, request: pb.ListThreadsRequest, context: RequestContext) -> pb.ListThreadsResponse:
        """List threads, the last changed first.

        Raises:
            PageTokenInvalidError: The token was not made here for this list.
        """
        order = _thread_order(request.order)
        filters = _thread_filters(order, context)
        after = None
        if request.page_token:
            micros, thread_id = self._tokens.decode("ListThreads", filters, request.page_token)
            if not isinstance(micros, int) or not isinstance(thread_id, str):
                raise PageTokenInvalidError
            after = ThreadCursor(_from_micros(micros), thread_id)
        found = await self._store.list_threads(
            context.principal.id, limit=page_size(request.page_size), order=order, after=after
        )
        token = ""
        if found.next:
            token = self._tokens.encode("ListThreads", filters, _to_cursor(found.next))
        return pb.ListThreadsResponse(threads=map(shown, found.entries), next_page_token=token)

    async def update(self, request: pb.UpdateThreadRequest, context: RequestContext) -> pb.UpdateThreadResponse:
        """Change a thread's title.

        Raises:
            ThreadNotFoundError: There is no such thread.
        """
        now = self._clock.now()

        def edit(thread: Thread) -> None:
            thread.title = " ".join(request.title.split())
            thread.update_time.FromDatetime(now)

        changed = await self._store.change_thread(context.principal.id, request.thread_id, edit)
        return pb.UpdateThreadResponse(thread=shown(changed))

    async def delete(self, thread_id: str, context: RequestContext) -> pb.DeleteThreadResponse:
        """Cancel what is under way in a thread, and delete it with its items.

        Raises:
            ThreadNotFoundError: There is no such thread.
        """
        await self._runs.cancel_thread(thread_id, context)
        await self._store.delete_thread(context.principal.id, thread_id)
        if self._attachments is not None:
            self._attachments.removal.collect_soon()
        return pb.DeleteThreadResponse()

    async def list_items(self, request: pb.ListItemsRequest, context: RequestContext) -> pb.ListItemsResponse:
        """List a thread's items, oldest first unless asked otherwise.

        Raises:
            ThreadNotFoundError: There is no such thread.
            PageTokenInvalidError: The token was not made here for this list.
        """
        order = _item_order(request.order)
        filters = _item_filters(request.thread_id, order, context)
        after = None
        if request.page_token:
            (position,) = self._tokens.decode("ListItems", filters, request.page_token)
            if not isinstance(position, int):
                raise PageTokenInvalidError
            after = position
        found = await self._store.list_items(
            context.principal.id,
            request.thread_id,
            limit=page_size(request.page_size),
            order=order,
            after=after,
        )
        token = ""
        if found.next is not None:
            token = self._tokens.encode("ListItems", filters, (found.next,))
        items = [stored.item for stored in found.entries]
        self._renew(items, context)
        return pb.ListItemsResponse(items=items, next_page_token=token)

    def _renew(self, items: Iterable[ThreadItem], context: RequestContext) -> None:
        if self._attachments is not None:
            self._attachments.renew(items, context)

    async def sync_action(self, request: pb.SyncActionRequest, context: RequestContext) -> pb.SyncActionResponse:
        """Run an action beside any run and return the changed item. Actions of one item come one after another.

        Raises:
            ConversationError: The request cannot be served.
        """
        owner = context.principal.id
        async with self._item_locks.hold(owner, request.item_id or request.thread_id):
            thread = await self._store.get_thread(owner, request.thread_id)
            sender = await self._runs.sender(request.thread_id, request.item_id, context)
            await self._server.check_action(request.action, sender, context)
            updated: ThreadItem | None = await self._server.sync_action(thread, request.action, sender, context)
            if updated is None:
                return pb.SyncActionResponse()
            await self._store.put_item(owner, updated, 0)  # it exists, and keeps its place
            return pb.SyncActionResponse(updated_item=updated)

    async def submit_feedback(
        self, request: pb.SubmitFeedbackRequest, context: RequestContext
    ) -> pb.SubmitFeedbackResponse:
        """Store what a person thinks of items, in place of what was stored before, and tell the application.

        Raises:
            ThreadNotFoundError: There is no such thread.
            ItemNotFoundError: One of the items does not exist; nothing was stored.
        """
        owner, thread_id = context.principal.id, request.thread_id
        thread = await self._store.get_thread(owner, thread_id)
        await self._store.put_feedback(owner, thread_id, request.item_ids, request.kind, self._clock.now())
        await self._server.add_feedback(thread, request.item_ids, request.kind, context)
        return pb.SubmitFeedbackResponse()


def _thread_order(asked: ListOrder.ValueType) -> Order:
    return "asc" if asked == ListOrder.LIST_ORDER_ASC else "desc"


def _item_order(asked: ListOrder.ValueType) -> Order:
    return "desc" if asked == ListOrder.LIST_ORDER_DESC else "asc"


def _thread_filters(order: Order, context: RequestContext) -> bytes:
    return f"{context.principal.id}\n{order}".encode()


def _item_filters(thread_id: str, order: Order, context: RequestContext) -> bytes:
    return f"{context.principal.id}\n{thread_id}\n{order}".encode()


def _to_cursor(after: ThreadCursor) -> tuple[int, str]:
    return _to_micros(after.update_time), after.thread_id


def _to_micros(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)


def _from_micros(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / 1_000_000, UTC)
