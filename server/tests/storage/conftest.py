"""Both databases, migrated and empty, for every test that asks for one."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from tests.storage.postgres_server import PostgresServer, postgres_server
from widgetstream_server.storage import Database, ProcessRepository, TaskRepository, ThreadRepository, migrate
from widgetstream_server.storage.tables import metadata

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("storage") / "migrated.db"
    asyncio.run(migrate.upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres: PostgresServer) -> str:
    url = postgres.new_database()
    asyncio.run(migrate.upgrade(url))
    return url


@pytest.fixture
def migrated_copy(migrated_file: Path, tmp_path: Path) -> str:
    """The URL of a SQLite file."""
    shutil.copy(migrated_file, tmp_path / "store.db")
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture(params=BOTH)
def used_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database that is migrated; on PostgreSQL other tests have used it."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("migrated_postgres")
        return url
    shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "store.db")
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
async def database_url(used_url: str) -> str:
    """The URL of a database that is migrated and empty."""
    if not used_url.startswith("sqlite"):
        connection = await asyncpg.connect(used_url)
        await connection.execute(f"TRUNCATE {', '.join(metadata.tables)}")
        await connection.close()
    return used_url


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without any tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = await Database.open(database_url)
    yield database
    assert database.connections_in_use == 0
    await database.close()


@pytest.fixture
def threads(database: Database) -> ThreadRepository:
    return ThreadRepository(database)


@pytest.fixture
def tasks(database: Database) -> TaskRepository:
    return TaskRepository(database)


@pytest.fixture
def processes(database: Database) -> ProcessRepository:
    return ProcessRepository(database)
