"""The runs of a process: how they are asked for, followed and stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import structlog

from widgetstream.chatkit.v1.chatkit_service_pb2 import ActionRequest, RespondRequest
from widgetstream.chatkit.v1.event_pb2 import CancelCause, WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.run_pb2 import Run as RunRecord
from widgetstream.chatkit.v1.run_pb2 import RunState
from widgetstream_server.conversation.asking import Ask, Asking
from widgetstream_server.conversation.attachments import Attachments
from widgetstream_server.conversation.chatkit_server import ChatKitServer
from widgetstream_server.conversation.context import RequestContext, RunContext
from widgetstream_server.conversation.elsewhere import Elsewhere
from widgetstream_server.conversation.errors import (
    InvalidArgumentError,
    ItemStateInvalidError,
    RunLogExpiredError,
    RunNotFoundError,
)
from widgetstream_server.conversation.fold import ApplyWidgetUpdate
from widgetstream_server.conversation.journal import JournalStore, JournalWriter
from widgetstream_server.conversation.limits import EngineLimits
from widgetstream_server.conversation.opening import HeldElsewhereError, Opener
from widgetstream_server.conversation.ports import Clock, Ids, ThreadStore
from widgetstream_server.conversation.registry import EndedRun, Registry
from widgetstream_server.conversation.replay import rest_of
from widgetstream_server.conversation.requests import RequestKey, RequestRepeated, RequestStore
from widgetstream_server.conversation.run import Run
from widgetstream_server.conversation.run_log import RunLog, RunReader

_STORING_SECONDS = 5.0
_TRIES = 20
_PAUSE = 0.05

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
        elsewhere: Elsewhere | None = None,
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
            elsewhere: The runs of other processes. None: there are no others, and nobody looks after this one.
        """
        self._server = server
        self._store = store
        self._journal = journal
        self._writer = JournalWriter(journal)
        self._asking = Asking(server, store, ids, attachments)
        self._elsewhere = elsewhere
        self._clock = clock
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
            holder=lambda: elsewhere.own_id if elsewhere else "",
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
        return await self._open(await self._asking.respond(request, key, context), request, context)

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
        return await self._open(ask, request, context)

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
        """Return a stream of a run's events after a number, from memory, another process or the journal.

        Raises:
            ConversationError: There is no such run, its events are no longer kept, or it has no event of that number.
        """
        run = self._known(run_id, context)
        if run is not None:
            return RunReader(run.log, after_sequence, self._limits.heartbeat_seconds)
        recorded = await self._journal.read(context.principal.id, run_id, after_sequence)
        if recorded.run.state <= RunState.RUN_STATE_RUNNING and self._elsewhere is not None:
            return await self._elsewhere.subscribe(recorded.run, after_sequence, context)
        expiry = recorded.events_expire_at
        if expiry is None or expiry <= self._clock.now():
            raise RunLogExpiredError(run_id)
        frames = rest_of(recorded, after_sequence)
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
        if isinstance(run, Run):
            run.cancel(cause)
            await run.ended()
        if run is not None:
            return run.record
        stored = await self._store.get_run(context.principal.id, run_id)
        if stored.state > RunState.RUN_STATE_RUNNING or self._elsewhere is None:
            return stored
        return await self._elsewhere.cancel(run_id, context)

    async def cancel_thread(self, thread_id: str, context: RequestContext) -> None:
        """Stop all runs of a thread of the caller's, those that wait for their turn first.

        Raises:
            ThreadNotFoundError: There is no such thread.
        """
        runs = self._here(thread_id, context)
        for run in reversed(runs):
            run.cancel(CancelCause.CANCEL_CAUSE_USER)
        for run in runs:
            await run.ended()
        if self._elsewhere is not None and not context.relayed:
            await self._elsewhere.cancel_thread(thread_id, context)

    async def pending_items(self, active: RunRecord, context: RequestContext) -> Sequence[ThreadItem]:
        """Return the items of the caller's thread with this run that are not done, as they are now."""
        if self._elsewhere is None or self._registry.find(active.run_id) is not None:
            return self.pending_here(active.thread_id, context)
        return await self._elsewhere.pending_items(active, context)

    def pending_here(self, thread_id: str, context: RequestContext) -> Sequence[ThreadItem]:
        """Return the items of a thread of the caller's that are being made in this process, as they are now."""
        return [item for run in self._here(thread_id, context) for item in run.pending_items()]

    def log_here(self, run_id: str, context: RequestContext) -> RunLog | None:
        """Return the events of a run of the caller's that this process has in memory.

        Raises:
            RunNotFoundError: It is another's.
        """
        run = self._known(run_id, context)
        return run.log if run is not None else None

    def give_up(self) -> None:
        """Cancel all runs: others have taken this process for dead, and end them in the store."""
        for run in reversed(self._registry.under_way):
            run.cancel(CancelCause.CANCEL_CAUSE_SHUTDOWN)

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

    async def _open(self, ask: Ask, request: RespondRequest | ActionRequest, context: RequestContext) -> RunReader:
        tries = 0
        while True:
            try:
                run = await self._opener.open(ask, context)
            except RequestRepeated as repeated:
                return await self.subscribe(repeated.run_id, 0, context)
            except HeldElsewhereError as held:
                tries += 1
                if self._elsewhere is None or context.relayed or tries > _TRIES:
                    raise held.busy from None
                busy = held.busy
            else:
                return RunReader(run.log, 0, self._limits.heartbeat_seconds)
            run_id = await self._elsewhere.begin(busy, request, context)
            if run_id is not None:
                return await self.subscribe(run_id, 0, context)
            await asyncio.sleep(_PAUSE)

    def _here(self, thread_id: str, context: RequestContext) -> Sequence[Run]:
        return [run for run in self._registry.of_thread(thread_id) if run.owner == context.principal.id]

    def _known(self, run_id: str, context: RequestContext) -> Run | EndedRun | None:
        """Return a run whose events this process has, if it is the caller's own."""
        run = self._registry.find(run_id)
        if run is not None and run.owner != context.principal.id:
            raise RunNotFoundError(run_id)
        return run
