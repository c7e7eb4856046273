"""The process of the web page: started, started again when it dies, and ended."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import typer

from widgetstream_server.cli.children import Child
from widgetstream_server.cli.failures import CommandFailed

if TYPE_CHECKING:
    from widgetstream_server.cli.web import WebPage

# One that dies at once is not started again and again without a pause.
RESTART_SECONDS = 2.0
STOP_SECONDS = 5.0


class WebProcess:
    """The web page's process. All that it knows is in its database, so it may die and come back."""

    def __init__(self, page: WebPage, child: Child) -> None:
        """Take a process; ``WebProcess.start`` is for everybody else."""
        self._page = page
        self._child = child

    @classmethod
    async def start(cls, page: WebPage) -> WebProcess:
        """Start the web page. Raises ``CommandFailed`` when that cannot be done."""
        return cls(page, await _start(page))

    async def answers(self) -> None:
        """Wait until it answers.

        Raises:
            CommandFailed: It ended instead.
        """
        answers = asyncio.create_task(self._page.answers())
        end = asyncio.create_task(self._child.wait())
        try:
            await asyncio.wait({answers, end}, return_when=asyncio.FIRST_COMPLETED)
            if not answers.done():
                raise CommandFailed(f"{end.result()}; its messages are above")
        finally:
            answers.cancel()
            end.cancel()

    async def keep(self) -> None:
        """Start it again whenever it ends by itself, until this is canceled."""
        while True:
            ended = await self._child.wait()
            typer.echo(f"widgetstream: {ended}; it is started again", err=True)
            await asyncio.sleep(RESTART_SECONDS)
            with contextlib.suppress(CommandFailed):
                self._child = await _start(self._page)

    async def stop(self) -> bool:
        """Ask it to end, and end it when that takes long. Return whether it ended by itself."""
        return await self._child.stop(STOP_SECONDS)

    def kill(self) -> None:
        """End it, if it has not ended."""
        self._child.kill()


async def _start(page: WebPage) -> Child:
    try:
        return await Child.start("the web page", page.command, env=page.environment, errors_only=True)
    except OSError as error:
        raise CommandFailed(f"the web page cannot be started: {error.strerror}") from error
