"""Catching the statements that the stores make, and having them explained by the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import sqlalchemy as sa

from widgetstream_server.storage import Database, queries


@dataclass(frozen=True)
class Caught:
    """A statement as the driver got it."""

    method: str
    sql: str
    values: Sequence[Any]


@contextmanager
def catching(method: str, into: list[Caught]) -> Iterator[None]:
    def catch(_c: object, _k: object, sql: str, values: Any, _x: object, many: bool) -> None:
        if sql.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            into.append(Caught(method, sql, tuple(values[0] if many else values)))

    def execute(connection: sa.Connection, sql: str, arguments: Sequence[object] = ()) -> sqlite3.Cursor:
        catch(None, None, sql, arguments, None, many=False)
        return past_sqlalchemy(connection, sql, arguments)

    past_sqlalchemy = queries.execute
    sa.event.listen(sa.Engine, "before_cursor_execute", catch)
    try:
        with patch.object(queries, "execute", execute):
            yield
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", catch)


async def steps_of(database: Database, statement: Caught) -> list[str]:
    """The steps of a statement's plan; those that cost are said to be."""
    if database.dialect == "sqlite":
        rows = await explain(database, "EXPLAIN QUERY PLAN", statement)
        return [_sqlite_step(row.detail) for row in rows]
    plan = (await explain(database, "EXPLAIN (FORMAT JSON)", statement))[0][0]
    generic = await _generic_plan(database, statement)
    return [_postgres_step(node) for node in [*_nodes(plan[0]["Plan"]), *_nodes(generic[0]["Plan"])]]


async def _generic_plan(database: Database, statement: Caught) -> Any:
    """The plan that PostgreSQL makes for any values: prepared statements come to it when they are run often."""

    def work(connection: sa.Connection) -> Any:
        connection.exec_driver_sql(f"PREPARE caught AS {statement.sql}")
        connection.exec_driver_sql("SET enable_seqscan = off")
        connection.exec_driver_sql("SET plan_cache_mode = force_generic_plan")
        values = ", ".join(["NULL"] * len(statement.values))
        execute = f"EXECUTE caught({values})" if values else "EXECUTE caught"
        found = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {execute}").scalar_one()
        for command in ("DEALLOCATE caught", "RESET enable_seqscan", "RESET plan_cache_mode"):
            connection.exec_driver_sql(command)
        return found

    return await database.read(work)


async def explain(database: Database, command: str, statement: Caught) -> Sequence[sa.Row[Any]]:
    """Have a statement explained on a connection of the stores, whose settings are theirs."""

    def work(connection: sa.Connection) -> Sequence[sa.Row[Any]]:
        if (
            database.dialect == "postgresql"
        ):  # the tables are small; whole ones are only to be read for want of an index
            connection.exec_driver_sql("SET enable_seqscan = off")
        found = connection.exec_driver_sql(f"{command} {statement.sql}", tuple(statement.values)).all()
        if database.dialect == "postgresql":
            connection.exec_driver_sql("RESET enable_seqscan")
        return found

    return await database.read(work)


def _sqlite_step(step: str) -> str:
    # These indexes hold the runs under way and nothing else.
    small = any(index in step for index in ("uq_runs_thread_id_running", "ix_runs_under_way"))
    if step.startswith("SCAN") and step != "SCAN CONSTANT ROW" and not small:
        return f"whole table: {step}"
    return f"sort: {step}" if step.startswith("USE TEMP B-TREE") else step


def _postgres_step(node: dict[str, Any]) -> str:
    kind = node["Node Type"]
    step = f"{kind} {node.get('Index Name') or node.get('Relation Name') or ''}".rstrip()
    if kind == "Seq Scan":
        return f"whole table: {step}"
    return f"sort: {step}" if kind in ("Sort", "Incremental Sort") else step


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


async def rows_read(database: Database, statement: Caught) -> float:
    """Count what a statement reads: on PostgreSQL rows, on SQLite the steps of its virtual machine."""
    if database.dialect == "postgresql":
        plan = (await explain(database, "EXPLAIN (ANALYZE, FORMAT JSON)", statement))[0][0]
        read = [node for node in _nodes(plan[0]["Plan"]) if node.get("Relation Name") == "items"]
        assert read
        return float(sum(node["Actual Rows"] + node.get("Rows Removed by Filter", 0) for node in read))

    def count(connection: sa.Connection) -> int:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        steps = 0

        def step() -> int:
            nonlocal steps
            steps += 1
            return 0

        driver.set_progress_handler(step, 1)
        try:
            driver.execute(statement.sql, statement.values).fetchall()
        finally:
            driver.set_progress_handler(None, 1)
        return steps

    return await database.read(count)
