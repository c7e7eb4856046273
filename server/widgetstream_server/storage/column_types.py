"""Column types that mean the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator, TypeEngine

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""Later than every other instant that is stored: what a task without a due date sorts by."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class UnstorableTextError(ValueError):
    """A text with U+0000 or half of a surrogate pair: not every database can hold it, so none does."""


class PlainText(TypeDecorator[str]):
    """Text that sorts by code point, and is refused when PostgreSQL could not hold it."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        """Return the type of the dialect."""
        return postgresql.TEXT(collation="C") if dialect.name == "postgresql" else sa.Text()

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        """Refuse what cannot be stored."""
        if value is None:
            return None
        if "\x00" in value:
            raise UnstorableTextError("U+0000")
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise UnstorableTextError("half of a surrogate pair") from None
        return value


class Instant(TypeDecorator[datetime]):
    """A point in time to the microsecond, aware, in UTC.

    On PostgreSQL a ``timestamptz``. SQLite has no such type: there it is the number of microseconds since 1970, which
    sorts and compares exactly.
    """

    impl = sa.BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        """Return the type of the dialect."""
        return postgresql.TIMESTAMP(timezone=True) if dialect.name == "postgresql" else sa.BigInteger()

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | int | None:
        """Return what the driver takes. Raises ``ValueError`` for a naive time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time that is stored must be aware")
        return value if dialect.name == "postgresql" else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        """Return the time for what the driver gives."""
        if value is None or dialect.name == "postgresql":
            return value  # type: ignore[no-any-return]  # asyncpg gives aware times in UTC
        return _EPOCH + timedelta(microseconds=value)
