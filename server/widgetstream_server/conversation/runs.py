"""The runs of a process: how they are asked for, followed and stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial

import structlog

from widgetstream.chatkit.v1.attachment_pb2 import Attachment
from widgetstream.chatkit.v1.chatkit_service_pb2 import ActionRequest, RespondRequest
from widgetstream.chatkit.v1.error_reason_pb2 import ErrorReason
from widgetstream.chatkit.v1.event_pb2 import CancelCause, WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.run_pb2 import Run as RunRecord
from widgetstream_server.conversation import inputs
from widgetstream_server.conversation.attachments import Attachments
from widgetstream_server.conversation.chatkit_server import ChatKitServer
from widgetstream_server.conversation.context import RequestContext, RunContext
from widgetstream_server.conversation.errors import (
    InvalidArgumentError,
    ItemStateInvalidError,
    RunLogExpiredError,
    RunNotFoundError,
    SequenceOutOfRangeError,
    UnsupportedError,
)
from widgetstream_server.conversation.fold import ApplyWidgetUpdate
from widgetstream_server.conversation.journal import JournalStore, JournalWriter, RecordedRun, frames_after
from widgetstream_server.conversation.limits import EngineLimits
from widgetstream_server.conversation.opening import Ask, Opener
from widgetstream_server.conversation.ports import Clock, Ids, ThreadStore
from widgetstream_server.conversation.registry import Registry
from widgetstream_server.conversation.requests import RequestKey, RequestRepeated, RequestStore
from widgetstream_server.conversation.run import Run
from widgetstream_server.conversation.run_log import RunLog, RunReader

_STORING_SECONDS = 5.0

_log = structlog.get_logger(__name__)


class Runs:
    """Starts runs, lets streams follow them, and cancels them."""

    def __init__(
        self,
        server: ChatKitServer,
        store: ThreadStore,
        requests: RequestStore,
        journal: JournalStore,
        *,
        clock: Clock,
        ids: Ids,
        apply_widget_update: ApplyWidgetUpdate,
        limits: EngineLimits | None = None,
        attachments: Attachments | None = None,
    ) -> None:
        """Make an engine for an application.

        Args:
            server: The application.
            store: Where threads, items and runs are kept.
            requests: Where the ids of requests are kept.
            journal: Where events are kept.
            clock: The time.
            ids: Ids.
            apply_widget_update: How an update changes a widget's tree.
            limits: Bounds.
            attachments: What messages may carry. None: nothing.
        """
        self._server = server
        self._store = store
        self._journal = journal
        self._writer = JournalWriter(journal)
        self._attachments = attachments
        self._clock = clock
        self._ids = ids
        self._limits = limits or EngineLimits()
        self._registry = Registry(clock, self._limits)
        self._opener = Opener(
            server,
            store,
            requests,
            self._writer,
            self._registry,
            clock=clock,
            ids=ids,
            apply_widget_update=apply_widget_update,
            limits=self._limits,
        )

    @property
    def under_way(self) -> int:
        """How many runs are under way, queued ones included."""
        return len(self._registry.under_way)

    async def respond(self, request: RespondRequest, context: RequestContext) -> RunReader:
        """Start a run that answers a person, and return its stream. Repeated requests get the run of the first.

        Raises:
            ConversationError: The request cannot be served; nothing was stored.
        """
        key = RequestKey.of("Respond", request, request.request_id) if request.request_id else None
        known = await self._opener.find(key, context)
        if known is not None:
            return await self.subscribe(known, 0, context)
        self._registry.admit(context.principal.id)
        kind = request.WhichOneof("input")
        if kind not in ("text", "user_message") and not request.thread_id:
            raise InvalidArgumentError.of("thread_id", f"must be set when {kind} is")
        ask = partial(Ask, request.thread_id, concurrency=request.concurrency, request=key)
        match kind:
            case "retry_after_item":
                retry = inputs.Retry(request.retry_after_item.item_id)
                return await self._open(ask(lambda run: self._respond(run, retry.message), edit=retry.edit), context)
            case "client_tool_output":
                edit = partial(inputs.take_output, request.client_tool_output)
                return await self._open(ask(lambda run: self._respond(run, None), edit=edit), context)
            case "structured_input":
                edit = partial(inputs.take_answers, request.structured_input)
                return await self._open(ask(lambda run: self._respond(run, None), edit=edit), context)
            case _:
                item = ThreadItem(id=self._ids.new("msg"), user_message=inputs.message_of(request))
                item.user_message.attachments.extend(await self._taken(request, context))
                drop = inputs.drop_open_calls if request.thread_id else None
                return await self._open(ask(lambda run: self._respond(run, item), items=[item], edit=drop), context)

    async def _taken(self, request: RespondRequest, context: RequestContext) -> Sequence[Attachment]:
        asked = request.user_message.attachments
        if not asked:
            return ()
        if self._attachments is None:
            raise UnsupportedError("Respond with attachments")
        return await self._attachments.take(asked, request.thread_id, context)

    async def action(self, request: ActionRequest, context: RequestContext) -> RunReader:
        """Start a run that follows from an action, and return its stream. Repeated requests get the run of the first.

        Raises:
            ConversationError: The request cannot be served; nothing was stored.
        """
        key = RequestKey.of("Action", request, request.request_id) if request.request_id else None
        known = await self._opener.find(key, context)
        if known is not None:
            return await self.subscribe(known, 0, context)
        self._registry.admit(context.principal.id)
        sender = await self.sender(request.thread_id, request.item_id, context)
        await self._server.check_action(request.action, sender, context)

        def produce(run: RunContext) -> AsyncIterator[WidgetEvent]:
            return self._server.action(run.thread, request.action, sender, run)

        ask = Ask(request.thread_id, produce, concurrency=request.concurrency, request=key)
        return await self._open(ask, context)

    async def sender(self, thread_id: str, item_id: str, context: RequestContext) -> ThreadItem | None:
        """Return the widget on which an action was triggered; None when none is named.

        Raises:
            ConversationError: There is no such thread or item, or the item is no widget.
        """
        if not item_id:
            return None
        if not thread_id:
            raise InvalidArgumentError.of("thread_id", "must be set when item_id is")
        item = await self._store.get_item(context.principal.id, thread_id, item_id)
        if not item.HasField("widget"):
            raise ItemStateInvalidError("The item is not a widget.", metadata={"item_id": item_id})
        return item

    async def subscribe(self, run_id: str, after_sequence: int, context: RequestContext) -> RunReader:
        """Return a stream of a run's events after a number, from memory or from the journal.

        Raises:
            ConversationError: There is no such run, its events are no longer kept, or it has no event of that number.
        """
        run = self._known(run_id, context)
        if run is not None:
            return RunReader(run.log, after_sequence, self._limits.heartbeat_seconds)
        recorded = await self._journal.read(context.principal.id, run_id, after_sequence)
        expiry = recorded.events_expire_at
        if expiry is None or expiry <= self._clock.now():
            raise RunLogExpiredError(run_id)
        frames = _frames(recorded, after_sequence)
        log = RunLog.recorded(run_id, recorded.run.thread_id, after_sequence, frames)
        return RunReader(log, after_sequence, self._limits.heartbeat_seconds)

    async def cancel(
        self, run_id: str, context: RequestContext, cause: CancelCause.ValueType = CancelCause.CANCEL_CAUSE_USER
    ) -> RunRecord:
        """Stop a run, wait until it is stored, and return it. One that has ended stays as it ended.

        Raises:
            ConversationError: There is no such run.
        """
        run = self._known(run_id, context)
        if run is None:
            return await self._store.get_run(context.principal.id, run_id)
        run.cancel(cause)
        await run.ended()
        return run.record

    async def cancel_thread(self, thread_id: str, context: RequestContext) -> None:
        """Stop all runs of a thread of the caller's, those that wait for their turn first."""
        runs = [run for run in self._registry.of_thread(thread_id) if run.owner == context.principal.id]
        for run in reversed(runs):
            run.cancel(CancelCause.CANCEL_CAUSE_USER)
        for run in runs:
            await run.ended()

    def pending_items(self, thread_id: str) -> Sequence[ThreadItem]:
        """Return the items of a thread that are not done, as they are now."""
        return [item for run in self._registry.of_thread(thread_id) for item in run.pending_items()]

    async def stop(self, grace: float) -> None:
        """Take no more runs, give those under way some seconds, then cancel the rest and wait until all are stored.

        When the database does not answer, that is given up after some seconds: the next start ends these runs.
        """
        self._registry.closed = True
        await self._opener.settle(_STORING_SECONDS)
        left = await self._wait(grace)
        if left:
            _log.info("runs_canceled_at_shutdown", count=len(left))
        for run in reversed(left):
            run.cancel(CancelCause.CANCEL_CAUSE_SHUTDOWN)
        for run in await self._wait(_STORING_SECONDS):
            run.abandon()
        await self._wait(_STORING_SECONDS)
        await self._writer.close()

    async def _wait(self, seconds: float) -> Sequence[Run]:
        """Wait until no run is under way, and return those that still are."""
        tasks = [asyncio.create_task(run.ended()) for run in self._registry.under_way]
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        for task in tasks:
            task.cancel()
        return self._registry.under_way

    def _respond(self, run: RunContext, message: ThreadItem | None) -> AsyncIterator[WidgetEvent]:
        return self._server.respond(run.thread, message, run)

    async def _open(self, ask: Ask, context: RequestContext) -> RunReader:
        try:
            run = await self._opener.open(ask, context)
        except RequestRepeated as repeated:
            return await self.subscribe(repeated.run_id, 0, context)
        return RunReader(run.log, 0, self._limits.heartbeat_seconds)

    def _known(self, run_id: str, context: RequestContext) -> Run | None:
        """Return a run whose events this process has, if it is the caller's own."""
        run = self._registry.find(run_id)
        if run is not None and run.owner != context.principal.id:
            raise RunNotFoundError(run_id)
        return run


def _frames(recorded: RecordedRun, after_sequence: int) -> list[bytes]:
    """Return the events after a number of a run that has ended.

    Of a run that was interrupted, a reader may have got events that are not in the journal: it has their numbers, so
    what it gets is the end, under a number after its own.
    """
    last_sequence = recorded.run.last_sequence
    frames = frames_after(recorded.entries, after_sequence)
    if after_sequence < last_sequence:
        return frames
    last_frames = frames_after(recorded.entries, last_sequence - 1)
    last = WidgetEvent.FromString(last_frames[-1]) if last_frames else WidgetEvent()
    if last.run_failed.reason == ErrorReason.ERROR_REASON_RUN_INTERRUPTED:
        last.sequence = after_sequence + 1
        return [last.SerializeToString()]
    if after_sequence > last_sequence:
        raise SequenceOutOfRangeError(last_sequence)
    return []
