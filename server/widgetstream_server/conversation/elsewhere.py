"""Runs of other processes: how they are begun, followed and stopped from here.

A thread's runs are all in one process as long as one of them is under way: whoever gets a request for a thread that
another process is busy with hands it on. So the order in which requests take their turns is kept in one place, the
memory of one process, however many processes the requests come to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from widgetstream.chatkit.v1.chatkit_service_pb2 import ActionRequest, RespondRequest
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.run_pb2 import ConcurrencyPolicy
from widgetstream.chatkit.v1.run_pb2 import Run as RunRecord
from widgetstream_server.conversation.context import RequestContext
from widgetstream_server.conversation.errors import (
    DependencyUnavailableError,
    RunNotFoundError,
    ThreadBusyError,
)
from widgetstream_server.conversation.fold import ApplyWidgetUpdate
from widgetstream_server.conversation.journal import JournalStore, frames_after
from widgetstream_server.conversation.mirror import Mirror
from widgetstream_server.conversation.peers import NotHereError, Peers, PeerUnreachableError
from widgetstream_server.conversation.ports import ThreadStore
from widgetstream_server.conversation.processes import Processes
from widgetstream_server.conversation.retelling import retell
from widgetstream_server.conversation.run_items import HIDDEN_KINDS
from widgetstream_server.conversation.run_log import RunReader

_WAITING = frozenset(
    {
        ConcurrencyPolicy.CONCURRENCY_POLICY_ENQUEUE,
        ConcurrencyPolicy.CONCURRENCY_POLICY_INTERRUPT,
        ConcurrencyPolicy.CONCURRENCY_POLICY_ROLLBACK,
    }
)
_TRIES = 20
_PAUSE = 0.05
_PROCESS = "server process that has the run"


class Elsewhere:
    """The runs that other processes serve. Belongs to one event loop."""

    def __init__(
        self,
        store: ThreadStore,
        journal: JournalStore,
        processes: Processes,
        peers: Peers,
        *,
        apply_widget_update: ApplyWidgetUpdate,
        heartbeat_seconds: float,
    ) -> None:
        """Make it over what all processes share.

        Args:
            store: Where the runs are.
            journal: What they have said.
            processes: The processes.
            peers: Reaches them.
            apply_widget_update: How an update changes a widget's tree.
            heartbeat_seconds: Silence after which a stream gets a heartbeat.
        """
        self._store = store
        self._journal = journal
        self._processes = processes
        self._peers = peers
        self._apply_widget_update = apply_widget_update
        self._heartbeat = heartbeat_seconds
        self._mirrors: dict[str, Mirror] = {}

    @property
    def own_id(self) -> str:
        """The id of this process."""
        return self._processes.id

    async def begin(
        self, busy: ThreadBusyError, request: RespondRequest | ActionRequest, context: RequestContext
    ) -> str | None:
        """Have the process begin a run that is busy with the thread, and return the run's id.

        Args:
            busy: What the store has said of the thread.
            request: The request.
            context: Who asks.

        Returns:
            The run. None: the thread is no longer that process's, and the run may be begun here.

        Raises:
            ThreadBusyError: The thread is busy, and the request does not wait.
            ConversationError: What the other process has raised.
        """
        holders = await self._store.run_holders(context.principal.id, request.thread_id)
        holder = holders.get(busy.metadata["run_id"])
        if holder is None or holder == self.own_id:
            return None
        process = await self._processes.find(holder)
        if request.concurrency not in _WAITING:
            if process is None or await self._processes.suspect(holder):
                return None
            raise busy
        try:
            if process is not None:
                return (await self._peers.reach(process).begin(request, context)).run_id
        except ThreadBusyError:
            return None
        except PeerUnreachableError:
            pass
        if await self._processes.suspect(holder):
            return None
        raise DependencyUnavailableError(_PROCESS)

    async def subscribe(self, run: RunRecord, after_sequence: int, context: RequestContext) -> RunReader:
        """Return a stream of the events of a run that is under way in another process.

        Raises:
            ConversationError: The run is gone, or has no event of that number.
        """
        mirror = self._mirrors.get(run.run_id)
        if mirror is None:
            mirror = self._mirrors[run.run_id] = Mirror(
                run.run_id,
                run.thread_id,
                context,
                store=self._store,
                journal=self._journal,
                processes=self._processes,
                peers=self._peers,
                on_unread=lambda: self._forget(run.run_id),
            )
        mirror.enter()
        try:
            await mirror.begun()
            if not mirror.log.last_sequence:
                raise RunNotFoundError(run.run_id)
            return mirror.reader(after_sequence, self._heartbeat)
        finally:
            mirror.leave()

    async def cancel(self, run_id: str, context: RequestContext) -> RunRecord:
        """Stop a run wherever it is, wait until it is stored, and return it. One that has ended stays as it ended.

        Raises:
            RunNotFoundError: There is no such run.
            DependencyUnavailableError: The process that has it does not answer.
        """
        owner = context.principal.id
        for _ in range(_TRIES):
            run = await self._store.get_run(owner, run_id)
            holder = (await self._store.run_holders(owner, run.thread_id)).get(run_id)
            if holder is None:
                return await self._store.get_run(owner, run_id)
            process = await self._processes.find(holder)
            try:
                if process is not None:
                    return await self._peers.reach(process).cancel(run_id, context)
            except NotHereError:
                pass
            except PeerUnreachableError:
                if not await self._processes.suspect(holder):
                    raise DependencyUnavailableError(_PROCESS) from None
                continue
            if process is None and holder != self.own_id:
                await self._processes.suspect(holder)
            # It is just beginning, or ending.
            await asyncio.sleep(_PAUSE)
        raise DependencyUnavailableError(_PROCESS)

    async def cancel_thread(self, thread_id: str, context: RequestContext) -> None:
        """Stop all runs of a thread that other processes have. Those whose process does not answer end by themselves.

        Raises:
            ThreadNotFoundError: There is no such thread.
        """
        holders = await self._store.run_holders(context.principal.id, thread_id)
        for holder in {*holders.values()} - {self.own_id, ""}:
            process = await self._processes.find(holder)
            try:
                if process is not None:
                    await self._peers.reach(process).cancel_thread(thread_id, context)
            except PeerUnreachableError:
                await self._processes.suspect(holder)

    async def pending_items(self, run: RunRecord, context: RequestContext) -> Sequence[ThreadItem]:
        """Return the items that a run of another process has not done, as they are now, or were a moment ago."""
        owner = context.principal.id
        holder = (await self._store.run_holders(owner, run.thread_id)).get(run.run_id)
        process = await self._processes.find(holder) if holder else None
        if process is not None:
            try:
                return await self._peers.reach(process).pending_items(run.thread_id, context)
            except PeerUnreachableError:
                pass
        recorded = await self._journal.read(owner, run.run_id, 0)
        told = retell(frames_after(recorded.entries, 0), self._apply_widget_update)
        return [pending.value() for pending in told.pending.values() if pending.kind not in HIDDEN_KINDS]

    def _forget(self, run_id: str) -> None:
        self._mirrors.pop(run_id, None)
