import asyncio
from collections.abc import Callable
from typing import TypeVar

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from tests.storage.samples import begun, message
from widgetstream_server.storage import (
    Database,
    SchemaAheadError,
    SchemaBehindError,
    SchemaError,
    ThreadRepository,
    migrate,
    schema,
)
from widgetstream_server.storage.tables import metadata

T = TypeVar("T")


def tables(connection: sa.Connection) -> set[str]:
    return set(sa.inspect(connection).get_table_names())


async def on(url: str, work: Callable[[sa.Connection], T]) -> T:
    """Run statements on a database, whatever its schema is."""
    return await migrate._run(url, work)


def stamp(revision: str) -> Callable[[sa.Connection], None]:
    def work(connection: sa.Connection) -> None:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :to"), {"to": revision})

    return work


async def test_up_and_down_and_up_again(empty_url: str) -> None:
    assert await migrate.current(empty_url) is None

    await migrate.upgrade(empty_url)
    assert await migrate.current(empty_url) == schema.HEAD
    assert await on(empty_url, tables) == {*metadata.tables, "alembic_version"}

    await migrate.downgrade(empty_url, "base")
    assert await migrate.current(empty_url) is None
    assert await on(empty_url, tables) == {"alembic_version"}

    for revision in schema.REVISIONS:
        await migrate.upgrade(empty_url, revision)
        assert await migrate.current(empty_url) == revision


async def test_every_step_can_be_undone_alone(empty_url: str) -> None:
    await migrate.upgrade(empty_url)
    for revision in (*reversed(schema.REVISIONS[:-1]), None):
        await migrate.downgrade(empty_url, "-1")
        assert await migrate.current(empty_url) == revision


async def test_migrations_lead_to_the_tables_that_are_declared(database: Database) -> None:
    def differences(connection: sa.Connection) -> object:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return compare_metadata(context, metadata)

    assert await database.write(differences) == []


async def test_indexes_are_those_that_are_declared(empty_url: str) -> None:
    """Autogenerate passes over the order in indexes, partial indexes and collations; their statements do not."""
    await migrate.upgrade(empty_url)
    migrated = await on(empty_url, _definitions)
    await migrate.downgrade(empty_url, "base")
    await on(empty_url, metadata.create_all)

    assert migrated == await on(empty_url, _definitions)
    assert migrated


def _definitions(connection: sa.Connection) -> list[str]:
    if connection.dialect.name == "sqlite":
        found = connection.execute(
            sa.text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name <> 'alembic_version'")
        )
        return sorted("".join(sql.split()) for sql in found.scalars())
    indexes = connection.execute(
        sa.text("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'")
    )
    columns = connection.execute(
        sa.text(
            "SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || coalesce(collation_name, '') "
            "FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'"
        )
    )
    return sorted([*indexes.scalars(), *columns.scalars()])


async def test_revisions_are_those_of_the_scripts(database: Database) -> None:
    def known(connection: sa.Connection) -> list[str]:
        scripts = ScriptDirectory.from_config(migrate.alembic_config(connection))
        return [script.revision for script in scripts.walk_revisions()]

    assert tuple(reversed(await database.read(known))) == schema.REVISIONS


async def test_upgrading_what_is_up_to_date_changes_nothing(database: Database, database_url: str) -> None:
    threads = ThreadRepository(database)
    await begun(threads, items=[message("msg_1")])

    await migrate.upgrade(database_url)

    assert (await threads.get_item("ann", "thr_1", "msg_1")).id == "msg_1"


async def test_many_upgrades_at_once(empty_url: str) -> None:
    await asyncio.gather(*(migrate.upgrade(empty_url) for _ in range(4)))

    assert await migrate.current(empty_url) == schema.HEAD


async def test_sqlite_is_brought_up_to_date_when_it_is_opened(tmp_path_factory: pytest.TempPathFactory) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('new') / 'store.db'}"
    database = await Database.open(url)
    await begun(ThreadRepository(database))
    await database.close()

    assert await migrate.current(url) == schema.HEAD


async def test_many_openings_of_a_new_file_at_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('new') / 'store.db'}"
    databases = await asyncio.gather(*(Database.open(url) for _ in range(4)))

    for number, database in enumerate(databases):
        await begun(ThreadRepository(database), thread_id=f"thr_{number}")
        await database.close()


@pytest.mark.postgres
async def test_postgresql_that_is_behind_is_not_touched(migrated_postgres: str, request: pytest.FixtureRequest) -> None:
    url: str = request.getfixturevalue("postgres").new_database()
    with pytest.raises(SchemaBehindError, match=r"has no tables yet.*widgetstream db upgrade"):
        await Database.open(url)

    assert await on(url, tables) == set()


async def test_a_newer_schema_is_not_touched(empty_url: str) -> None:
    await migrate.upgrade(empty_url)
    await on(empty_url, stamp("9999"))
    for call in (Database.open(empty_url), migrate.upgrade(empty_url), migrate.downgrade(empty_url, "base")):
        with pytest.raises(SchemaAheadError, match="revision 9999, which this server does not know"):
            await call

    assert await migrate.current(empty_url) == "9999"
    assert issubclass(SchemaAheadError, SchemaError)


async def test_a_revision_that_does_not_exist(empty_url: str) -> None:
    for call in (migrate.upgrade(empty_url, "7777"), migrate.downgrade(empty_url, "-5")):
        with pytest.raises(ValueError, match=r"there is no revision '(7777|-5)'"):
            await call

    assert await on(empty_url, tables) <= {"alembic_version"}
