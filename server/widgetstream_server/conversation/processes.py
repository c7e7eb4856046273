"""The server processes that share a database: who is there, and who is gone.

Each process has a row, whose count it lets go up every two seconds. Whoever finds that another one's count stands still
for too long, or has a better proof that it is gone, removes the row; the runs that it has left are then nobody's, and
are ended. A process that finds its own row removed was taken for dead: it gives up its runs and comes back as another.
Times of different machines are never compared: each process measures with its own clock how long a count stands still.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog

from widgetstream_server.conversation.errors import DependencyUnavailableError
from widgetstream_server.conversation.faults import places_of
from widgetstream_server.conversation.ports import Clock, Ids

BEAT_SECONDS = 2.0
LEASE_SECONDS = 15.0
"""How long a process's count may stand still. Whoever judges must have been awake for as long."""

_ABANDONED_EVERY = 15

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Process:
    """A server process.

    Attributes:
        id: ``prc_…``; a new one with each start.
        address: Where other processes reach it.
        key: What they show there.
        beats: Its count.
    """

    id: str
    address: str
    key: str
    beats: int = 0

    def __repr__(self) -> str:
        return f"Process({self.id!r}, {self.address!r})"


class ProcessStore(Protocol):
    """Keeps processes. Methods raise ``DependencyUnavailableError`` when the database does not answer."""

    async def join(self, process: Process, now: datetime) -> None:
        """Add a process."""

    async def beat(self, process_id: str, now: datetime) -> Sequence[Process] | None:
        """Say that a process lives, and return all there are, itself included. None: it was buried."""

    async def everyone(self) -> Sequence[Process]:
        """Return all processes."""

    async def leave(self, process_id: str) -> None:
        """Remove a process. One that is not there is passed over."""

    async def bury(self, process: Process) -> bool:
        """Remove a process unless it has beaten since it was seen, and return whether it was removed."""


class SignsOfLife(Protocol):
    """What proves on one machine, at once and without doubt, that a process is gone."""

    def show(self, process_id: str) -> None:
        """Show that this process lives under an id, until it dies or withdraws."""

    def withdraw(self) -> None:
        """Show it no longer."""

    def is_gone(self, process_id: str) -> bool:
        """Return whether a process is known to be gone. False: it lives, or nothing is known of it here."""

    def sweep(self, known: Collection[str]) -> None:
        """Remove what processes have left that are gone and not among these."""


@dataclass(slots=True)
class _Watched:
    beats: int
    since: float


