"""The programs under test, as processes of their own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

SERVER_FOLDER = Path(__file__).parents[2]
PATIENCE = 60.0


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """Return this process's environment with these settings, and no others of the project."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("WIDGETSTREAM_", "OPENAI_"))}
    own = {"WIDGETSTREAM_DATA_DIR": str(folder / "data"), "WIDGETSTREAM_SHUTDOWN_GRACE_SECONDS": "5", **settings}
    return {**inherited, **own, "PYTHONPATH": str(SERVER_FOLDER), "PYTHONUNBUFFERED": "1"}


def widgetstream(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "widgetstream_server.cli", *arguments]


class Program:
    """A program that is under way. What it says goes to files of its folder."""

    def __init__(self, command: list[str], folder: Path, settings: Mapping[str, str], name: str) -> None:
        self.output = folder / f"{name}.out"
        self.log = folder / f"{name}.log"
        with self.output.open("wb") as output, self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=folder, env=environment(folder, **settings), stdout=output, stderr=log
            )

    def first_line(self) -> str:
        """Wait for a line on its standard output."""
        wait_until(lambda: b"\n" in self.output.read_bytes() or self.process.poll() is not None)
        lines = self.output.read_text().splitlines()
        assert lines, f"it ended with {self.process.returncode}:\n{self.log.read_text()}"
        return lines[0]

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def ended(self) -> int:
        """Wait until it ends, and return its exit code."""
        return self.process.wait(PATIENCE)

    def end(self) -> None:
        """End it, if it has not ended."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@contextlib.contextmanager
def running(command: list[str], folder: Path, *, name: str = "program", **settings: str) -> Iterator[Program]:
    program = Program(command, folder, settings, name)
    try:
        yield program
    finally:
        program.end()


def token_in(folder: Path, user: str = "ada") -> str:
    """Return a token for a server whose working folder this is."""
    command = widgetstream("token", "--user", user)
    done = subprocess.run(command, cwd=folder, env=environment(folder), capture_output=True, check=True, text=True)
    return done.stdout.strip()


def wait_until(condition: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Look again and again until something outside of this process has come true."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
