"""What is done from time to time: what was kept long enough goes."""

from __future__ import annotations

import asyncio

import structlog

from widgetstream_server.conversation.errors import DependencyUnavailableError
from widgetstream_server.conversation.faults import places_of
from widgetstream_server.conversation.journal import JournalStore
from widgetstream_server.conversation.ports import Clock
from widgetstream_server.conversation.requests import RequestStore

INTERVAL_SECONDS = 60.0

_log = structlog.get_logger(__name__)


class Upkeep:
    """Removes events and requests that were kept long enough."""

    def __init__(self, journal: JournalStore, requests: RequestStore, clock: Clock) -> None:
        """Make it for a store of each."""
        self._journal = journal
        self._requests = requests
        self._clock = clock

    async def once(self) -> None:
        """Remove all there is to remove, in transactions of bounded size."""
        now = self._clock.now()
        while await self._journal.expire(now):
            pass
        while await self._requests.expire(now):
            pass

    async def forever(self) -> None:
        """Do it every minute, until canceled."""
        while True:
            try:
                await self.once()
            except DependencyUnavailableError:
                _log.info("upkeep_postponed")
            except Exception as error:  # noqa: BLE001 — the next time may go well, and nobody waits for this one
                _log.error("upkeep_failed", error_type=type(error).__name__, places=places_of(error))
            await asyncio.sleep(INTERVAL_SECONDS)
