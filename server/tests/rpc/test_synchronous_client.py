"""The generated synchronous stub, by pytest-grpc's fixtures, and the synchronous client, against the true server."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest

from widgetstream import Client, NotFoundError
from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1.chatkit_service_pb2_grpc import ChatKitServiceStub
from widgetstream_server.app import Application, Parts
from widgetstream_server.auth import DevelopmentKey

from .conftest import settings_for, token_for
from .scripted_app import ScriptedApp


class Served:
    """The true server in a thread with an event loop of its own."""

    def __init__(self, folder: Path) -> None:
        self.settings = settings_for(folder, shutdown_grace_seconds=0.1)
        self.address = ""
        self._up = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    def __enter__(self) -> Served:
        self._thread.start()
        assert self._up.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        async with Application(self.settings, Parts(app=lambda _: ScriptedApp())) as application:
            self.address = f"127.0.0.1:{application.port}"
            self._up.set()
            await self._stop.wait()

    def token(self) -> str:
        return token_for(DevelopmentKey.load_or_create(self.settings.key_dir), "ada")


@pytest.fixture(scope="module")
def grpc_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Served(tmp_path_factory.mktemp("server")) as served:
        yield served


@pytest.fixture(scope="module")
def grpc_addr(grpc_server: Served) -> str:
    return grpc_server.address


@pytest.fixture(scope="module")
def grpc_stub_cls(grpc_channel: grpc.Channel) -> Any:
    return ChatKitServiceStub


def test_the_generated_stub_streams_a_run(grpc_stub: Any, grpc_server: Served) -> None:
    metadata = (("authorization", f"Bearer {grpc_server.token()}"),)
    received = list(grpc_stub.Respond(pb.RespondRequest(text="say 3"), metadata=metadata))

    assert received[0].HasField("run_started")
    assert received[-1].HasField("run_completed")


def test_the_generated_stub_is_refused_without_a_token(grpc_stub: Any) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        grpc_stub.GetThread(pb.GetThreadRequest(thread_id="thr_x"))

    assert refused.value.code() == grpc.StatusCode.UNAUTHENTICATED


def test_the_synchronous_client_talks_and_lists(grpc_server: Served) -> None:
    with Client(grpc_server.address, token=grpc_server.token) as client:
        stream = client.respond("say 3")
        received = list(stream)
        replayed = list(client.subscribe(stream.run_id))
        threads = [thread.id for thread in client.list_threads(page_size=1)]
        items = [item.WhichOneof("item") for item in client.list_items(stream.thread_id, page_size=1)]
        renamed = client.update_thread(stream.thread_id, "Words")
        client.delete_thread(stream.thread_id)
        with pytest.raises(NotFoundError):
            client.get_thread(stream.thread_id)

    assert replayed == received
    assert stream.thread_id in threads
    assert items == ["user_message", "assistant_message"]
    assert renamed.title == "Words"
