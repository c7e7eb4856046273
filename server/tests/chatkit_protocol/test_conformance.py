"""The conformance kit: against ours through Envoy see tests/e2e; here against openai-chatkit's own server."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvicorn
from chatkit.server import StreamingResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from typer.testing import CliRunner

from widgetstream_server.cli.conformance_cases import load
from widgetstream_server.cli.failures import USAGE, CommandFailed
from widgetstream_server.cli.program import program

from .peer import Peer

CASES = Path(__file__).parents[3] / "specs" / "conformance" / "chatkit"
CONVERSATIONS = 18

FAILS_THERE = frozenset({case.name for case in load(CASES)[CONVERSATIONS:] if not case.is_of_tokens})
"""What openai-chatkit's server does not do: it refuses nothing with a status, and looks at no limit."""

LEFT_OUT = len([case for case in load(CASES) if case.is_of_tokens])


def peer_app() -> Starlette:
    """As the documentation of openai-chatkit has it, and every fault a 500, as frameworks have it."""
    peer = Peer()

    async def serve(request: Request) -> Response:
        try:
            result = await peer.process(await request.body(), {})
        except Exception:  # noqa: BLE001 - a framework answers whatever is raised
            return Response("fault", 500)
        if isinstance(result, StreamingResult):
            return StreamingResponse(aiter(result), media_type="text/event-stream")
        return Response(result.json, media_type="application/json")

    return Starlette(routes=[Route("/chatkit", serve, methods=["POST"])])


@pytest.fixture
async def peer_url() -> AsyncIterator[str]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(peer_app(), log_config=None, lifespan="off"))
        serving = asyncio.create_task(server.serve([listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/chatkit"
        server.should_exit = True
        await serving


async def checked(url: str, *arguments: str) -> tuple[int, str]:
    """Return the exit code and the output of the command."""
    command = ["conformance", url, "--cases", str(CASES), *arguments]
    result = await asyncio.to_thread(CliRunner().invoke, program, command, env={"COLUMNS": "200"})
    return result.exit_code, result.output


async def test_the_peer_passes_but_for_refusals(peer_url: str) -> None:
    code, output = await checked(peer_url)
    failed = {line.split("│")[2].strip() for line in output.splitlines() if "✗" in line}

    assert code == 1
    assert failed == FAILS_THERE
    counted = f"{CONVERSATIONS} of {CONVERSATIONS + len(FAILS_THERE)} cases pass, {LEFT_OUT} are left out."
    assert counted in output


async def test_a_token_makes_those_of_tokens_count(peer_url: str) -> None:
    _, output = await checked(peer_url, "--token", "x")

    assert "left out" not in output
    assert f"{CONVERSATIONS} of {CONVERSATIONS + len(FAILS_THERE) + LEFT_OUT} cases pass." in output


@pytest.mark.parametrize("arguments", [["http://localhost:1/chatkit", "--cases", "none"], ["localhost:1/chatkit"]])
def test_what_cannot_be_checked(arguments: list[str]) -> None:
    result = CliRunner().invoke(program, ["conformance", *arguments])

    assert isinstance(result.exception, CommandFailed)
    assert result.exception.exit_code == USAGE


async def test_a_backend_that_does_not_answer_passes_nothing() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        code, output = await checked(f"http://127.0.0.1:{nobody.getsockname()[1]}/chatkit")

    assert code == 1
    assert "no reply (ConnectError)" in output


def test_cases_are_read_whole() -> None:
    cases = load(CASES)

    assert len({case.name for case in cases}) == len(cases)
    for case in cases:
        for step in case.steps:
            assert step.keys() & {"request", "body"}
            assert step.keys() & {"status", "document", "events"}
            assert step.keys() <= {"request", "body", "token", "status", "names", "document", "events"}
            assert json.loads(json.dumps(step)) == step


def test_a_folder_without_cases(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("cases: [{name: x}]")
    with pytest.raises(ValueError, match="no case"):
        load(tmp_path)
