"""The server processes of ``widgetstream up``: started, started again when they die, and ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from widgetstream_server.cli.children import Child
from widgetstream_server.cli.failures import CommandFailed

if TYPE_CHECKING:
    from widgetstream_server.settings import Settings

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 20.0
"""Who has lived for as long is started again after the first pause."""


class Workers:
    """As many server processes as the settings want, on one database.

    One alone is started as ever, and who watches it decides what its end means. Of several, each has a socket of its
    own, at which Envoy finds it, also when it was started again; the first one has the port too. When one of them
    dies, the others end the runs that it has left, and it is started again.
    """

    def __init__(self, settings: Settings, folder: Path, env: Mapping[str, str] | None) -> None:
        """Prepare to start them.

        Args:
            settings: The settings.
            folder: A private folder for sockets.
            env: Their environment. None: this process's.
        """
        names = ["the server"]
        self._sockets: list[Path] = []
        if settings.workers > 1:
            names = [f"server process {number}" for number in range(1, settings.workers + 1)]
            self._sockets = [folder / f"server-{number}.sock" for number in range(1, settings.workers + 1)]
        self._processes = [
            _Worker(name, [] if not self._sockets else _listening(number, self._sockets), env)
            for number, name in enumerate(names)
        ]

    @property
    def are_several(self) -> bool:
        """Whether there is more than one."""
        return len(self._processes) > 1

    @property
    def sockets(self) -> Sequence[Path]:
        """Where Envoy finds them. None: one alone is at its port."""
        return self._sockets

    @property
    def children(self) -> Sequence[Child]:
        """The processes as they are now."""
        return [worker.child for worker in self._processes if worker.child is not None]

    async def start(self) -> None:
        """Start all of them. Raises ``CommandFailed`` when one cannot be started."""
        for worker in self._processes:
            await worker.start()

    async def ready(self) -> int:
        """Wait until all of them serve, and return the port of the first."""
        ports = await asyncio.gather(*(worker.ready() for worker in self._processes))
        return ports[0]

    async def keep(self) -> None:
        """Start again whichever ends by itself, until this is canceled. One alone is not kept."""
        if self.are_several:
            await asyncio.gather(*(worker.keep() for worker in self._processes))

    async def stop(self, patience: float) -> Sequence[str]:
        """Ask all of them to end, and end those that take longer than some seconds. Return the names of these."""
        children = [child for child in self.children if child.running]
        in_time = await asyncio.gather(*(child.stop(patience) for child in children))
        return [child.name for child, ended in zip(children, in_time, strict=True) if not ended]

    def kill(self) -> None:
        """End those that have not ended."""
        for child in self.children:
            child.kill()


class _Worker:
    """One server process, and those that took its place."""

    def __init__(self, name: str, options: Sequence[str], env: Mapping[str, str] | None) -> None:
        self.child: Child | None = None
        self._name = name
        self._options = options
        self._env = env
        self._reading = -1

    async def start(self) -> None:
        self._reading, writing = os.pipe()
        try:
            program = [sys.executable, "-m", "widgetstream_server.cli", "serve"]
            command = [*program, "--ready-fd", str(writing), *self._options]
            self.child = await Child.start(self._name, command, pass_fds=[writing], env=self._env)
        except OSError as error:
            os.close(self._reading)
            raise CommandFailed(f"{self._name} cannot be started: {error.strerror}") from error
        finally:
            os.close(writing)

    async def ready(self) -> int:
        """Wait until it serves, and return its port. When it ends instead, this waits for ever."""
        reader = asyncio.StreamReader()
        pipe = os.fdopen(self._reading, "rb")
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), pipe
        )
        try:
            line = await reader.readline()
        finally:
            transport.close()
        if not line:
            # How it ends says more than a closed pipe.
            await asyncio.Event().wait()
        return int(line)

    async def keep(self) -> None:
        pause, announcing = FIRST_PAUSE, None
        while self.child is not None:
            began = time.monotonic()
            try:
                ended = await self.child.wait()
            finally:
                if announcing is not None:
                    announcing.cancel()
            if time.monotonic() - began > STEADY_SECONDS:
                pause = FIRST_PAUSE
            _say(f"{ended}; it is started again")
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            with contextlib.suppress(CommandFailed):
                await self.start()
                announcing = asyncio.create_task(self._announce())

    async def _announce(self) -> None:
        await self.ready()
        _say(f"{self._name} serves again")


def _listening(number: int, sockets: Sequence[Path]) -> list[str]:
    return ["--socket", str(sockets[number]), *(["--no-port"] if number else [])]


def _say(message: str) -> None:
    typer.echo(f"widgetstream: {message}", err=True)
