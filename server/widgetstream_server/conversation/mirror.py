"""Runs of other processes, followed here: a log with the same bytes, which any number of readers read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from widgetstream_server.conversation.context import RequestContext
from widgetstream_server.conversation.errors import ConversationError, DependencyUnavailableError
from widgetstream_server.conversation.faults import places_of
from widgetstream_server.conversation.journal import JournalStore, frames_after
from widgetstream_server.conversation.peers import NotHereError, Peers, PeerUnreachableError
from widgetstream_server.conversation.ports import ThreadStore
from widgetstream_server.conversation.processes import Processes
from widgetstream_server.conversation.replay import rest_of
from widgetstream_server.conversation.run_log import RunLog, RunReader

POLL_SECONDS = 0.25

_UNDER_WAY = 2

_log = structlog.get_logger(__name__)


class Mirror:
    """A run of another process as it is seen here, from its first event on.

    Its events come from the process itself. When that one does not answer, they come from the journal, a moment later,
    until it answers again or the run has ended.

    Attributes:
        log: The events.
    """

    def __init__(
        self,
        run_id: str,
        thread_id: str,
        context: RequestContext,
        *,
        store: ThreadStore,
        journal: JournalStore,
        processes: Processes,
        peers: Peers,
        on_unread: Callable[[], None],
    ) -> None:
        """Begin to follow a run.

        Args:
            run_id: The run.
            thread_id: Its thread.
            context: Whose it is.
            store: Where the runs are.
            journal: What they have said.
            processes: The processes.
            peers: Reaches them.
            on_unread: Called when nobody reads any more.
        """
        self.log = RunLog(run_id, thread_id)
        self._context = context
        self._store = store
        self._journal = journal
        self._processes = processes
        self._peers = peers
        self._on_unread = on_unread
        self._readers = 0
        self._task = asyncio.create_task(self._follow(), name=f"mirror of {run_id}")

    async def begun(self) -> None:
        """Wait for the first events, which are all that there are so far."""
        while not self.log.last_sequence and not self.log.ended:
            future = self.log.wait()
            try:
                await future
            finally:
                self.log.forget(future)

    def reader(self, after_sequence: int, heartbeat: float) -> MirrorReader:
        """Return a stream of the events after a number. Raises ``SequenceOutOfRangeError``."""
        return MirrorReader(self, after_sequence, heartbeat)

    def enter(self) -> None:
        """Count one reader more."""
        self._readers += 1

    def leave(self) -> None:
        """Count one reader less. Without any, the run is not followed any further."""
        self._readers -= 1
        if not self._readers:
            self._task.cancel()
            self._on_unread()

    async def _follow(self) -> None:
        failed = False
        while not self.log.ended:
            try:
                if not await self._follow_peer():
                    await self._read_journal()
            except DependencyUnavailableError:
                pass  # the database is away for a while: runs wait for it, and so does this
            except ConversationError:
                self.log.end()  # the run is gone, with its thread
            except Exception as error:  # noqa: BLE001 — readers wait for this task, and would wait for ever
                if not failed:
                    _log.error("mirror_failed", error_type=type(error).__name__, places=places_of(error))
                failed = True
            if not self.log.ended:
                await asyncio.sleep(POLL_SECONDS)

    async def _follow_peer(self) -> bool:
        """Take events from the process that has the run, and return whether these were all."""
        log = self.log
        holder = (await self._store.run_holders(self._context.principal.id, log.thread_id)).get(log.run_id)
        process = await self._processes.find(holder) if holder else None
        if holder is None or process is None:
            return False
        try:
            async for frames in self._peers.reach(process).follow(log.run_id, log.last_sequence, self._context):
                log.publish(frames)
        except NotHereError:
            return False
        except PeerUnreachableError:
            await self._processes.suspect(holder)
            return False
        log.end()
        return True

    async def _read_journal(self) -> None:
        log = self.log
        recorded = await self._journal.read(self._context.principal.id, log.run_id, log.last_sequence)
        has_ended = recorded.run.state > _UNDER_WAY
        after = log.last_sequence
        frames = rest_of(recorded, after) if has_ended else frames_after(recorded.entries, after)
        if frames:
            log.publish(frames)
        if has_ended:
            log.end()


class MirrorReader(RunReader):
    """One stream of a mirror's events. To be closed, also when it was read to the end."""

    __slots__ = ("_mirror",)

    def __init__(self, mirror: Mirror, after_sequence: int, heartbeat: float) -> None:
        """Begin after a number. Raises ``SequenceOutOfRangeError``."""
        super().__init__(mirror.log, after_sequence, heartbeat)
        self._mirror: Mirror | None = mirror
        mirror.enter()

    def close(self) -> None:
        """Give up what the reader holds, and the mirror if it was its last reader. Nothing can be read after it."""
        super().close()
        if self._mirror is not None:
            self._mirror.leave()
            self._mirror = None
