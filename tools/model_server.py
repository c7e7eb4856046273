"""Makes the environment of `make test-model`: a server of OpenAI's API, compiled here, and a small model.

All comes from a lock with hashes, what compiles it included. The compiler's output goes into a file beside the
environment; how far it is, is printed every ten seconds.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import signal
import subprocess
import sys
import time
import venv
from pathlib import Path

from tools.install import block_of
from tools.pip_indexes import ALL_INDEXES, uv_environment

SERVER = "llama-cpp-python"
OPTIONS = Path("requirements/model.cmake")
PROGRESS_SECONDS = 10.0
# Slow machines have the time; one whose compiler hangs does not keep us for ever.
LIMIT_SECONDS = 3600.0
TAIL_LINES = 30
_STEP = re.compile(r"\[(\d+)/(\d+)\]")


def install(lock: Path, environment: Path) -> None:
    """Installs what is not compiled: seconds."""
    print(f"{environment}: installing {lock}", flush=True)
    rest = environment / "rest.lock"
    rest.write_text(lock.read_text().replace(block_of(lock, SERVER), ""))
    variables = uv_environment(ALL_INDEXES)
    variables.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    variables.setdefault("UV_LINK_MODE", "copy")
    python = environment / "bin" / "python"
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(python)]
    subprocess.run([*command, "--require-hashes", "--no-deps", "-r", str(rest)], env=variables, check=True)


def compile_server(lock: Path, environment: Path) -> None:
    """Compiles and installs the server: minutes, in as many processes as there are cores."""
    print(f"{environment}: compiling {SERVER}, which takes some minutes", flush=True)
    only = environment / "server.lock"
    only.write_text(block_of(lock, SERVER))
    binaries = (environment / "bin").absolute()
    variables = os.environ | {
        "PATH": f"{binaries}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "CMAKE_ARGS": shlex.quote(f"-DCMAKE_PROJECT_INCLUDE={OPTIONS.absolute()}"),
    }
    variables.setdefault("CMAKE_BUILD_PARALLEL_LEVEL", str(os.cpu_count() or 1))
    command = [str(binaries / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--verbose"]
    # What an earlier build with other options left in pip's cache is not what is wanted.
    options = ["--no-cache-dir", "--no-build-isolation", "--require-hashes", "--no-deps", "-r", str(only)]
    _follow([*command, *options], variables, environment / "compile.log")


def _follow(command: list[str], variables: dict[str, str], log: Path) -> None:
    """Runs a command, keeps what it says in a file, and prints how far it is."""
    begun = time.monotonic()
    with log.open("wb") as output:
        # A group of its own: the compilers end with it.
        process = subprocess.Popen(
            command, env=variables, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        while (passed := time.monotonic() - begun) < LIMIT_SECONDS:
            try:
                process.wait(PROGRESS_SECONDS)
                break
            except subprocess.TimeoutExpired:
                steps = _STEP.findall(log.read_text(errors="replace")) or [("0", "?")]
                print(f"  {passed:.0f} s: {' of '.join(steps[-1])} steps", flush=True)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()
    if process.returncode != 0:
        print("\n".join(log.read_text(errors="replace").splitlines()[-TAIL_LINES:]), file=sys.stderr)
        sys.exit(f"{SERVER} could not be compiled; all that was said is in {log}")
    print(f"  compiled in {time.monotonic() - begun:.0f} s", flush=True)


def main() -> None:
    """Makes the environment."""
    parser = argparse.ArgumentParser(description="Install a real model, and compile a server for it.")
    parser.add_argument("lock", type=Path)
    parser.add_argument("environment", type=Path)
    options = parser.parse_args()
    # Ends like a Ctrl-C does, with what was begun here.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    venv.create(options.environment, with_pip=True)
    install(options.lock, options.environment)
    compile_server(options.lock, options.environment)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as failure:
        # uv has said why.
        sys.exit(failure.returncode)
