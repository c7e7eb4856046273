"""Installs a lock file into the virtual environment that runs this script, then the projects, editable.

uv does it in seconds and is itself installed from the lock, by pip. Where uv cannot use the indexes that pip
is configured with, pip does the same work, slowly.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.pip_indexes import ALL_INDEXES, uv_environment

PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
UV = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", sys.executable]


def block_of(lock: Path, package: str) -> str:
    """Returns the lines of one package, hashes included."""
    found = re.search(rf"^{package}==(?:.*\\\n)*.*\n", lock.read_text(), re.MULTILINE)
    if found is None:
        sys.exit(f"{lock} does not pin {package}: run `make lock`")
    return found.group(0)


def main() -> None:
    """Installs the lock named on the command line and the projects after it."""
    parser = argparse.ArgumentParser(description="Install a lock file and editable projects.")
    parser.add_argument("lock", type=Path)
    parser.add_argument("projects", type=Path, nargs="*")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        bootstrap = Path(folder) / "uv.lock"
        bootstrap.write_text(block_of(options.lock, "uv"))
        subprocess.run([*PIP, "--require-hashes", "--no-deps", "-r", str(bootstrap)], check=True)

    environment = uv_environment(ALL_INDEXES)
    # pip looks at all indexes at once. The hashes in the lock make that safe here.
    environment.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    # The virtual environment and uv's cache may lie on different file systems, which is no reason to warn.
    environment.setdefault("UV_LINK_MODE", "copy")
    locked = ["--require-hashes", "--no-deps", "-r", str(options.lock)]
    if subprocess.run([*UV, *locked], env=environment, check=False).returncode != 0:
        print("uv cannot use the configured indexes: pip installs, which takes longer", file=sys.stderr)
        subprocess.run([*PIP, *locked], check=True)

    editable = [part for project in options.projects for part in ("-e", str(project))]
    if editable:
        subprocess.run([*PIP, "--no-build-isolation", "--no-deps", *editable], check=True)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as failure:
        # pip has said why.
        sys.exit(failure.returncode)
