"""What goes to SQLite's driver without SQLAlchemy between is what would go there with it; so are the errors."""

import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidRequestError, StatementError

from tests.storage.samples import NOON, at
from widgetstream_server.storage import Database
from widgetstream_server.storage.column_types import UnstorableTextError
from widgetstream_server.storage.failures import error_code
from widgetstream_server.storage.queries import Command, execute
from widgetstream_server.storage.tables import items, threads

THREAD = {"id": "thr_1", "owner": "ann", "title": None, "data": b"\x00\xff", "created_at": NOON, "updated_at": at(7)}
ITEM = {
    "id": "msg_1",
    "thread_id": "thr_1",
    "position": 1,
    "kind": "ü",
    "hidden": True,
    "data": b"",
    "created_at": at(-1),
}

_own = threads.c.id == sa.bindparam("of_thread", type_=threads.c.id.type)
INSERT = Command(sa.insert(threads))
INSERT_ITEM = Command(sa.insert(items))
RENAME = Command(sa.update(threads).where(_own).values(json_format=None))
TOUCH = Command(sa.update(threads).where(_own).returning(threads.c.id, threads.c.updated_at, threads.c.data))
STATE = sa.select(threads.c.title, threads.c.owner, threads.c.data, threads.c.json_format)

Run = Callable[[sa.Connection, sa.UpdateBase, Mapping[str, object]], object]


def by_command(connection: sa.Connection, statement: sa.UpdateBase, values: Mapping[str, object]) -> object:
    return Command(statement).run(connection, values)


def by_sqlalchemy(connection: sa.Connection, statement: sa.UpdateBase, values: Mapping[str, object]) -> object:
    return connection.execute(statement, values)


async def test_values_are_stored_as_their_columns_say(database: Database) -> None:
    def work(connection: sa.Connection) -> list[Mapping[str, object]]:
        INSERT.run(connection, THREAD)
        INSERT_ITEM.run(connection, ITEM)
        return [dict(connection.execute(sa.select(table)).mappings().one()) for table in (threads, items)]

    no_json = {"json": None, "json_format": None}
    assert await database.write(work) == [{**THREAD, **no_json}, {**ITEM, **no_json}]


@pytest.mark.parametrize("way", [by_command, by_sqlalchemy])
async def test_the_file_holds_the_same_either_way(migrated_copy: str, way: Run) -> None:
    database = await Database.open(migrated_copy)

    def work(connection: sa.Connection) -> None:
        way(connection, sa.insert(threads), THREAD)
        way(connection, sa.insert(items), ITEM)

    await database.write(work)
    await database.close()

    with sqlite3.connect(migrated_copy.removeprefix("sqlite:///")) as connection:
        stored = connection.execute("SELECT id, title, data, created_at, updated_at, json FROM threads").fetchall()
        hidden = connection.execute("SELECT hidden, typeof(data), created_at FROM items").fetchall()
    connection.close()
    noon = 1_795_435_200_000_001
    assert stored == [("thr_1", None, b"\x00\xff", noon, noon + 7, None)]
    assert hidden == [(1, "blob", noon - 1)]


async def test_names_of_values_say_which_columns_are_set(database: Database) -> None:
    def work(connection: sa.Connection) -> list[object]:
        INSERT.run(connection, {**THREAD, "json_format": 3})
        seen: list[object] = []
        for values in ({"title": "one"}, {"owner": "bob"}, {"title": None, "data": b"two"}):
            seen.append(RENAME.run(connection, {"of_thread": "thr_1", **values}))
            seen.append(tuple(connection.execute(STATE).one()))
        return [*seen, RENAME.run(connection, {"of_thread": "thr_2", "title": "none"})]

    data = THREAD["data"]
    assert await database.write(work) == [
        1,
        ("one", "ann", data, None),
        1,
        ("one", "bob", data, None),
        1,
        (None, "bob", b"two", None),
        0,
    ]


async def test_what_a_statement_returns(database: Database) -> None:
    def work(connection: sa.Connection) -> tuple[str, datetime, bytes]:
        INSERT.run(connection, THREAD)
        assert TOUCH.returned(connection, {"of_thread": "thr_2", "updated_at": NOON}) is None
        row = TOUCH.returned(connection, {"of_thread": "thr_1", "updated_at": at(9)})
        return row.id, row.updated_at, row.data

    assert await database.write(work) == ("thr_1", at(9), THREAD["data"])


async def test_run_each(database: Database) -> None:
    rows = [{**THREAD, "id": f"thr_{number}"} for number in range(3)]

    def work(connection: sa.Connection) -> list[str]:
        INSERT.run_each(connection, rows)
        return list(connection.execute(sa.select(threads.c.id).order_by(threads.c.id)).scalars())

    assert await database.write(work) == ["thr_0", "thr_1", "thr_2"]


@pytest.mark.parametrize("way", [by_command, by_sqlalchemy])
@pytest.mark.parametrize(
    "changed, kind, cause",
    [
        ({"id": "thr_0"}, IntegrityError, "SQLITE_CONSTRAINT_PRIMARYKEY"),
        ({"data": None}, IntegrityError, "SQLITE_CONSTRAINT_NOTNULL"),
        ({"title": "a\x00b"}, StatementError, UnstorableTextError),
        ({"title": "\ud800"}, StatementError, UnstorableTextError),
        ({"created_at": NOON.replace(tzinfo=None)}, StatementError, ValueError),
        ({"data": "text"}, StatementError, TypeError),
    ],
)
async def test_errors_are_the_same_either_way(
    migrated_copy: str, way: Run, changed: Mapping[str, object], kind: type[Exception], cause: object
) -> None:
    database = await Database.open(migrated_copy)

    def work(connection: sa.Connection) -> StatementError:
        way(connection, sa.insert(threads), {**THREAD, "id": "thr_0"})
        with pytest.raises(StatementError) as caught:
            way(connection, sa.insert(threads), {**THREAD, **changed})
        return caught.value

    error = await database.write(work)
    await database.close()

    assert type(error) is kind
    assert (error_code(error) if isinstance(error, DBAPIError) else type(error.orig)) == cause
    assert error.hide_parameters
    assert "ann" not in str(error)
    assert error.statement
    assert error.statement.startswith("INSERT INTO threads (id, owner, title, data, created_at, updated_at)")


async def test_a_value_that_is_missing(migrated_copy: str) -> None:
    database = await Database.open(migrated_copy)

    def work(connection: sa.Connection) -> None:
        with pytest.raises(InvalidRequestError, match="of_thread"):
            RENAME.run(connection, {"title": "one"})

    await database.write(work)
    await database.close()


async def test_sql_that_is_wrong(migrated_copy: str) -> None:
    database = await Database.open(migrated_copy)

    def work(connection: sa.Connection) -> DBAPIError:
        with pytest.raises(DBAPIError) as caught:
            execute(connection, "SELECT nothing FROM nowhere")
        return caught.value

    assert error_code(await database.write(work)) == "SQLITE_ERROR"
    await database.close()
