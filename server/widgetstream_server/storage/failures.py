"""What failures of a database mean to callers."""

from __future__ import annotations

import structlog
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from widgetstream_server.conversation.errors import DependencyUnavailableError, InvalidArgumentError
from widgetstream_server.storage.column_types import UnstorableTextError

_log = structlog.get_logger(__name__)

# The statement itself is wrong, or a constraint forbids it: a fault of ours. All else is the database's state.
_SQLITE_FAULTS = (
    "SQLITE_ERROR",
    "SQLITE_CONSTRAINT",
    "SQLITE_MISMATCH",
    "SQLITE_RANGE",
    "SQLITE_MISUSE",
    "SQLITE_TOOBIG",
)
# Classes of SQLSTATE: connection, authorization, unknown database, rolled back, out of resources, locked, operator
# intervention, system error, internal error; and a server that is read-only.
_POSTGRES_UNAVAILABLE = ("08", "28", "3D", "40", "53", "55", "57", "58", "XX", "25006")
_POSTGRES_ROLLED_BACK = ("40001", "40P01")


class StorageFault(Exception):
    """The database refused a statement that should have been right: a fault of the server, without the data in it."""


def error_code(error: DBAPIError) -> str:
    """Return the database's own name of an error: ``SQLITE_FULL``, ``23505``. Empty: it has none."""
    name = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
    return name or ""


def was_rolled_back(error: DBAPIError) -> bool:
    """Return whether the database gave the transaction up for another's sake: trying again helps, and is safe."""
    return error_code(error) in _POSTGRES_ROLLED_BACK


def translate(error: Exception) -> Exception:
    """Return what callers get for an error of a transaction. No text of the database is in it."""
    if isinstance(error, DBAPIError):
        code = error_code(error)
        # SQLAlchemy wraps asyncpg's errors twice; the innermost says most.
        name = type(error.orig.__cause__ or error.orig).__name__ if error.orig else type(error).__name__
        if not _is_unavailable(error, code):
            return StorageFault(f"{name} {code}".rstrip()).with_traceback(error.__traceback__)
        return _unavailable(name, code)
    if isinstance(error, StatementError) and isinstance(error.orig, UnstorableTextError):
        return InvalidArgumentError(f"A text holds {error.orig}, which cannot be stored.")
    if isinstance(error, PoolTimeoutError | TimeoutError | OSError):
        return _unavailable(type(error).__name__, "")
    return error


def _is_unavailable(error: DBAPIError, code: str) -> bool:
    if code.startswith("SQLITE_"):
        return not code.startswith(_SQLITE_FAULTS)
    return error.connection_invalidated or code.startswith(_POSTGRES_UNAVAILABLE)


def _unavailable(name: str, code: str) -> DependencyUnavailableError:
    _log.warning("database_unavailable", error_type=name, code=code)
    return DependencyUnavailableError("database")
