"""Generates the TypeScript of the schema, as buf.gen.yaml says; with --check compares, and writes nothing.

Custom options are left out: rules, paths and ChatKit's names are the server's business, and they would be a third of
what a page loads. Their files go with them.
"""

from __future__ import annotations

import argparse
import filecmp
import importlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2
from google.protobuf.message import Message
from tools.generate import run

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
GENERATED = Path("clients/typescript/src/gen")

# Files that declare options, and the Python code without which the options would not be known as such.
OPTIONS = {
    "buf/validate/validate.proto": "buf.validate.validate_pb2",
    "google/api/annotations.proto": "google.api.annotations_pb2",
    "widgetstream/chatkit/v1/options.proto": "widgetstream.chatkit.v1.options_pb2",
}
# What pages speak. What servers say to each other is not among it; what the details of errors are is imported by none.
ROOTS = ("widgetstream/chatkit/", "widgetstream/todo/", "google/rpc/error_details.proto")


def generate(target: Path) -> None:
    """Writes the code below a folder, as it stands in the repository."""
    with tempfile.TemporaryDirectory() as scratch:
        image = Path(scratch) / "schema.binpb"
        # An image, unlike a descriptor set, tells which files come with protobuf itself.
        run(BIN / "buf", "build", "-o", image)
        image.write_bytes(without_options(image.read_bytes()).SerializeToString())
        # The plugin is a script for `node`, which stands beside this Python.
        environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
        command = [str(BIN / "buf"), "generate", str(image), "-o", str(target)]
        completed = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    if completed.returncode != 0:
        sys.exit(completed.returncode)


def without_options(serialized: bytes) -> descriptor_pb2.FileDescriptorSet:
    """Returns of an image what pages need, with what that imports, without custom options."""
    for module in OPTIONS.values():
        importlib.import_module(module)
    files = {file.name: file for file in descriptor_pb2.FileDescriptorSet.FromString(serialized).file}
    for file in files.values():
        for options in _options_in(file):
            for field, _ in options.ListFields():
                if field.is_extension:
                    options.ClearExtension(field)
        imports = [name for name in file.dependency if name not in OPTIONS]
        del file.dependency[:]
        file.dependency.extend(imports)
    wanted: dict[str, None] = {}
    pending = [name for name in files if name.startswith(ROOTS) and name not in OPTIONS]
    for name in pending:
        if name not in wanted:
            wanted[name] = None
            pending.extend(files[name].dependency)
    return descriptor_pb2.FileDescriptorSet(file=[file for name, file in files.items() if name in wanted])


def _options_in(message: Message) -> Iterator[Any]:
    """Yields the options of a descriptor and of all that is in it."""
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        for part in value if field.is_repeated else [value]:
            if field.name == "options":
                yield part
            else:
                yield from _options_in(part)


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
