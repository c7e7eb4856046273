"""SQLite: one thread that writes, a few that read.

A transaction is one hop to a thread. With aiosqlite it is one for each call of the driver, which takes three times as
long when the event loop is idle, and twenty times as long when it is busy.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping

from widgetstream_server.storage.backend import T, Work
from widgetstream_server.storage.queries import Query, Rows
from widgetstream_server.storage.sqlite_lane import Lane
from widgetstream_server.storage.sqlite_writer import Writer
from widgetstream_server.storage.url import Dialect

# RETURNING came with 3.35.
_OLDEST = (3, 35)


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
        self._writer = Writer(path, queue_timeout, busy_timeout, pragmas)
        self._readers = Lane(path, readers, queue_timeout, busy_timeout, ["query_only = ON"])
        self._here: sqlite3.Connection | None = None

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
