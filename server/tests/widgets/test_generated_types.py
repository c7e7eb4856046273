"""The types of the builders are those of the schema as it is, and of the functions that there are."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

from widgetstream_server.widgets import builders

ROOT = Path(__file__).resolve().parents[3]


def test_generated_files_are_up_to_date() -> None:
    check = subprocess.run(
        [sys.executable, ROOT / "tools/generate_builders.py", "--check"],
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert (check.stdout, check.stderr, check.returncode) == ("", "", 0)


def test_signatures_are_those_at_run_time() -> None:
    stub = ast.parse(Path(builders.__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
    typed = {
        node.name: {arg.arg for arg in _arguments(node.args)} for node in stub.body if isinstance(node, ast.FunctionDef)
    }
    assert typed == {name: set(inspect.signature(getattr(builders, name)).parameters) for name in typed}
    assert set(typed) == {*builders.COMPONENTS, "action"}  # type: ignore[attr-defined] # the stub leaves it out


def _arguments(arguments: ast.arguments) -> list[ast.arg]:
    found = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return [*found, arguments.vararg] if arguments.vararg else found
