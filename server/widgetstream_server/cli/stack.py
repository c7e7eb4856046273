"""The server, the web page and Envoy together: started in order, watched, and ended in order."""

from __future__ import annotations

import asyncio
import contextlib
import shlex
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import httpx
import typer

from widgetstream_server.cli.addresses import reachable_host, shown_address, url_host
from widgetstream_server.cli.children import Child, Ended
from widgetstream_server.cli.envoy import EnvoyAdmin, admin_socket, envoy_command
from widgetstream_server.cli.failures import FAILED, CommandFailed
from widgetstream_server.cli.web_process import WebProcess
from widgetstream_server.cli.workers import Workers

if TYPE_CHECKING:
    from widgetstream_server.cli.web import WebPage
    from widgetstream_server.settings import Settings

# A database of many rows may have to be brought up to date first.
SERVER_START_SECONDS = 120.0
ENVOY_START_SECONDS = 30.0
WEB_START_SECONDS = 60.0
# Beyond the grace that runs have: for what a process does after them.
STOP_MARGIN_SECONDS = 10.0
FLUSH_SECONDS = 2.0

_QUIET_SECONDS = 2.0
_POLL_SECONDS = 0.05
T = TypeVar("T")


async def run_stack(settings: Settings, page: WebPage | None) -> int:
    """Run the server, Envoy and the web page, if there is one, until a signal comes or one of the first two ends.

    The web page is started again when it ends by itself: all that it knows is in its database. So is one of several
    server processes. Return the exit code.

    Raises:
        CommandFailed: One of them cannot be started.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    with tempfile.TemporaryDirectory(prefix="widgetstream-") as folder:
        stack = _Stack(settings, page, Path(folder), stop)
        try:
            await stack.start()
            return await stack.watch()
        except _Stopped:
            return 0
        finally:
            await stack.end()


class _Stopped(Exception):
    """A signal came before all was started."""


class _Stack:
    def __init__(self, settings: Settings, page: WebPage | None, folder: Path, stop: asyncio.Event) -> None:
        self._settings = settings
        self._page = page
        self._web: WebProcess | None = None
        self._folder = folder
        self._stop = stop
        # The server believes the tokens of this page, and is told nothing else.
        self._workers = Workers(settings, folder, page.server_environment if page else None)
        self._envoy: Child | None = None
        self._serves = False
        self._admin = EnvoyAdmin(admin_socket(folder))

    async def start(self) -> None:
        if self._page is not None:
            # First, because it starts while the server still imports what it needs.
            self._web = await WebProcess.start(self._page)
        await self._workers.start()
        if self._settings.grpc_port or self._workers.sockets:
            # While the server still imports what it needs.
            await self._start_envoy(self._settings.grpc_port)
        port = await self._unless_ended(self._workers.ready(), SERVER_START_SECONDS, "starting the server")
        if self._envoy is None:
            await self._start_envoy(port)
        http_port = await self._unless_ended(self._admin.listening_port(), ENVOY_START_SECONDS, "starting Envoy")
        await self._unless_ended(self._all_doors_answer(http_port), ENVOY_START_SECONDS, "waiting for the doors")
        self._serves = True
        if self._web is not None:
            await self._unless_ended(self._web.answers(), WEB_START_SECONDS, "waiting for the web page")
        address = shown_address(self._settings.http_host, http_port)
        typer.echo(f"ready http://{address}")
        own = _own_command()
        if self._page is not None:
            typer.echo(f"Open: http://{address}/{_demo(self._page)}")
        typer.echo(f"Try: {own} chat --address {address}")
        typer.echo(
            f' or: curl -N {address}/v1/threads:respond -H "authorization: Bearer $({own} token)" '
            """-d '{"text": "add a task to buy milk tomorrow"}'"""
        )

    async def watch(self) -> int:
        """Wait for a signal, or for a process that ends by itself."""
        async with _meanwhile(self._web.keep() if self._web else None), _meanwhile(self._workers.keep()):
            ended = await self._first_end()
        if ended is None:
            return 0
        _say(f"{ended}; the rest ends too")
        return ended.code or FAILED

    async def end(self) -> None:
        """End what was started: Envoy takes no more calls, the server ends its runs, Envoy goes last.

        A second signal ends all at once.
        """
        again = asyncio.create_task(self._kill_on_signal())
        patience = self._settings.shutdown_grace_seconds + STOP_MARGIN_SECONDS
        try:
            async with _told_after_a_while("waiting for runs under way to end; once more Ctrl-C ends them"):
                envoy = self._envoy if self._envoy is not None and self._envoy.running else None
                if envoy is not None and any(child.running for child in self._workers.children):
                    await _within(STOP_MARGIN_SECONDS, self._admin.drain())
                late = [*await self._workers.stop(patience)]
                if envoy is not None:
                    # What the server said last is still on its way.
                    await _within(FLUSH_SECONDS, self._admin.wait_until_idle())
                    late += [] if await envoy.stop(patience) else [envoy.name]
                if self._web is not None and not await self._web.stop():
                    late.append("the web page")
                for name in late:
                    _say(f"{name} did not end in time, and was killed")
        finally:
            again.cancel()
            self._kill_all()
            await self._admin.close()

    async def _start_envoy(self, grpc_port: int) -> None:
        command = envoy_command(
            self._settings,
            self._folder,
            grpc_port,
            web_port=self._page.port if self._page else None,
            sockets=self._workers.sockets,
        )
        try:
            self._envoy = await Child.start("Envoy", command)
        except OSError as error:
            raise CommandFailed(f"Envoy cannot be started: {error.strerror}") from error

    async def _unless_ended(self, work: Awaitable[T], patience: float, what: str) -> T:
        """Wait for something while all processes live and no signal comes."""
        task = asyncio.ensure_future(work)
        end = asyncio.create_task(self._first_end())
        try:
            async with _told_after_a_while(f"{what} …"):
                await asyncio.wait({task, end}, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
            if end.done():
                ended = end.result()
                if ended is None:
                    raise _Stopped
                raise CommandFailed(f"{ended}; its messages are above", ended.code or FAILED)
            if not task.done():
                raise CommandFailed(f"{what} took longer than {patience:.0f} seconds")
            return task.result()
        finally:
            for waiting in (task, end):
                waiting.cancel()
            await asyncio.gather(task, end, return_exceptions=True)

    async def _first_end(self) -> Ended | None:
        """Wait for a signal (None) or the first process whose end is the end of all."""
        signaled = asyncio.create_task(self._stop.wait())
        ends = [asyncio.create_task(child.wait()) for child in self._needed()]
        try:
            done, _ = await asyncio.wait({signaled, *ends}, return_when=asyncio.FIRST_COMPLETED)
            return None if signaled in done else next(end.result() for end in ends if end in done)
        finally:
            for task in (signaled, *ends):
                task.cancel()

    def _needed(self) -> Sequence[Child]:
        """Return the processes that nothing goes on without. One of several servers may die once all serve."""
        needed = [] if self._serves and self._workers.are_several else [*self._workers.children]
        return [*needed, self._envoy] if self._envoy is not None else needed

    async def _all_doors_answer(self, port: int) -> None:
        """Wait until the server, asked by Envoy, says that it serves; of several, all of them."""
        url = f"http://{url_host(reachable_host(self._settings.http_host))}:{port}/healthz"
        async with httpx.AsyncClient(timeout=5.0, trust_env=False) as client:
            while True:
                with contextlib.suppress(httpx.TransportError):
                    if (await client.get(url)).status_code == httpx.codes.OK:
                        break
                await asyncio.sleep(_POLL_SECONDS)
        await self._admin.wait_until_healthy(len(self._workers.children))

    async def _kill_on_signal(self) -> None:
        self._stop.clear()
        await self._stop.wait()
        self._kill_all()

    def _kill_all(self) -> None:
        self._workers.kill()
        if self._envoy is not None:
            self._envoy.kill()
        if self._web is not None:
            self._web.kill()


async def _within(seconds: float, work: Awaitable[None]) -> None:
    with contextlib.suppress(TimeoutError, httpx.HTTPError):
        async with asyncio.timeout(seconds):
            await work


@contextlib.asynccontextmanager
async def _told_after_a_while(message: str) -> AsyncIterator[None]:
    """Say what takes so long, when it takes long."""
    handle = asyncio.get_running_loop().call_later(_QUIET_SECONDS, _say, message)
    try:
        yield
    finally:
        handle.cancel()


@contextlib.asynccontextmanager
async def _meanwhile(work: Coroutine[None, None, None] | None) -> AsyncIterator[None]:
    """Do something else until this ends."""
    task = asyncio.create_task(work) if work is not None else None
    try:
        yield
    finally:
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


def _say(message: str) -> None:
    typer.echo(f"widgetstream: {message}", err=True)


def _demo(page: WebPage) -> str:
    return " (demo@example.com, password widgetstream, or an account of your own)" if page.has_demo_account else ""


def _own_command() -> str:
    """Return how this program was called, so that what is printed can be copied."""
    called = Path(sys.argv[0])
    if called.name != "widgetstream" or str(called) == shutil.which("widgetstream"):
        return "widgetstream"
    with contextlib.suppress(ValueError):
        called = called.relative_to(Path.cwd())
    return shlex.quote(str(called))
