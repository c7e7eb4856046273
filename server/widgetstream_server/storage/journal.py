"""The store of what runs have said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from widgetstream_server.conversation.journal import JournalEntry, RecordedRun
from widgetstream_server.storage import journal_rows, run_rows
from widgetstream_server.storage.database import Database
from widgetstream_server.storage.failures import StorageFault


class JournalRepository:
    """Events of runs in a database; see ``JournalStore``, which this implements."""

    def __init__(self, database: Database) -> None:
        """Make the store over a database, which stays the caller's to close."""
        self._database = database

    async def append(self, entries: Sequence[JournalEntry]) -> None:
        """Store events. Those of runs that do not exist any more are passed over."""
        try:
            await self._database.write(lambda connection: journal_rows.append(connection, entries))
        except StorageFault:
            # A run may have been deleted in this very moment: its events must not take the others' along.
            await self._database.write(lambda connection: journal_rows.append(connection, entries))

    async def read(self, owner: str, run_id: str, after_sequence: int) -> RecordedRun:
        """Return a run with its events after a number. Raises ``RunNotFoundError``."""

        def work(connection: sa.Connection) -> RecordedRun:
            run = run_rows.get(connection, owner, run_id)
            expiry, entries = journal_rows.read(connection, run_id, after_sequence)
            return RecordedRun(run, expiry, entries)

        return await self._database.read(work)

    async def expire(self, now: datetime, limit: int = 100) -> int:
        """Remove the events of runs that were kept long enough, and return of how many runs."""
        return await self._database.write(lambda connection: journal_rows.expire(connection, now, limit))
