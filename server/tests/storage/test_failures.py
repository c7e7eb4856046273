"""A database that does not answer is said to be one, and nothing else is said."""

import asyncio
import resource
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from tests.storage.blocking import blocked, until_waiting
from tests.storage.postgres_server import PostgresServer
from tests.storage.samples import begun, message, run, task, thread
from widgetstream_server.conversation.errors import (
    DependencyUnavailableError,
    InvalidArgumentError,
    ThreadNotFoundError,
)
from widgetstream_server.storage import Database, StorageFault, TaskRepository, ThreadRepository, migrate
from widgetstream_server.todo.ports import TaskFilter


async def unavailable(call: Awaitable[object]) -> str:
    """Await a failure, and return the code of it that was logged."""
    with capture_logs() as logs, pytest.raises(DependencyUnavailableError) as failure:
        await call
    assert failure.value.message == "The database does not answer."
    assert failure.value.metadata == {"dependency": "database"}
    assert failure.value.__suppress_context__
    assert [set(log) for log in logs] == [{"event", "log_level", "error_type", "code"}]
    return str(logs[0]["code"] or logs[0]["error_type"])


async def test_ping(database_url: str) -> None:
    database = await Database.open(database_url)
    await database.ping()
    await database.close()
    with pytest.raises(DependencyUnavailableError):
        await database.ping()


# SQLite


async def test_another_process_that_writes_for_too_long(migrated_copy: str) -> None:
    database = await Database.open(migrated_copy, busy_timeout=0.05, queue_timeout=60)
    threads = ThreadRepository(database)
    async with blocked(migrated_copy):
        code = await unavailable(threads.begin_run("ann", run(), new_thread=thread()))
        with pytest.raises(ThreadNotFoundError):  # reading goes on
            await threads.get_thread("ann", "thr_1")

    assert code == "SQLITE_BUSY"
    assert database.connections_in_use == 0
    assert (await begun(threads)).run_id == "run_1"
    await database.close()


