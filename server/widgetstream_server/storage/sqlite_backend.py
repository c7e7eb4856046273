"""SQLite: one thread that writes, a few that read.

A transaction is one hop to a thread. With aiosqlite it is one for each call of the driver, which takes three times as
long when the event loop is idle, and twenty times as long when it is busy. One writer in the process means that writers
queue up here, in order, where it costs nothing, and not in SQLite's busy handler, which sleeps and is not fair.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import QueuePool

from widgetstream_server.storage.backend import T, Work
from widgetstream_server.storage.queries import Query, Rows
from widgetstream_server.storage.url import Dialect

# RETURNING came with 3.35.
_OLDEST = (3, 35)
_BUSY_PAUSE = 0.01


class SqliteBackend:
    """A SQLite file in WAL mode. Belongs to the event loop in which it is used."""

    dialect: Dialect = "sqlite"

    def __init__(
        self, path: str, *, readers: int, queue_timeout: float, busy_timeout: float, foreign_keys: bool = True
    ) -> None:
        """Prepare to open a file; nothing is opened before the first transaction.

        Args:
            path: The file. It is made when it does not exist, for its owner's eyes only; its folder is not.
            readers: How many transactions may read at the same time.
            queue_timeout: Seconds that a transaction waits for its turn.
            busy_timeout: Seconds that it then waits for other processes that write.
            foreign_keys: Whether references are enforced; not while a migration makes tables anew.
        """
        if sqlite3.sqlite_version_info < _OLDEST:
            raise RuntimeError(f"SQLite {sqlite3.sqlite_version} is too old: 3.35 or newer is needed")
        keys = "ON" if foreign_keys else "OFF"
        pragmas = ["journal_mode = WAL", "synchronous = NORMAL", f"foreign_keys = {keys}"]
        self._writer = _Lane(path, 1, queue_timeout, busy_timeout, pragmas)
        self._readers = _Lane(path, readers, queue_timeout, busy_timeout, ["query_only = ON"])
        self._here: sqlite3.Connection | None = None
        sa.event.listen(self._writer.engine, "begin", _begin_immediate)

    @property
    def connections_in_use(self) -> int:
        """How many connections work at the moment."""
        return self._writer.connections_in_use + self._readers.connections_in_use

    def submit(self, work: Work[T], *, write: bool) -> asyncio.Future[T]:
        """Begin a transaction; see ``Backend``."""
        return (self._writer if write else self._readers).submit(work)

    def fetch(self, query: Query, values: Mapping[str, object]) -> Rows | None:
        """Return the rows of a statement; see ``Backend``.

        It is run here and now: a page out of an index takes less than handing it to a thread, which then competes with
        this one for every row. Nobody waits for a lock meanwhile: what would have to is not done here.
        """
        try:
            if self._here is None:
                self._here = self._readers.connect(patience=0.0)
            return self._here.execute(query.sql, query.arguments(values)).fetchall()
        except (sqlite3.Error, UnicodeError):
            return None

    async def close(self) -> None:
        """Close all connections; the writer last, since the last one to close clears the log."""
        if self._here is not None:
            self._here.close()
        await self._readers.close()
        await self._writer.close()


class _Lane:
    """Threads, each with a connection, and a queue in front of them."""

    def __init__(self, path: str, size: int, queue_timeout: float, busy_timeout: float, pragmas: list[str]) -> None:
        self._path = path
        self._queue_timeout = queue_timeout
        self._busy_timeout = busy_timeout
        self._pragmas = pragmas
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="widgetstream-sqlite")
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
        pool = self.engine.pool
        return pool.checkedout() if isinstance(pool, QueuePool) else 0

    def submit(self, work: Work[T]) -> asyncio.Future[T]:
        deadline = time.monotonic() + self._queue_timeout
        return asyncio.get_running_loop().run_in_executor(self._threads, self._transact, work, deadline)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._threads, self.engine.dispose)
        self._threads.shutdown(wait=False)

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


def _begin_immediate(connection: sa.Connection) -> None:
    """Take the right to write at once: a transaction that reads first could not get it later without a deadlock."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
