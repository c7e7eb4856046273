"""What ``widgetstream doctor`` finds on this machine."""

from __future__ import annotations

import asyncio
import importlib
import os
import re
import stat
import sys
from importlib import metadata
from typing import TYPE_CHECKING

import httpx

from widgetstream_server.cli.addresses import port_problem, reachable_host, shown_address, url_host
from widgetstream_server.cli.failures import CommandFailed
from widgetstream_server.cli.findings import Finding
from widgetstream_server.settings import variable

if TYPE_CHECKING:
    from widgetstream_server.settings import Settings

_DISTRIBUTION = "widgetstream-server"
_GENERATED = (
    "widgetstream.chatkit.v1.chatkit_service_pb2",
    "widgetstream.chatkit.v1.chatkit_http_service_pb2",
    "widgetstream.todo.v1.task_service_pb2",
)
_IS_UP = ": Widgetstream is up"
_PROGRAM_SECONDS = 10.0
_REQUIREMENT_NAME = re.compile(r"[A-Za-z0-9._-]+")
_PYTHON_NEEDED = re.compile(r">=(\d+)\.(\d+)")
_ENVOY_VERSION = re.compile(r"/(\d+\.\d+\.\d+)/")
_ENVOY_SERIES = "1.40."


def python() -> Finding:
    """Look at the version of Python."""
    found = ".".join(map(str, sys.version_info[:3]))
    try:
        needed = metadata.metadata(_DISTRIBUTION)["Requires-Python"]
    except (metadata.PackageNotFoundError, KeyError):
        needed = ""
    match = _PYTHON_NEEDED.match(needed)
    if match and sys.version_info < (int(match.group(1)), int(match.group(2))):
        return Finding("fail", "Python", f"{found}; {needed} is needed")
    return Finding("ok", "Python", found)