async def test_a_queue_that_is_too_long(migrated_copy: str) -> None:
    database = await Database.open(migrated_copy, busy_timeout=1.0, queue_timeout=0.3)
    threads = ThreadRepository(database)
    with capture_logs() as logs:
        async with blocked(migrated_copy):
            first = asyncio.create_task(begun(threads))
            await until_waiting(database)
            outcomes = await asyncio.gather(first, begun(threads, thread_id="thr_2"), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [DependencyUnavailableError] * 2
    assert [log["error_type"] for log in logs] == ["OperationalError", "TimeoutError"]
    await database.close()


async def test_a_full_disk(migrated_copy: str, tmp_path: Path) -> None:
    database = await Database.open(migrated_copy)
    threads = ThreadRepository(database)
    await begun(threads)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = (tmp_path / "store.db-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 10_000, limits[1]))
    try:
        code = await unavailable(threads.put_item("ann", message("msg_1", "x" * 100_000), 1))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert code in ("SQLITE_FULL", "SQLITE_IOERR_WRITE")
    assert not (await threads.list_items("ann", "thr_1", limit=1)).entries
    await threads.put_item("ann", message("msg_1", "x" * 100_000), 1)
    await database.close()


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "store.db").write_bytes(b"something else entirely" * 100)

    assert await unavailable(Database.open(f"sqlite:///{tmp_path / 'store.db'}")) == "SQLITE_NOTADB"


async def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert await unavailable(Database.open(f"sqlite:///{tmp_path / 'missing' / 'store.db'}")) == "SQLITE_CANTOPEN"


async def test_a_new_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite:///{tmp_path / 'store.db'}")
    await begun(ThreadRepository(database))

    modes = _modes(tmp_path)
    await database.close()

    assert modes["store.db"] == 0o600
    assert set(modes.values()) == {0o600}


def _modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


async def test_what_was_written_is_there_after_the_file_is_opened_again(migrated_copy: str) -> None:
    first = await Database.open(migrated_copy)
    await begun(ThreadRepository(first), items=[message("msg_1")])
    await first.close()
    second = await Database.open(migrated_copy)

    assert await ThreadRepository(second).get_item("ann", "thr_1", "msg_1") == message("msg_1")
    await second.close()


async def test_readers_cannot_write(migrated_copy: str) -> None:
    database = await Database.open(migrated_copy)

    def write(connection: sa.Connection) -> None:
        connection.execute(sa.text("DELETE FROM threads"))

    assert await unavailable(database.read(write)) == "SQLITE_READONLY"
    await database.close()


# PostgreSQL


@pytest.mark.postgres
@pytest.mark.parametrize(
    "change",
    [
        lambda _: "postgresql://postgres:tops3cret@127.0.0.1:1/postgres",
        lambda url: url.replace("store_", "missing_"),
        lambda url: url.replace("postgres:", "nobody:tops3cret", 1),
        lambda url: url + "_missing",
    ],
    ids=["refused", "no such database", "no such user", "no such socket"],
)
async def test_a_server_that_cannot_be_reached(migrated_postgres: str, change: Callable[[str], str]) -> None:
    url = change(migrated_postgres)
    with capture_logs() as logs, pytest.raises(DependencyUnavailableError) as failure:
        await Database.open(url)

    assert "tops3cret" not in f"{logs} {failure.value!r}"
    with pytest.raises(DependencyUnavailableError):
        await migrate.current(url)


@pytest.mark.postgres
async def test_connections_that_the_server_has_closed_are_made_anew(
    postgres: PostgresServer, migrated_postgres: str
) -> None:
    database = await Database.open(migrated_postgres)
    store = TaskRepository(database)
    await asyncio.gather(*(database.ping() for _ in range(5)))
    terminate = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'store_1'"

    postgres.run(terminate)
    await store.count("ann", TaskFilter())
    postgres.run(terminate)
    created = await store.create("zoe", task("tsk_zoe"), due_at=None)

    assert await store.get("zoe", "tsk_zoe") == created
    assert database.connections_in_use == 0
    await database.close()


@pytest.mark.postgres
async def test_a_statement_that_takes_too_long(migrated_postgres: str) -> None:
    database = await Database.open(migrated_postgres, statement_timeout=0.1)
    store = TaskRepository(database)
    async with blocked(migrated_postgres, "tasks"):
        assert await unavailable(store.create("ann", task("tsk_late"), due_at=None)) == "TimeoutError"

    assert database.connections_in_use == 0
    assert await store.count("ann", TaskFilter(query="late")) == 0
    await database.close()


@pytest.mark.postgres
async def test_a_pool_whose_connections_are_all_at_work(migrated_postgres: str) -> None:
    database = await Database.open(migrated_postgres, pool_size=1, max_overflow=0, queue_timeout=0.05)
    store = TaskRepository(database)
    async with blocked(migrated_postgres, "tasks"):
        first = asyncio.create_task(store.create("pool", task("tsk_pool"), due_at=None))
        await until_waiting(database)
        assert await unavailable(store.count("pool", TaskFilter())) == "TimeoutError"
    await first

    assert database.connections_in_use == 0
    assert await store.count("pool", TaskFilter()) == 1
    await database.close()


@pytest.mark.postgres
async def test_a_server_that_only_reads(postgres: PostgresServer) -> None:
    url = postgres.new_database()
    await migrate.upgrade(url)
    connection = await asyncpg.connect(url)
    name = await connection.fetchval("SELECT current_database()")
    await connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    await connection.close()
    database = await Database.open(url)
    threads = ThreadRepository(database)

    assert await unavailable(begun(threads)) == "25006"
    assert not (await threads.list_threads("ann", limit=1)).entries
    await database.close()


@pytest.mark.postgres
async def test_a_transaction_that_was_given_up_for_another_is_tried_again(migrated_postgres: str) -> None:
    database = await Database.open(migrated_postgres)
    tries = []

    def work(connection: sa.Connection) -> int:
        tries.append(1)
        if len(tries) < 3:
            connection.execute(sa.text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$"))
        return len(tries)

    assert await database.write(work) == 3

    def always(connection: sa.Connection) -> None:
        connection.execute(sa.text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$"))

    assert await unavailable(database.write(always)) == "40P01"
    await database.close()


# Both


async def test_a_statement_that_is_wrong_is_a_fault_without_its_text(database: Database) -> None:
    def work(connection: sa.Connection) -> None:
        connection.execute(sa.text("SELECT secret FROM threads"))

    with pytest.raises(StorageFault) as fault:
        await database.read(work)

    assert "secret" not in repr(fault.value)
    assert fault.value.__suppress_context__


@pytest.mark.parametrize("text,said", [("a\0b", "U+0000"), ("a\ud800b", "surrogate")])
async def test_a_text_that_cannot_be_stored(
    threads: ThreadRepository, tasks: TaskRepository, text: str, said: str
) -> None:
    calls: list[Awaitable[object]] = [
        threads.get_thread("ann", text),
        threads.list_threads(text, limit=1),
        threads.get_item("ann", "thr_1", text),
        threads.get_run("ann", text),
        tasks.get("ann", text),
        tasks.list("ann", TaskFilter(query=text), limit=1),
        tasks.list("ann", TaskFilter(tag=text), limit=1),
    ]
    for call in calls:
        with pytest.raises(InvalidArgumentError) as refused:
            await call
        assert said in refused.value.message
        assert text not in refused.value.message
    with pytest.raises(InvalidArgumentError):
        await tasks.create("ann", task("tsk_1", "a\0b"), due_at=None)
    assert (await tasks.create("ann", task("tsk_1", "ab"), due_at=None)).number == 1
