"""``widgetstream chat``."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import typer

from widgetstream_server.cli.failures import CommandFailed, settings_or_fail


def chat(
    words: list[str] = typer.Argument(None, metavar="[TEXT]...", help="Say this, show the answer, and leave."),
    address: str = typer.Option("", "--address", "-a", metavar="HOST:PORT", help="Where the server is."),
    token: str = typer.Option("", "--token", envvar="WIDGETSTREAM_TOKEN", metavar="TOKEN", help="A bearer token."),
    user: str = typer.Option("demo", "--user", "-u", metavar="NAME", help="Without a token: make one for this user."),
    thread: str = typer.Option("", "--thread", "-t", metavar="ID", help="Go on with this thread."),
    time_zone: str = typer.Option("", "--time-zone", metavar="ZONE", help="Your time zone, such as Europe/Berlin."),
) -> None:
    """Talk to the assistant in this terminal.

    Answers stream in, widgets are drawn, and the number in front of an action runs it.

    For example:

      widgetstream chat

      widgetstream chat add a task to buy milk tomorrow
    """
    settings = settings_or_fail()

    from rich.console import Console

    from widgetstream import AsyncClient
    from widgetstream.client.resuming import Backoff
    from widgetstream_server.terminal.conversation import Conversation

    def fresh_token() -> str:
        return token or _development_token(user)

    fresh_token()  # a key that cannot be made is better told before the first prompt

    async def run() -> bool:
        target = address or f"localhost:{settings.grpc_port}"
        # Somebody waits at the prompt: whether the server is there is said soon.
        backoff = Backoff(first_attempts=1)
        async with AsyncClient(target, token=fresh_token, time_zone=time_zone or None, backoff=backoff) as client:
            conversation = Conversation(client, Console(), input, thread_id=thread)
            if words:
                return await conversation.handle(" ".join(words))
            await conversation.talk()
            return True

    if not asyncio.run(run()):
        raise typer.Exit(1)


def _development_token(user: str) -> str:
    from widgetstream_server.auth import DevelopmentKey, DevelopmentKeyError

    try:
        key = DevelopmentKey.load_or_create(settings_or_fail().key_dir)
        return key.sign(user, timedelta(hours=1), datetime.now(UTC))
    except (DevelopmentKeyError, ValueError) as error:
        raise CommandFailed(str(error)) from None
