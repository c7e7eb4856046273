"""``widgetstream token``."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import typer

from widgetstream_server.cli.failures import USAGE, CommandFailed, settings_or_fail

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DURATION = re.compile(r"(\d{1,9})([smhd])", re.ASCII)


def token(
    user: str = typer.Option("demo", "--user", "-u", metavar="NAME", help="The user whom the token names."),
    ttl: str = typer.Option("1h", "--ttl", metavar="TIME", help="For how long it is valid: 30s, 15m, 1h, 7d."),
) -> None:
    """Print a token for development.

    It is signed with a key that is made in the data folder when there is none,
    and is accepted by servers that use the same folder, as long as no issuers are
    configured.

    For example:

      widgetstream token --user alice

      curl -H "authorization: Bearer $(widgetstream token)" localhost:8080/v1/tasks
    """
    duration = _parse_duration(ttl)
    settings = settings_or_fail()

    from widgetstream_server.auth import DevelopmentKey, DevelopmentKeyError, development_key_is_accepted

    try:
        key = DevelopmentKey.load_or_create(settings.key_dir)
    except DevelopmentKeyError as error:
        raise CommandFailed(str(error)) from None
    try:
        signed = key.sign(user, duration, datetime.now(UTC))
    except ValueError as error:
        raise CommandFailed(str(error), USAGE) from None
    if not development_key_is_accepted(settings.issuer_configs, settings.allow_development_tokens):
        typer.echo(
            "warning: servers with these settings refuse it: issuers are configured, or development tokens forbidden",
            err=True,
        )
    typer.echo(signed)


def _parse_duration(text: str) -> timedelta:
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise typer.BadParameter("use a number and a unit, such as 30s, 15m, 1h or 7d", param_hint="--ttl")
    number, unit = match.groups()
    return timedelta(**{_UNITS[unit]: int(number)})
