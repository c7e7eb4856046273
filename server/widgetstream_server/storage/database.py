"""The database as the repositories see it: a place that runs transactions."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any, Self

import sqlalchemy as sa

from widgetstream_server.conversation.errors import DependencyUnavailableError
from widgetstream_server.storage import schema
from widgetstream_server.storage.backend import Backend, T, Work
from widgetstream_server.storage.failures import translate
from widgetstream_server.storage.queries import Query, Rows
from widgetstream_server.storage.sqlite_backend import SqliteBackend
from widgetstream_server.storage.url import DatabaseUrl, Dialect


class Database:
    """A database that is open. Belongs to the event loop in which it was opened.

    A transaction that has begun is never torn: when its caller is canceled, the cancel is held back until the
    transaction has ended, so that whatever the caller does next comes after it.
    """

    def __init__(self, url: DatabaseUrl, backend: Backend) -> None:
        """Make the facade; ``Database.open`` is for everybody else."""
        self._url = url
        self._backend = backend
        self._under_way: set[asyncio.Future[Any]] = set()
        self._closed = False

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        pool_size: int = 5,
        max_overflow: int = 10,
        queue_timeout: float = 5.0,
        busy_timeout: float = 5.0,
        statement_timeout: float = 15.0,
    ) -> Self:
        """Open a database whose schema is up to date. A SQLite file is made, and its schema brought up to date.

        Args:
            url: ``sqlite:///path`` or ``postgresql://user:password@host/name?options``; drivers named in it are
                passed over.
            pool_size: How many connections are kept; on SQLite how many transactions may read at the same time.
            max_overflow: PostgreSQL: how many more connections there may be for a while.
            queue_timeout: Seconds that a transaction waits for its turn.
            busy_timeout: SQLite: seconds that it then waits for other processes that write.
            statement_timeout: PostgreSQL: seconds that a statement may take.

        Raises:
            ValueError: The URL is of no supported form.
            DependencyUnavailableError: The database does not answer.
            SchemaError: Its schema is newer than the server, or, on PostgreSQL, older.
        """
        where = DatabaseUrl.parse(url)
        backend: Backend
        if where.dialect == "sqlite":
            backend = SqliteBackend(
                where.address, readers=pool_size, queue_timeout=queue_timeout, busy_timeout=busy_timeout
            )
        else:
            # Not at the top: a server on SQLite need not hold PostgreSQL's driver in memory.
            from widgetstream_server.storage.postgres_backend import PostgresBackend

            backend = PostgresBackend(
                where.address,
                pool_size=pool_size,
                max_overflow=max_overflow,
                queue_timeout=queue_timeout,
                statement_timeout=statement_timeout,
            )
        database = cls(where, backend)
        try:
            await database._ensure_schema(url)
        except BaseException:
            await database.close()
            raise
        return database

    @property
    def dialect(self) -> Dialect:
        """The kind of database."""
        return self._backend.dialect

    @property
    def connections_in_use(self) -> int:
        """How many connections work at the moment: for measures, and to prove that none is lost."""
        return self._backend.connections_in_use

    async def read(self, work: Work[T]) -> T:
        """Run statements that only read. Errors as for ``write``."""
        return await self._run(work, write=False)

    async def write(self, work: Work[T]) -> T:
        """Run a transaction, and return what ``work`` returns once it is committed.

        ``work`` is called in a thread or a greenlet: it may block on the connection, and on nothing else. It may be
        called again when its first try left nothing behind.

        Raises:
            DependencyUnavailableError: The database does not answer.
            StorageFault: It refused a statement.
            InvalidArgumentError: A text cannot be stored.
        """
        return await self._run(work, write=True)

    async def fetch(self, query: Query, values: Mapping[str, object]) -> Rows:
        """Return the rows of a statement that reads little, along an index. Errors as for ``write``."""
        rows = None if self._closed else self._backend.fetch(query, values)
        if rows is None:
            return await self.read(lambda connection: connection.execute(query.statement, values).all())
        return rows

    async def ping(self) -> None:
        """Ask the database for a sign of life. Raises ``DependencyUnavailableError``."""
        await self.read(lambda connection: connection.execute(sa.select(1)).scalar_one())

    async def close(self) -> None:
        """Take no more transactions, wait for those under way, and close all connections."""
        if self._closed:
            return
        self._closed = True
        if self._under_way:
            await asyncio.wait(self._under_way)
        await self._backend.close()

    def __repr__(self) -> str:
        return f"Database({str(self._url)!r})"

    async def _run(self, work: Work[T], *, write: bool) -> T:
        if self._closed:
            raise DependencyUnavailableError("database")
        future = self._backend.submit(work, write=write)
        self._under_way.add(future)
        future.add_done_callback(self._under_way.discard)
        try:
            return await _wholly(future)
        except Exception as error:
            known = translate(error)
            if known is error:
                raise
            raise known from None

    async def _ensure_schema(self, url: str) -> None:
        revision = await self.read(schema.found_revision)
        if schema.is_current(revision):
            return
        if self.dialect != "sqlite":
            raise schema.SchemaBehindError(revision)
        # Alembic takes longer to import than everything else here together, and is hardly ever needed.
        from widgetstream_server.storage import migrate

        await migrate.upgrade(url)


async def _wholly(future: asyncio.Future[T]) -> T:
    """Wait for a transaction to its end, and only then let a cancel through."""
    canceled: asyncio.CancelledError | None = None
    while not future.done():
        # As `asyncio.wait` does it, without what that does for many futures.
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        future.add_done_callback(partial(_wake, woken))
        try:
            await woken
        except asyncio.CancelledError as error:
            canceled = error
    if canceled is None:
        return future.result()
    if not future.cancelled():
        future.exception()  # looked at: nobody else will
    raise canceled


def _wake(waiting: asyncio.Future[None], _: asyncio.Future[Any]) -> None:
    if not waiting.done():
        waiting.set_result(None)
