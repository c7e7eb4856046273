"""Pins all dependencies, with hashes, for every supported Python and platform.

dev.lock is what `make setup` installs; runtime.lock is the part of it that a deployment needs; node.lock is Node,
for machines that have none. None names an index: where packages come from is the business of the machine that
installs them.

Arguments go to uv: `--upgrade` takes the newest versions, `--upgrade-package NAME` that of one package;
without these, what is pinned stays pinned where it can.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tools.pip_indexes import MAIN_INDEX, uv_environment

ROOT = Path(__file__).resolve().parent.parent
UV = [sys.executable, "-m", "uv", "pip", "compile", "--quiet"]
FOR_ALL_PLATFORMS = ["--universal", "--python-version", "3.11", "--generate-hashes"]
BARE = ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
# In this repository, and nowhere else.
OURS = ["--no-emit-package", "widgetstream"]


def main() -> None:
    """Writes the lock files."""
    # Not the additional places that this machine may have: what they hold need not be what everybody gets.
    environment = uv_environment(MAIN_INDEX)
    for name in ("UV_INDEX", "UV_FIND_LINKS"):
        environment.pop(name, None)
    for output, flags in (
        ("requirements/dev.lock", ["pyproject.toml", "--group", "dev"]),
        ("requirements/runtime.lock", ["pyproject.toml", "--constraint", "requirements/dev.lock"]),
        ("requirements/node.lock", ["--group", "node"]),
        ("requirements/model.lock", ["--group", "model"]),
    ):
        command = [*UV, *FOR_ALL_PLATFORMS, *BARE, *OURS, *flags, "--output-file", output, *sys.argv[1:]]
        completed = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=False)
        if completed.returncode != 0:
            sys.exit(completed.returncode)


if __name__ == "__main__":
    main()
