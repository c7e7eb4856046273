"""What real servers send, replayed: whole, in pieces cut anywhere, with other ends of lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.agents.playing import show
from tests.agents.raw_server import RawServer, Reply
from tests.agents.scene import Scene, agent, said
from widgetstream_server.agents import run_agent
from widgetstream_server.agents.models.openai import ModelConfig, build_catalog

SHAPES: dict[str, dict[str, Any]] = {
    path.stem: yaml.safe_load(path.read_text()) for path in sorted((Path(__file__).parent / "shapes").glob("*.yaml"))
}
_DELTA = re.compile(r"(\S+) \+(['\"])(.*)\2$")


def in_pieces(size: int) -> Callable[[bytes], Sequence[bytes]]:
    return lambda stream: [stream[start : start + size] for start in range(0, len(stream), size)]


CUTS: dict[str, Callable[[bytes], Sequence[bytes]]] = {
    "whole": lambda stream: [stream],
    # Prime, and less than a character with its neighbours: cuts fall within characters and line breaks.
    "in pieces of 7 bytes": in_pieces(7),
    "with CRLF, in pieces of 11 bytes": lambda stream: in_pieces(11)(stream.replace(b"\n", b"\r\n")),
    "with CR": lambda stream: [stream.replace(b"\n", b"\r")],
}


def joined(trace: Sequence[str]) -> list[str]:
    """The trace with deltas that follow one another as one, however the stream was cut."""
    lines: list[str] = []
    for line in trace:
        last, now = _DELTA.match(lines[-1]) if lines else None, _DELTA.match(line)
        if last and now and last[1] == now[1]:
            lines[-1] = f"{now[1]} +'{last[3]}{now[3]}'"
        elif re.match(r"wf_\d+ task \d+ is ", line):
            # A thought that grew: what counts is what it came to.
            number = line.split(" ")[2]
            place = next(i for i, each in enumerate(lines) if re.match(rf"{line.split(' ')[0]} task {number}: ", each))
            lines[place] = line.replace(f"task {number} is ", f"task {number}: ")
        else:
            lines.append(line)
    return lines


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("name", SHAPES)
async def test_what_a_real_server_sends(name: str, cut: str) -> None:
    shape = SHAPES[name]
    replies = [Reply(CUTS[cut](stream.encode())) for stream in shape["streams"]]
    scene = Scene()
    async with RawServer(*replies) as server:
        catalog = build_catalog(ModelConfig(None, ("m",), server.url, shape["api"], timeout=5.0, max_retries=0))
        trace = [said(event) async for event in run_agent(agent(catalog.get(), show), "hi", scene.context)]
        await catalog.close()

    used = scene.run.usage
    assert joined(trace) == shape["trace"]
    assert {name: getattr(used, name) for name in shape["usage"]} == shape["usage"]
    assert len(server.bodies) == len(replies)
