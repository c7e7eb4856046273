"""A stand-in for a model's server: speaks both of OpenAI's APIs, and says words at a pace.

As a program (``python -m benchmarks.model_stand_in WORDS RATE``) it prints its address.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, Self

from widgetstream_server.agents.models.response_events import message_item, response_events

_DELTA = "response.output_text.delta"


def completion_of(words: int) -> tuple[bytes, Sequence[bytes], bytes]:
    """Return a response of Chat Completions: what comes before the words, each word, what comes after."""
    usage = {"prompt_tokens": 10, "completion_tokens": words, "total_tokens": words + 10}
    after = [_completion({}, "stop"), _line({"choices": [], "usage": usage}), b"data: [DONE]\n\n"]
    return (
        _completion({"role": "assistant", "content": ""}),
        [_completion({"content": "word "})] * words,
        b"".join(after),
    )


def _completion(delta: dict[str, str], finish: str | None = None) -> bytes:
    return _line({"choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]})


def _line(fields: dict[str, Any]) -> bytes:
    known = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1767225600, "model": "stand-in"}
    return f"data: {json.dumps({**known, **fields})}\n\n".encode()


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


def pieces_of(response: tuple[bytes, Sequence[bytes], bytes]) -> Iterator[bytes]:
    """Yield a response as its server would send it, a piece for each word."""
    before, deltas, after = response
    yield before
    yield from deltas
    yield after


class ModelStandIn:
    """The server, in this process. Open it with ``async with``."""

    def __init__(self, words: int, rate: float) -> None:
        """Take how many words a response has, and how many of them are said in a second."""
        self._by_path = {b"/responses": stream_of(words), b"/chat/completions": completion_of(words)}
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
                path = head.split(b" ", 2)[1].removeprefix(b"/v1")
                await self._answer(writer, self._by_path[path])
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, response: tuple[bytes, Sequence[bytes], bytes]) -> None:
        before, deltas, after = response
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
        writer.write(_chunk(before))
        loop = asyncio.get_running_loop()
        began = loop.time()
        for number, delta in enumerate(deltas):
            await asyncio.sleep(max(0.0, began + number / self._rate - loop.time()))
            if writer.is_closing():
                raise ConnectionResetError
            writer.write(_chunk(delta))
        writer.write(_chunk(after) + b"0\r\n\r\n")
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


async def _main(words: int, rate: float) -> None:
    async with ModelStandIn(words, rate) as model:
        print(model.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    import uvloop

    uvloop.run(_main(int(sys.argv[1]), float(sys.argv[2])))
