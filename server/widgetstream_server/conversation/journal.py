"""The journal: what runs have said, on disk, so that it can be read again when the process that said it is gone.

Events are written in batches, all runs of the process together, one transaction every 50 milliseconds while there is
something to write, or every 250 while the process is busy: what it costs is a row for each run, not for each event.
Nobody waits for it: readers get an event at once. What a process has said in its last moment may thus be missing from
the journal when it dies; the first and the last events of a run never are, for they are written in the transactions in
which the run begins and ends.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextvars import Context
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import structlog

from widgetstream.chatkit.v1.run_pb2 import Run
from widgetstream_server.conversation.pulse import Pulse

if TYPE_CHECKING:
    from widgetstream_server.conversation.run_log import RunLog

WINDOW_SECONDS = 0.05
BUSY_FACTOR = 5
_LONGEST_PAUSE = 2.0
_CLOSING_SECONDS = 5.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """Some events of one run that follow each other.

    Attributes:
        run_id: The run.
        first_sequence: The number of the first of them.
        last_sequence: The number of the last.
        frames: The events as they were sent, each after its length.
    """

    run_id: str
    first_sequence: int
    last_sequence: int
    frames: bytes

    @classmethod
    def of(cls, run_id: str, first_sequence: int, frames: Sequence[bytes]) -> JournalEntry:
        """Make an entry of at least one event."""
        return cls(run_id, first_sequence, first_sequence + len(frames) - 1, pack(frames))


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """A run as the journal has it.

    Attributes:
        run: Its record.
        events_expire_at: Until when its events are kept. None: it has not ended, or they are gone.
        entries: Events after a number, in order, perhaps with some before it and some twice; always the last ones.
    """

    run: Run
    events_expire_at: datetime | None
    entries: Sequence[JournalEntry]


class JournalStore(Protocol):
    """Keeps events of runs. Methods raise ``DependencyUnavailableError`` when the database does not answer."""

    async def append(self, entries: Sequence[JournalEntry]) -> None:
        """Store events. Those of runs that do not exist any more are passed over."""

    async def read(self, owner: str, run_id: str, after_sequence: int) -> RecordedRun:
        """Return a run with its events after a number. Raises ``RunNotFoundError``."""

    async def expire(self, now: datetime, limit: int = 100) -> int:
        """Remove the events of runs that were kept long enough, and return of how many runs."""


def pack(frames: Sequence[bytes]) -> bytes:
    """Return messages as one piece, each after its length as a varint."""
    return b"".join([piece for frame in frames for piece in (_varint(len(frame)), frame)])


@lru_cache(maxsize=1024)
def _varint(number: int) -> bytes:
    packed = bytearray()
    while number > 0x7F:
        packed.append(number & 0x7F | 0x80)
        number >>= 7
    packed.append(number)
    return bytes(packed)


def unpack(packed: bytes) -> list[bytes]:
    """Return the messages of a piece."""
    frames, at, end = [], 0, len(packed)
    while at < end:
        length, at = packed[at], at + 1
        if length > 0x7F:
            length, at = _rest_of_varint(length & 0x7F, packed, at)
        frames.append(packed[at : at + length])
        at += length
    return frames


def _rest_of_varint(number: int, packed: bytes, at: int) -> tuple[int, int]:
    shift, byte = 0, 0x80
    while byte > 0x7F:
        byte, at, shift = packed[at], at + 1, shift + 7
        number |= (byte & 0x7F) << shift
    return number, at


def frames_after(entries: Sequence[JournalEntry], sequence: int) -> list[bytes]:
    """Return the events after a number, each once, as far as they follow each other."""
    frames: list[bytes] = []
    for entry in entries:
        known = sequence + len(frames)
        if entry.first_sequence <= known + 1 <= entry.last_sequence:
            frames += unpack(entry.frames)[known + 1 - entry.first_sequence :]
    return frames


class JournalWriter:
    """Writes the events of a process's runs. All of it happens in one event loop."""

    def __init__(self, store: JournalStore, *, window: float = WINDOW_SECONDS) -> None:
        """Write to a store.

        Args:
            store: Where.
            window: Seconds that an event may wait for others.
        """
        self._store = store
        self._window = window
        self._dirty: dict[str, RunLog] = {}
        self._task: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    def note(self, log: RunLog) -> None:
        """Write what a log has that was not written, soon."""
        self._dirty[log.run_id] = log
        if self._task is None:
            # In a context of its own: it is not the work of the run that happens to speak first.
            self._task = asyncio.create_task(self._work(), name="journal", context=Context())

    def forget(self, log: RunLog) -> None:
        """Write nothing more of a log: all of it is written, or its run is gone."""
        self._dirty.pop(log.run_id, None)

    async def close(self) -> None:
        """Write what is there, and end. Gives up after some seconds when the database does not answer."""
        self._closing.set()
        task = self._task
        if task is not None:
            await asyncio.wait((task,), timeout=_CLOSING_SECONDS)
            task.cancel()

    async def _work(self) -> None:
        pause, failed = self._pause(), False
        while self._dirty:
            await self._sleep(pause)
            logs = list(self._dirty.values())
            entries = [entry for log in logs if (entry := log.unwritten()) is not None]
            try:
                await self._store.append(entries)
            except Exception as error:  # noqa: BLE001 — runs go on whatever the journal does; readers have the memory
                if not failed:
                    _log.error("journal_not_written", error_type=type(error).__name__)
                failed, pause = True, min(pause * 2, _LONGEST_PAUSE)
                continue
            if failed:
                _log.info("journal_written_again")
            failed, pause = False, self._pause()
            for entry in entries:
                log = self._dirty.get(entry.run_id)
                if log is not None and log.written(entry.last_sequence):
                    del self._dirty[entry.run_id]
        self._task = None

    def _pause(self) -> float:
        pulse = Pulse.current()
        return self._window * (BUSY_FACTOR if pulse.is_busy(pulse.loop.time()) else 1)

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(0 if self._closing.is_set() else seconds):
                await self._closing.wait()
        except TimeoutError:
            return
        if (
            seconds > self._window * BUSY_FACTOR
        ):  # closing, and the database does not answer: not as fast as the machine can
            await asyncio.sleep(self._window)
