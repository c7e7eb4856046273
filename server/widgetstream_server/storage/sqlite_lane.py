"""Threads that run transactions on a SQLite file."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import QueuePool

from widgetstream_server.storage.backend import T, Work

_BUSY_PAUSE = 0.01


class Lane:
    """Threads, each with a connection, and a queue in front of them."""

    def __init__(self, path: str, size: int, queue_timeout: float, busy_timeout: float, pragmas: list[str]) -> None:
        """Prepare so many threads; the rest is as for ``SqliteBackend``.

        Args:
            path: The file.
            size: How many threads.
            queue_timeout: Seconds that a transaction waits for its turn.
            busy_timeout: Seconds that it then waits for other processes that write.
            pragmas: What each connection is set to.
        """
        self._path = path
        self.queue_timeout = queue_timeout
        self._busy_timeout = busy_timeout
        self._pragmas = pragmas
        self.threads = ThreadPoolExecutor(size, thread_name_prefix="widgetstream-sqlite")
        self.engine = sa.create_engine(
            "sqlite://",
            creator=self.connect,
            poolclass=QueuePool,
            pool_size=size,
            max_overflow=0,
            hide_parameters=True,
        )

    @property
    def connections_in_use(self) -> int:
        """How many connections work at the moment."""
        pool = self.engine.pool
        return pool.checkedout() if isinstance(pool, QueuePool) else 0

    def submit(self, work: Work[T]) -> asyncio.Future[T]:
        """Begin a transaction; see ``Backend``."""
        deadline = time.monotonic() + self.queue_timeout
        return asyncio.get_running_loop().run_in_executor(self.threads, self._transact, work, deadline)

    async def close(self) -> None:
        """Close the connections, and end the threads. No transaction may be under way."""
        await asyncio.get_running_loop().run_in_executor(self.threads, self.engine.dispose)
        self.threads.shutdown(wait=False)

    def _transact(self, work: Work[T], deadline: float) -> T:
        if time.monotonic() > deadline:
            raise PoolTimeoutError
        with self.engine.begin() as connection:
            return work(connection)

    def connect(self, patience: float | None = None) -> sqlite3.Connection:
        """Open a connection that waits so many seconds for other processes that write; as long as any, if not said."""
        with suppress(OSError):  # it exists, or SQLite says better what is wrong
            Path(self._path).touch(0o600, exist_ok=False)
        connection = sqlite3.connect(
            self._path,
            timeout=self._busy_timeout if patience is None else patience,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            for pragma in self._pragmas:
                _set(connection, pragma, self._busy_timeout)
        except sqlite3.Error:
            connection.close()
            raise
        return connection


def _set(connection: sqlite3.Connection, pragma: str, busy_timeout: float) -> None:
    """Set a pragma. SQLite itself does not wait while others hold a file that is to become one with a log."""
    deadline = time.monotonic() + busy_timeout
    while True:
        try:
            connection.execute(f"PRAGMA {pragma}").close()
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > deadline:
                raise
            time.sleep(_BUSY_PAUSE)
        else:
            return
