"""A stand-in for a model's server: speaks Chat Completions, and says words that tell the time, at a pace.

As a program (``python -m benchmarks.side_by_side.token_server``) it prints its port. A message ``say N`` gets N words,
50 a second. One timer serves all streams, so that it takes little of the core that it shares with the clients.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from typing import cast

import uvloop

from benchmarks.side_by_side.stamps import word

RATE = 50
"""Words a second in each stream."""

_SLOTS = 20  # of a millisecond each: the streams' words are spread over the time between two words of one
_SAY = re.compile(rb"say (\d+)")
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


def _entry(delta: dict[str, str], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return _data({"choices": [choice]})


def _data(fields: dict[str, object]) -> bytes:
    known = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1767225600, "model": "stand-in"}
    return b"data: %b\n\n" % json.dumps({**known, **fields}).encode()


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


_USAGE = {"prompt_tokens": 10, "completion_tokens": 100, "total_tokens": 110}
_FIRST = _chunk(_entry({"role": "assistant", "content": ""}))
_BEFORE_WORD, _AFTER_WORD = _chunk(_entry({"content": "wwww "})).split(b"wwww ")
_LAST = (
    _chunk(_entry({}, "stop"))
    + _chunk(_data({"choices": [], "usage": _USAGE}))
    + _chunk(b"data: [DONE]\n\n")
    + b"0\r\n\r\n"
)


class Speech:
    """All streams, and the one timer."""

    def __init__(self) -> None:
        """Begin with none."""
        self.slots: list[dict[Connection, None]] = [{} for _ in range(_SLOTS)]
        self.said = 0
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._tick = 0

    @property
    def active(self) -> int:
        """How many streams there are."""
        return sum(map(len, self.slots))

    def run(self) -> None:
        """Say the words of the slots whose time has come."""
        now = int((self._loop.time() - self._began) * 1000)
        while self._tick <= now:
            for connection in list(self.slots[self._tick % _SLOTS]):
                connection.say()
            self._tick += 1
        self._loop.call_at(self._began + self._tick / 1000, self.run)

    def slot(self) -> dict[Connection, None]:
        """Return the slot whose turn it was."""
        return self.slots[(self._tick - 1) % _SLOTS]

    def stop(self) -> None:
        """End all streams."""
        for slot in self.slots:
            for connection in list(slot):
                connection.finish()


class Connection(asyncio.Protocol):
    """One connection, and the stream on it."""

    def __init__(self, speech: Speech) -> None:
        """Take part in a speech."""
        self._speech = speech
        self._transport: asyncio.Transport
        self._slot: dict[Connection, None] | None = None
        self._left = 0
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """End the stream."""
        if self._slot is not None:
            self._slot.pop(self, None)

    def data_received(self, data: bytes) -> None:
        """Answer a request once it is whole."""
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found:
            return
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if len(body) < (int(length[1]) if length else 0):
            return
        self._received = b""
        if head.startswith(b"POST /stop "):
            self._speech.stop()
        if head.startswith(b"POST /v1/chat/completions "):
            asked = _SAY.findall(body)
            self._left = int(asked[-1]) if asked else 20
            self._slot = self._speech.slot()
            self._slot[self] = None
            self._transport.write(_HEAD + _FIRST)
            self.say()
            return
        stats = json.dumps({"active": self._speech.active, "said": self._speech.said}).encode()
        self._transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(stats), stats))

    def say(self) -> None:
        """Say the next word."""
        self._transport.write(_BEFORE_WORD + word(time.monotonic_ns()) + _AFTER_WORD)
        self._speech.said += 1
        self._left -= 1
        if not self._left:
            self.finish()

    def finish(self) -> None:
        """End the stream; the connection stays."""
        if self._slot is not None:
            self._slot.pop(self, None)
            self._slot = None
            self._transport.write(_LAST)


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    speech = Speech()
    server = await loop.create_server(lambda: Connection(speech), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    speech.run()
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve())
