"""A person's attachments: announced, uploaded, sent, read, removed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from widgetstream.chatkit.v1.attachment_pb2 import Attachment
from widgetstream.chatkit.v1.chatkit_service_pb2 import CreateAttachmentRequest
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream_server.conversation.attachment_addresses import AttachmentAddresses
from widgetstream_server.conversation.attachment_keys import Purpose
from widgetstream_server.conversation.attachment_limits import AttachmentLimits
from widgetstream_server.conversation.attachment_ports import (
    AttachmentStore,
    ContentMissingError,
    ContentStore,
    StoredAttachment,
)
from widgetstream_server.conversation.attachment_removal import AttachmentRemoval
from widgetstream_server.conversation.context import RequestContext
from widgetstream_server.conversation.errors import (
    AttachmentMismatchError,
    AttachmentNotFoundError,
    InvalidArgumentError,
    ItemStateInvalidError,
    TokenInvalidError,
    TokenMissingError,
    TooManyRequestsError,
)
from widgetstream_server.conversation.inspection import Inspection
from widgetstream_server.conversation.media_types import IMAGE_TYPES, media_type
from widgetstream_server.conversation.ports import Clock, Ids

_ANY_TYPE = frozenset({"application/octet-stream", "application/x-www-form-urlencoded"})


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload as it comes in.

    Attributes:
        attachment_id: Which attachment.
        key: In place of a caller. Empty: none.
        content_type: What the sender says that it is. Empty: nothing.
        pieces: The content, in order.
    """

    attachment_id: str
    key: str
    content_type: str
    pieces: AsyncIterator[bytes] = field(repr=False)


