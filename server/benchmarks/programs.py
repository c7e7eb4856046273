"""The programs under test, as processes of their own, on loopback."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import psutil
from grpc_health.v1 import health_pb2

from benchmarks.machine import REPOSITORY
from benchmarks.measure import BenchmarkFailed
from widgetstream_server.auth import DevelopmentKey

SCRIPTED_APP = "benchmarks.scripted:create"

_PATIENCE_SECONDS = 60.0
_POLL_SECONDS = 0.01
_LOG_BYTES = 2000


@dataclass(frozen=True, slots=True)
class Server:
    """A server under test.

    Attributes:
        process: Its process.
        port: Its gRPC port.
        data: Its data folder.
        http_port: Envoy's port. 0: there is no Envoy in front of it.
    """

    process: psutil.Process
    port: int
    data: Path
    http_port: int = 0

    def token(self, user: str = "bench") -> str:
        """Return a token for a user."""
        return DevelopmentKey.load_or_create(self.data / "keys").sign(user, timedelta(hours=1), datetime.now(UTC))

    def said_last(self) -> str:
        """Return the end of the server's log."""
        return _log_of(self.data.parent)


@contextlib.contextmanager
def serving(folder: Path, *, app: str | None = None, **settings: str) -> Iterator[Server]:
    """Run ``widgetstream serve``, and end it in the end.

    Args:
        folder: For its data and its log.
        app: The application. None: the built-in one.
        settings: More settings: variables of the environment.

    Raises:
        BenchmarkFailed: It does not start.
    """
    port = free_port()
    settings |= {"WIDGETSTREAM_GRPC_PORT": str(port)} | ({"WIDGETSTREAM_APP": app} if app else {})
    with running(["serve"], folder, settings) as program:
        wait_until_serving(port, program, folder)
        yield Server(psutil.Process(program.pid), port, folder / "data")


@contextlib.contextmanager
def serving_behind_envoy(folder: Path, *, app: str | None = None, **settings: str) -> Iterator[Server]:
    """Run ``widgetstream up``: the server, and Envoy in front of it. See ``serving``."""
    port, http_port = free_port(), free_port()
    settings |= {
        "WIDGETSTREAM_GRPC_PORT": str(port),
        "WIDGETSTREAM_HTTP_PORT": str(http_port),
        **({"WIDGETSTREAM_APP": app} if app else {}),
    }
    with running(["up", "--no-web"], folder, settings) as program:
        if program.stdout is None or not program.stdout.readline():
            raise BenchmarkFailed(f"`widgetstream up` did not start:\n{_log_of(folder)}")
        children = psutil.Process(program.pid).children()
        servers = [child for child in children if "serve" in child.cmdline()]
        yield Server(servers[0], port, folder / "data", http_port)


@contextlib.contextmanager
def running(arguments: list[str], folder: Path, settings: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``widgetstream`` with arguments and settings, and end it in the end."""
    command = [sys.executable, "-m", "widgetstream_server.cli", *arguments]
    with (folder / "log").open("ab") as log:
        program = subprocess.Popen(
            command, cwd=folder, env=environment(folder, settings), stdout=subprocess.PIPE, stderr=log
        )
    try:
        yield program
    finally:
        end(program)


def end(program: subprocess.Popen[bytes]) -> None:
    """End a program that was started here."""
    program.terminate()
    try:
        program.wait(_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()
    if program.stdout is not None:
        program.stdout.close()


def wait_until_serving(port: int, program: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait until a server says that it is well.

    Raises:
        BenchmarkFailed: It ended instead, or takes too long.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    # grpc's own attempts to connect would come at growing intervals.
    wait_until_open(port, program, folder)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        check = channel.unary_unary(
            "/grpc.health.v1.Health/Check",
            request_serializer=health_pb2.HealthCheckRequest.SerializeToString,
            response_deserializer=health_pb2.HealthCheckResponse.FromString,
        )
        while True:
            with contextlib.suppress(grpc.RpcError):
                if check(health_pb2.HealthCheckRequest(), timeout=5.0).status == health_pb2.HealthCheckResponse.SERVING:
                    return
            if time.monotonic() > deadline:
                raise BenchmarkFailed("the server does not say that it is well")
            time.sleep(_POLL_SECONDS)


def wait_until_open(port: int, program: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait until a program listens.

    Raises:
        BenchmarkFailed: It ended instead, or takes too long.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        if program.poll() is not None:
            raise BenchmarkFailed(f"the server ended with exit code {program.returncode}:\n{_log_of(folder)}")
        if time.monotonic() > deadline:
            raise BenchmarkFailed("the server takes too long to start")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0):
            return
        time.sleep(_POLL_SECONDS)


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    """Return the environment of a program under test: this one's, without settings for other servers."""
    inherited = dict(os.environ)  # noqa: TID251 — handed on
    for name in list(inherited):
        if name.startswith(("WIDGETSTREAM_", "OPENAI_")):
            del inherited[name]
    own = {
        "PYTHONPATH": os.pathsep.join(str(REPOSITORY / part) for part in ("server", "clients/python")),
        "NO_PROXY": "127.0.0.1,localhost",
        "WIDGETSTREAM_DATA_DIR": str(folder / "data"),
        "WIDGETSTREAM_SHUTDOWN_GRACE_SECONDS": "0",
    }
    return {**inherited, **own, **settings}


def _log_of(folder: Path) -> str:
    return (folder / "log").read_text("utf-8", "replace")[-_LOG_BYTES:]
