"""Reading and changing the items of a thread inside of a transaction, whose lease is held."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream_server.conversation.errors import ItemNotFoundError
from widgetstream_server.conversation.ports import StoredItem, ThreadEdit
from widgetstream_server.storage import item_rows
from widgetstream_server.storage.column_types import PlainText
from widgetstream_server.storage.tables import items
from widgetstream_server.storage.thread_rows import own_thread_id

_PLACED = sa.select(items.c.data, items.c.position).where(
    items.c.id == sa.bindparam("of_item", type_=PlainText), items.c.thread_id == own_thread_id
)
_REMOVE_AFTER = (
    sa.delete(items)
    .where(items.c.thread_id == own_thread_id, items.c.position > sa.bindparam("place", type_=sa.Integer))
    .returning(items.c.id, items.c.position, items.c.hidden)
)


class Reader:
    """Reads a thread; see ``ThreadReader``, which this implements."""

    def __init__(self, connection: sa.Connection, owner: str, thread_id: str) -> None:
        """Read in the transaction of a connection."""
        self._connection = connection
        self._owner = owner
        self._thread_id = thread_id

    def get(self, item_id: str) -> StoredItem:
        """Return an item. Raises ``ItemNotFoundError``."""
        values = {"of_owner": self._owner, "of_thread": self._thread_id, "of_item": item_id}
        row = self._connection.execute(_PLACED, values).first()
        if row is None:
            raise ItemNotFoundError(item_id)
        return StoredItem(ThreadItem.FromString(row.data), row.position)

    def newest(self, limit: int) -> Sequence[StoredItem]:
        """Return the newest items, hidden ones included, oldest of them first."""
        found = item_rows.page(self._connection, self._owner, self._thread_id, limit, "desc", None, include_hidden=True)
        return list(reversed(found.entries))


def apply(connection: sa.Connection, owner: str, thread_id: str, edit: ThreadEdit) -> Sequence[str]:
    """Change items, and return those that were removed and were not hidden, by place."""
    for item in edit.replace:
        item_rows.put(connection, owner, item, 0)
    for item_id in edit.remove:
        item_rows.delete(connection, owner, thread_id, item_id)
    removed = list(edit.remove)
    if edit.remove_after is not None:
        values = {"of_owner": owner, "of_thread": thread_id, "place": edit.remove_after}
        rows = connection.execute(_REMOVE_AFTER, values).all()
        removed += [row.id for row in sorted(rows, key=lambda row: row.position) if not row.hidden]
    return removed
