"""What attachments need from outside: a store of what is known of them, and a store of their content."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from widgetstream.chatkit.v1.attachment_pb2 import Attachment


@dataclass(frozen=True, slots=True)
class StoredAttachment:
    """An attachment, and what clients are not told of it.

    Attributes:
        attachment: The attachment, without addresses.
        owner: Whose it is.
        sha256: The hash of its content: as declared, then as it is. Empty: none was declared.
        content: Where its content is, in the store of content. Empty: it has none yet.
    """

    attachment: Attachment
    owner: str
    sha256: bytes
    content: str


class AttachmentStore(Protocol):
    """Keeps what is known of attachments.

    An attachment that no thread has is *loose*. A loose one expires: from then on no method but ``expired`` and
    ``remove`` knows it. One of a thread does not; when the thread is deleted it is loose again, and has expired then.

    Messages are bound to their thread where they are stored (``ThreadStore.begin_run``): a message with an attachment
    that is not its owner's, has no content, has expired, or is another thread's is refused with
    ``AttachmentNotFoundError``.

    Each method is one transaction, which is not torn by a cancel of its caller. When the database does not answer,
    ``DependencyUnavailableError`` is raised.
    """

    async def add(self, entry: StoredAttachment, *, now: datetime, expire_time: datetime, max_loose: int) -> bool:
        """Store a new attachment without content.

        Returns False, and stores nothing, when its owner has as many loose ones.
        """

    async def get(self, owner: str, attachment_id: str, *, now: datetime) -> StoredAttachment:
        """Return an owner's attachment. Raises ``AttachmentNotFoundError``."""

    async def find(self, attachment_id: str, *, now: datetime) -> StoredAttachment:
        """Return an attachment, whoever's it is: for callers with a key to it. Raises ``AttachmentNotFoundError``."""

    async def complete(
        self, attachment_id: str, *, content: str, sha256: bytes, now: datetime, expire_time: datetime
    ) -> bool:
        """Say where an attachment's content is. Returns False when it has some already, has expired, or was deleted."""

    async def expire(self, owner: str, attachment_id: str, *, now: datetime) -> None:
        """Take an attachment from its thread and let it expire. Raises ``AttachmentNotFoundError``."""

    async def expired(self, *, now: datetime, limit: int) -> Sequence[str]:
        """Return the ids of attachments that have expired."""

    async def remove(self, attachment_id: str, *, now: datetime) -> None:
        """Forget an attachment, if it has expired."""


class ContentStore(Protocol):
    """Keeps content under names of the form ``{attachment id}/{id}``, and moves it in pieces.

    When the store does not answer, or has no room, ``DependencyUnavailableError`` is raised.
    """

    async def put(self, name: str, pieces: AsyncIterator[bytes]) -> None:
        """Store content, all or nothing.

        When ``pieces`` raises, or the caller is canceled, nothing is kept, and the exception goes on.
        """

    def open(self, name: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """Open content, to be read in order in pieces of about 256 KiB.

        Raises:
            ContentMissingError: There is none. Raised on entering.
        """

    async def delete(self, attachment_id: str) -> None:
        """Delete all content of an attachment, if there is any."""

    async def close(self) -> None:
        """Release what the store holds."""


class ContentMissingError(Exception):
    """There is no content under a name."""
