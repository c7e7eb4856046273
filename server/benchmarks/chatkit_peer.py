"""openai-chatkit as its guide serves it: one route that hands the body to ``ChatKitServer.process``, on uvicorn.

    python -m benchmarks.chatkit_peer PORT DATABASE

The route is Starlette's own, which costs less than FastAPI's around it. The store is SQLite in WAL mode with one
connection that stays open, called from the event loop as in the samples; an entry is kept as the JSON that its model
dumps, and read by a validator that is made once. Places are columns of an index, so that a page is one statement.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import AsyncIterator
from typing import Any, TypeVar

import uvicorn
from chatkit import types
from chatkit.server import ChatKitServer, StreamingResult
from chatkit.store import NotFoundError, Store
from pydantic import BaseModel, TypeAdapter
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

Context = dict[str, Any]
ModelT = TypeVar("ModelT", bound=BaseModel)

_ITEM: TypeAdapter[types.ThreadItem] = TypeAdapter(types.ThreadItem)
_TABLES = """
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS threads (position INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, data TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS items (
        position INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, thread_id TEXT NOT NULL, data TEXT NOT NULL
    );
    CREATE INDEX IF NOT EXISTS items_by_thread ON items (thread_id, position);
"""


class SqliteStore(Store[Context]):
    """Threads and items in a SQLite file."""

    def __init__(self, path: str) -> None:
        """Open a file, and make the tables where there are none."""
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.executescript(_TABLES)

    async def load_thread(self, thread_id: str, context: Context) -> types.ThreadMetadata:
        """Return a thread."""
        return types.ThreadMetadata.model_validate_json(self._one("SELECT data FROM threads WHERE id = ?", thread_id))

    async def save_thread(self, thread: types.ThreadMetadata, context: Context) -> None:
        """Store a thread."""
        self._connection.execute(
            "INSERT INTO threads (id, data) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data",
            (thread.id, thread.model_dump_json()),
        )

    async def load_threads(
        self, limit: int, after: str | None, order: str, context: Context
    ) -> types.Page[types.ThreadMetadata]:
        """Return a page of threads."""
        rows, has_more = self._page("SELECT id, data FROM threads", "threads", "TRUE", (), limit, after, order)
        data = [types.ThreadMetadata.model_validate_json(data) for _, data in rows]
        return types.Page(data=data, has_more=has_more, after=rows[-1][0] if has_more else None)

    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: Context
    ) -> types.Page[types.ThreadItem]:
        """Return a page of items."""
        rows, has_more = self._page(
            "SELECT id, data FROM items", "items", "thread_id = ?", (thread_id,), limit, after, order
        )
        data = [_ITEM.validate_json(data) for _, data in rows]
        return types.Page(data=data, has_more=has_more, after=rows[-1][0] if has_more else None)

    async def load_item(self, thread_id: str, item_id: str, context: Context) -> types.ThreadItem:
        """Return an item."""
        return _ITEM.validate_json(self._one("SELECT data FROM items WHERE id = ?", item_id))

    async def add_thread_item(self, thread_id: str, item: types.ThreadItem, context: Context) -> None:
        """Store an item."""
        await self.save_item(thread_id, item, context)

    async def save_item(self, thread_id: str, item: types.ThreadItem, context: Context) -> None:
        """Store an item, new or not."""
        self._connection.execute(
            "INSERT INTO items (id, thread_id, data) VALUES (?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET data = excluded.data",
            (item.id, thread_id, item.model_dump_json()),
        )

    async def delete_thread(self, thread_id: str, context: Context) -> None:
        """Delete a thread."""
        self._connection.execute("DELETE FROM items WHERE thread_id = ?", (thread_id,))
        self._connection.execute("DELETE FROM threads WHERE id = ?", (thread_id,))

    async def delete_thread_item(self, thread_id: str, item_id: str, context: Context) -> None:
        """Delete an item."""
        self._connection.execute("DELETE FROM items WHERE id = ?", (item_id,))

    async def save_attachment(self, attachment: types.Attachment, context: Context) -> None:
        """Refuse: there are none here."""
        raise NotFoundError(attachment.id)

    async def load_attachment(self, attachment_id: str, context: Context) -> types.Attachment:
        """Refuse: there are none here."""
        raise NotFoundError(attachment_id)

    async def delete_attachment(self, attachment_id: str, context: Context) -> None:
        """Refuse: there are none here."""
        raise NotFoundError(attachment_id)

    def _one(self, statement: str, key: str) -> str:
        row = self._connection.execute(statement, (key,)).fetchone()
        if row is None:
            raise NotFoundError(key)
        data: str = row[0]
        return data

    def _page(
        self, select: str, table: str, where: str, values: tuple[str, ...], limit: int, after: str | None, order: str
    ) -> tuple[list[tuple[str, str]], bool]:
        if after is not None:
            sign = ">" if order == "asc" else "<"
            where += f" AND position {sign} (SELECT position FROM {table} WHERE id = ?)"  # noqa: S608 - all from here
            values = (*values, after)
        statement = f"{select} WHERE {where} ORDER BY position {order} LIMIT ?"
        rows = self._connection.execute(statement, (*values, limit + 1)).fetchall()
        return rows[:limit], len(rows) > limit


class PeerServer(ChatKitServer[Context]):
    """Lists what there is, and says nothing."""

    async def respond(
        self, thread: types.ThreadMetadata, input_user_message: types.UserMessageItem | None, context: Context
    ) -> AsyncIterator[types.ThreadStreamEvent]:
        """Say nothing."""
        events: list[types.ThreadStreamEvent] = []
        for event in events:
            yield event


def application(path: str) -> Starlette:
    """Return the peer over a SQLite file."""
    server = PeerServer(SqliteStore(path))

    async def chatkit(request: Request) -> Response:
        result = await server.process(await request.body(), {})
        if isinstance(result, StreamingResult):
            return StreamingResponse(result, media_type="text/event-stream")
        return Response(result.json, media_type="application/json")

    return Starlette(routes=[Route("/chatkit", chatkit, methods=["POST"])])


if __name__ == "__main__":
    uvicorn.run(
        application(sys.argv[2]),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
    )
