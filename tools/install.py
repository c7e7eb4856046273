"""Installs a lock file into the virtual environment that runs this script, then the projects, editable.

uv does it in seconds and is itself installed from the lock, by pip. It reads none of pip's configuration, so
whatever that says about indexes is handed on; where uv cannot use it, pip does the same work, slowly.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

# pip's settings about where packages come from, and the variables by which uv is told the same.
PIP_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "cert": "SSL_CERT_FILE",
    "trusted-host": "UV_INSECURE_HOST",
}


def run_pip(*arguments: str | Path) -> None:
    """Runs pip of this environment; raises CalledProcessError when it fails."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, arguments)]
    subprocess.run(command, check=True)


def pip_settings() -> dict[str, str]:
    """Returns pip's effective settings by bare name; the environment wins over files, as in pip."""
    listing = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], check=True, capture_output=True, text=True
    ).stdout
    settings: dict[str, str] = {}
    for line in listing.splitlines():
        key, _, quoted = line.partition("=")
        section, _, name = key.rpartition(".")
        if section in {"global", "install"} or (section == ":env:" and name in PIP_TO_UV):
            settings[name] = str(ast.literal_eval(quoted))
    for name in PIP_TO_UV:
        variable = os.environ.get("PIP_" + name.upper().replace("-", "_"))
        if variable:
            settings[name] = variable
    return settings


def uv_environment(settings: dict[str, str]) -> dict[str, str]:
    """Translates pip's settings to uv's variables; a variable that is set already is left alone."""
    environment = dict(os.environ)
    for name, variable in PIP_TO_UV.items():
        if name not in settings:
            continue
        separator = "," if variable == "UV_FIND_LINKS" else " "
        environment.setdefault(variable, separator.join(settings[name].split()))
    # pip looks at all indexes at once. The hashes in the lock make that safe here.
    environment.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    # The environment and uv's cache may lie on different file systems, which is no reason to warn.
    environment.setdefault("UV_LINK_MODE", "copy")
    return environment


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
        run_pip("install", "--quiet", "--require-hashes", "--no-deps", "-r", bootstrap)

    uv = [sys.executable, "-m", "uv", "pip"]
    target = ["--quiet", "--python", sys.executable]
    environment = uv_environment(pip_settings())
    command = [*uv, "install", *target, "--require-hashes", "-r", str(options.lock)]
    installed = subprocess.run(command, env=environment, check=False)
    if installed.returncode != 0:
        print("uv cannot use the configured indexes: pip installs, which takes longer", file=sys.stderr)
        run_pip("install", "--quiet", "--require-hashes", "--no-deps", "-r", options.lock)

    if options.projects:
        editable = [part for project in options.projects for part in ("-e", str(project))]
        run_pip("install", "--quiet", "--no-build-isolation", "--no-deps", *editable)


if __name__ == "__main__":
    main()
