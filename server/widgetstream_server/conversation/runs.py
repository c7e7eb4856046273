"""The runs of a process: how they start, are followed, and end."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import structlog

from widgetstream.chatkit.v1 import item_pb2
from widgetstream.chatkit.v1.chatkit_service_pb2 import ActionRequest, RespondRequest
from widgetstream.chatkit.v1.event_pb2 import CancelCause, WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.run_pb2 import ConcurrencyPolicy, RunState
from widgetstream.chatkit.v1.run_pb2 import Run as RunRecord
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.conversation.chatkit_server import ChatKitServer
from widgetstream_server.conversation.context import RequestContext, RunContext
from widgetstream_server.conversation.errors import (
    InvalidArgumentError,
    ItemStateInvalidError,
    RunLogExpiredError,
    RunNotFoundError,
    ShuttingDownError,
    ThreadNotActiveError,
    TooManyRequestsError,
    UnsupportedError,
)
from widgetstream_server.conversation.fold import ApplyWidgetUpdate
from widgetstream_server.conversation.ports import Clock, Ids, ThreadStore
from widgetstream_server.conversation.run import Produce, Run, RunLimits
from widgetstream_server.conversation.run_log import RunLog, RunReader

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class EngineLimits:
    """Bounds of the engine.

    Attributes:
        run: Bounds of each run.
        heartbeat_seconds: Silence after which a stream gets a heartbeat.
        max_runs: How many runs may be under way in this process.
        max_runs_per_owner: How many of them may be one person's.
    """

    run: RunLimits = field(default_factory=RunLimits)
    heartbeat_seconds: float = 15.0
    max_runs: int = 10_000
    max_runs_per_owner: int = 50


class Runs:
    """Starts runs, lets streams follow them, cancels them, and keeps their events for a while after their end."""

    def __init__(
        self,
        server: ChatKitServer,
        store: ThreadStore,
        *,
        clock: Clock,
        ids: Ids,
        apply_widget_update: ApplyWidgetUpdate,
        limits: EngineLimits | None = None,
    ) -> None:
        """Make an engine for an application.

        Args:
            server: The application.
            store: Where threads, items and runs are kept.
            clock: The time.
            ids: Ids.
            apply_widget_update: How an update changes a widget's tree.
            limits: Bounds.
        """
        self._server = server
        self._store = store
        self._clock = clock
        self._ids = ids
        self._apply_widget_update = apply_widget_update
        self._limits = limits or EngineLimits()
        self._under_way: dict[str, Run] = {}
        self._by_thread: dict[str, Run] = {}
        self._by_owner: Counter[str] = Counter()
        self._ended: OrderedDict[str, tuple[float, Run]] = OrderedDict()
        self._stopping = False

    @property
    def under_way(self) -> int:
        """How many runs are under way."""
        return len(self._under_way)

    async def respond(self, request: RespondRequest, context: RequestContext) -> RunReader:
        """Start a run that answers a person, and return its stream.

        Raises:
            ConversationError: The request cannot be served; nothing was stored.
        """
        self._admit(request.concurrency, request.request_id, context)
        match request.WhichOneof("input"):
            case "text":
                content = item_pb2.UserMessageContent(input_text=item_pb2.UserMessageText(text=request.text))
                message = item_pb2.UserMessageItem(content=[content])
            case "user_message":
                message = self._message_of(request.user_message)
            case other:
                raise UnsupportedError(f"Respond with {other}")
        item = ThreadItem(id=self._ids.new("msg"), user_message=message)

        def produce(run: RunContext) -> AsyncIterator[WidgetEvent]:
            return self._server.respond(run.thread, item, run)

        return await self._start(request.thread_id, [item], produce, context)

    async def action(self, request: ActionRequest, context: RequestContext) -> RunReader:
        """Start a run that follows from an action, and return its stream.

        Raises:
            ConversationError: The request cannot be served; nothing was stored.
        """
        self._admit(request.concurrency, request.request_id, context)
        sender = await self.sender(request.thread_id, request.item_id, context)
        await self._server.check_action(request.action, sender, context)

        def produce(run: RunContext) -> AsyncIterator[WidgetEvent]:
            return self._server.action(run.thread, request.action, sender, run)

        return await self._start(request.thread_id, [], produce, context)

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
        """Return a stream of a run's events after a number.

        Raises:
            ConversationError: There is no such run, its events are no longer kept, or it has no event of that number.
        """
        run = self._known(run_id, context)
        if run is None:
            await self._store.get_run(context.principal.id, run_id)
            raise RunLogExpiredError(run_id)
        return RunReader(run.log, after_sequence, self._limits.heartbeat_seconds)

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

    def run_of_thread(self, thread_id: str) -> Run | None:
        """Return the run of a thread that is under way in this process."""
        return self._by_thread.get(thread_id)

    async def stop(self, grace: float) -> None:
        """Take no more runs, give those under way some seconds, then cancel the rest and wait until all are stored."""
        self._stopping = True
        tasks = [asyncio.create_task(run.ended()) for run in self._under_way.values()]
        if not tasks:
            return
        await asyncio.wait(tasks, timeout=grace)
        left = list(self._under_way.values())
        if left:
            _log.info("runs_canceled_at_shutdown", count=len(left))
        for run in left:
            run.cancel(CancelCause.CANCEL_CAUSE_SHUTDOWN)
        await asyncio.wait(tasks)

    def _admit(self, concurrency: ConcurrencyPolicy.ValueType, request_id: str, context: RequestContext) -> None:
        if self._stopping:
            raise ShuttingDownError
        if request_id:
            raise UnsupportedError("request_id")
        if concurrency > ConcurrencyPolicy.CONCURRENCY_POLICY_REJECT:
            raise UnsupportedError(ConcurrencyPolicy.Name(concurrency))
        if len(self._under_way) >= self._limits.max_runs:
            raise TooManyRequestsError("The server has too many runs under way.", retry_after=1.0)
        if self._by_owner[context.principal.id] >= self._limits.max_runs_per_owner:
            raise TooManyRequestsError("You have too many runs under way.", retry_after=1.0)

    def _message_of(self, given: item_pb2.UserMessageInput) -> item_pb2.UserMessageItem:
        texts = [part.input_text.text or part.input_tag.text for part in given.content]
        if not any(text.strip() for text in texts):
            raise InvalidArgumentError.of("user_message.content", "must have text that is not blank")
        if given.attachments:
            raise UnsupportedError("Respond with attachments")
        message = item_pb2.UserMessageItem(content=given.content, inference_options=given.inference_options)
        if given.HasField("quoted_text"):
            message.quoted_text = given.quoted_text
        return message

    async def _start(
        self, thread_id: str, items: list[ThreadItem], produce: Produce, context: RequestContext
    ) -> RunReader:
        now = self._clock.now()
        owner = context.principal.id
        if thread_id:
            _require_active(await self._store.get_thread(owner, thread_id))
        new_thread: Thread | None = None
        if not thread_id:
            new_thread = Thread(id=self._ids.new("thr"))
            new_thread.create_time.FromDatetime(now)
            new_thread.update_time.FromDatetime(now)
            new_thread.status.active.SetInParent()
            thread_id = new_thread.id
        for item in items:
            item.thread_id = thread_id
            item.create_time.FromDatetime(now)
        record = RunRecord(run_id=self._ids.new("run"), thread_id=thread_id, state=RunState.RUN_STATE_RUNNING)
        record.create_time.FromDatetime(now)
        opening = await self._store.begin_run(owner, record, new_thread=new_thread, items=items)
        run_context = RunContext(
            run_id=record.run_id,
            thread=opening.thread,
            request=context,
            clock=self._clock,
            ids=self._ids,
            store=self._store,
        )
        run = Run(
            record,
            run_context,
            RunLog(record.run_id, thread_id),
            next_position=opening.next_position,
            server=self._server,
            apply_widget_update=self._apply_widget_update,
            limits=self._limits.run,
        )
        self._under_way[record.run_id] = run
        self._by_thread[thread_id] = run
        self._by_owner[owner] += 1
        run.start(produce, new_thread=new_thread is not None, items=items, on_end=self._retire)
        return RunReader(run.log, 0, self._limits.heartbeat_seconds)

    def _known(self, run_id: str, context: RequestContext) -> Run | None:
        """Return a run whose events this process has, if it is the caller's own."""
        self._expire()
        run = self._under_way.get(run_id)
        if run is None:
            entry = self._ended.get(run_id)
            run = entry[1] if entry else None
        if run is not None and run.owner != context.principal.id:
            raise RunNotFoundError(run_id)
        return run

    def _retire(self, run: Run) -> None:
        del self._under_way[run.record.run_id]
        # The next run of the thread may have begun between this one's last write and its end.
        if self._by_thread.get(run.record.thread_id) is run:
            del self._by_thread[run.record.thread_id]
        self._by_owner[run.owner] -= 1
        if not self._by_owner[run.owner]:
            del self._by_owner[run.owner]
        self._ended[run.record.run_id] = (self._clock.monotonic(), run)
        self._expire()

    def _expire(self) -> None:
        oldest = self._clock.monotonic() - self._limits.run.retention_seconds
        while self._ended:
            run_id, (ended_at, _) = next(iter(self._ended.items()))
            if ended_at > oldest:
                return
            del self._ended[run_id]


def _require_active(thread: Thread) -> None:
    status = thread.status.WhichOneof("status")
    if status in ("locked", "closed"):
        raise ThreadNotActiveError(status)
