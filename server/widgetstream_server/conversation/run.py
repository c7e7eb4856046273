"""One run: an application's events, numbered, folded, stored, and ended exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import structlog
from google.protobuf.duration_pb2 import Duration

from widgetstream.chatkit.v1 import error_reason_pb2, event_pb2, item_pb2, structured_input_pb2
from widgetstream.chatkit.v1.event_pb2 import CancelCause, WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.run_pb2 import Run as RunRecord
from widgetstream.chatkit.v1.run_pb2 import RunState
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.conversation import events
from widgetstream_server.conversation.coalesce import TextCoalescer
from widgetstream_server.conversation.errors import ConversationError, RunLimitExceededError
from widgetstream_server.conversation.faults import places_of
from widgetstream_server.conversation.fold import ApplyWidgetUpdate, PendingItem
from widgetstream_server.conversation.ports import StoredItem

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from widgetstream_server.conversation.chatkit_server import ChatKitServer
    from widgetstream_server.conversation.context import RunContext
    from widgetstream_server.conversation.run_log import RunLog

Produce = Callable[["RunContext"], AsyncIterator[WidgetEvent]]

_HIDDEN = frozenset({"hidden_context", "sdk_hidden_context"})
_PENDING_INPUT = (
    structured_input_pb2.STRUCTURED_INPUT_STATUS_UNSPECIFIED,
    structured_input_pb2.STRUCTURED_INPUT_STATUS_PENDING,
)
_CANCEL_NOTE = "The person stopped this answer. Do not go on with it unless asked."
_INTERNAL_MESSAGE = "Something went wrong while answering. Please try again."

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RunLimits:
    """Bounds of a run.

    Attributes:
        max_seconds: How long it may take.
        coalesce_seconds: How long a delta of text may wait for others.
        retention_seconds: How long its events are kept after its end.
    """

    max_seconds: float = 600.0
    coalesce_seconds: float = 0.02
    retention_seconds: float = 300.0


class Run:
    """A run under way. Its task belongs to the engine, not to the call that started it."""

    def __init__(
        self,
        record: RunRecord,
        context: RunContext,
        log: RunLog,
        *,
        next_position: int,
        server: ChatKitServer,
        apply_widget_update: ApplyWidgetUpdate,
        limits: RunLimits,
    ) -> None:
        """Make a run whose record is stored already."""
        self.record = record
        self.context = context
        self.log = log
        self._next_position = next_position
        self._server = server
        self._apply_widget_update = apply_widget_update
        self._limits = limits
        self._pending: dict[str, PendingItem] = {}
        self._texts = TextCoalescer(self._emit_text, window=limits.coalesce_seconds)
        self._thread_as_sent = _copy(context.thread)
        self._cancel_cause: CancelCause.ValueType | None = None
        self._finishing = False
        self._waits_for: str | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def owner(self) -> str:
        """The id of the person whose run it is."""
        return self.context.owner

    def start(
        self, produce: Produce, *, new_thread: bool, items: list[ThreadItem], on_end: Callable[[Run], None]
    ) -> None:
        """Send what is known already, and let the application go on in a task of its own."""
        retention = Duration()
        retention.FromMilliseconds(int(self._limits.retention_seconds * 1000))
        self._emit(WidgetEvent(run_started=event_pb2.RunStartedEvent(retention=retention)), timed=True)
        if new_thread:
            self._emit(events.thread_created(self.context.thread))
        for item in items:
            self._emit(events.item_done(item))
        options = self._server.stream_options(self.context.thread, self.context)
        self._emit(WidgetEvent(stream_options=event_pb2.StreamOptionsEvent(stream_options=options)))
        self._task = asyncio.create_task(self._drive(produce), name=self.record.run_id)
        self._task.add_done_callback(lambda _: on_end(self))

    def cancel(self, cause: CancelCause.ValueType) -> None:
        """Ask the run to end. It ends as soon as what it waits for lets go; the first cause counts."""
        if self._cancel_cause is None and not self._finishing and self._task is not None:
            self._cancel_cause = cause
            self._task.cancel()

    async def ended(self) -> None:
        """Wait until the run has ended and is stored."""
        if self._task is not None:
            await asyncio.wait((self._task,))

    def pending_items(self) -> list[ThreadItem]:
        """Return the items that are not done, as they are now, in the order of their places."""
        ordered = sorted(self._pending.values(), key=lambda pending: pending.position)
        return [pending.value() for pending in ordered if pending.kind not in _HIDDEN]

    async def _drive(self, produce: Produce) -> None:
        structlog.contextvars.bind_contextvars(run_id=self.record.run_id, thread_id=self.record.thread_id)
        ending: Callable[[], Awaitable[None]]
        try:
            async with asyncio.timeout(self._limits.max_seconds):
                produced = cast("AsyncGenerator[WidgetEvent, None]", produce(self.context))
                async with aclosing(produced) as stream:
                    async for event in stream:
                        await self._accept(event)
                await self._send_thread_changes()
            ending = self._complete
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None:
                task.uncancel()
            ending = self._cancel
        except TimeoutError:
            limit = RunLimitExceededError("The answer took too long and was ended.")
            ending = lambda: self._fail(limit)  # noqa: E731 — the error's name ends with its clause
        except Exception as error:  # noqa: BLE001 — whatever the application raises ends its run, and nothing else
            failure = error
            ending = lambda: self._fail(failure)  # noqa: E731 — likewise
        self._finishing = True
        await self._finish(ending)

    async def _finish(self, ending: Callable[[], Awaitable[None]]) -> None:
        try:
            self._texts.flush()
            await ending()
        except Exception:  # noqa: BLE001 — the run's end must reach its readers whatever the store does
            # The store refused. The run's end must reach its readers all the same; the record is mended at the next
            # start.
            _log.exception("run_end_not_stored")
            if not self.log.ended:
                self._emit_failure(error_reason_pb2.ERROR_REASON_DEPENDENCY_UNAVAILABLE, _INTERNAL_MESSAGE, True, None)
        finally:
            self.log.end()

    # What the application yields

    async def _accept(self, event: WidgetEvent) -> None:
        kind = event.WhichOneof("event")
        if kind == "item_updated":
            self._accept_update(event)
            return
        self._texts.flush()
        match kind:
            case "item_added":
                item = self._own(event.item_added.item)
                self._begin(item)
                self._emit_unless_hidden(event, item)
            case "item_done":
                item = self._own(event.item_done.item)
                # It stays pending until it is stored and sent: a cancel in between must not lose it.
                pending = self._pending.get(item.id) or self._begin(item)
                pending.settle(item)
                await self.context.store.put_item(self.owner, item, pending.position)
                del self._pending[item.id]
                self._note_wait(item)
                self._emit_unless_hidden(event, item)
            case "item_replaced":
                item = self._own(event.item_replaced.item)
                self._pending.pop(item.id, None)
                await self.context.store.put_item(self.owner, item, self._take_position())
                self._emit_unless_hidden(event, item)
            case "item_removed":
                removed = event.item_removed.item_id
                self._pending.pop(removed, None)
                await self.context.store.delete_item(self.owner, self.record.thread_id, removed)
                self._emit(event)
            case "progress_update" | "client_effect" | "notice" | "error" | "stream_options":
                self._emit(event)
            case _:
                raise ValueError(f"an application does not send {kind}")
        await self._send_thread_changes()

    def _accept_update(self, event: WidgetEvent) -> None:
        updated = event.item_updated
        update = updated.update
        pending = self._pending.get(updated.item_id)
        if pending is None:
            raise ValueError("an update for an item that is not under way")
        if update.WhichOneof("update") == "text_delta":
            delta = update.text_delta
            pending.append_text(delta.content_index, delta.delta)
            self._texts.add((updated.item_id, delta.content_index), delta.delta)
            return
        self._texts.flush()
        pending.apply(update)
        self._emit(event)

    def _own(self, item: ThreadItem) -> ThreadItem:
        item.thread_id = self.record.thread_id
        if not item.id or not item.WhichOneof("item"):
            raise ValueError("an item needs an id and a kind")
        if not item.HasField("create_time"):
            item.create_time.FromDatetime(self.context.clock.now())
        return item

    def _begin(self, item: ThreadItem) -> PendingItem:
        pending = PendingItem(item, self._take_position(), self._apply_widget_update)
        self._pending[item.id] = pending
        return pending

    def _take_position(self) -> int:
        position = self._next_position
        self._next_position += 1
        return position

    def _note_wait(self, item: ThreadItem) -> None:
        match item.WhichOneof("item"):
            case "client_tool_call":
                waits = item.client_tool_call.status != item_pb2.CLIENT_TOOL_CALL_STATUS_COMPLETED
            case "structured_input":
                waits = item.structured_input.status in _PENDING_INPUT
            case _:
                return
        if waits:
            self._waits_for = item.id

    async def _send_thread_changes(self) -> None:
        thread = self.context.thread
        if thread == self._thread_as_sent:
            return
        self._texts.flush()
        thread.update_time.FromDatetime(self.context.clock.now())
        await self.context.store.save_thread(self.owner, thread)
        self._thread_as_sent = _copy(thread)
        self._emit(events.thread_updated(_copy(thread)))

    # What goes out

    def _emit(self, event: WidgetEvent, *, timed: bool = False) -> None:
        if timed:
            event.event_time.FromDatetime(self.context.clock.now())
        self.log.append(event)

    def _emit_text(self, key: tuple[str, int], text: str) -> None:
        self.log.append(events.text_delta(key[0], text, key[1]))

    def _emit_unless_hidden(self, event: WidgetEvent, item: ThreadItem) -> None:
        if item.WhichOneof("item") not in _HIDDEN:
            self._emit(event)

    def _emit_failure(
        self,
        reason: error_reason_pb2.ErrorReason.ValueType,
        message: str,
        allow_retry: bool,
        correlation_id: str | None,
    ) -> None:
        failed = event_pb2.RunFailedEvent(
            reason=reason, message=message, allow_retry=allow_retry, correlation_id=correlation_id
        )
        self._emit(WidgetEvent(run_failed=failed), timed=True)

    # How it ends

    async def _complete(self) -> None:
        await self._store_end(RunState.RUN_STATE_COMPLETED, extra_events=1)
        completed = event_pb2.RunCompletedEvent(pending_item_id=self._waits_for)
        if self.context.usage.requests:
            completed.usage.CopyFrom(self.context.usage)
        self._emit(WidgetEvent(run_completed=completed), timed=True)

    async def _cancel(self) -> None:
        cause = self._cancel_cause or CancelCause.CANCEL_CAUSE_SHUTDOWN
        note = ThreadItem(
            id=self.context.ids.new("shcx"),
            thread_id=self.record.thread_id,
            sdk_hidden_context=item_pb2.SdkHiddenContextItem(content=_CANCEL_NOTE),
        )
        pending = self.pending_items()
        await self._store_end(RunState.RUN_STATE_CANCELED, extra_events=1, note=self._own(note))
        await self._server.handle_canceled(self.context.thread, pending, self.context)
        canceled = event_pb2.RunCanceledEvent(cause=cause)
        if self.context.usage.requests:
            canceled.usage.CopyFrom(self.context.usage)
        self._emit(WidgetEvent(run_canceled=canceled), timed=True)

    async def _fail(self, error: Exception) -> None:
        if isinstance(error, ConversationError):
            reason, message, correlation_id = error.reason, error.message, None
            allow_retry = reason in _RETRYABLE
            _log.warning("run_failed", reason=error_reason_pb2.ErrorReason.Name(reason))
        else:
            reason, message, allow_retry = error_reason_pb2.ERROR_REASON_INTERNAL, _INTERNAL_MESSAGE, True
            correlation_id = self.context.ids.new("err")
            _log.error(
                "run_failed",
                correlation_id=correlation_id,
                error_type=type(error).__name__,
                places=places_of(error),
            )
        self._emit(events.error(message, allow_retry=allow_retry))
        await self._store_end(RunState.RUN_STATE_FAILED, extra_events=1)
        self._emit_failure(reason, message, allow_retry, correlation_id)

    async def _store_end(self, state: RunState.ValueType, *, extra_events: int, note: ThreadItem | None = None) -> None:
        """Store the items that were not done and the run's record, in one transaction; then tell of the items."""
        kept = [
            StoredItem(pending.value(), pending.position)
            for pending in sorted(self._pending.values(), key=lambda each: each.position)
            if not pending.is_blank()
        ]
        dropped = [item_id for item_id, pending in self._pending.items() if pending.is_blank()]
        stored = [*kept, StoredItem(note, self._take_position())] if note else kept
        self.record.state = state
        self.record.end_time.FromDatetime(self.context.clock.now())
        self.record.last_sequence = self.log.last_sequence + len(kept) + len(dropped) + extra_events
        await self.context.store.end_run(self.owner, self.record, items=stored)
        for entry in kept:
            self._emit_unless_hidden(events.item_done(entry.item), entry.item)
        for item_id in dropped:
            self._emit(events.item_removed(item_id))
        self._pending.clear()


_RETRYABLE = frozenset(
    {
        error_reason_pb2.ERROR_REASON_MODEL_UNAVAILABLE,
        error_reason_pb2.ERROR_REASON_DEPENDENCY_UNAVAILABLE,
        error_reason_pb2.ERROR_REASON_RUN_LIMIT_EXCEEDED,
        error_reason_pb2.ERROR_REASON_TOO_MANY_REQUESTS,
    }
)


def _copy(thread: Thread) -> Thread:
    copy = Thread()
    copy.CopyFrom(thread)
    return copy
