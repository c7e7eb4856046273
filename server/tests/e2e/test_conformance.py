"""Ours passes the conformance kit, through Envoy."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from widgetstream_server.cli.program import program

from .processes import running, token_in, widgetstream

pytestmark = pytest.mark.e2e

CASES = Path(__file__).parents[3] / "specs" / "conformance" / "chatkit"


def test_every_case_passes(tmp_path: Path) -> None:
    with running(
        widgetstream("up", "--no-web"),
        tmp_path,
        WIDGETSTREAM_GRPC_PORT="0",
        WIDGETSTREAM_HTTP_PORT="0",
        WIDGETSTREAM_APP="tests.chatkit_protocol.scripts:create",
    ) as stack:
        url = stack.first_line().split()[1]
        command = ["conformance", f"{url}/chatkit", "--token", token_in(tmp_path), "--cases", str(CASES)]
        result = CliRunner().invoke(program, command, env={"COLUMNS": "200"})
        locked_out = CliRunner().invoke(program, [*command[:2], "--cases", str(CASES)], env={"COLUMNS": "200"})

    assert "✗" not in result.output, result.output
    assert result.exit_code == 0
    assert locked_out.exit_code == 1
    assert "--token takes a token" in locked_out.output
