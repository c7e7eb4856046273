"""The store of what is known of attachments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from widgetstream_server.conversation.attachment_ports import StoredAttachment
from widgetstream_server.storage import attachment_rows
from widgetstream_server.storage.database import Database


class AttachmentRepository:
    """Attachments in a database; see ``AttachmentStore``, which this implements, for what each method promises."""

    def __init__(self, database: Database) -> None:
        """Make the store over a database, which stays the caller's to close."""
        self._database = database

    async def add(self, entry: StoredAttachment, *, now: datetime, expire_time: datetime, max_loose: int) -> bool:
        """Store a new attachment without content, unless its owner has too many loose ones."""
        return await self._database.write(
            lambda connection: attachment_rows.add(connection, entry, now, expire_time, max_loose)
        )

    async def get(self, owner: str, attachment_id: str, *, now: datetime) -> StoredAttachment:
        """Return an owner's attachment. Raises ``AttachmentNotFoundError``."""
        return await self._database.read(lambda connection: attachment_rows.get(connection, owner, attachment_id, now))

    async def find(self, attachment_id: str, *, now: datetime) -> StoredAttachment:
        """Return an attachment, whoever's it is. Raises ``AttachmentNotFoundError``."""
        return await self._database.read(lambda connection: attachment_rows.find(connection, attachment_id, now))

    async def complete(
        self, attachment_id: str, *, content: str, sha256: bytes, now: datetime, expire_time: datetime
    ) -> bool:
        """Say where an attachment's content is, unless it has some already."""
        return await self._database.write(
            lambda connection: attachment_rows.complete(connection, attachment_id, content, sha256, now, expire_time)
        )

    async def expire(self, owner: str, attachment_id: str, *, now: datetime) -> None:
        """Take an attachment from its thread and let it expire. Raises ``AttachmentNotFoundError``."""
        await self._database.write(lambda connection: attachment_rows.expire(connection, owner, attachment_id, now))

    async def expired(self, *, now: datetime, limit: int) -> Sequence[str]:
        """Return the ids of attachments that have expired."""
        return await self._database.read(lambda connection: attachment_rows.expired(connection, now, limit))

    async def remove(self, attachment_id: str, *, now: datetime) -> None:
        """Forget an attachment, if it has expired."""
        await self._database.write(lambda connection: attachment_rows.remove(connection, attachment_id, now))
