"""The store of the ids of requests."""

from __future__ import annotations

from datetime import datetime

from widgetstream_server.conversation.requests import KnownRequest, RequestKey
from widgetstream_server.storage import request_rows
from widgetstream_server.storage.database import Database


class RequestRepository:
    """Requests by their ids in a database; see ``RequestStore``, which this implements."""

    def __init__(self, database: Database) -> None:
        """Make the store over a database, which stays the caller's to close."""
        self._database = database

    async def find(self, owner: str, key: RequestKey, now: datetime) -> KnownRequest | None:
        """Return what is known of a request. Raises ``RequestIdReusedError``."""
        return await self._database.read(lambda connection: request_rows.find(connection, owner, key, now))

    async def claim(self, owner: str, key: RequestKey, now: datetime) -> KnownRequest | None:
        """Take a request for oneself, or return what is known of it. Raises ``RequestIdReusedError``."""
        return await self._database.write(lambda connection: request_rows.claim(connection, owner, key, now))

    async def finish(self, owner: str, key: RequestKey, response: bytes) -> None:
        """Store the response to a request that was claimed."""
        await self._database.write(lambda connection: request_rows.finish(connection, owner, key, response))

    async def release(self, owner: str, key: RequestKey) -> None:
        """Give back a request that was claimed and could not be served."""
        await self._database.write(lambda connection: request_rows.release(connection, owner, key))

    async def expire(self, now: datetime, limit: int = 1000) -> int:
        """Forget requests that were kept long enough, and return how many."""
        return await self._database.write(lambda connection: request_rows.expire(connection, now, limit))
