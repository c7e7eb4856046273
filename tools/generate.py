"""Generates what follows from proto/: the descriptor set, and the Python package's messages and stubs.

One descriptor set feeds all. What is committed of it, envoy/descriptors.binpb, holds the whole of proto/ and
third_party/ without comments, for Envoy and for reflection; the Python code is generated from the same set
with its comments, which become docstrings in the .pyi files.

With --check nothing is written: files that are not what would be generated are listed, and the exit
status is 1.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

DESCRIPTOR_SET = Path("envoy/descriptors.binpb")
PYTHON = Path("clients/python")
# No wheel ships the Python code of this one; googleapis-common-protos has that of google/api and google/rpc.
FOREIGN_PROTO = "buf/validate/validate.proto"
# What a generated file is called, in the folders that hold generated code.
GENERATED = tuple(f"{folder}/**/*_pb2*.{suffix}" for folder in ("buf", "widgetstream") for suffix in ("py", "pyi"))
SUBPACKAGE_DOCSTRING = '"""Generated code of the proto package `{package}`."""\n'
PACKAGE_DOCSTRING = '"""Client of Widgetstream: generated messages and stubs, and clients over them."""\n'


def run(*command: str | Path) -> None:
    """Runs a command in the repository; its own output explains a failure, which ends this script."""
    completed = subprocess.run([str(part) for part in command], cwd=ROOT, check=False)
    if completed.returncode != 0:
        sys.exit(completed.returncode)


def build_descriptor_set(output: Path, *flags: str) -> None:
    """Builds proto/ and third_party/ with all imports; the same input gives the same bytes."""
    output.parent.mkdir(parents=True, exist_ok=True)
    run(BIN / "buf", "build", "--as-file-descriptor-set", *flags, "-o", output)


def protoc(descriptors: Path, protos: list[str], *flags: str) -> None:
    """Runs protoc on files of a descriptor set."""
    plugins = [f"--plugin={name}={BIN / name}" for name in ("protoc-gen-mypy", "protoc-gen-mypy_grpc")]
    command = [sys.executable, "-m", "grpc_tools.protoc", f"--descriptor_set_in={descriptors}"]
    run(*command, *plugins, *flags, *protos)


def generate(target: Path, scratch: Path) -> None:
    """Writes all that is generated below `target`, as it stands in the repository."""
    build_descriptor_set(target / DESCRIPTOR_SET, "--exclude-source-info")
    commented = scratch / "commented.binpb"
    build_descriptor_set(commented)

    folder = ROOT / "proto"
    protos = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.proto"))
    # Stubs for files without a service would be empty modules.
    services = [proto for proto in protos if proto.endswith("_service.proto")]
    out = target / PYTHON
    out.mkdir(parents=True, exist_ok=True)
    protoc(commented, [*protos, FOREIGN_PROTO], f"--python_out={out}", f"--mypy_out=quiet:{out}")
    protoc(commented, services, f"--grpc_python_out={out}", f"--mypy_grpc_out=quiet:{out}")

    # `widgetstream` and what is below it are regular packages. `buf` is not: others may put code there too.
    for folder in sorted(path for path in (out / "widgetstream").rglob("*") if path.is_dir()):
        package = folder.relative_to(out).as_posix().replace("/", ".")
        (folder / "__init__.py").write_text(SUBPACKAGE_DOCSTRING.format(package=package))
    for marker in (out / "widgetstream/py.typed", out / "buf/validate/py.typed"):
        marker.touch()


def differences(fresh: Path) -> tuple[list[Path], list[Path]]:
    """Returns the files to write and those to remove to make the repository equal to `fresh`."""
    generated = sorted(path.relative_to(fresh) for path in fresh.rglob("*") if path.is_file())
    changed = [
        path
        for path in generated
        if not (ROOT / path).is_file() or (ROOT / path).read_bytes() != (fresh / path).read_bytes()
    ]
    existing = {path.relative_to(ROOT) for pattern in GENERATED for path in (ROOT / PYTHON).glob(pattern)}
    return changed, sorted(existing - set(generated))


def main() -> None:
    """Generates, or with --check compares."""
    parser = argparse.ArgumentParser(description="Generate what follows from proto/.")
    parser.add_argument("--check", action="store_true", help="list stale files instead of writing them")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "fresh"
        generate(fresh, Path(folder))
        changed, superfluous = differences(fresh)
        if options.check:
            for path in (*changed, *superfluous):
                print(f"stale: {path}", file=sys.stderr)
            if changed or superfluous:
                sys.exit("generated code is not up to date: run `make generate` and commit the result")
            return
        for path in changed:
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_bytes((fresh / path).read_bytes())
        for path in superfluous:
            (ROOT / path).unlink()

    # Written by hand from here on; it only has to exist.
    package = ROOT / PYTHON / "widgetstream/__init__.py"
    if not package.exists():
        package.write_text(PACKAGE_DOCSTRING)


if __name__ == "__main__":
    main()
