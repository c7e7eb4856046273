"""Processes that live no longer than this one."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended.

    Attributes:
        name: What it was.
        code: Its exit code as a shell sees it: 128 and the signal's number when a signal ended it.
    """

    name: str
    code: int

    def __str__(self) -> str:
        if self.code > 128:
            with contextlib.suppress(ValueError):
                return f"{self.name} was ended by {signal.Signals(self.code - 128).name}"
        return f"{self.name} ended with exit code {self.code}"


class Child:
    """A process that was started here. Belongs to the event loop in which it was started."""

    def __init__(self, name: str, process: asyncio.subprocess.Process) -> None:
        """Take a process; ``Child.start`` is for everybody else."""
        self.name = name
        self._process = process
        self._ended = asyncio.create_task(process.wait(), name=f"wait for {name}")

    @classmethod
    async def start(
        cls,
        name: str,
        command: Sequence[str],
        *,
        pass_fds: Sequence[int] = (),
        env: Mapping[str, str] | None = None,
        errors_only: bool = False,
    ) -> Self:
        """Start a program, with this process's environment unless another is given.

        It has a session of its own, so that Ctrl-C reaches this process alone. All it says goes to standard error; of
        one that greets the world at every start, only what it says there itself. On
        Linux it is told to end when this process dies, however that happens.

        Raises:
            OSError: The program cannot be started.
        """
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL if errors_only else sys.stderr.fileno(),
            start_new_session=True,
            pass_fds=pass_fds,
            env=env,
            preexec_fn=_end_with_parent(),
        )
        return cls(name, process)

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process.returncode is None

    async def wait(self) -> Ended:
        """Wait until it ends. May be called any number of times, and canceled."""
        code = await asyncio.shield(self._ended)
        return Ended(self.name, code if code >= 0 else 128 - code)

    def terminate(self) -> None:
        """Ask it to end, if it has not."""
        if self.running:
            self._process.terminate()

    def kill(self) -> None:
        """End it, if it has not ended."""
        if self.running:
            self._process.kill()

    async def stop(self, patience: float) -> bool:
        """Ask it to end, wait some seconds, then end it. Return whether it ended by itself."""
        self.terminate()
        try:
            async with asyncio.timeout(patience):
                await self.wait()
        except TimeoutError:
            self.kill()
            await self.wait()
            return False
        return True


def _end_with_parent() -> Callable[[], None] | None:
    """Return what a new process calls first, so that the kernel ends it when its parent dies."""
    if not sys.platform.startswith("linux"):
        return None
    # Loaded before the fork: after it, little may be done.
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return lambda: prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
