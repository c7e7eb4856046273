"""How runs begin: each request once, each thread's runs one after another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from google.protobuf.duration_pb2 import Duration

from widgetstream.chatkit.v1.event_pb2 import CancelCause, RunStartedEvent, WidgetEvent
from widgetstream.chatkit.v1.run_pb2 import ConcurrencyPolicy, RunState
from widgetstream.chatkit.v1.run_pb2 import Run as RunRecord
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.conversation import events
from widgetstream_server.conversation.asking import Ask
from widgetstream_server.conversation.context import RequestContext, RunContext
from widgetstream_server.conversation.errors import (
    DependencyUnavailableError,
    ThreadBusyError,
    ThreadNotActiveError,
    TooManyRequestsError,
)
from widgetstream_server.conversation.fold import ApplyWidgetUpdate
from widgetstream_server.conversation.journal import JournalEntry, JournalWriter
from widgetstream_server.conversation.limits import EngineLimits
from widgetstream_server.conversation.ports import Clock, Ids, RunOpening, ThreadStore
from widgetstream_server.conversation.registry import Registry
from widgetstream_server.conversation.requests import RequestKey, RequestRepeated, RequestStore
from widgetstream_server.conversation.run import Run
from widgetstream_server.conversation.run_items import is_hidden
from widgetstream_server.conversation.run_log import RunLog
from widgetstream_server.conversation.thread_fields import shown
from widgetstream_server.conversation.turns import Turn, Turns

if TYPE_CHECKING:
    from widgetstream_server.conversation.chatkit_server import ChatKitServer

_CAUSES = {
    ConcurrencyPolicy.CONCURRENCY_POLICY_INTERRUPT: CancelCause.CANCEL_CAUSE_INTERRUPTED,
    ConcurrencyPolicy.CONCURRENCY_POLICY_ROLLBACK: CancelCause.CANCEL_CAUSE_ROLLED_BACK,
}


class HeldElsewhereError(Exception):
    """Another process is busy with the thread."""

    def __init__(self, busy: ThreadBusyError) -> None:
        """Make it for what the store has said."""
        super().__init__()
        self.busy = busy


@dataclass(slots=True)
class _Opening:
    """A run that is being opened, and what its first events are made of."""

    ask: Ask
    run: Run
    turn: Turn
    new_thread: Thread | None
    rolled_back: Sequence[str] = field(default=())

    def announce(self, opening: RunOpening) -> JournalEntry:
        return self.run.log.entry(self.first(opening))

    def first(self, opening: RunOpening) -> list[bytes]:
        """Return the first events that are not out yet; the same ones for the same opening."""
        queued = self.run.log.last_sequence > 0
        told = [] if queued else [self.started()]
        if self.new_thread is not None:
            told.append(events.thread_created(shown(opening.thread)))
        told += [events.item_removed(item_id) for item_id in (*self.rolled_back, *opening.removed)]
        told += [events.item_replaced(item) for item in opening.replaced if not is_hidden(item)]
        told += [events.item_done(item) for item in self.ask.items]
        return self.run.log.prepare(told)

    def started(self) -> WidgetEvent:
        retention = Duration()
        retention.FromMilliseconds(int(self.run.limits.retention_seconds * 1000))
        return WidgetEvent(run_started=RunStartedEvent(retention=retention), event_time=self.run.record.create_time)


class Opener:
    """Begins the runs of a process."""

    def __init__(
        self,
        server: ChatKitServer,
        store: ThreadStore,
        requests: RequestStore,
        journal: JournalWriter,
        registry: Registry,
        *,
        clock: Clock,
        ids: Ids,
        apply_widget_update: ApplyWidgetUpdate,
        limits: EngineLimits,
        holder: Callable[[], str],
    ) -> None:
        """Make it for an application. The holder is the id of this process, which may change."""
        self._server = server
        self._store = store
        self._requests = requests
        self._journal = journal
        self._registry = registry
        self._clock = clock
        self._ids = ids
        self._apply_widget_update = apply_widget_update
        self._limits = limits
        self._holder = holder
        self._turns = Turns()
        self._repeated: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self._tasks: set[asyncio.Task[Run]] = set()

    async def find(self, key: RequestKey | None, context: RequestContext) -> str | None:
        """Return the run of a request that came before, if there is one. Raises ``RequestIdReusedError``."""
        if key is None:
            return None
        known = await self._requests.find(context.principal.id, key, self._clock.now())
        return known.run_id if known else None

    async def open(self, ask: Ask, context: RequestContext) -> Run:
        """Begin a run, or queue it. It goes on when the caller is gone.

        Raises:
            ConversationError: It cannot be begun; nothing was stored.
            RequestRepeated: The request has a run already.
            HeldElsewhereError: Another process is busy with the thread; nothing was stored.
        """
        task = asyncio.create_task(self._open_once(ask, context))
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        return await asyncio.shield(task)

    async def settle(self, seconds: float) -> None:
        """Wait until nothing is being opened, but not longer than some seconds."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=seconds)

    def _forget(self, task: asyncio.Task[Run]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # looked at: the caller may be gone

    async def _open_once(self, ask: Ask, context: RequestContext) -> Run:
        if ask.request is None:
            return await self._open(ask, context)
        name = (context.principal.id, ask.request.request_id)
        lock = self._repeated.get(name)
        if lock is None:
            self._repeated[name] = lock = asyncio.Lock()
        async with lock:
            # Another call with this id may have come just before: it must not count as a run in the way.
            run_id = await self.find(ask.request, context)
            if run_id is not None:
                raise RequestRepeated(run_id)
            return await self._open(ask, context)

    async def _open(self, ask: Ask, context: RequestContext) -> Run:
        owner = context.principal.id
        if not ask.thread_id:
            opening = self._prepare(ask, _new_thread(self._ids, self._clock), context, new=True)
            opening.turn.take(opening.run.record.run_id)
            return await self._begin(opening)
        thread = await self._store.get_thread(owner, ask.thread_id)
        _require_active(thread)
        opening = self._prepare(ask, thread, context, new=False)
        turn, run_id = opening.turn, opening.run.record.run_id
        async with turn.opening:
            if not turn.holder:
                turn.take(run_id)
                return await self._begin(opening)
            match ask.concurrency:
                case ConcurrencyPolicy.CONCURRENCY_POLICY_ENQUEUE:
                    return await self._enqueue(opening)
                case ConcurrencyPolicy.CONCURRENCY_POLICY_INTERRUPT | ConcurrencyPolicy.CONCURRENCY_POLICY_ROLLBACK:
                    before = turn.run
                    turn_comes = asyncio.ensure_future(turn.wait(run_id, first=True))
                    await asyncio.sleep(0)  # it has its place now, before the other run can end
                    if before is not None:
                        before.cancel(_CAUSES[ask.concurrency])
                    await turn_comes
                    opening.rolled_back = before.rolled_back if before is not None else ()
                    return await self._begin(opening)
                case _:
                    raise ThreadBusyError(turn.holder)

    def _prepare(self, ask: Ask, thread: Thread, context: RequestContext, *, new: bool) -> _Opening:
        now = self._clock.now()
        for item in ask.items:
            item.thread_id = thread.id
            item.create_time.FromDatetime(now)
            for attachment in item.user_message.attachments:
                attachment.thread_id = thread.id
        record = RunRecord(run_id=self._ids.new("run"), thread_id=thread.id, state=RunState.RUN_STATE_RUNNING)
        record.create_time.FromDatetime(now)
        turn = self._turns.of(thread.id)
        run = Run(
            record,
            RunContext(
                run_id=record.run_id,
                thread=thread,
                request=context,
                clock=self._clock,
                ids=self._ids,
                store=self._store,
            ),
            RunLog(record.run_id, thread.id, self._journal),
            server=self._server,
            produce=ask.produce,
            apply_widget_update=self._apply_widget_update,
            limits=self._limits.run,
            on_end=partial(self._end, turn),
        )
        return _Opening(ask, run, turn, thread if new else None)

    async def _begin(self, opening: _Opening) -> Run:
        run, turn = opening.run, opening.turn
        try:
            await self._begin_stored(opening, request=opening.ask.request)
        except BaseException as error:
            turn.release(run.record.run_id)
            if isinstance(error, ThreadBusyError):  # which this process is not
                raise HeldElsewhereError(error) from None
            raise
        turn.run = run
        self._registry.add(run)
        run.start()
        return run

    async def _begin_stored(self, opening: _Opening, request: RequestKey | None) -> None:
        run, ask = opening.run, opening.ask
        begun = await self._store.begin_run(
            run.owner,
            run.record,
            new_thread=opening.new_thread,
            items=ask.items,
            edit=ask.edit,
            announce=opening.announce,
            request=request,
            holder=self._holder(),
        )
        run.begin(begun, opening.first(begun), ask.items)

    async def _enqueue(self, opening: _Opening) -> Run:
        run, turn, run_id = opening.run, opening.turn, opening.run.record.run_id
        if turn.waiting >= self._limits.max_queued:
            raise TooManyRequestsError("The thread has too many runs that wait for their turn.", retry_after=1.0)
        run.record.state = RunState.RUN_STATE_QUEUED
        first = run.log.prepare([opening.started()])
        await self._store.queue_run(
            run.owner,
            run.record,
            items=opening.ask.items,
            entry=run.log.entry(first),
            request=opening.ask.request,
            holder=self._holder(),
        )
        run.log.publish(first)
        self._registry.add(run)

        async def promote() -> None:
            turn.run = run
            try:
                await self._begin_stored(opening, request=None)
            except ThreadBusyError:  # by a run of another process: it will end
                raise DependencyUnavailableError("lease of the thread") from None

        run.start(lambda: turn.wait(run_id), promote)
        await asyncio.sleep(0)  # it has its place now, before the next one asks
        return run

    def _end(self, turn: Turn, run: Run) -> None:
        self._registry.retire(run)
        turn.release(run.record.run_id)


def _new_thread(ids: Ids, clock: Clock) -> Thread:
    thread = Thread(id=ids.new("thr"))
    thread.create_time.FromDatetime(clock.now())
    thread.update_time.CopyFrom(thread.create_time)
    thread.status.active.SetInParent()
    return thread


def _require_active(thread: Thread) -> None:
    status = thread.status.WhichOneof("status")
    if status in ("locked", "closed"):
        raise ThreadNotActiveError(status)
