"""Connections to models: kept, closed, abandoned."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest

from tests.agents.raw_server import RawServer, Reply
from widgetstream_server.agents.models.transport import StreamTransport, body_of


@pytest.fixture
async def transport() -> AsyncIterator[StreamTransport]:
    made = StreamTransport()
    yield made
    await made.aclose()


@pytest.fixture
async def http(transport: StreamTransport) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(transport=transport, timeout=5.0) as client:
        yield client


async def ask(http: httpx2.AsyncClient, url: str) -> bytes:
    response = await http.post(url, json={"hello": "you"})
    return response.content


async def test_a_connection_serves_one_request_after_another(
    http: httpx2.AsyncClient, transport: StreamTransport
) -> None:
    async with RawServer(Reply([b"one"]), Reply([b"two"])) as server:
        answers = [await ask(http, server.url), await ask(http, server.url)]

    assert answers == [b"one", b"two"]
    assert server.accepted == 1
    assert server.bodies == [{"hello": "you"}] * 2


async def test_an_idle_connection_that_the_server_closes_is_not_used_again(
    http: httpx2.AsyncClient, transport: StreamTransport
) -> None:
    async with RawServer(Reply([b"one"])) as server:
        await ask(http, server.url)
        for writer in server.connected:
            writer.close()
        await server.nobody_connected()
        # The end of the connection is on its way.
        while transport.open_connections:  # noqa: ASYNC110 — nobody is told of it
            await asyncio.sleep(0)
        again = await ask(http, server.url)

    assert again == b"one"
    assert server.accepted == 2


async def test_a_server_that_hangs_up_on_whoever_connects_is_no_reason_to_wait(http: httpx2.AsyncClient) -> None:
    def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    listener = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with listener:
        with pytest.raises(httpx2.TransportError):
            await ask(http, f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/")


async def test_a_response_that_is_left_closes_its_connection(
    http: httpx2.AsyncClient, transport: StreamTransport
) -> None:
    async with RawServer(Reply([b"one"], then="silence")) as server:
        async with http.stream("POST", server.url, json={}) as response:
            body = body_of(response)
            assert body is not None
            first = await body.read()
        await server.nobody_connected()

    assert first == b"one"
    assert transport.open_connections == 0


async def test_a_reader_that_is_far_behind_makes_the_server_wait(http: httpx2.AsyncClient) -> None:
    async with RawServer(Reply([b"a" * 65_536] * 400)) as server, http.stream("POST", server.url, json={}) as response:
        body = body_of(response)
        assert body is not None
        await body.read()
        for _ in range(200):
            await asyncio.sleep(0)
        # What had come meanwhile is some pieces; all the rest waits at the server.
        waiting = len(await body.read())
        sent = waiting
        while data := await body.read():
            sent += len(data)

    assert waiting < 2_000_000
    assert sent > 20_000_000


async def test_a_request_that_is_canceled_leaves_no_connection(
    http: httpx2.AsyncClient, transport: StreamTransport
) -> None:
    async with RawServer(Reply(raw=True, then="silence")) as server:
        asking = asyncio.create_task(ask(http, server.url))
        await server.asked()
        asking.cancel()
        await server.nobody_connected()
        await asyncio.wait([asking])

    assert asking.cancelled()
    assert transport.open_connections == 0