class Attachments:
    """A person's attachments. See the schema for what each method of the service promises."""

    def __init__(
        self,
        store: AttachmentStore,
        content: ContentStore,
        *,
        clock: Clock,
        ids: Ids,
        addresses: AttachmentAddresses,
        limits: AttachmentLimits | None = None,
    ) -> None:
        """Make the service over a store of what is known of attachments, and one of their content."""
        self._store = store
        self._content = content
        self._clock = clock
        self._ids = ids
        self._addresses = addresses
        self._limits = limits or AttachmentLimits()
        self.removal = AttachmentRemoval(store, content, clock, self._limits.collect_interval)
        """Removes what has expired."""

    async def create(self, request: CreateAttachmentRequest, context: RequestContext) -> Attachment:
        """Announce a file, and return it with how to upload it.

        Raises:
            InvalidArgumentError: It is too large, or its name or type cannot be used.
            TooManyRequestsError: The caller has too many that no message carries.
        """
        now = self._clock.now()
        if request.size > self._limits.max_bytes:
            raise InvalidArgumentError.of("size", f"must be at most {self._limits.max_bytes}")
        if not request.name.isprintable() or not request.name.strip():
            raise InvalidArgumentError.of("name", "must have visible characters, and no others")
        try:
            essence = media_type(request.mime_type)
        except ValueError:
            raise InvalidArgumentError.of("mime_type", "must be a media type, such as image/png") from None
        attachment = Attachment(id=self._ids.new("atc"), name=request.name, mime_type=essence, size=request.size)
        attachment.create_time.FromDatetime(now)
        (attachment.image if essence in IMAGE_TYPES else attachment.file).SetInParent()
        entry = StoredAttachment(attachment, context.principal.id, request.sha256, "")
        added = await self._store.add(
            entry, now=now, expire_time=now + self._limits.orphan_lifetime, max_loose=self._limits.max_loose
        )
        if not added:
            raise TooManyRequestsError(
                f"You have {self._limits.max_loose} attachments that no message carries; send or delete some."
            )
        return self._addresses.shown(entry, context.base_url, now)

    async def upload(self, upload: Upload, context: RequestContext | None, base_url: str) -> Attachment:
        """Store the content of an attachment, and return it, complete.

        Args:
            upload: What comes in.
            context: Who asks. None: nobody who is known; the key decides.
            base_url: As of ``RequestContext``.

        Raises:
            AttachmentMismatchError: It is not what was declared, or other content is there. Nothing of it is kept.
            ConversationError: There is no such attachment, or the caller may not upload it.
        """
        entry = await self._authorized("upload", upload.attachment_id, upload.key, context)
        attachment = entry.attachment
        _check_content_type(upload.content_type, attachment.mime_type)
        inspection = Inspection(size=attachment.size, mime_type=attachment.mime_type, sha256=entry.sha256)
        if entry.content:
            if context is None:
                raise TokenInvalidError("KEY_USED")
            async for _ in inspection.checked(upload.pieces):
                pass
            return self._addresses.shown(entry, base_url, self._clock.now())
        # Each try under a name of its own: two at once do not touch each other.
        name = f"{attachment.id}/{self._ids.new('cnt')}"
        await self._content.put(name, inspection.checked(upload.pieces))
        now = self._clock.now()
        completed = await self._store.complete(
            attachment.id,
            content=name,
            sha256=inspection.sha256,
            now=now,
            expire_time=now + self._limits.orphan_lifetime,
        )
        try:
            entry = await self._store.find(attachment.id, now=now)
        except AttachmentNotFoundError:
            # Deleted meanwhile: nobody would find this content again.
            await self._content.delete(attachment.id)
            raise
        # Or uploaded meanwhile by another call; then this one's content goes when the attachment goes.
        if not completed and entry.sha256 != inspection.sha256:
            raise AttachmentMismatchError.of("content", "other content was uploaded before")
        return self._addresses.shown(entry, base_url, now)

    @asynccontextmanager
    async def open(
        self, attachment_id: str, key: str, context: RequestContext | None
    ) -> AsyncIterator[tuple[Attachment, AsyncIterator[bytes]]]:
        """Open an attachment, to be read in pieces in order.

        Raises:
            ConversationError: There is no such attachment, it has no content yet, or the caller may not read it.
        """
        entry = await self._authorized("download", attachment_id, key, context)
        async with self._opened(entry) as pieces:
            yield entry.attachment, pieces

    async def read(self, owner: str, attachment_id: str, limit: int) -> bytes:
        """Return the first bytes of an attachment, at most as many as the limit.

        Raises:
            ConversationError: There is no such attachment, or it has no content.
        """
        entry = await self._store.get(owner, attachment_id, now=self._clock.now())
        content = bytearray()
        async with self._opened(entry) as pieces:
            async for piece in pieces:
                content += piece
                if len(content) >= limit:
                    break
        return bytes(content[:limit])

    async def delete(self, attachment_id: str, context: RequestContext) -> None:
        """Delete an attachment and its content. Raises ``AttachmentNotFoundError``."""
        await self._store.expire(context.principal.id, attachment_id, now=self._clock.now())
        await self.removal.remove(attachment_id)

    async def take(self, ids: Sequence[str], thread_id: str, context: RequestContext) -> list[Attachment]:
        """Return attachments for a message of a thread, in the order of the ids.

        They are the thread's from when the message is stored. An empty thread is a new one.

        Raises:
            AttachmentNotFoundError: One is not there, is another's, or is of another thread.
            ItemStateInvalidError: One has no content yet.
            InvalidArgumentError: One is named twice, or by what cannot be an id.
        """
        for index, attachment_id in enumerate(ids):
            if "\x00" in attachment_id:
                raise InvalidArgumentError.of(f"user_message.attachments[{index}]", "must not hold U+0000")
        if len(set(ids)) != len(ids):
            raise InvalidArgumentError.of("user_message.attachments", "must not have an id twice")
        now = self._clock.now()
        taken = []
        for attachment_id in ids:
            entry = await self._store.get(context.principal.id, attachment_id, now=now)
            if entry.attachment.thread_id not in ("", thread_id):
                raise AttachmentNotFoundError(attachment_id)
            if not entry.content:
                raise _not_uploaded(attachment_id)
            taken.append(self._addresses.shown(entry, context.base_url, now))
        return taken

    def renew(self, items: Iterable[ThreadItem], context: RequestContext) -> None:
        """Give the images in messages, which may be old, addresses that work now."""
        self._addresses.renew(items, context.base_url, self._clock.now())

    async def _authorized(
        self, purpose: Purpose, attachment_id: str, key: str, context: RequestContext | None
    ) -> StoredAttachment:
        now = self._clock.now()
        if context is not None:
            return await self._store.get(context.principal.id, attachment_id, now=now)
        if not key:
            raise TokenMissingError
        self._addresses.keys.check(purpose, attachment_id, key, now=now)
        return await self._store.find(attachment_id, now=now)

    @asynccontextmanager
    async def _opened(self, entry: StoredAttachment) -> AsyncIterator[AsyncIterator[bytes]]:
        if not entry.content:
            raise _not_uploaded(entry.attachment.id)
        try:
            async with self._content.open(entry.content) as pieces:
                yield pieces
        except ContentMissingError:
            # Deleted this very moment; or somebody has cleared the store by hand.
            raise AttachmentNotFoundError(entry.attachment.id) from None


def _check_content_type(stated: str, declared: str) -> None:
    if not stated:
        return
    try:
        essence = media_type(stated)
    except ValueError:
        essence = ""
    if essence != declared and essence not in _ANY_TYPE:
        raise AttachmentMismatchError.of("mime_type", f"{declared} was declared")


def _not_uploaded(attachment_id: str) -> ItemStateInvalidError:
    return ItemStateInvalidError("The attachment has not been uploaded yet.", metadata={"attachment_id": attachment_id})
