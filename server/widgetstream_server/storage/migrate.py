"""Bringing a database's schema to a revision, with Alembic and without a file of settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from widgetstream_server.storage import schema
from widgetstream_server.storage.backend import Backend, T, Work
from widgetstream_server.storage.failures import translate
from widgetstream_server.storage.postgres_backend import PostgresBackend
from widgetstream_server.storage.sqlite_backend import SqliteBackend
from widgetstream_server.storage.url import DatabaseUrl

_MIGRATIONS = Path(__file__).parent / "migrations"
_PATIENCE = 60.0
# Any number, as long as it is the same in every version: one migration at a time.
_LOCK = sa.select(sa.func.pg_advisory_xact_lock(5_783_421_907))


async def upgrade(url: str, revision: str = "head") -> None:
    """Bring the schema up to a revision, in one transaction. Nothing happens when it is there already.

    Args:
        url: As for ``Database.open``.
        revision: One of ``schema.REVISIONS``, or ``head``.

    Raises:
        ValueError: The URL is of no supported form, or there is no such revision.
        DependencyUnavailableError: The database does not answer.
        SchemaAheadError: The schema is one that this server does not know.
    """
    await _migrate(url, command.upgrade, revision)


async def downgrade(url: str, revision: str) -> None:
    """Bring the schema down to a revision, in one transaction. Data that it has no place for is lost.

    Args:
        url: As for ``Database.open``.
        revision: One of ``schema.REVISIONS``, ``-1`` for the one before, or ``base`` for no tables at all.

    Raises:
        ValueError: The URL is of no supported form, or there is no such revision.
        DependencyUnavailableError: The database does not answer.
        SchemaAheadError: The schema is one that this server does not know.
    """
    await _migrate(url, command.downgrade, revision)


async def current(url: str) -> str | None:
    """Return the revision of the schema. None: there is none yet.

    Raises:
        ValueError: The URL is of no supported form.
        DependencyUnavailableError: The database does not answer.
    """
    return await _run(url, schema.found_revision)


def alembic_config(connection: sa.Connection) -> Config:
    """Return the configuration of Alembic's commands for a connection."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


async def _migrate(url: str, step: Callable[[Config, str], None], revision: str) -> None:
    def work(connection: sa.Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.execute(_LOCK)
        schema.is_current(schema.found_revision(connection))
        try:
            step(alembic_config(connection), revision)
        except CommandError:
            raise ValueError(f"there is no revision {revision!r} to go to") from None

    await _run(url, work)


async def _run(url: str, work: Work[T]) -> T:
    where = DatabaseUrl.parse(url)
    backend: Backend
    if where.dialect == "sqlite":
        # Without foreign keys: a table that is made anew would take the rows that refer to it along.
        backend = SqliteBackend(
            where.address, readers=1, queue_timeout=_PATIENCE, busy_timeout=_PATIENCE, foreign_keys=False
        )
    else:
        backend = PostgresBackend(
            where.address, pool_size=1, max_overflow=0, queue_timeout=_PATIENCE, statement_timeout=None
        )
    try:
        return await backend.submit(work, write=True)
    except Exception as error:
        known = translate(error)
        if known is error:
            raise
        raise known from None
    finally:
        await backend.close()
