"""A server in the place of a model's that sends bytes as a test tells it to, and knows who is connected."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self

Then = Literal["end", "close", "reset", "silence"]


@dataclass
class Reply:
    """What the server does with one request.

    Attributes:
        pieces: The body, each piece written by itself.
        status: The HTTP status.
        headers: Headers beside those of the content.
        then: What follows the body: its proper end; an end of the connection, as a server without lengths
            would; a reset; nothing.
        raw: Whether the pieces are all that is sent, without a head.
    """

    pieces: Sequence[bytes] = ()
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    then: Then = "end"
    raw: bool = False


def data(*events: dict[str, Any] | str) -> list[bytes]:
    """Server-sent events, one a piece."""
    return [f"data: {each if isinstance(each, str) else json.dumps(each)}\n\n".encode() for each in events]


class RawServer:
    """Answers requests in order; the last reply counts for all that follow."""

    def __init__(self, *replies: Reply) -> None:
        self._replies = list(replies)
        self._changed = asyncio.Condition()
        self.connected: set[asyncio.StreamWriter] = set()
        self.bodies: list[dict[str, Any]] = []
        self.accepted = 0
        self.url = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for writer in list(self.connected):
            writer.transport.abort()
        await self.nobody_connected()
        await self._server.wait_closed()

    async def asked(self, times: int = 1) -> None:
        """Wait until so many requests have come."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.bodies) >= times)

    async def nobody_connected(self) -> None:
        """Wait until all connections are closed."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self.connected)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connected.add(writer)
        self.accepted += 1
        try:
            while await self._answer(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            async with self._changed:
                self.connected.discard(writer)
                self._changed.notify_all()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
        length = next(int(line.split(":")[1]) for line in head if line.startswith("content-length:"))
        body = json.loads(await reader.readexactly(length))
        async with self._changed:
            self.bodies.append(body)
            self._changed.notify_all()
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        chunked = not reply.raw and reply.then != "close"
        if not reply.raw:
            lines = [f"HTTP/1.1 {reply.status} Status", "content-type: text/event-stream"]
            lines += ["transfer-encoding: chunked"] if chunked else ["connection: close"]
            lines += [f"{name}: {value}" for name, value in reply.headers.items()]
            writer.write("\r\n".join([*lines, "", ""]).encode())
        for piece in reply.pieces:
            writer.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" if chunked else piece)
            await writer.drain()
        match reply.then:
            case "end":
                writer.write(b"0\r\n\r\n" if chunked else b"")
                return True
            case "close":
                return False
            case "reset":
                raw: socket.socket = writer.get_extra_info("socket")
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
                return False
            case "silence":
                await reader.read()
                return False
