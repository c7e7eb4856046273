"""Keeping a database's writers waiting, for as long as a test needs."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from widgetstream_server.storage import Database


@asynccontextmanager
async def blocked(url: str, table: str = "threads") -> AsyncIterator[None]:
    """Keep all others from writing to a table: on SQLite from writing at all."""
    if url.startswith("sqlite"):
        holder = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            holder.execute("ROLLBACK")
            holder.close()
        return
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
            yield
    finally:
        await connection.close()


async def until_waiting(database: Database, connections: int = 1) -> None:
    """Wait until so many connections are at work."""
    while database.connections_in_use < connections:  # noqa: ASYNC110  # a pool has no event to wait for
        await asyncio.sleep(0)
