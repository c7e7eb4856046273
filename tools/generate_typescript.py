"""Generates the TypeScript of the schema, as buf.gen.yaml says; with --check compares, and writes nothing."""

from __future__ import annotations

import argparse
import filecmp
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
GENERATED = Path("clients/typescript/src/gen")


def generate(target: Path) -> None:
    """Writes the code below a folder, as it stands in the repository."""
    # The plugin is a script for `node`, which stands beside this Python.
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    command = [str(BIN / "buf"), "generate", "-o", str(target)]
    completed = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    if completed.returncode != 0:
        sys.exit(completed.returncode)


def stale(fresh: Path) -> list[str]:
    """Returns what differs from the repository."""
    made = {path.relative_to(fresh).as_posix() for path in fresh.rglob("*.ts")}
    there = {path.relative_to(ROOT / GENERATED).as_posix() for path in (ROOT / GENERATED).rglob("*.ts")}
    differing = {name for name in made & there if not filecmp.cmp(fresh / name, ROOT / GENERATED / name, shallow=False)}
    return sorted(differing | (made ^ there))


def main() -> None:
    """Generates, or with --check compares."""
    parser = argparse.ArgumentParser(description="Generate the TypeScript of the schema.")
    parser.add_argument("--check", action="store_true", help="list stale files instead of writing them")
    if not parser.parse_args().check:
        generate(ROOT)
        return
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder))
        names = stale(Path(folder) / GENERATED)
    for name in names:
        print(f"stale: {GENERATED / name}", file=sys.stderr)
    if names:
        sys.exit("generated code is not up to date: run `make generate` and commit the result")


if __name__ == "__main__":
    main()
