"""The runs that a process holds: those under way, and for a moment those that have ended."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from widgetstream_server.conversation.errors import ShuttingDownError, TooManyRequestsError
from widgetstream_server.conversation.limits import EngineLimits
from widgetstream_server.conversation.ports import Clock

if TYPE_CHECKING:
    from widgetstream_server.conversation.run import Run


class Registry:
    """Finds runs by their ids, and bounds how many there are."""

    def __init__(self, clock: Clock, limits: EngineLimits) -> None:
        """Begin without any."""
        self._clock = clock
        self._limits = limits
        self._under_way: dict[str, Run] = {}
        self._by_thread: dict[str, list[Run]] = {}
        self._by_owner: Counter[str] = Counter()
        self._ended: OrderedDict[str, tuple[float, Run]] = OrderedDict()
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
        self._ended[run.record.run_id] = (self._clock.monotonic(), run)
        self._forget_old()

    def find(self, run_id: str) -> Run | None:
        """Return a run whose events are in memory."""
        self._forget_old()
        run = self._under_way.get(run_id)
        if run is None and run_id in self._ended:
            run = self._ended[run_id][1]
        return run

    def of_thread(self, thread_id: str) -> Sequence[Run]:
        """Return the runs of a thread that have not ended, in their order."""
        return list(self._by_thread.get(thread_id, ()))

    def _forget_old(self) -> None:
        kept = min(self._limits.memory_seconds, self._limits.run.retention_seconds)
        oldest = self._clock.monotonic() - kept
        while self._ended:
            run_id, (ended_at, _) = next(iter(self._ended.items()))
            if ended_at > oldest:
                return
            del self._ended[run_id]
