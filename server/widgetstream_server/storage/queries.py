"""Statements that are written out once, for drivers that are asked without SQLAlchemy between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

Rows: TypeAlias = Sequence[Sequence[Any]]

_SQLITE: Final = sqlite.dialect()


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
