"""``widgetstream db``."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar

import typer

from widgetstream_server.cli.failures import USAGE, CommandFailed, settings_or_fail

T = TypeVar("T")

db = typer.Typer(
    help="""Look after the database's schema.

    A SQLite file is brought up to date by the server itself; on PostgreSQL run
    [bold]widgetstream db upgrade[/bold] before a newer server starts.
    """,
    no_args_is_help=True,
    rich_markup_mode="rich",
)


@db.command()
def upgrade(
    revision: str = typer.Argument("head", help="The revision to go to."),
) -> None:
    """Bring the schema up to the newest revision, or to one that is named.

    For example:

      WIDGETSTREAM_DATABASE_URL=postgresql://me@host/name widgetstream db upgrade
    """
    from widgetstream_server.storage import migrate

    url = settings_or_fail().database_url
    _run(migrate.upgrade(url, revision))
    typer.echo(_shown(_run(migrate.current(url))))


@db.command()
def downgrade(
    revision: str = typer.Argument(help="The revision to go to: its name, -1 for the one before, base for none."),
    yes: bool = typer.Option(False, "--yes", "-y", help="Do not ask."),
) -> None:
    """Bring the schema down to an older revision.

    Data that it has no place for is lost.

    For example:

      widgetstream db downgrade -- -1
    """
    from widgetstream_server.storage import migrate

    url = settings_or_fail().database_url
    if not yes:
        typer.confirm(f"Go down to {revision}? Data that it has no place for is lost.", abort=True, err=True)
    _run(migrate.downgrade(url, revision))
    typer.echo(_shown(_run(migrate.current(url))))


@db.command()
def current() -> None:
    """Print the schema's revision."""
    from widgetstream_server.storage import migrate

    typer.echo(_shown(_run(migrate.current(settings_or_fail().database_url))))


def _run(work: Coroutine[Any, Any, T]) -> T:
    import asyncio

    from widgetstream_server.conversation.errors import ConversationError
    from widgetstream_server.storage import SchemaError

    try:
        return asyncio.run(work)
    except (ConversationError, SchemaError) as error:
        raise CommandFailed(str(error)) from None
    except ValueError as error:
        raise CommandFailed(str(error), USAGE) from None


def _shown(revision: str | None) -> str:
    return revision or "none: there are no tables yet"
