"""Which schema a database has, and which this server needs."""

from __future__ import annotations

import sqlalchemy as sa

REVISIONS = ("0001", "0002", "0003", "0004", "0005")
"""All revisions of the schema, oldest first. Known without Alembic, whose import would slow every start."""

HEAD = REVISIONS[-1]
"""The revision that this server works with."""

_version = sa.table("alembic_version", sa.column("version_num", sa.String))


class SchemaError(Exception):
    """The database's schema is not the one that this server works with. The text says what to do."""


class SchemaBehindError(SchemaError):
    """The schema is older than the server."""

    def __init__(self, found: str | None) -> None:
        """Make the error for the revision that was found."""
        what = f"is at revision {found}" if found else "has no tables yet"
        super().__init__(f"The database {what}; this server needs {HEAD}. Run `widgetstream db upgrade`.")


class SchemaAheadError(SchemaError):
    """The schema is newer than the server, or of another program."""

    def __init__(self, found: str) -> None:
        """Make the error for the revision that was found."""
        super().__init__(
            f"The database is at revision {found}, which this server does not know; its newest is {HEAD}. "
            "Run a newer server, or go back with the newer one's `widgetstream db downgrade`."
        )


def found_revision(connection: sa.Connection) -> str | None:
    """Return the revision of a database's schema. None: there is none yet."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.select(_version.c.version_num)).scalar_one_or_none()


def is_current(revision: str | None) -> bool:
    """Return whether a schema is the one that this server works with.

    Raises:
        SchemaAheadError: It is one that this server does not know.
    """
    if revision is not None and revision not in REVISIONS:
        raise SchemaAheadError(revision)
    return revision == HEAD
