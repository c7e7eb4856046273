"""The runs that a process holds: those under way, and for a moment what is left of those that have ended."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from widgetstream_server.conversation.errors import ShuttingDownError, TooManyRequestsError
from widgetstream_server.conversation.limits import EngineLimits
from widgetstream_server.conversation.ports import Clock

if TYPE_CHECKING:
    from widgetstream.chatkit.v1.run_pb2 import Run as RunRecord
    from widgetstream_server.conversation.run import Run
    from widgetstream_server.conversation.run_log import RunLog


@dataclass(frozen=True, slots=True)
class EndedRun:
    """What is left of a run that has ended, for who follows it late: all else that it had in memory is gone.

    Attributes:
        owner: The id of the person whose run it was.
        record: What is stored of it.
        log: Its events.
        ended_at: When it ended, by the clock that only goes forward, in seconds.
        size: How many bytes its events have.
    """

    owner: str
    record: RunRecord
    log: RunLog
    ended_at: float
    size: int


class Registry:
    """Finds runs by their ids, and bounds how many there are."""

    def __init__(self, clock: Clock, limits: EngineLimits) -> None:
        """Begin without any."""
        self._clock = clock
        self._limits = limits
        self._under_way: dict[str, Run] = {}
        self._by_thread: dict[str, list[Run]] = {}
        self._by_owner: Counter[str] = Counter()
        self._ended: OrderedDict[str, EndedRun] = OrderedDict()
        self._ended_bytes = 0
        self.closed = False

    @property
    def under_way(self) -> Sequence[Run]:
        """The runs that have not ended, queued ones included, the oldest first."""
        return list(self._under_way.values())

    def admit(self, owner: str) -> None:
        """Refuse one more run of a person when there are too many.

        Raises:
            ShuttingDownError: The server stops.
            TooManyRequestsError: There are too many.
        """
        if self.closed:
            raise ShuttingDownError
        if len(self._under_way) >= self._limits.max_runs:
            raise TooManyRequestsError("The server has too many runs under way.", retry_after=1.0)
        if self._by_owner[owner] >= self._limits.max_runs_per_owner:
            raise TooManyRequestsError("You have too many runs under way.", retry_after=1.0)

    def add(self, run: Run) -> None:
        """Take a run that was stored."""
        self._under_way[run.record.run_id] = run
        self._by_thread.setdefault(run.record.thread_id, []).append(run)
        self._by_owner[run.owner] += 1

    def retire(self, run: Run) -> None:
        """Note that a run has ended."""
        del self._under_way[run.record.run_id]
        of_thread = self._by_thread[run.record.thread_id]
        of_thread.remove(run)
        if not of_thread:
            del self._by_thread[run.record.thread_id]
        self._by_owner[run.owner] -= 1
        if not self._by_owner[run.owner]:
            del self._by_owner[run.owner]
        ended = EndedRun(run.owner, run.record, run.log, self._clock.monotonic(), run.log.size)
        self._ended[run.record.run_id] = ended
        self._ended_bytes += ended.size
        self._forget_old()

    def find(self, run_id: str) -> Run | EndedRun | None:
        """Return a run whose events are in memory."""
        self._forget_old()
        return self._under_way.get(run_id) or self._ended.get(run_id)

    def of_thread(self, thread_id: str) -> Sequence[Run]:
        """Return the runs of a thread that have not ended, in their order."""
        return list(self._by_thread.get(thread_id, ()))

    def _forget_old(self) -> None:
        """Leave to the journal what is old, or too much."""
        kept = min(self._limits.memory_seconds, self._limits.run.retention_seconds)
        oldest = self._clock.monotonic() - kept
        while self._ended:
            run_id, ended = next(iter(self._ended.items()))
            if ended.ended_at > oldest and self._ended_bytes <= self._limits.memory_bytes:
                return
            del self._ended[run_id]
            self._ended_bytes -= ended.size
