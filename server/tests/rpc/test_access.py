"""Who is let in: callers with a valid token, and nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2

from widgetstream import AsyncClient, UnauthenticatedError, WidgetstreamError
from widgetstream.chatkit.v1 import chatkit_http_service_pb2, chatkit_service_pb2
from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1.options_pb2 import Access
from widgetstream.client.errors import from_rpc_error
from widgetstream.todo.v1 import task_service_pb2
from widgetstream_server.rpc.methods import methods_of

from .conftest import Running

SERVICES = [
    chatkit_service_pb2.DESCRIPTOR.services_by_name["ChatKitService"],
    chatkit_http_service_pb2.DESCRIPTOR.services_by_name["ChatKitHttpService"],
    task_service_pb2.DESCRIPTOR.services_by_name["TaskService"],
]
METHODS = [method for service in SERVICES for method in methods_of(service).values()]


# What a page asks for by an address alone: it carries a key in place of a token.
WITH_KEY = {
    "/widgetstream.chatkit.v1.ChatKitService/UploadAttachment",
    "/widgetstream.chatkit.v1.ChatKitService/DownloadAttachment",
}


@pytest.mark.parametrize("path", [method.path for method in METHODS])
def test_each_method_states_its_access(path: str) -> None:
    access = next(method.access for method in METHODS if method.path == path)

    assert access == (Access.ACCESS_KEY if path in WITH_KEY else Access.ACCESS_AUTHENTICATED)


@pytest.mark.parametrize("key", ["", "junk", "A" * 64])
async def test_methods_with_a_key_are_closed_without_token_and_key(channel: grpc.aio.Channel, key: str) -> None:
    upload: Any = channel.stream_unary("/widgetstream.chatkit.v1.ChatKitService/UploadAttachment")
    download: Any = channel.unary_stream("/widgetstream.chatkit.v1.ChatKitService/DownloadAttachment")
    uploading = upload(iter([pb.UploadAttachmentRequest(attachment_id="atc_x", key=key).SerializeToString()]))
    downloading = download(pb.DownloadAttachmentRequest(attachment_id="atc_x", key=key).SerializeToString())
    with pytest.raises(grpc.aio.AioRpcError) as upload_refused:
        await uploading
    with pytest.raises(grpc.aio.AioRpcError) as download_refused:
        await downloading.read()

    for refused in (upload_refused.value, download_refused.value):
        assert refused.code() == grpc.StatusCode.UNAUTHENTICATED
        assert from_rpc_error(refused).reason == ("TOKEN_INVALID" if key else "TOKEN_MISSING")


async def test_each_other_method_is_closed_without_a_token(channel: grpc.aio.Channel) -> None:
    for method in METHODS:
        if method.path in WITH_KEY:
            continue
        open_call: Any = (
            channel.stream_unary(method.path) if method.client_streaming else channel.unary_unary(method.path)
        )
        call = open_call(iter([b""]) if method.client_streaming else b"")
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await call
        assert refused.value.code() == grpc.StatusCode.UNAUTHENTICATED, method.path


def forged(**changes: object) -> dict[str, object]:
    now = datetime.now(UTC)
    claims = {
        "iss": "widgetstream-dev",
        "aud": "widgetstream",
        "sub": "ada",
        "iat": now,
        "exp": now + timedelta(hours=1),
    }
    return {**claims, **changes}


@pytest.mark.parametrize(
    "token, reason, failure",
    [
        ("", "TOKEN_MISSING", None),
        ("junk", "TOKEN_INVALID", "MALFORMED"),
        (jwt.encode(forged(), "", algorithm="none"), "TOKEN_INVALID", "ALGORITHM_NOT_ALLOWED"),
        (jwt.encode(forged(), "s" * 32, algorithm="HS256"), "TOKEN_INVALID", "ALGORITHM_NOT_ALLOWED"),
        (jwt.encode(forged(), Ed25519PrivateKey.generate(), algorithm="EdDSA"), "TOKEN_INVALID", "BAD_SIGNATURE"),
        (
            jwt.encode(forged(iss="somebody"), Ed25519PrivateKey.generate(), algorithm="EdDSA"),
            "TOKEN_INVALID",
            "UNKNOWN_ISSUER",
        ),
        ("x" * 9000, "TOKEN_INVALID", "TOO_LARGE"),
    ],
    ids=["none", "junk", "algorithm none", "shared secret", "another key", "another issuer", "too large"],
)
async def test_bad_tokens(running: Running, token: str, reason: str, failure: str | None) -> None:
    async with AsyncClient(running.address, token=token) as client:
        with pytest.raises(UnauthenticatedError) as refused:
            await client.get_thread("thr_x")

    assert refused.value.reason == reason
    assert refused.value.metadata.get("failure") == failure
    assert token not in str(refused.value) or not token


async def test_an_expired_token_says_so(running: Running) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    async with AsyncClient(running.address, token=running.token(now=yesterday)) as client:
        with pytest.raises(UnauthenticatedError) as refused:
            await client.get_thread("thr_x")

    assert refused.value.reason == "TOKEN_EXPIRED"


async def test_an_unknown_time_zone_is_refused(running: Running) -> None:
    async with AsyncClient(running.address, token=running.token(), time_zone="../../etc/passwd") as client:
        with pytest.raises(WidgetstreamError) as refused:
            await client.get_thread("thr_x")

    assert refused.value.violations[0].field == "x-time-zone"


async def test_health_is_open_and_says_which_services_serve(channel: grpc.aio.Channel) -> None:
    health: Any = health_pb2_grpc.HealthStub(channel)
    for name in ("", *(service.full_name for service in SERVICES)):
        answer = await health.Check(health_pb2.HealthCheckRequest(service=name))
        assert answer.status == health_pb2.HealthCheckResponse.SERVING, name


@pytest.mark.parametrize("version", ["v1", "v1alpha"])
async def test_reflection_is_open_in_both_versions(channel: grpc.aio.Channel, version: str) -> None:
    ask = channel.stream_stream(
        f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo",
        request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
        response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
    )
    answers = [answer async for answer in ask(iter([reflection_pb2.ServerReflectionRequest(list_services="")]))]

    names = {service.name for service in answers[0].list_services_response.service}
    assert {service.full_name for service in SERVICES} <= names


async def test_tokens_and_texts_are_in_no_log(running: Running, capfd: pytest.CaptureFixture[str]) -> None:
    token = running.token()
    async with AsyncClient(running.address, token=token) as client:
        async for _ in client.respond("title A very private matter"):
            pass
    logged = capfd.readouterr()

    assert "dev:ada" in logged.out + logged.err
    assert token not in logged.out + logged.err
    assert "private" not in logged.out + logged.err


def test_the_key_folder_is_the_callers_alone(tmp_path: Path, running: Running) -> None:
    assert (running.settings.data_dir / "keys").stat().st_mode & 0o077 == 0
