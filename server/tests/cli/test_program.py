"""The command line, as a person or a script calls it."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.processes import environment, widgetstream

COMMANDS = ["up", "serve", "chat", "token", "doctor", "envoy-config", "db"]


def run(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        widgetstream(*arguments),
        cwd=folder,
        env=environment(folder, **settings),
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )


def claims(token: str) -> dict[str, object]:
    payload = token.split(".")[1]
    found: dict[str, object] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return found


def test_the_help_names_every_command(tmp_path: Path) -> None:
    done = run(tmp_path, "--help")

    assert done.returncode == 0
    assert all(command in done.stdout for command in COMMANDS)
    assert "\x1b" not in done.stdout, "colour where there is no terminal"


@pytest.mark.parametrize("command", ["up", "serve", "chat", "token", "doctor", "envoy-config"])
def test_each_command_shows_examples(tmp_path: Path, command: str) -> None:
    done = run(tmp_path, command, "--help")

    assert done.returncode == 0
    assert f"\n   widgetstream {command}" in done.stdout


def test_help_and_version_load_no_server(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from widgetstream_server.cli.program import program\n"
        "program(['--help'], standalone_mode=False)\n"
        "slow = {'grpc', 'pydantic', 'sqlalchemy', 'agents', 'openai', 'httpx', 'jinja2'} & set(sys.modules)\n"
        "assert not slow, slow\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment(tmp_path), capture_output=True, check=False, text=True
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "arguments", [["nothing"], ["up", "--nothing"], ["token", "--ttl", "soon"], ["db", "downgrade"]]
)
def test_wrong_usage_ends_with_2(tmp_path: Path, arguments: list[str]) -> None:
    done = run(tmp_path, *arguments)

    assert done.returncode == 2
    assert done.stdout == ""
    assert "Usage:" in done.stderr


@pytest.mark.parametrize("command", [["up"], ["serve"], ["token"], ["envoy-config"], ["db", "current"]])
def test_bad_settings_are_named_and_end_with_2(tmp_path: Path, command: list[str]) -> None:
    done = run(tmp_path, *command, WIDGETSTREAM_GRPC_PORT="many", WIDGETSTREAM_SECRET="short")

    assert done.returncode == 2
    assert done.stdout == ""
    assert "WIDGETSTREAM_GRPC_PORT: " in done.stderr
    assert "WIDGETSTREAM_SECRET: " in done.stderr
    assert "Traceback" not in done.stderr
    assert "short" not in done.stderr


def test_a_token_is_all_that_is_printed(tmp_path: Path) -> None:
    done = run(tmp_path, "token", "--user", "ada", "--ttl", "90s")
    found = claims(done.stdout.strip())

    assert done.returncode == 0
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""
    assert found["sub"] == "ada"
    assert int(str(found["exp"])) - int(str(found["iat"])) == 90


def test_a_token_that_servers_would_refuse_comes_with_a_warning(tmp_path: Path) -> None:
    done = run(tmp_path, "token", WIDGETSTREAM_ALLOW_DEVELOPMENT_TOKENS="false")

    assert done.returncode == 0
    assert claims(done.stdout.strip())["sub"] == "demo"
    assert "warning" in done.stderr


@pytest.mark.parametrize("arguments", [["--user", ""], ["--ttl", "0s"], ["--ttl", "999d"], ["--ttl", "1h30m"]])
def test_tokens_that_cannot_be(tmp_path: Path, arguments: list[str]) -> None:
    done = run(tmp_path, "token", *arguments)

    assert done.returncode == 2
    assert done.stdout == ""


def test_the_schema_goes_up_and_down(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    before = run(tmp_path, "db", "current")
    up = run(tmp_path, "db", "upgrade")
    refused = run(tmp_path, "db", "downgrade", "base")
    down = run(tmp_path, "db", "downgrade", "--yes", "base")
    unknown = run(tmp_path, "db", "upgrade", "9999")

    assert before.stdout == down.stdout == "none: there are no tables yet\n"
    assert up.stdout.strip().isalnum()
    # Nobody is there to be asked.
    assert refused.returncode == 1
    assert unknown.returncode == 2
    assert "9999" in unknown.stderr


def test_a_database_that_does_not_answer(tmp_path: Path) -> None:
    url = "postgresql://me:hidden@127.0.0.1:9/none"
    done = run(tmp_path, "db", "current", WIDGETSTREAM_DATABASE_URL=url)

    assert done.returncode == 1
    assert "does not answer" in done.stderr
    assert "hidden" not in done.stderr


def test_the_configuration_of_envoy_is_printed(tmp_path: Path) -> None:
    done = run(tmp_path, "envoy-config", "--descriptors", "d.binpb", "--write-descriptors", WIDGETSTREAM_HTTP_PORT="81")

    assert done.returncode == 0
    assert 'proto_descriptor: "d.binpb"' in done.stdout
    assert "port_value: 81" in done.stdout
    assert (tmp_path / "d.binpb").stat().st_size > 0
