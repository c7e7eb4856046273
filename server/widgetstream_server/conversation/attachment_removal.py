"""Attachments that have expired go, with their content: loose ones, and those of threads that are gone."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog

from widgetstream_server.conversation.attachment_ports import AttachmentStore, ContentStore
from widgetstream_server.conversation.errors import ConversationError
from widgetstream_server.conversation.faults import places_of
from widgetstream_server.conversation.ports import Clock

_REMOVED_AT_A_TIME = 100

_log = structlog.get_logger(__name__)


class AttachmentRemoval:
    """Removes attachments that have expired."""

    def __init__(self, store: AttachmentStore, content: ContentStore, clock: Clock, interval: float) -> None:
        """Take the stores, and how often ``collect_forever`` looks, in seconds."""
        self._store = store
        self._content = content
        self._clock = clock
        self._interval = interval
        self._to_collect = asyncio.Event()

    async def remove(self, attachment_id: str) -> None:
        """Remove an attachment that has expired, and its content."""
        # In this order: what is known of an attachment goes last, so that its content is found again after a failure.
        await self._content.delete(attachment_id)
        await self._store.remove(attachment_id, now=self._clock.now())

    async def collect(self) -> int:
        """Remove the attachments that have expired, with their content, and return how many there were."""
        removed = 0
        while True:
            now = self._clock.now()
            expired = await self._store.expired(now=now, limit=_REMOVED_AT_A_TIME)
            for attachment_id in expired:
                await self.remove(attachment_id)
            removed += len(expired)
            if len(expired) < _REMOVED_AT_A_TIME:
                return removed

    def collect_soon(self) -> None:
        """Let ``collect_forever`` remove at once what has expired: after a thread was deleted."""
        self._to_collect.set()

    async def collect_forever(self) -> None:
        """Remove what has expired, again and again, until canceled."""
        while True:
            self._to_collect.clear()
            try:
                if removed := await self.collect():
                    _log.info("attachments_removed", count=removed)
            except ConversationError as error:
                _log.warning("attachments_not_removed", reason=error.message)
            except Exception as error:  # noqa: BLE001 — the next time may go better; nobody else would hear of it
                _log.error("attachments_not_removed", error_type=type(error).__name__, places=places_of(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._to_collect.wait(), self._interval)
