"""PostgreSQL: a pool of asyncpg's connections."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from widgetstream_server.storage.backend import T, Work
from widgetstream_server.storage.failures import was_rolled_back
from widgetstream_server.storage.queries import Query, Rows
from widgetstream_server.storage.url import Dialect

_TRIES = 3
_CONNECT_SECONDS = 5.0
_RECYCLE_SECONDS = 1800.0


class PostgresBackend:
    """A PostgreSQL database. Belongs to the event loop in which it is used."""

    dialect: Dialect = "postgresql"

    def __init__(
        self,
        dsn: str,
        *,
        pool_size: int,
        max_overflow: int,
        queue_timeout: float,
        statement_timeout: float | None,
    ) -> None:
        """Prepare a pool; nothing is connected before the first transaction.

        Args:
            dsn: A URL as libpq takes it, with all its options.
            pool_size: How many connections are kept.
            max_overflow: How many more there may be for a while.
            queue_timeout: Seconds that a transaction waits for a connection.
            statement_timeout: Seconds that a statement may take. None: as many as it needs.
        """

        async def connect() -> asyncpg.Connection:
            # The URL goes past SQLAlchemy, which neither knows libpq's options nor gets to show the password.
            connection = await asyncpg.connect(dsn, timeout=_CONNECT_SECONDS, command_timeout=statement_timeout)
            # Pages are read along an index, in its order, until they are full. Where PostgreSQL takes a list for a
            # short one it would rather fetch all and sort; and some threads are a thousand times as long as most.
            await connection.execute("SET enable_bitmapscan = off")
            return connection

        self._engine: AsyncEngine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=connect,
            pool_size=pool_size,
            max_overflow=max_overflow,
            pool_timeout=queue_timeout,
            pool_recycle=_RECYCLE_SECONDS,
            pool_use_lifo=True,
            hide_parameters=True,
        )
        # A statement that reads is a transaction by itself: no BEGIN and ROLLBACK around it.
        self._reading = self._engine.execution_options(isolation_level="AUTOCOMMIT")

    @property
    def connections_in_use(self) -> int:
        """How many connections work at the moment."""
        pool = self._engine.pool
        return pool.checkedout() if isinstance(pool, AsyncAdaptedQueuePool) else 0

    def submit(self, work: Work[T], *, write: bool) -> asyncio.Future[T]:
        """Begin a transaction in a task of its own; see ``Backend``."""
        return asyncio.create_task(self._transact(work, write=write))

    def fetch(self, query: Query, values: Mapping[str, object]) -> Rows | None:
        """Return None: the answer is to be waited for."""
        return None

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()

    async def _transact(self, work: Work[T], *, write: bool) -> T:
        engine = self._engine if write else self._reading
        for _ in range(_TRIES - 1):
            try:
                return await _once(engine, work)
            except _LostBeforeCommit:
                continue
            except DBAPIError as error:
                if not was_rolled_back(error):
                    raise
        try:
            return await _once(engine, work)
        except _LostBeforeCommit as lost:
            raise lost.error from None


class _LostBeforeCommit(Exception):
    """The connection broke while nothing was committed, as all do when the server restarts: another may work."""

    def __init__(self, error: DBAPIError) -> None:
        super().__init__()
        self.error = error


async def _once(engine: AsyncEngine, work: Work[T]) -> T:
    async with engine.connect() as connection, connection.begin() as transaction:
        try:
            result = await connection.run_sync(work)
        except DBAPIError as error:
            if error.connection_invalidated:
                raise _LostBeforeCommit(error) from error
            raise
        await transaction.commit()
        return result
