"""Files go up in two steps, and are there whole or not at all."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from datetime import timedelta

import grpc
import pytest
from google.api.httpbody_pb2 import HttpBody

from tests.attachments.conftest import Served
from tests.attachments.files import (
    GIF,
    JPEG,
    PNG,
    TEXT,
    WEBP,
    announce,
    delete,
    download,
    key_of,
    upload,
    uploaded,
)
from widgetstream import AsyncClient, NotFoundError, UnauthenticatedError, WidgetstreamError
from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1 import chatkit_service_pb2_grpc
from widgetstream.chatkit.v1.attachment_pb2 import UploadMethod
from widgetstream.client.errors import from_rpc_error

MIB = 1024 * 1024


async def test_a_file_is_announced_uploaded_and_read(client: AsyncClient) -> None:
    announced = await announce(client)
    complete = await upload(client, announced.id, [TEXT[:3], b"", TEXT[3:]])
    content_type, content = await download(client, announced.id)

    assert announced.id.startswith("atc_")
    assert announced.upload_descriptor.url.startswith(f"/v1/attachments/{announced.id}/content?key=")
    assert announced.upload_descriptor.method == UploadMethod.UPLOAD_METHOD_PUT
    assert dict(announced.upload_descriptor.headers) == {"content-type": "text/plain"}
    assert not complete.HasField("upload_descriptor")
    assert (complete.name, complete.size, complete.mime_type) == ("list.txt", len(TEXT), "text/plain")
    assert complete.WhichOneof("attachment") == "file"
    assert (content_type, content) == ("text/plain", TEXT)


@pytest.mark.parametrize("served", [{"upload_method": "POST"}], indirect=True)
async def test_a_page_may_be_told_to_post(client: AsyncClient) -> None:
    announced = await announce(client)

    assert announced.upload_descriptor.method == UploadMethod.UPLOAD_METHOD_POST
    assert dict(announced.upload_descriptor.headers) == {}


@pytest.mark.parametrize(
    "content, mime_type",
    [(PNG, "image/png"), (JPEG, "image/jpeg"), (JPEG, "image/jpg"), (GIF, "image/gif"), (WEBP, "image/webp")],
)
async def test_images_have_a_preview_that_opens_without_a_token(
    served: Served, client: AsyncClient, content: bytes, mime_type: str
) -> None:
    image = await uploaded(client, content, mime_type)
    async with AsyncClient(served.address) as page:
        content_type, seen = await download(page, image.id, key=key_of(image.image.preview_url))

    assert image.WhichOneof("attachment") == "image"
    assert (content_type, seen) == (image.mime_type, content)


async def test_an_address_uploads_once_without_a_token(served: Served, client: AsyncClient) -> None:
    announced = await announce(client)
    key = key_of(announced.upload_descriptor.url)
    async with AsyncClient(served.address) as page:
        complete = await upload(page, announced.id, [TEXT], key=key)
        with pytest.raises(UnauthenticatedError) as refused:
            await upload(page, announced.id, [TEXT], key=key)

    assert complete.id == announced.id
    assert refused.value.metadata["failure"] == "KEY_USED"


async def test_a_key_opens_one_door_of_one_attachment(served: Served, client: AsyncClient) -> None:
    image, other = await uploaded(client, PNG, "image/png"), await announce(client)
    upload_key, preview_key = key_of(other.upload_descriptor.url), key_of(image.image.preview_url)
    failures = []
    async with AsyncClient(served.address) as page:
        for attachment_id, key in ((other.id, preview_key), (image.id, upload_key)):
            with pytest.raises(UnauthenticatedError) as refused:
                await upload(page, attachment_id, [TEXT], key=key)
            failures.append(refused.value.metadata["failure"])
            with pytest.raises(UnauthenticatedError) as refused:
                await download(page, attachment_id, key=key)
            failures.append(refused.value.metadata["failure"])

    assert failures == ["KEY_INVALID"] * 4


async def test_keys_end(served: Served, client: AsyncClient) -> None:
    image, other = await uploaded(client, PNG, "image/png"), await announce(client)
    served.clock.ahead = timedelta(hours=12, minutes=1)
    async with AsyncClient(served.address) as page:
        with pytest.raises(UnauthenticatedError) as preview:
            await download(page, image.id, key=key_of(image.image.preview_url))
        with pytest.raises(UnauthenticatedError) as uploading:
            await upload(page, other.id, [TEXT], key=key_of(other.upload_descriptor.url))

    assert (preview.value.reason, uploading.value.reason) == ("TOKEN_EXPIRED", "TOKEN_EXPIRED")


@pytest.mark.parametrize(
    "declared, pieces, field",
    [
        ({"size": len(TEXT) - 1, "sha256": b""}, [TEXT], "size"),
        ({"size": len(TEXT) + 1, "sha256": b""}, [TEXT], "size"),
        ({"size": 0, "sha256": b""}, [b"x"], "size"),
        ({"sha256": hashlib.sha256(b"something else").digest()}, [TEXT], "sha256"),
        ({"mime_type": "image/png", "sha256": b""}, [TEXT], "mime_type"),
        ({"mime_type": "image/png", "size": 4, "sha256": b""}, [b"\x89P", b"NG"], "mime_type"),
        ({"mime_type": "image/gif", "size": len(PNG), "sha256": b""}, [PNG[:5], PNG[5:]], "mime_type"),
    ],
)
async def test_content_that_is_not_what_was_declared_is_refused_and_not_kept(
    served: Served, client: AsyncClient, declared: dict[str, object], pieces: list[bytes], field: str
) -> None:
    announced = await announce(client, **declared)  # type: ignore[arg-type]  # a table of some of its arguments
    with pytest.raises(WidgetstreamError) as refused:
        await upload(client, announced.id, pieces)
    with pytest.raises(WidgetstreamError) as absent:
        await download(client, announced.id)

    assert (refused.value.reason, refused.value.violations[0].field) == ("ATTACHMENT_MISMATCH", field)
    assert absent.value.reason == "ITEM_STATE_INVALID"
    assert served.files() == []


async def test_what_is_too_large_is_cut_off_at_once(served: Served, client: AsyncClient) -> None:
    """The sender has 64 MiB to send, and stops when it is told."""
    announced = await announce(client, size=MIB, sha256=b"")
    metadata = await client.metadata()
    sent = 0

    def requests() -> Iterator[pb.UploadAttachmentRequest]:
        nonlocal sent
        yield pb.UploadAttachmentRequest(attachment_id=announced.id)
        while sent < 64 * MIB:
            sent += MIB
            yield pb.UploadAttachmentRequest(content=HttpBody(data=b"x" * MIB))

    # Not over grpc.aio, whose client forgets the status when it was sending.
    def send() -> None:
        with grpc.insecure_channel(served.address) as channel:
            chatkit_service_pb2_grpc.ChatKitServiceStub(channel).UploadAttachment(requests(), metadata=metadata)

    with pytest.raises(grpc.RpcError) as refused:
        await asyncio.to_thread(send)

    assert from_rpc_error(refused.value).reason == "ATTACHMENT_MISMATCH"
    assert sent < 16 * MIB
    assert served.files() == []


async def test_after_a_failure_the_upload_may_be_repeated(served: Served, client: AsyncClient) -> None:
    announced = await announce(client)
    key = key_of(announced.upload_descriptor.url)
    async with AsyncClient(served.address) as page:
        with pytest.raises(WidgetstreamError):
            await upload(page, announced.id, [b"x" * len(TEXT)], key=key)
        complete = await upload(page, announced.id, [TEXT], key=key)

    assert complete.id == announced.id


async def test_content_does_not_change(client: AsyncClient) -> None:
    attachment = await announce(client, sha256=b"")
    first = await upload(client, attachment.id, [TEXT])
    again = await upload(client, attachment.id, [TEXT])
    with pytest.raises(WidgetstreamError) as refused:
        await upload(client, attachment.id, [b"x" * len(TEXT)])
    _, content = await download(client, attachment.id)

    assert first == again
    assert refused.value.reason == "ATTACHMENT_MISMATCH"
    assert content == TEXT


async def test_a_content_type_that_was_not_declared_is_refused(client: AsyncClient) -> None:
    announced = await announce(client)
    with pytest.raises(WidgetstreamError) as refused:
        await upload(client, announced.id, [TEXT], content_type="text/html")
    complete = await upload(client, announced.id, [TEXT], content_type="text/plain; charset=utf-8")

    assert refused.value.violations[0].field == "mime_type"
    assert complete.mime_type == "text/plain"


async def test_an_empty_file_is_a_file(client: AsyncClient) -> None:
    attachment = await uploaded(client, b"")

    assert await download(client, attachment.id) == ("text/plain", b"")


@pytest.mark.parametrize("served", [{"max_attachment_bytes": 1000}], indirect=True)
@pytest.mark.parametrize(
    "given, field",
    [
        ({"size": 1001}, "size"),
        ({"size": -1}, "size"),
        ({"name": ""}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "a\r\nset-cookie: b"}, "name"),
        ({"mime_type": "text"}, "mime_type"),
        ({"mime_type": "text/plain\r\nx: y"}, "mime_type"),
        ({"sha256": b"short"}, "sha256"),
    ],
)
async def test_what_cannot_be_announced(client: AsyncClient, given: dict[str, object], field: str) -> None:
    with pytest.raises(WidgetstreamError) as refused:
        await announce(client, **given)  # type: ignore[arg-type]  # a table of some of its arguments

    assert [violation.field for violation in refused.value.violations] == [field]


async def test_what_is_anothers_does_not_exist(client: AsyncClient, stranger: AsyncClient) -> None:
    mine = await uploaded(client)
    announced = await announce(client)
    for attempt in (
        download(stranger, mine.id),
        upload(stranger, announced.id, [TEXT]),
        upload(stranger, announced.id, [TEXT], key=key_of(announced.upload_descriptor.url)),
        delete(stranger, mine.id),
    ):
        with pytest.raises(NotFoundError) as refused:
            await attempt
        assert refused.value.reason == "ATTACHMENT_NOT_FOUND"
    _, content = await download(client, mine.id)

    assert content == TEXT


async def test_what_is_deleted_is_gone(served: Served, client: AsyncClient) -> None:
    attachment = await uploaded(client)
    assert len(served.files()) == 1
    await delete(client, attachment.id)
    with pytest.raises(NotFoundError):
        await download(client, attachment.id)
    with pytest.raises(NotFoundError):
        await delete(client, attachment.id)

    assert served.files() == []


@pytest.mark.parametrize("served", [{"attachment_orphan_seconds": 3600}], indirect=True)
async def test_orphans_are_removed_after_a_time(served: Served, client: AsyncClient) -> None:
    await announce(client)
    old = await uploaded(client)
    served.clock.ahead = timedelta(minutes=40)
    young = await uploaded(client, PNG, "image/png")
    early = await served.application.attachments.removal.collect()
    served.clock.ahead = timedelta(minutes=70)
    late = await served.application.attachments.removal.collect()
    async with served.client() as later:
        _, content = await download(later, young.id)
        with pytest.raises(NotFoundError):
            await download(later, old.id)

    assert (early, late) == (0, 2)
    assert content == PNG
    assert len(served.files()) == 1


async def test_content_is_for_the_servers_eyes_only(served: Served, client: AsyncClient) -> None:
    await uploaded(client)

    assert served.files()[0].stat().st_mode & 0o077 == 0
    assert served.files()[0].parent.stat().st_mode & 0o077 == 0


async def test_a_store_that_cannot_be_written_to(served: Served, client: AsyncClient) -> None:
    announced = await announce(client)
    served.folder.write_text("a file, where the folder should be")
    with pytest.raises(WidgetstreamError) as refused:
        await upload(client, announced.id, [TEXT])
    served.folder.unlink()
    complete = await upload(client, announced.id, [TEXT])

    assert refused.value.reason == "DEPENDENCY_UNAVAILABLE"
    assert refused.value.retry_after == 1.0
    assert complete.id == announced.id
