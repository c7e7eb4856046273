"""What the store needs from a kind of database: to run a transaction somewhere, whole."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

import sqlalchemy as sa

from widgetstream_server.storage.queries import Query, Rows
from widgetstream_server.storage.url import Dialect

T = TypeVar("T")

Work = Callable[[sa.Connection], T]
"""The statements of one transaction. It may be called again when the first try left nothing behind."""


class Backend(Protocol):
    """Runs transactions on one kind of database."""

    @property
    def dialect(self) -> Dialect:
        """The kind of database."""

    @property
    def connections_in_use(self) -> int:
        """How many connections work at the moment."""

    def submit(self, work: Work[T], *, write: bool) -> asyncio.Future[T]:
        """Begin a transaction and return its outcome to come.

        It is committed when ``work`` returns and rolled back when it raises, whether or not somebody waits for the
        future. Errors are the driver's and SQLAlchemy's own.
        """

    def fetch(self, query: Query, values: Mapping[str, object]) -> Rows | None:
        """Return the rows of a statement at once. None: it is not that quick, and is to be submitted."""

    async def close(self) -> None:
        """Close all connections. No transaction may be under way."""
