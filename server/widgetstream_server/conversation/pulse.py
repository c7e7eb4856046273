"""When what may wait a moment goes on: all of a process together, and later when there is much to do.

Each step that a piece of text takes costs the same for one word as for ten. So a process that has much to do lets
pieces wait for others, each for a moment that nobody notices, and has less to do; one that has time lets none wait
that does not come in a burst.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import ClassVar

# Of those that are due within so many seconds, all go on together: the loop wakes up once for them.
_TOGETHER_SECONDS = 0.0025
# Of so many at most: what else is to be done, such as the many small steps in which a conversation begins, has its turn
# before the next ones.
_TOGETHER = 32
_MEASURED_EVERY = 0.1
# The share of a core from which a process counts as busy, and below which it does not any more: two, since letting
# pieces wait may halve what there is to do.
_BUSY_FROM = 0.4
_CALM_BELOW = 0.2
# A loop that comes so much too late is busy, whatever it takes of the core: others may have it.
_LATE_SECONDS = 0.01


class Ticket:
    """What waits. Taken back by ``cancel``."""

    __slots__ = ("call", "due")

    def __init__(self, call: Callable[[], None], due: float) -> None:
        """Keep what is to be called, and when by the loop's clock."""
        self.call: Callable[[], None] | None = call
        self.due = due

    def cancel(self) -> None:
        """Do not call."""
        self.call = None


class Pulse:
    """The one timer for all that waits in an event loop, and what tells how busy the process is.

    Attributes:
        loop: The loop.
    """

    _latest: ClassVar[Pulse | None] = None

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        *,
        cpu_seconds: Callable[[], float] = time.process_time,
    ) -> None:
        """Make it for a loop.

        Args:
            loop: The loop.
            cpu_seconds: The CPU time that the process has taken so far.
        """
        self.loop = loop
        self._cpu_seconds = cpu_seconds
        self._waiting: deque[Ticket] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._measured_at = loop.time()
        self._measured_cpu = cpu_seconds()
        self._late = False
        self._busy = False

    @classmethod
    def current(cls) -> Pulse:
        """Return the one of the running loop. To be kept, not to be asked for at each word."""
        loop = asyncio.get_running_loop()
        found = cls._latest
        if found is None or found.loop is not loop:
            # A process has one loop, as a rule. Should there be several, a pulse too many does no harm.
            found = cls._latest = cls(loop)
        return found

    def is_busy(self, now: float) -> bool:
        """Return whether the process has so much to do that pieces should wait for others.

        Args:
            now: The time by the loop's clock.
        """
        if now - self._measured_at >= _MEASURED_EVERY:
            cpu = self._cpu_seconds()
            share = (cpu - self._measured_cpu) / (now - self._measured_at)
            self._busy = self._late or share > (_CALM_BELOW if self._busy else _BUSY_FROM)
            self._measured_at, self._measured_cpu, self._late = now, cpu, False
        return self._busy

    def call_at(self, due: float, call: Callable[[], None]) -> Ticket:
        """Call something at a time by the loop's clock, or with others shortly before.

        Calls are made in the order in which they were asked for: not before one that was asked for earlier.
        """
        waiting = self._waiting
        if waiting:
            due = max(due, waiting[-1].due)
        ticket = Ticket(call, due)
        waiting.append(ticket)
        if self._timer is None:
            self._timer = self.loop.call_at(due, self._beat)
        return ticket

    def call_later(self, seconds: float, call: Callable[[], None]) -> asyncio.TimerHandle:
        """Call something after a time of its own, which holds up nothing else."""
        return self.loop.call_later(seconds, call)

    def _beat(self) -> None:
        now = self.loop.time()
        waiting = self._waiting
        if now - waiting[0].due > _LATE_SECONDS:
            self._late = True
        until, left = now + _TOGETHER_SECONDS, _TOGETHER
        try:
            while waiting and waiting[0].due <= until and left:
                call = waiting.popleft().call
                if call is not None:
                    left -= 1
                    call()
        finally:
            # Until here the timer that has fired stands for the next one: what is called may ask for more calls.
            self._timer = self.loop.call_at(waiting[0].due, self._beat) if waiting else None
