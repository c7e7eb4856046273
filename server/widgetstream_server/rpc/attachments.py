"""The methods on attachments: content moves in pieces, over HTTP as bare bodies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import quote

from google.api.httpbody_pb2 import HttpBody

from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1.attachment_pb2 import Attachment
from widgetstream_server.conversation.attachments import Attachments, Upload
from widgetstream_server.conversation.errors import InvalidArgumentError, TokenMissingError
from widgetstream_server.rpc.call import current_call
from widgetstream_server.rpc.form_data import FormFile, is_form
from widgetstream_server.rpc.methods import Context


class AttachmentMethods:
    """Serves what ``ChatKitService`` has on attachments."""

    def __init__(self, attachments: Attachments) -> None:
        """Serve attachments."""
        self._attachments = attachments

    async def create(self, request: pb.CreateAttachmentRequest) -> pb.CreateAttachmentResponse:
        """Announce a file."""
        attachment = await self._attachments.create(request, current_call.get().context)
        return pb.CreateAttachmentResponse(attachment=attachment)

    async def upload(self, requests: AsyncIterator[pb.UploadAttachmentRequest]) -> pb.UploadAttachmentResponse:
        """Store what comes in: bare content, or the file of a form."""
        call = current_call.get()
        first = await anext(aiter(requests), pb.UploadAttachmentRequest())
        if call.request is None and not first.key:
            raise TokenMissingError
        if not first.attachment_id:
            raise InvalidArgumentError.of("attachment_id", "must be set on the first piece")
        content_type, pieces = first.content.content_type, _pieces(first, requests)
        if is_form(content_type):
            form = FormFile(content_type, pieces)
            content_type, pieces = await form.open(), form.content()
        upload = Upload(first.attachment_id, first.key, content_type, pieces)
        attachment = await self._attachments.upload(upload, call.request, call.base_url)
        return pb.UploadAttachmentResponse(attachment=attachment)

    async def download(self, request: pb.DownloadAttachmentRequest, context: Context) -> None:
        """Send content, the kind of which is in its first piece."""
        call = current_call.get()
        async with self._attachments.open(request.attachment_id, request.key, call.request) as (attachment, pieces):
            await context.send_initial_metadata(_headers(attachment))
            body = HttpBody(content_type=attachment.mime_type)
            async for piece in pieces:
                body.data = piece
                await context.write(body.SerializeToString())
                body = HttpBody()
            if body.content_type:  # it is empty
                await context.write(body.SerializeToString())

    async def delete(self, request: pb.DeleteAttachmentRequest) -> pb.DeleteAttachmentResponse:
        """Delete an attachment."""
        await self._attachments.delete(request.attachment_id, current_call.get().context)
        return pb.DeleteAttachmentResponse()


async def _pieces(
    first: pb.UploadAttachmentRequest, rest: AsyncIterator[pb.UploadAttachmentRequest]
) -> AsyncIterator[bytes]:
    yield first.content.data
    async for request in rest:
        yield request.content.data


def _headers(attachment: Attachment) -> tuple[tuple[str, str], ...]:
    """Return metadata that a proxy sends as HTTP headers: for browsers, to which content of people's is dangerous."""
    shown = "inline" if attachment.HasField("image") else "attachment"
    name = attachment.name.replace("/", "_").replace("\\", "_")
    return (
        ("content-disposition", f"{shown}; filename*=UTF-8''{quote(name, safe='')}"),
        # Should a browser show it after all, then without scripts and without an origin.
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "cross-origin"),
        # It never changes; only its reader may keep it.
        ("cache-control", "private, max-age=3600, immutable"),
    )
