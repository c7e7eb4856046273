"""Whose turn it is: the runs of a thread come one after another.

The lease in the database is what makes sure of it; the turns of a process are what gives it an order, without asking
the database again and again.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from widgetstream_server.conversation.run import Run


class Turn:
    """The turn in one thread.

    Attributes:
        opening: Held while a run is being opened: one after another, too.
        run: The run that has the turn, once it is there.
    """

    def __init__(self) -> None:
        """Make a turn that nobody has."""
        self.opening = asyncio.Lock()
        self.run: Run | None = None
        self._holder = ""
        # Empty as a rule, and then smaller than a deque.
        self._waiting: list[tuple[str, asyncio.Future[None]]] = []

    @property
    def holder(self) -> str:
        """The id of the run that has the turn. Empty: nobody has."""
        return self._holder

    @property
    def waiting(self) -> int:
        """How many runs wait."""
        return len(self._waiting)

    def take(self, run_id: str) -> None:
        """Take the turn, which nobody has."""
        self._holder = run_id

    async def wait(self, run_id: str, *, first: bool = False) -> None:
        """Wait for the turn, and take it. A cancel gives up the place.

        Args:
            run_id: The run.
            first: Whether to go before all others that wait.
        """
        if not self._holder:
            self._holder = run_id
            return
        place = (run_id, asyncio.get_running_loop().create_future())
        if first:
            self._waiting.insert(0, place)
        else:
            self._waiting.append(place)
        try:
            await place[1]
        except asyncio.CancelledError:
            if place in self._waiting:
                self._waiting.remove(place)
            else:
                self.release(run_id)
            raise

    def release(self, run_id: str) -> None:
        """Give the turn to the next, if the run has it."""
        if self._holder != run_id:
            return
        self._holder, self.run = "", None
        while self._waiting:
            run_id, future = self._waiting.pop(0)
            if not future.done():
                self._holder = run_id
                future.set_result(None)
                return


class Turns:
    """The turns in all threads of a process."""

    def __init__(self) -> None:
        """Begin without any."""
        self._turns: WeakValueDictionary[str, Turn] = WeakValueDictionary()

    def of(self, thread_id: str) -> Turn:
        """Return the turn in a thread. It is the same one as long as anybody keeps it."""
        turn = self._turns.get(thread_id)
        if turn is None:
            self._turns[thread_id] = turn = Turn()
        return turn
