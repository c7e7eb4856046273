"""The one thread that writes to a SQLite file, and the commits that its transactions share.

One writer in the process means that writers queue up here, in order, where it costs nothing, and not in SQLite's busy
handler, which sleeps and is not fair. What has queued up while the last commit was under way is written in one
transaction of SQLite's, each part behind a savepoint of its own: most of the time of a small transaction is its commit,
and pages that several parts write are written once.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from widgetstream_server.storage.backend import T, Work
from widgetstream_server.storage.queries import execute
from widgetstream_server.storage.sqlite_lane import Lane

# So that those who came first do not wait for ever more who came later.
_MOST: Final = 64


@dataclass(frozen=True, slots=True, eq=False)
class _Unit:
    """A transaction as its caller sees it."""

    work: Work[Any]
    deadline: float
    future: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class _Outcome:
    value: Any = None
    error: Exception | None = None


class Writer(Lane):
    """Runs transactions in the order in which they come, several in one commit when they queue up.

    Each is whole: what one does is undone when it fails, and what others of the same commit do is not. Nobody is
    answered before the commit.
    """

    def __init__(self, path: str, queue_timeout: float, busy_timeout: float, pragmas: list[str]) -> None:
        """Prepare the thread; see ``Lane``."""
        super().__init__(path, 1, queue_timeout, busy_timeout, pragmas)
        self._waiting: deque[_Unit] = deque()
        self._busy = False

    def submit(self, work: Work[T]) -> asyncio.Future[T]:
        """Begin a transaction; see ``Backend``."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Unit(work, time.monotonic() + self.queue_timeout, future))
        if not self._busy:
            self._next()
        return future

    def _next(self) -> None:
        """Let the thread write what waits."""
        units = [self._waiting.popleft() for _ in range(min(_MOST, len(self._waiting)))]
        written = asyncio.get_running_loop().run_in_executor(self.threads, self._write, units)
        self._busy = True
        written.add_done_callback(lambda _: self._answer(units, written))

    def _answer(self, units: Sequence[_Unit], written: asyncio.Future[list[_Outcome]]) -> None:
        self._busy = False
        if self._waiting:
            self._next()
        broken = written.exception()
        for unit, outcome in zip(units, [] if broken else written.result(), strict=not broken):
            if unit.future.done():
                continue
            if outcome.error is None:
                unit.future.set_result(outcome.value)
            else:
                unit.future.set_exception(outcome.error)
        if broken:
            for unit in units:
                if not unit.future.done():
                    unit.future.set_exception(broken)

    def _write(self, units: Sequence[_Unit]) -> list[_Outcome]:
        """Write what is not too late, and return the outcome of each."""
        now = time.monotonic()
        timely = [unit for unit in units if now <= unit.deadline]
        written = self._together(timely) if len(timely) > 1 else self._alone(timely)
        outcomes = dict(zip(timely, written, strict=True))
        return [outcomes.get(unit) or _Outcome(error=PoolTimeoutError()) for unit in units]

    def _alone(self, units: Sequence[_Unit]) -> list[_Outcome]:
        """Write each in a transaction of SQLite's of its own."""
        outcomes = []
        for unit in units:
            try:
                with self.engine.begin() as connection:
                    _begin_immediate(connection)
                    value = unit.work(connection)
            except Exception as error:  # noqa: BLE001 -- its caller gets it
                outcomes.append(_Outcome(error=error))
            else:
                outcomes.append(_Outcome(value))
        return outcomes

    def _together(self, units: Sequence[_Unit]) -> list[_Outcome]:
        """Write all in one transaction of SQLite's; each alone when that is undone, for whichever's sake."""
        begun = False
        try:
            with self.engine.begin() as connection:
                _begin_immediate(connection)
                begun = True
                outcomes = [_behind_savepoint(connection, unit) for unit in units]
        except Exception as error:  # noqa: BLE001 -- callers get it, or what comes of their own
            return self._alone(units) if begun else [_Outcome(error=error)] * len(units)
        return outcomes


def _behind_savepoint(connection: sa.Connection, unit: _Unit) -> _Outcome:
    """Run one of several. Raises the driver's error when the whole transaction is undone, as on a full disk."""
    # Without SQLAlchemy: it would take longer than a statement.
    execute = connection.connection.execute
    execute("SAVEPOINT unit")
    try:
        outcome = _Outcome(unit.work(connection))
    except Exception as error:  # noqa: BLE001 -- its caller gets it
        execute("ROLLBACK TO unit")
        outcome = _Outcome(error=error)
    execute("RELEASE unit")
    return outcome


def _begin_immediate(connection: sa.Connection) -> None:
    """Take the right to write at once: a transaction that reads first could not get it later without a deadlock.

    Not as a listener of SQLAlchemy's: where there is one, each statement asks for all that there might be.
    """
    execute(connection, "BEGIN IMMEDIATE")
