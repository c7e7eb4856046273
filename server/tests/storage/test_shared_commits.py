"""Transactions on SQLite that queue up share a commit, and nothing else."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

from tests.storage.blocking import blocked
from widgetstream_server.storage.backend import Work
from widgetstream_server.storage.sqlite_backend import SqliteBackend

Submit = Callable[[Work[object]], "asyncio.Future[object]"]


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "store.db")


@pytest.fixture
async def backend(path: str) -> AsyncIterator[SqliteBackend]:
    backend = SqliteBackend(path, readers=1, queue_timeout=60, busy_timeout=60)
    await backend.submit(lambda connection: connection.exec_driver_sql("CREATE TABLE t (name TEXT UNIQUE)"), write=True)
    yield backend
    assert backend.connections_in_use == 0
    await backend.close()


def put(*names: str) -> Work[str]:
    def work(connection: sa.Connection) -> str:
        for name in names:
            connection.exec_driver_sql("INSERT INTO t VALUES (?)", (name,))
        return names[-1]

    return work


async def together(backend: SqliteBackend, path: str, *works: Work[object]) -> list[object]:
    """Return the outcomes of transactions that all wait while another one does."""
    async with blocked(f"sqlite:///{path}"):
        first = backend.submit(put("first"), write=True)
        futures = [backend.submit(work, write=True) for work in works]
        await asyncio.sleep(0)
    await first
    return await asyncio.gather(*futures, return_exceptions=True)


def stored(path: str) -> list[str]:
    """What others see."""
    with sqlite3.connect(path) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM t ORDER BY rowid")]
    connection.close()
    return names


async def test_all_are_committed_at_once_and_nobody_is_answered_before(backend: SqliteBackend, path: str) -> None:
    seen: list[tuple[list[str], bool]] = []
    futures: list[asyncio.Future[object]] = []

    def look(_: sa.Connection) -> None:
        seen.append((stored(path), futures[0].done()))

    async with blocked(f"sqlite:///{path}"):
        first = backend.submit(put("first"), write=True)
        futures += [backend.submit(put("a"), write=True), backend.submit(look, write=True)]
    await asyncio.gather(first, *futures)

    assert seen == [(["first"], False)]
    assert stored(path) == ["first", "a"]


async def test_one_that_fails_leaves_nothing_and_disturbs_nobody(backend: SqliteBackend, path: str) -> None:
    def fail(connection: sa.Connection) -> None:
        put("b")(connection)
        raise LookupError("of its own")

    outcomes = await together(backend, path, put("a"), fail, put("c"))

    assert [outcomes[0], outcomes[2]] == ["a", "c"]
    assert isinstance(outcomes[1], LookupError)
    assert stored(path) == ["first", "a", "c"]


async def test_what_another_has_taken_is_a_conflict_and_what_failed_to_take_it_is_none(
    backend: SqliteBackend, path: str
) -> None:
    outcomes = await together(backend, path, put("a"), put("b", "a"), put("b"))

    assert [outcomes[0], outcomes[2]] == ["a", "b"]
    assert isinstance(outcomes[1], IntegrityError)
    assert stored(path) == ["first", "a", "b"]


async def test_they_follow_each_other_as_they_came(backend: SqliteBackend, path: str) -> None:
    names = [f"{number:03}" for number in range(200)]

    outcomes = await together(backend, path, *map(put, names))

    assert outcomes == names
    assert stored(path) == ["first", *names]


async def test_what_undoes_all_is_the_failure_of_one_alone(backend: SqliteBackend, path: str) -> None:
    tries: list[str] = []

    def undo_all(connection: sa.Connection) -> None:
        """What SQLite does by itself when a disk is full."""
        tries.append("undone")
        connection.exec_driver_sql("ROLLBACK")
        raise LookupError("of its own")

    outcomes = await together(backend, path, put("a"), undo_all, put("c"))

    assert [outcomes[0], outcomes[2]] == ["a", "c"]
    assert isinstance(outcomes[1], LookupError)
    assert stored(path) == ["first", "a", "c"]
    assert len(tries) == 2


async def test_one_whose_caller_has_gone_is_written_all_the_same(backend: SqliteBackend, path: str) -> None:
    async with blocked(f"sqlite:///{path}"):
        first = backend.submit(put("first"), write=True)
        gone, other = backend.submit(put("a"), write=True), backend.submit(put("b"), write=True)
        gone.cancel()
    await first

    assert await other == "b"
    assert stored(path) == ["first", "a", "b"]


async def test_when_another_process_writes_for_too_long_all_fail(path: str) -> None:
    backend = SqliteBackend(path, readers=1, queue_timeout=60, busy_timeout=0.05)
    await backend.submit(lambda connection: connection.exec_driver_sql("CREATE TABLE t (name TEXT UNIQUE)"), write=True)
    async with blocked(f"sqlite:///{path}"):
        outcomes = await asyncio.gather(
            *(backend.submit(put(name), write=True) for name in "abc"), return_exceptions=True
        )

    assert [type(outcome) for outcome in outcomes] == [OperationalError] * 3
    assert await backend.submit(put("d"), write=True) == "d"
    assert stored(path) == ["d"]
    await backend.close()
