"""Files as people upload them, and the calls that do it."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence
from urllib.parse import parse_qs, urlsplit

import grpc
from google.api.httpbody_pb2 import HttpBody

from widgetstream import AsyncClient
from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1.attachment_pb2 import Attachment
from widgetstream.client.errors import from_rpc_error

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x04\x00\x00\x00\xb5\x1c\x0c\x02"
    b"\x00\x00\x00\x0bIDATx\xdacd\xf8\x0f\x00\x01\x05\x01\x01'\x18\xe3f\x00\x00\x00\x00IEND\xaeB`\x82"
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
WEBP = b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"
TEXT = "Milk, bread, 苹果\n".encode()


async def announce(
    client: AsyncClient,
    content: bytes = TEXT,
    mime_type: str = "text/plain",
    *,
    name: str = "list.txt",
    size: int | None = None,
    sha256: bytes | None = None,
) -> Attachment:
    """Create an attachment for content; what is given beside it is declared in its place."""
    request = pb.CreateAttachmentRequest(
        name=name,
        size=len(content) if size is None else size,
        mime_type=mime_type,
        sha256=hashlib.sha256(content).digest() if sha256 is None else sha256,
    )
    response: pb.CreateAttachmentResponse = await client.call(client.chatkit.CreateAttachment, request)
    return response.attachment


async def upload(
    client: AsyncClient, attachment_id: str, pieces: Sequence[bytes], *, key: str = "", content_type: str = ""
) -> Attachment:
    async def requests() -> AsyncIterator[pb.UploadAttachmentRequest]:
        first = pb.UploadAttachmentRequest(attachment_id=attachment_id, key=key)
        first.content.CopyFrom(HttpBody(content_type=content_type))
        yield first
        for piece in pieces:
            yield pb.UploadAttachmentRequest(content=HttpBody(data=piece))

    response: pb.UploadAttachmentResponse = await client.call(client.chatkit.UploadAttachment, requests())
    return response.attachment


async def uploaded(client: AsyncClient, content: bytes = TEXT, mime_type: str = "text/plain") -> Attachment:
    attachment = await announce(client, content, mime_type)
    return await upload(client, attachment.id, [content])


async def download(client: AsyncClient, attachment_id: str, *, key: str = "") -> tuple[str, bytes]:
    """Return the content type and the content."""
    request = pb.DownloadAttachmentRequest(attachment_id=attachment_id, key=key)
    try:
        call = client.chatkit.DownloadAttachment(request, metadata=await client.metadata())
        bodies = [body async for body in call]
    except grpc.aio.AioRpcError as error:
        raise from_rpc_error(error) from None
    return bodies[0].content_type, b"".join(body.data for body in bodies)


async def delete(client: AsyncClient, attachment_id: str) -> None:
    await client.call(client.chatkit.DeleteAttachment, pb.DeleteAttachmentRequest(attachment_id=attachment_id))


def key_of(url: str) -> str:
    """Return the key that an address carries."""
    return parse_qs(urlsplit(url).query)["key"][0]
