"""The addresses of attachments: where content goes, and where pictures are shown from. Each carries its key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from widgetstream.chatkit.v1.attachment_pb2 import Attachment, AttachmentUploadDescriptor, UploadMethod
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream_server.conversation.attachment_keys import AttachmentKeys, next_end
from widgetstream_server.conversation.attachment_ports import StoredAttachment

_UPLOAD_KEY_LIFETIME = timedelta(hours=1)
_DOWNLOAD_KEY_LIFETIME = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class AttachmentAddresses:
    """Writes addresses.

    Attributes:
        keys: Makes their keys.
        upload_method: How pages are told to upload. The address takes both methods.
    """

    keys: AttachmentKeys
    upload_method: UploadMethod.ValueType = UploadMethod.UPLOAD_METHOD_PUT

    def shown(self, entry: StoredAttachment, base_url: str, now: datetime) -> Attachment:
        """Return an attachment as its owner sees it: with how to upload it until its content is there."""
        shown = Attachment()
        shown.CopyFrom(entry.attachment)
        if shown.HasField("image"):
            shown.image.preview_url = self._preview_url(shown.id, base_url, now)
        if not entry.content:
            key = self.keys.make("upload", shown.id, expire_time=now + _UPLOAD_KEY_LIFETIME)
            # A page that posts makes a form of it, and the browser says of which type the form is.
            is_bare = self.upload_method == UploadMethod.UPLOAD_METHOD_PUT
            shown.upload_descriptor.CopyFrom(
                AttachmentUploadDescriptor(
                    url=f"{base_url}/v1/attachments/{shown.id}/content?key={key}",
                    method=self.upload_method,
                    headers={"content-type": shown.mime_type} if is_bare else {},
                )
            )
        return shown

    def renew(self, items: Iterable[ThreadItem], base_url: str, now: datetime) -> None:
        """Give the images in messages, which may be old, addresses that work now."""
        for item in items:
            for attachment in item.user_message.attachments:
                if attachment.HasField("image"):
                    attachment.image.preview_url = self._preview_url(attachment.id, base_url, now)

    def _preview_url(self, attachment_id: str, base_url: str, now: datetime) -> str:
        key = self.keys.make("download", attachment_id, expire_time=next_end(now, _DOWNLOAD_KEY_LIFETIME))
        return f"{base_url}/v1/attachments/{attachment_id}/content?key={key}"