class Processes:
    """This process among the others. Belongs to one event loop."""

    def __init__(
        self,
        store: ProcessStore,
        signs: SignsOfLife,
        *,
        clock: Clock,
        ids: Ids,
        end_abandoned: Callable[[], Awaitable[object]],
        give_up_runs: Callable[[], None],
        on_gone: Callable[[str], None] = lambda _: None,
        beat_seconds: float = BEAT_SECONDS,
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        """Prepare to join. Nothing is stored yet.

        Args:
            store: Where the processes are.
            signs: What proves on this machine that one is gone.
            clock: The time.
            ids: Ids.
            end_abandoned: Ends the runs whose process is gone.
            give_up_runs: Ends the runs of this process without waiting: others have taken it for dead.
            on_gone: Called with the id of another process that is no longer there.
            beat_seconds: How often its count goes up.
            lease_seconds: How long another's count may stand still.
        """
        self._store = store
        self._signs = signs
        self._clock = clock
        self._ids = ids
        self._end_abandoned = end_abandoned
        self._give_up_runs = give_up_runs
        self._on_gone = on_gone
        self._beat_seconds = beat_seconds
        self._lease_seconds = lease_seconds
        self._own = Process(ids.new("prc"), "", ids.new("key"))
        self._others: Mapping[str, Process] = {}
        self._watched: dict[str, _Watched] = {}
        self._looked_at = clock.monotonic()
        self._beats_until_abandoned = 0
        self._judging = asyncio.Lock()

    @property
    def id(self) -> str:
        """The id of this process."""
        return self._own.id

    @property
    def key(self) -> str:
        """What other processes have to show here."""
        return self._own.key

    @property
    def has_others(self) -> bool:
        """Whether there are others, as far as was seen at the last beat."""
        return bool(self._others)

    async def join(self, address: str) -> None:
        """Join the others, reachable at an address, and end what those that are gone have left.

        Raises:
            DependencyUnavailableError: The database does not answer.
        """
        self._own = Process(self._own.id, address, self._own.key)
        self._signs.show(self.id)
        await self._store.join(self._own, self._clock.now())
        self._looked_at = self._clock.monotonic()
        await self.beat()

    async def leave(self) -> None:
        """Leave the others. When the database does not answer, they find out by themselves."""
        with suppress(DependencyUnavailableError):
            await self._store.leave(self.id)
        self._signs.withdraw()

    async def forever(self) -> None:
        """Beat until canceled."""
        while True:
            await asyncio.sleep(self._beat_seconds)
            try:
                await self.beat()
            except DependencyUnavailableError:
                _log.info("beat_missed")
            except Exception as error:  # noqa: BLE001 — the next beat may go well, and without beats all runs are lost
                _log.error("beat_failed", error_type=type(error).__name__, places=places_of(error))

    async def beat(self) -> None:
        """Say that this process lives, and look after the others.

        Raises:
            DependencyUnavailableError: The database does not answer.
        """
        found = await self._store.beat(self.id, self._clock.now())
        if found is None:
            await self._come_back()
            return
        await self._look_at(found)

    async def find(self, process_id: str) -> Process | None:
        """Return another process that is there. Raises ``DependencyUnavailableError``."""
        if process_id not in self._others:
            self._note(await self._store.everyone())
        return self._others.get(process_id)

    async def suspect(self, process_id: str) -> bool:
        """Look after a process that does not answer, and return whether it is gone: then its runs have ended.

        Raises:
            DependencyUnavailableError: The database does not answer.
        """
        everyone = await self._store.everyone()
        self._note(everyone)
        suspected = self._others.get(process_id)
        if suspected is None or self._signs.is_gone(process_id):
            await self._bury([suspected] if suspected else [])
            return True
        return False

    async def _come_back(self) -> None:
        _log.error("process_was_taken_for_dead", process_id=self.id)
        self._give_up_runs()
        self._own = Process(self._ids.new("prc"), self._own.address, self._own.key)
        self._signs.show(self.id)
        await self._store.join(self._own, self._clock.now())

    async def _look_at(self, everyone: Sequence[Process]) -> None:
        now = self._clock.monotonic()
        awake = now - self._looked_at < self._lease_seconds / 2
        self._looked_at = now
        self._note(everyone)
        if not awake:
            # This process, or the database, was away, and the others may have been so too.
            self._watched.clear()
        silent = []
        for process in self._others.values():
            watched = self._watched.get(process.id)
            if watched is None or watched.beats != process.beats:
                self._watched[process.id] = _Watched(process.beats, now)
            elif now - watched.since > self._lease_seconds:
                silent.append(process)
                continue
            if self._signs.is_gone(process.id):
                silent.append(process)
        self._beats_until_abandoned -= 1
        if silent or self._beats_until_abandoned < 0:
            await self._bury(silent)

    async def _bury(self, gone: Sequence[Process]) -> None:
        """Remove processes, and end the runs that have nobody."""
        async with self._judging:
            self._beats_until_abandoned = -1  # until it is done
            for process in gone:
                if await self._store.bury(process):
                    _log.warning("process_is_gone", process_id=process.id)
            await self._end_abandoned()
            self._signs.sweep({self.id, *self._others}.difference(process.id for process in gone))
            self._beats_until_abandoned = _ABANDONED_EVERY

    def _note(self, everyone: Sequence[Process]) -> None:
        before, self._others = self._others, {process.id: process for process in everyone if process.id != self.id}
        for process_id in before.keys() - self._others.keys():
            self._watched.pop(process_id, None)
            self._on_gone(process_id)