def packages() -> Finding:
    """Look whether all packages that the server needs are there."""
    try:
        requirements = metadata.requires(_DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return Finding("fail", "packages", f"{_DISTRIBUTION} is not installed: run `make setup`")
    names = [
        match.group() for text in requirements if "extra ==" not in text and (match := _REQUIREMENT_NAME.match(text))
    ]
    missing = [name for name in names if not _is_installed(name)]
    if missing:
        return Finding("fail", "packages", f"missing: {', '.join(missing)}; run `make setup`")
    return Finding("ok", "packages", f"{_DISTRIBUTION} {metadata.version(_DISTRIBUTION)} has all {len(names)}")


def generated_code() -> Finding:
    """Look whether the generated code fits the protobuf library: older ones refuse it."""
    try:
        for name in _GENERATED:
            importlib.import_module(name)
    except Exception as error:  # noqa: BLE001  # whatever it is, the finding is that it cannot be loaded
        problem = f"cannot be loaded ({type(error).__name__}); run `make generate`"
        return Finding("fail", "generated code", problem)
    return Finding("ok", "generated code", f"loads with protobuf {metadata.version('protobuf')}")


async def ports(settings: Settings) -> list[Finding]:
    """Look whether the gRPC server and Envoy can listen, or whether they do already."""
    http = await _http_port(settings)
    address = shown_address(settings.grpc_host, settings.grpc_port)
    problem = port_problem(settings.grpc_host, settings.grpc_port)
    if problem is None:
        return [Finding("ok", "gRPC port", f"{address} is free"), http]
    if http.text.endswith(_IS_UP):
        return [Finding("ok", "gRPC port", f"{address}{_IS_UP}"), http]
    return [
        Finding("warn", "gRPC port", f"{address}: {problem}; a server of yours? Else see {variable('grpc_port')}"),
        http,
    ]


async def _http_port(settings: Settings) -> Finding:
    address = shown_address(settings.http_host, settings.http_port)
    problem = port_problem(settings.http_host, settings.http_port)
    if problem is None:
        return Finding("ok", "HTTP port", f"{address} is free")
    url = f"http://{url_host(reachable_host(settings.http_host))}:{settings.http_port}/healthz"
    try:
        async with httpx.AsyncClient(timeout=2.0, trust_env=False) as client:
            answer = await client.get(url)
    except httpx.HTTPError:
        answer = None
    if answer is not None and answer.headers.get("server") == "widgetstream":
        if answer.status_code == httpx.codes.OK:
            return Finding("ok", "HTTP port", f"{address}{_IS_UP}")
        return Finding("warn", "HTTP port", f"{address}: Envoy is up, but the server behind it does not answer")
    return Finding("fail", "HTTP port", f"{address}: {problem}; see {variable('http_port')}")


def workers(settings: Settings) -> Finding:
    """Look whether server processes can reach each other, and whether there are more of them than cores."""
    problem = port_problem(settings.peer_host, 0)
    if problem is not None:
        return Finding("fail", "workers", f"{settings.peer_host}: {problem}; see {variable('peer_host')}")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    count = settings.workers
    text = f"{count} on {cores} {'core' if cores == 1 else 'cores'}"
    if count > cores:
        return Finding("warn", "workers", f"{text}: more than there are only take memory; see {variable('workers')}")
    return Finding("ok", "workers", text)


def data_dir(settings: Settings) -> Finding:
    """Look whether the data folder can be written to, and others cannot read its keys."""
    folder = settings.data_dir.absolute()
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        problem = f"{existing} cannot be written to; see {variable('data_dir')}"
        return Finding("fail", "data folder", problem)
    if existing != folder:
        return Finding("ok", "data folder", f"{folder} will be made")
    keys = settings.key_dir
    if keys.exists() and stat.S_IMODE(keys.stat().st_mode) & 0o077:
        return Finding("warn", "data folder", f"others can look into {keys}; run `chmod 700 {keys}`")
    return Finding("ok", "data folder", str(folder))


async def database(settings: Settings) -> Finding:
    """Look whether the database answers, and at its schema."""
    from widgetstream_server.conversation.errors import ConversationError
    from widgetstream_server.storage import SchemaError, migrate, schema
    from widgetstream_server.storage.url import DatabaseUrl

    try:
        url = DatabaseUrl.parse(settings.database_url)
    except ValueError as error:
        return Finding("fail", "database", f"{variable('database_url')}: {error}")
    if url.dialect == "sqlite" and not os.path.exists(url.address):  # noqa: ASYNC240, PTH110  # one question, to a local disk
        return Finding("ok", "database", f"{url} will be made")
    try:
        revision = await migrate.current(settings.database_url)
        is_current = schema.is_current(revision)
    except (ConversationError, SchemaError) as error:
        return Finding("fail", "database", f"{url}: {error}")
    if is_current:
        return Finding("ok", "database", f"{url}, schema {revision}")
    if url.dialect == "sqlite":
        return Finding("ok", "database", f"{url}; the server will bring its schema up to date")
    return Finding("fail", "database", f"{url}: {schema.SchemaBehindError(revision)}")


async def envoy(settings: Settings) -> Finding:
    """Look whether Envoy runs, and at its version."""
    from widgetstream_server.cli.envoy import envoy_binary

    try:
        program = envoy_binary(settings)
    except CommandFailed as error:
        return Finding("fail", "Envoy", str(error))
    try:
        process = await asyncio.create_subprocess_exec(
            program, "--version", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
        async with asyncio.timeout(_PROGRAM_SECONDS):
            output, _ = await process.communicate()
    except (OSError, TimeoutError):
        return Finding("fail", "Envoy", f"{program} does not run here; see {variable('envoy_binary')}")
    match = _ENVOY_VERSION.search(output.decode("utf-8", "replace"))
    if process.returncode != 0 or match is None:
        return Finding("fail", "Envoy", f"{program} does not say its version; see {variable('envoy_binary')}")
    version = match.group(1)
    if not version.startswith(_ENVOY_SERIES):
        return Finding("warn", "Envoy", f"{version}; the configuration is made for {_ENVOY_SERIES}x")
    return Finding("ok", "Envoy", version)


def _is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True
