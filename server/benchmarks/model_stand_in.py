"""A stand-in for a model's server: speaks the Responses API, and says words at a pace."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, Self

from widgetstream_server.agents.models.response_events import message_item, response_events

_DELTA = "response.output_text.delta"


def stream_of(words: int) -> tuple[bytes, Sequence[bytes], bytes]:
    """Return a response as its server would send it: what comes before the words, each word, what comes after."""
    before: list[bytes] = []
    deltas: list[bytes] = []
    after: list[bytes] = []
    for event in response_events([message_item("msg_0123456789abcdef", "word " * words)], response_id="resp_1"):
        encoded = _encode(event.model_dump(mode="json"))
        if event.type == _DELTA:
            deltas.append(encoded)
        else:
            (after if deltas else before).append(encoded)
    return b"".join(before), deltas, b"".join(after)


def whole_stream_of(words: int) -> Iterator[bytes]:
    """Yield a response as its server would send it, a piece for each word."""
    before, deltas, after = stream_of(words)
    yield before
    yield from deltas
    yield after


class ModelStandIn:
    """The server, in this process. Open it with ``async with``."""

    def __init__(self, words: int, rate: float) -> None:
        """Take how many words a response has, and how many of them are said in a second."""
        self._before, self._deltas, self._after = stream_of(words)
        self._rate = rate
        self._writers: set[asyncio.StreamWriter] = set()
        self.url = ""

    async def __aenter__(self) -> Self:
        """Listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Break all connections."""
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                await reader.readexactly(_content_length(head))
                await self._answer(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
        writer.write(_chunk(self._before))
        loop = asyncio.get_running_loop()
        began = loop.time()
        for number, delta in enumerate(self._deltas):
            await asyncio.sleep(max(0.0, began + number / self._rate - loop.time()))
            if writer.is_closing():
                raise ConnectionResetError
            writer.write(_chunk(delta))
        writer.write(_chunk(self._after) + b"0\r\n\r\n")
        await writer.drain()


def _encode(event: dict[str, Any]) -> bytes:
    return f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()


def _chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def _content_length(head: bytes) -> int:
    for line in head.decode("latin-1").lower().split("\r\n"):
        name, _, value = line.partition(":")
        if name == "content-length":
            return int(value)
    return 0
