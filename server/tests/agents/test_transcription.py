"""Speech to text: over the true server, with a server on loopback in the place of OpenAI's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.rpc.conftest import no_settings_from_outside, settings_for, token_for
from widgetstream import AsyncClient, InvalidArgumentError, WidgetstreamError
from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream_server.app import Application
from widgetstream_server.auth import DevelopmentKey

__all__ = ["no_settings_from_outside"]

AUDIO = b"\x1aE\xdf\xa3 not really speech"
KEY = "sk-test-secret"


@dataclass
class Listener:
    """A server that hears what a test tells it to, and keeps what it was sent."""

    status: int = 200
    answer: dict[str, Any] = field(default_factory=lambda: {"text": " Buy milk. "})
    heads: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lengths = [line.split(":")[1] for line in head.split("\r\n") if line.lower().startswith("content-length")]
        self.heads.append(head)
        self.bodies.append(await reader.readexactly(int(lengths[0])))
        body = json.dumps(self.answer).encode()
        writer.write(
            f"HTTP/1.1 {self.status} x\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
            "x-should-retry: false\r\nconnection: close\r\n\r\n".encode()
            + body
        )
        await writer.drain()
        writer.close()


@asynccontextmanager
async def listening(**answer: Any) -> AsyncIterator[Listener]:
    listener = Listener(**answer)
    server = await asyncio.start_server(listener.serve, "127.0.0.1", 0)
    async with server:
        listener.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        yield listener


@asynccontextmanager
async def todo(folder: Path, **changes: Any) -> AsyncIterator[AsyncClient]:
    async with Application(settings_for(folder, **changes)) as application:
        token = token_for(DevelopmentKey.load_or_create(folder / "keys"), "ada")
        async with AsyncClient(f"127.0.0.1:{application.port}", token=token) as client:
            yield client


async def transcribe(client: AsyncClient, audio: bytes = AUDIO, mime_type: str = "audio/webm;codecs=opus") -> str:
    request = pb.TranscribeAudioRequest(audio=audio, mime_type=mime_type)
    response: pb.TranscribeAudioResponse = await client.call(client.chatkit.TranscribeAudio, request)
    return response.text


async def test_a_recording_becomes_text(tmp_path: Path) -> None:
    async with (
        listening() as listener,
        todo(tmp_path, openai_api_key=KEY, openai_base_url=listener.url, transcription_model="ears-1") as client,
    ):
        text = await transcribe(client)

    assert text == "Buy milk."
    assert listener.heads[0].startswith("POST /v1/audio/transcriptions ")
    assert f"Bearer {KEY}" in listener.heads[0]
    assert AUDIO in listener.bodies[0]
    assert b'filename="speech.webm"' in listener.bodies[0]
    assert b"ears-1" in listener.bodies[0]


@pytest.mark.parametrize("status", [401, 404, 429, 500])
async def test_a_server_that_fails_is_told_without_its_words(
    tmp_path: Path, status: int, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = {"error": {"message": "secret words of the upstream"}}
    async with (
        listening(status=status, answer=answer) as listener,
        todo(tmp_path, openai_api_key=KEY, openai_base_url=listener.url) as client,
    ):
        with pytest.raises(WidgetstreamError) as refused:
            await transcribe(client)
    logged = "".join(capfd.readouterr())

    assert refused.value.reason == "MODEL_UNAVAILABLE"
    assert "secret words" not in str(refused.value) + logged
    assert KEY not in logged


async def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    async with todo(tmp_path, openai_api_key=KEY, openai_base_url="http://127.0.0.1:1/v1") as client:
        with pytest.raises(WidgetstreamError) as refused:
            await transcribe(client)

    assert refused.value.reason == "MODEL_UNAVAILABLE"


async def test_without_a_key_it_is_not_configured(tmp_path: Path) -> None:
    async with todo(tmp_path) as client:
        with pytest.raises(WidgetstreamError) as refused:
            await transcribe(client)

    assert (refused.value.code.name, refused.value.reason) == ("FAILED_PRECONDITION", "NOT_CONFIGURED")


@pytest.mark.parametrize("mime_type", ["image/png", "audio/midi", "audio", "text/plain; audio/webm"])
async def test_other_kinds_of_files_are_refused(tmp_path: Path, mime_type: str) -> None:
    async with todo(tmp_path) as client:
        with pytest.raises(InvalidArgumentError) as refused:
            await transcribe(client, mime_type=mime_type)

    assert refused.value.violations[0].field == "mime_type"
    assert "audio/webm" in refused.value.violations[0].description


async def test_recordings_have_a_size_that_is_larger_than_other_requests(tmp_path: Path) -> None:
    most = 25 * 1024 * 1024
    async with listening() as listener, todo(tmp_path, openai_api_key=KEY, openai_base_url=listener.url) as client:
        text = await transcribe(client, b"x" * most, "audio/wav")
        with pytest.raises(InvalidArgumentError) as larger:
            await transcribe(client, b"x" * (most + 1), "audio/wav")
        with pytest.raises(WidgetstreamError) as huge:
            await transcribe(client, b"x" * (most + 1024 * 1024), "audio/wav")

    assert text == "Buy milk."
    assert larger.value.violations[0].field == "audio"
    assert huge.value.reason == "REQUEST_TOO_LARGE"
