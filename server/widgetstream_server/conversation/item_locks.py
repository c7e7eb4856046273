"""Whose turn it is to act on an item: sync actions come one after another, whichever process they come to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from widgetstream_server.conversation.ports import Clock
from widgetstream_server.conversation.requests import RequestKey, RequestStore

_PAUSE = 0.05
# Longer than the ids that callers may choose for their requests, so that it is none of these.
_NAME = "sync action on ".ljust(160, ".")


class ItemLocks:
    """Locks on items. Belongs to one event loop."""

    def __init__(self, requests: RequestStore, clock: Clock, has_others: Callable[[], bool]) -> None:
        """Make locks.

        Args:
            requests: Where a lock is taken that other processes see: as the id of a request that is being served, which
                is free again after a minute when its process has died.
            clock: The time.
            has_others: Returns whether there are other processes; when there are none, nothing is stored.
        """
        self._requests = requests
        self._clock = clock
        self._has_others = has_others
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def hold(self, owner: str, item_id: str) -> AsyncIterator[None]:
        """Wait for the turn on a person's item, and keep it for as long as the context lasts.

        Raises:
            DependencyUnavailableError: The database does not answer.
        """
        lock = self._locks.setdefault(item_id, asyncio.Lock())
        async with lock:
            if not self._has_others():
                yield
                return
            key = RequestKey(_NAME + item_id, b"")
            while await self._requests.claim(owner, key, self._clock.now()) is not None:  # noqa: ASYNC110  # another process has no event here
                await asyncio.sleep(_PAUSE)
            try:
                yield
            finally:
                await self._requests.release(owner, key)
