"""Statements that are written out once, for drivers that are asked without SQLAlchemy between."""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError

Rows: TypeAlias = Sequence[Sequence[Any]]

# With the driver: how a value is given to it is the driver's to say.
_SQLITE: Final = sqlite.dialect(dbapi=sqlite3)


class Query:
    """A statement that reads little, along an index.

    Its values go to the driver, and its rows come from there, as they are: its columns are texts, bytes and numbers,
    or instants that only go back into another query.

    Attributes:
        statement: The statement.
        sql: The statement as SQLite's driver takes it.
    """

    def __init__(self, statement: sa.Select[*tuple[Any, ...]]) -> None:
        """Write a statement out."""
        self.statement = statement
        compiled = statement.compile(dialect=_SQLITE)
        self.sql = str(compiled)
        self._names: Sequence[str] = compiled.positiontup or ()
        self._constants = compiled.params

    def arguments(self, values: Mapping[str, object]) -> list[object]:
        """Return the values in the order in which SQLite's driver takes them."""
        constants = self._constants
        return [values[name] if name in values else constants[name] for name in self._names]


class Command:
    """A statement that writes, and does so in every run: on SQLite, SQLAlchemy would take far longer than it does.

    Its values are those that SQLAlchemy would be given, by the names of columns and parameters, and are made the
    driver's by the types of the columns. Its errors are SQLAlchemy's on either database. All of its methods are called
    with the connection of a transaction, and raise ``StatementError``: ``DBAPIError`` when the database refuses.
    """

    def __init__(self, statement: sa.UpdateBase, postgresql: sa.UpdateBase | None = None) -> None:
        """Keep a statement.

        Args:
            statement: The statement.
            postgresql: What it is on PostgreSQL, if that is something else.
        """
        self._statement = statement
        self._postgresql = statement if postgresql is None else postgresql
        self._written: dict[tuple[str, ...], _Written] = {}

    def run(self, connection: sa.Connection, values: Mapping[str, object]) -> int:
        """Write, and return how many rows were written."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self._postgresql, values).rowcount
        written = self._of(values)
        count: int = execute(connection, written.sql, written.arguments(values)).rowcount
        return count

    def run_each(self, connection: sa.Connection, rows: Sequence[Mapping[str, object]]) -> None:
        """Write once for each of some values, all of the same names."""
        if connection.dialect.name != "sqlite":
            connection.execute(self._postgresql, rows)
            return
        for values in rows:
            self.run(connection, values)

    def returned(self, connection: sa.Connection, values: Mapping[str, object]) -> Any:
        """Write at most one row, and return what the statement returns of it, by the names of columns; else None."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self._postgresql, values).one_or_none()
        written = self._of(values)
        # All of them, though there is only one: a statement that is not at its end would keep the commit from coming.
        rows = execute(connection, written.sql, written.arguments(values)).fetchall()
        return written.row(rows[0]) if rows else None

    def _of(self, values: Mapping[str, object]) -> _Written:
        """Return the statement for values of these names: they say which columns it sets."""
        names = tuple(values)
        written = self._written.get(names)
        if written is None:
            written = self._written[names] = _Written(self._statement, values)
        return written


class _Written:
    """A statement for values of some names, as SQLite's driver takes it."""

    def __init__(self, statement: sa.UpdateBase, values: Mapping[str, object]) -> None:
        compiled = statement.compile(dialect=_SQLITE, column_keys=list(values))
        self.sql = str(compiled)
        constants = compiled.construct_params(values)  # raises for those that are missing
        self._places: list[tuple[str | None, Any, Callable[[Any], object] | None]] = []
        for name in compiled.positiontup or ():
            process = compiled.binds[name].type.dialect_impl(_SQLITE).bind_processor(_SQLITE)
            if name in values:
                self._places.append((name, None, process))
            else:
                constant = constants[name]
                self._places.append((None, constant if process is None else process(constant), None))

        columns = statement.exported_columns
        self._row: Any = namedtuple("Row", [c.name for c in columns])  # type: ignore[misc]  # known at run time only
        self._results = [column.type.dialect_impl(_SQLITE).result_processor(_SQLITE, None) for column in columns]

    def row(self, values: Sequence[Any]) -> Any:
        """Return a row that the driver gave."""
        return self._row._make(
            value if process is None else process(value) for value, process in zip(values, self._results, strict=True)
        )

    def arguments(self, values: Mapping[str, object]) -> list[object]:
        """Return the values as the driver takes them. Raises ``StatementError`` for one that cannot be stored."""
        try:
            return [
                constant if name is None else values[name] if process is None else process(values[name])
                for name, constant, process in self._places
            ]
        except Exception as error:
            raise _wrapped(self.sql, error) from error


def execute(connection: sa.Connection, sql: str, arguments: Sequence[object] = ()) -> sqlite3.Cursor:
    """Run a statement of SQLite's as its driver takes it. Raises ``DBAPIError``, as SQLAlchemy would."""
    try:
        cursor: sqlite3.Cursor = connection.connection.execute(sql, arguments)
    except sqlite3.Error as error:
        raise _wrapped(sql, error) from error
    return cursor


def _wrapped(sql: str, error: Exception) -> BaseException:
    """Return an error as SQLAlchemy raises it, without the values."""
    return DBAPIError.instance(sql, None, error, sqlite3.Error, hide_parameters=True, dialect=_SQLITE)
