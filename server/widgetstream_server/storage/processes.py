"""The store of the processes that share the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from widgetstream_server.conversation.processes import Process
from widgetstream_server.storage import process_rows
from widgetstream_server.storage.database import Database


class ProcessRepository:
    """Processes in a database; see ``ProcessStore``, which this implements."""

    def __init__(self, database: Database) -> None:
        """Make the store over a database, which stays the caller's to close."""
        self._database = database

    async def join(self, process: Process, now: datetime) -> None:
        """Add a process."""
        await self._database.write(lambda connection: process_rows.join(connection, process, now))

    async def beat(self, process_id: str, now: datetime) -> Sequence[Process] | None:
        """Say that a process lives, and return all there are, itself included. None: it was buried."""

        def work(connection: sa.Connection) -> Sequence[Process] | None:
            return process_rows.everyone(connection) if process_rows.beat(connection, process_id, now) else None

        return await self._database.write(work)

    async def everyone(self) -> Sequence[Process]:
        """Return all processes."""
        return await self._database.read(process_rows.everyone)

    async def leave(self, process_id: str) -> None:
        """Remove a process."""
        await self._database.write(lambda connection: process_rows.leave(connection, process_id))

    async def bury(self, process: Process) -> bool:
        """Remove a process unless it has beaten since it was seen, and return whether it was removed."""
        return await self._database.write(lambda connection: process_rows.bury(connection, process))
