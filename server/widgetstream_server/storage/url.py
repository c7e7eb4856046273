"""Where a database is, without saying it aloud."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Self

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

Dialect = Literal["sqlite", "postgresql"]

_DIALECTS: dict[str, Dialect] = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "sqlite+aiosqlite": "sqlite",
    "postgres": "postgresql",
    "postgresql": "postgresql",
    "postgresql+asyncpg": "postgresql",
}
_FORMS = (
    "a database URL is sqlite:///relative/path, sqlite:////absolute/path or postgresql://user:password@host:5432/name"
)


@dataclass(frozen=True, slots=True)
class DatabaseUrl:
    """A database, by its URL. ``str`` and ``repr`` show neither the user nor the password nor options.

    Attributes:
        dialect: The kind of database.
        address: SQLite: the file. PostgreSQL: a URL as libpq takes it, with the password.
        shown: The URL as it may be shown.
    """

    dialect: Dialect
    address: str = field(repr=False)
    shown: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a URL, in the forms that people and SQLAlchemy write: ``postgres://`` and ``+driver`` too.

        Raises:
            ValueError: It is of no supported form. The message does not repeat it.
        """
        try:
            url = sa.make_url(text)
        except (ArgumentError, ValueError):
            raise ValueError(_FORMS) from None
        dialect = _DIALECTS.get(url.drivername)
        if dialect is None:
            raise ValueError(_FORMS)
        if dialect == "postgresql":
            _, _, rest = text.partition("://")
            shown = sa.URL.create("postgresql", host=url.host, port=url.port, database=url.database)
            return cls(dialect, f"postgresql://{rest}", shown.render_as_string())
        if not url.database or url.database == ":memory:" or url.query or url.host:
            raise ValueError(f"{_FORMS}; SQLite needs a file and takes no options")
        return cls(dialect, url.database, f"sqlite:///{url.database}")

    def __str__(self) -> str:
        return self.shown
