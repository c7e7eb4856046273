"""One run: an application's events, numbered, folded, stored, and ended exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, TypeVar, cast

import structlog

from widgetstream.chatkit.v1 import event_pb2
from widgetstream.chatkit.v1.event_pb2 import CancelCause, WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.run_pb2 import Run as RunRecord
from widgetstream.chatkit.v1.run_pb2 import RunState
from widgetstream_server.conversation import events, run_end
from widgetstream_server.conversation.coalesce import TextCoalescer
from widgetstream_server.conversation.errors import DependencyUnavailableError, RunLimitExceededError
from widgetstream_server.conversation.fold import ApplyWidgetUpdate
from widgetstream_server.conversation.limits import RunLimits
from widgetstream_server.conversation.ports import RunOpening
from widgetstream_server.conversation.run_items import RunItems, is_hidden
from widgetstream_server.conversation.thread_fields import changed_fields, copy_fields, copy_of, other_fields, shown

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from widgetstream.chatkit.v1.thread_pb2 import Thread
    from widgetstream_server.conversation.chatkit_server import ChatKitServer
    from widgetstream_server.conversation.context import RunContext
    from widgetstream_server.conversation.run_log import RunLog

Produce = Callable[["RunContext"], AsyncIterator[WidgetEvent]]
_StoredT = TypeVar("_StoredT")

_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 2.0

# Events that change nothing here.
_SENT_AS_THEY_ARE = frozenset({"progress_update", "client_effect", "notice", "error", "stream_options"})

_log = structlog.get_logger(__name__)


class Run:
    """A run. Its task belongs to the engine, not to the call that started it.

    Attributes:
        record: What is stored of it.
        context: What the application gets.
        log: Its events.
        items: What it has made.
        server: The application.
        limits: Its bounds.
        cause: Why it was canceled. None: it was not.
        rolled_back: The items that its end has removed.
    """

    def __init__(
        self,
        record: RunRecord,
        context: RunContext,
        log: RunLog,
        *,
        server: ChatKitServer,
        produce: Produce,
        apply_widget_update: ApplyWidgetUpdate,
        limits: RunLimits,
        on_end: Callable[[Run], None],
    ) -> None:
        """Make a run. It does not go yet.

        Args:
            record: What is stored of it.
            context: What the application gets.
            log: Its events, which may have begun.
            server: The application.
            produce: Starts the application.
            apply_widget_update: How an update changes a widget's tree.
            limits: Its bounds.
            on_end: Called when all is over.
        """
        self.record = record
        self.context = context
        self.log = log
        self.items = RunItems(record.thread_id, context.clock, apply_widget_update)
        self.server = server
        self.limits = limits
        self.cause: CancelCause.ValueType | None = None
        self.rolled_back: Sequence[str] = ()
        self._produce = produce
        self._on_end = on_end
        self._texts = TextCoalescer(self._emit_text, window=limits.coalesce_seconds, readers=log)
        self._thread_as_sent = copy_of(context.thread)
        self._finishing = False
        self._abandoned: asyncio.Event | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def owner(self) -> str:
        """The id of the person whose run it is."""
        return self.context.owner

    def begin(self, opening: RunOpening, first: Sequence[bytes], added: Sequence[ThreadItem]) -> None:
        """Take how the store has begun the run, and send its first events, which are stored.

        Args:
            opening: The store's answer.
            first: The events.
            added: The items with which the run has begun.
        """
        self.record.state = RunState.RUN_STATE_RUNNING
        self.context.thread.CopyFrom(opening.thread)
        self._thread_as_sent = copy_of(opening.thread)
        self.items.next_position = opening.next_position
        for item in added:
            self.items.note(item)
        self.log.publish(first)

    def start(
        self, wait: Callable[[], Awaitable[None]] | None = None, promote: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """Go on in a task of its own.

        Args:
            wait: Waits for the run's turn. None: it has begun.
            promote: Begins the run then.
        """
        self._task = asyncio.create_task(self._drive(wait, promote), name=self.record.run_id)
        self._task.add_done_callback(lambda _: self._on_end(self))

    def cancel(self, cause: CancelCause.ValueType) -> None:
        """Ask the run to end. It ends as soon as what it waits for lets go; the first cause counts."""
        if self.cause is None and not self._finishing and self._task is not None:
            self.cause = cause
            self._task.cancel()

    def abandon(self) -> None:
        """Stop trying to store what the database does not take; the next start of the server ends the run."""
        self._abandonment().set()

    async def ended(self) -> None:
        """Wait until the run has ended and is stored."""
        if self._task is not None:
            await asyncio.wait((self._task,))

    def pending_items(self) -> list[ThreadItem]:
        """Return the items that are not done, as they are now, in the order of their places."""
        self._texts.flush()
        return self.items.visible()

    def emit(self, event: WidgetEvent) -> None:
        """Send an event."""
        self.log.append(event)

    async def stored(self, call: Callable[[], Awaitable[_StoredT]]) -> _StoredT:
        """Call the store, again and again while it does not answer."""
        pause = _FIRST_PAUSE
        while True:
            try:
                return await call()
            except DependencyUnavailableError:
                if self._abandonment().is_set():
                    raise
                if pause == _FIRST_PAUSE:
                    _log.warning("run_waits_for_the_database")
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._abandonment().wait()
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _abandonment(self) -> asyncio.Event:
        # Made when it is needed: that is never, as a rule, and there are many runs.
        if self._abandoned is None:
            self._abandoned = asyncio.Event()
        return self._abandoned

    async def _drive(
        self, wait: Callable[[], Awaitable[None]] | None, promote: Callable[[], Awaitable[None]] | None
    ) -> None:
        structlog.contextvars.bind_contextvars(run_id=self.record.run_id, thread_id=self.record.thread_id)
        ending: Callable[[], Awaitable[None]]
        try:
            if wait is not None and promote is not None:
                await wait()
                await self.stored(lambda: _wholly(promote()))
            async with asyncio.timeout(self.limits.max_seconds):
                options = self.server.stream_options(self.context.thread, self.context)
                self.emit(WidgetEvent(stream_options=event_pb2.StreamOptionsEvent(stream_options=options)))
                produced = cast("AsyncGenerator[WidgetEvent, None]", self._produce(self.context))
                async with aclosing(produced) as stream:
                    async for event in stream:
                        kind = event.WhichOneof("event")
                        if kind == "item_updated":
                            self._accept_update(event)
                            continue
                        self._texts.flush()
                        if kind in _SENT_AS_THEY_ARE:
                            self.emit(event)
                        else:
                            await self._accept(kind, event)
                        if self._thread_as_sent != self.context.thread:
                            await self._send_thread_changes()
                await self._send_thread_changes()
            ending = lambda: run_end.complete(self)  # noqa: E731 — one of three, chosen here and called below
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None:
                task.uncancel()
            ending = lambda: run_end.cancel(self)  # noqa: E731 — likewise
        except TimeoutError:
            limit = RunLimitExceededError("The answer took too long and was ended.")
            ending = lambda: run_end.fail(self, limit)  # noqa: E731 — the error's name ends with its clause
        except Exception as error:  # noqa: BLE001 — whatever the application raises ends its run, and nothing else
            failure = error
            ending = lambda: run_end.fail(self, failure)  # noqa: E731 — likewise
        self._finishing = True
        self._texts.flush()
        await run_end.finish(self, ending)

    # What the application yields

    async def _accept(self, kind: str | None, event: WidgetEvent) -> None:
        store, items = self.context.store, self.items
        match kind:
            case "item_added":
                item = items.own(event.item_added.item)
                items.begin(item)
                self._emit_unless_hidden(event, item)
            case "item_done":
                item = items.own(event.item_done.item)
                position = items.settle(item).position
                await self.stored(lambda: store.put_item(self.owner, item, position))
                items.finish(item)
                self._emit_unless_hidden(event, item)
            case "item_replaced":
                item = items.own(event.item_replaced.item)
                position = items.take_position()
                await self.stored(lambda: store.put_item(self.owner, item, position))
                items.finish(item)
                self._emit_unless_hidden(event, item)
            case "item_removed":
                removed = event.item_removed.item_id
                await self.stored(lambda: store.delete_item(self.owner, self.record.thread_id, removed))
                items.remove(removed)
                self.emit(event)
            case _:
                raise ValueError(f"an application does not send {kind}")

    def _accept_update(self, event: WidgetEvent) -> None:
        updated = event.item_updated
        update = updated.update
        item_id = updated.item_id
        pending = self.items.pending(item_id)
        if update.HasField("text_delta"):
            # For each word: what can be done once for several is done when they go out.
            delta = update.text_delta
            self._texts.add((item_id, delta.content_index), delta.delta)
            return
        self._texts.flush()
        pending.apply(update)
        self.emit(event)

    async def _send_thread_changes(self) -> None:
        names = changed_fields(self._thread_as_sent, self.context.thread)
        if not names:
            return
        self._texts.flush()
        wanted, now = copy_of(self.context.thread), self.context.clock.now()

        def edit(stored: Thread) -> None:
            copy_fields(wanted, stored, names)
            stored.update_time.FromDatetime(now)

        store, thread_id = self.context.store, self.record.thread_id
        changed = await self.stored(lambda: store.change_thread(self.owner, thread_id, edit))
        # What the person has changed meanwhile stays, and the application sees it too.
        copy_fields(changed, self.context.thread, other_fields(names))
        self.context.thread.update_time.CopyFrom(changed.update_time)
        self._thread_as_sent = changed
        if any(name != "metadata" for name in names):
            self.emit(events.thread_updated(shown(changed)))

    def _emit_text(self, key: tuple[str, int], text: str) -> None:
        item_id, content_index = key
        self.items.pending(item_id).append_text(content_index, text)
        self.log.append(events.text_delta(item_id, text, content_index))

    def _emit_unless_hidden(self, event: WidgetEvent, item: ThreadItem) -> None:
        if not is_hidden(item):
            self.emit(event)


async def _wholly(call: Awaitable[_StoredT]) -> _StoredT:
    """Wait for a call to its end, and only then let a cancel through."""
    task = asyncio.ensure_future(call)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        with suppress(Exception):
            await task
        raise
