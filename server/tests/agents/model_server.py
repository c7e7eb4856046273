"""A server that speaks OpenAI's API as a test tells it to, on a loopback port."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from pydantic import BaseModel


@dataclass
class Answer:
    """What the server answers to one request.

    Attributes:
        status: The HTTP status.
        headers: Headers beside the content's.
        body: The content. An iterable: server-sent events.
        then: What happens after it: the end, a broken connection, or silence.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] | list[dict[str, Any]] = field(default_factory=dict)
    then: str = "end"


def stream(events: Iterable[BaseModel | dict[str, Any]], *, then: str = "end") -> Answer:
    return Answer(
        body=[each.model_dump(mode="json") if isinstance(each, BaseModel) else each for each in events],
        then=then,
    )


def problem(status: int, *, code: str = "", headers: dict[str, str] | None = None) -> Answer:
    error = {"message": "secret words of the upstream", "type": "t", "code": code or None}
    return Answer(status, headers or {}, {"error": error})


class ModelServer:
    """Answers requests in order, and keeps what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self._writers: list[asyncio.StreamWriter] = []
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[dict[str, Any]] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
        self.paths.append(head[0].split(" ")[1])
        self.headers.append(headers)
        self.bodies.append(json.loads(await reader.readexactly(int(headers["content-length"]))))
        answer = self._answers.pop(0)
        chunks = [json.dumps(answer.body)]
        kind = "application/json"
        if isinstance(answer.body, list):
            kind = "text/event-stream"
            chunks = [
                "".join([f"event: {event['type']}\n" if "type" in event else "", f"data: {json.dumps(event)}\n\n"])
                for event in answer.body
            ]
        lines = [f"HTTP/1.1 {answer.status} Status", f"content-type: {kind}", "transfer-encoding: chunked"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        for chunk in chunks:
            data = chunk.encode()
            writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        await writer.drain()
        if answer.then == "end":
            writer.write(b"0\r\n\r\n")
            await writer.drain()
        if answer.then != "silence":
            writer.close()
