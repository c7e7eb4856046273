"""The events of a run, kept as the bytes that went out, and followed by any number of readers.

An event is serialized once, here. Readers share the bytes; each has a number of its own, so that a slow one costs
nothing but its stream.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from widgetstream.chatkit.v1.event_pb2 import HeartbeatEvent, WidgetEvent
from widgetstream_server.conversation.errors import SequenceOutOfRangeError
from widgetstream_server.conversation.frames import Frames
from widgetstream_server.conversation.journal import JournalEntry, JournalWriter


class RunLog:
    """The events of one run: numbered from 1 without gaps, ended once.

    Attributes:
        on_ready: Called when a reader has got all there is and waits for more: what is held back for it may come now.
    """

    __slots__ = (
        "_before",
        "_ended",
        "_frames",
        "_journal",
        "_noted",
        "_readers",
        "_waiting",
        "_written",
        "on_ready",
        "prefix",
        "run_id",
        "thread_id",
    )

    def __init__(self, run_id: str, thread_id: str, journal: JournalWriter | None = None) -> None:
        """Begin an empty log.

        Args:
            run_id: The run.
            thread_id: Its thread.
            journal: Gets what is appended, too.
        """
        self.run_id = run_id
        self.thread_id = thread_id
        # Protobuf merges concatenated messages: put before an event's bytes, this adds the two ids that the first
        # event of each stream carries, and the event itself stays the same bytes in every stream.
        self.prefix = WidgetEvent(run_id=run_id, thread_id=thread_id).SerializeToString()
        self._journal = journal
        self._before = 0
        self._frames = Frames()
        self._written = 0
        self._noted = False
        self._ended = False
        self._waiting: set[asyncio.Future[None]] = set()
        self._readers = 0
        self.on_ready: Callable[[], None] | None = None

    @classmethod
    def recorded(cls, run_id: str, thread_id: str, after_sequence: int, frames: Sequence[bytes]) -> RunLog:
        """Make the log of a run that has ended, from its events after a number."""
        log = cls(run_id, thread_id)
        log._before = after_sequence
        log._frames.extend(frames)
        log.end()
        return log

    @property
    def last_sequence(self) -> int:
        """The number of the last event; 0 when there is none."""
        return self._before + len(self._frames)

    @property
    def size(self) -> int:
        """How many bytes its events have."""
        return self._frames.size

    @property
    def ended(self) -> bool:
        """Whether the last event is the run's last."""
        return self._ended

    def append(self, event: WidgetEvent) -> None:
        """Number an event, serialize it, and hand it to all readers."""
        event.sequence = len(self._frames) + 1
        self._frames.append(event.SerializeToString())
        if not self._noted and self._journal is not None:
            self._noted = True
            self._journal.note(self)
        if self._waiting:
            self._wake()

    def prepare(self, events: Sequence[WidgetEvent]) -> list[bytes]:
        """Number and serialize the next events, for ``publish`` once they are stored. No other may come between."""
        first = len(self._frames) + 1
        for number, event in enumerate(events, first):
            event.sequence = number
        return [event.SerializeToString() for event in events]

    def publish(self, frames: Sequence[bytes]) -> None:
        """Hand events that are stored with all before them to all readers."""
        self._frames.extend(frames)
        self._written = len(self._frames)
        self._noted = False
        if self._journal is not None:
            self._journal.forget(self)
        self._wake()

    def entry(self, frames: Sequence[bytes]) -> JournalEntry:
        """Return events that come next, with those before them that the journal does not have."""
        return JournalEntry.of(self.run_id, self._written + 1, [*self._frames.after(self._written), *frames])

    def unwritten(self) -> JournalEntry | None:
        """Return what the journal does not have. None: it has all."""
        if self._written == len(self._frames):
            return None
        return JournalEntry.of(self.run_id, self._written + 1, self._frames.after(self._written))

    def written(self, sequence: int) -> bool:
        """Note that the journal has all events up to a number, and return whether these are all there are."""
        self._written = max(self._written, sequence)
        self._noted = self._written < len(self._frames)
        return not self._noted

    def end(self) -> None:
        """Say that no event follows."""
        self._ended = True
        self._frames.settle()
        self._wake()

    def since(self, sequence: int) -> Sequence[bytes]:
        """Return the events after a number."""
        return self._frames.after(sequence - self._before)

    @property
    def behind(self) -> bool:
        """Whether there are readers, and none of them has got all there is yet."""
        return self._readers > 0 and not self._waiting

    def join(self) -> None:
        """Count a reader."""
        self._readers += 1

    def leave(self) -> None:
        """Count a reader no more."""
        self._readers -= 1

    def wait(self) -> asyncio.Future[None]:
        """Return a future of the caller's own that is done at the next change."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        return future

    def forget(self, future: asyncio.Future[None]) -> None:
        """Drop a future that nobody waits for any more."""
        self._waiting.discard(future)

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)


class RunReader:
    """One stream of a run's events: first those that were, then those to come.

    To be closed when it is not read to the end.
    """

    __slots__ = ("_beat_due", "_first", "_future", "_heartbeat", "_joined", "_read_at", "_sequence", "_timer", "log")

    def __init__(self, log: RunLog, after_sequence: int, heartbeat: float) -> None:
        """Begin after a number.

        Args:
            log: The run's log.
            after_sequence: The number of the last event that is known.
            heartbeat: Seconds of silence after which a heartbeat is sent.

        Raises:
            SequenceOutOfRangeError: The run has no event of that number.
        """
        if after_sequence > log.last_sequence:
            raise SequenceOutOfRangeError(log.last_sequence)
        self.log = log
        self._sequence = after_sequence
        self._heartbeat = heartbeat
        self._first = True
        self._future: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._beat_due = False
        self._joined = False
        self._read_at = 0.0

    async def read(self) -> Sequence[bytes]:
        """Wait for events, and return all there are. Empty: the run has ended.

        A cancel while it waits loses no event.
        """
        log = self.log
        if not self._joined:
            self._joined = True
            log.join()
        while True:
            frames = log.since(self._sequence)
            if not frames and log.on_ready is not None:
                log.on_ready()
                frames = log.since(self._sequence)
            if frames:
                self._sequence += len(frames)
                return self._with_ids(frames)
            if log.ended:
                self.close()
                return ()
            await self._wait()
            if self._beat_due and not log.since(self._sequence):
                self._beat_due = False
                beat = WidgetEvent(sequence=self._sequence, heartbeat=HeartbeatEvent())
                return self._with_ids([beat.SerializeToString()])

    def close(self) -> None:
        """Give up what the reader holds. Reading on is possible."""
        if self._joined:
            self._joined = False
            self.log.leave()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def _wait(self) -> None:
        # One timer a reader, which looks when it fires how long the silence has lasted: cheaper than one for each wait.
        loop = asyncio.get_running_loop()
        self._read_at = loop.time()
        if self._timer is None:
            self._timer = loop.call_later(self._heartbeat, self._tick)
        self._future = self.log.wait()
        try:
            await self._future
        finally:
            self.log.forget(self._future)
            self._future = None

    def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        idle = loop.time() - self._read_at
        if self._future is None or idle < self._heartbeat:
            # Busy with sending, or woken since: look again when the silence could be long enough.
            pause = self._heartbeat if self._future is None else self._heartbeat - idle
            self._timer = loop.call_later(pause, self._tick)
            return
        self._timer = None
        self._beat_due = True
        if not self._future.done():
            self._future.set_result(None)

    def _with_ids(self, frames: Sequence[bytes]) -> Sequence[bytes]:
        if not self._first:
            return frames
        self._first = False
        return [self.log.prefix + frames[0], *frames[1:]]
