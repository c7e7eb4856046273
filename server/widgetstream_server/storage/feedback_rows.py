"""Statements on feedback."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from widgetstream.chatkit.v1.chatkit_service_pb2 import FeedbackKind
from widgetstream_server.conversation.errors import ItemNotFoundError
from widgetstream_server.storage import thread_rows
from widgetstream_server.storage.column_types import PlainText
from widgetstream_server.storage.tables import feedback, items
from widgetstream_server.storage.thread_rows import own_thread_id

_these = sa.bindparam("these", expanding=True, type_=PlainText)
_VISIBLE = sa.select(items.c.id).where(
    items.c.id.in_(_these), items.c.thread_id == own_thread_id, items.c.hidden.is_(sa.false())
)
_GET = (
    sa.select(feedback.c.item_id, feedback.c.kind)
    .join(items, items.c.id == feedback.c.item_id)
    .where(feedback.c.item_id.in_(_these), items.c.thread_id == own_thread_id)
)


def put(
    connection: sa.Connection,
    owner: str,
    thread_id: str,
    item_ids: Sequence[str],
    kind: FeedbackKind.ValueType,
    now: datetime,
) -> None:
    """Store feedback on items, on all or none. Raises ``ThreadNotFoundError`` or ``ItemNotFoundError``."""
    values = {"of_owner": owner, "of_thread": thread_id, "these": list(item_ids)}
    found = set(connection.execute(_VISIBLE, values).scalars())
    for item_id in item_ids:
        if item_id not in found:
            thread_rows.require(connection, owner, thread_id)
            raise ItemNotFoundError(item_id)
    rows = [{"item_id": item_id, "kind": int(kind), "updated_at": now} for item_id in item_ids]
    connection.execute(_PUT[connection.dialect.name], rows)


def get(
    connection: sa.Connection, owner: str, thread_id: str, item_ids: Sequence[str]
) -> Mapping[str, FeedbackKind.ValueType]:
    """Return the feedback on items. Raises ``ThreadNotFoundError``."""
    thread_rows.require(connection, owner, thread_id)
    values = {"of_owner": owner, "of_thread": thread_id, "these": list(item_ids)}
    return {row.item_id: row.kind for row in connection.execute(_GET, values)}


def _putting(insert: postgresql.Insert | sqlite.Insert) -> sa.Executable:
    return insert.on_conflict_do_update(
        index_elements=[feedback.c.item_id],
        set_={name: insert.excluded[name] for name in ("kind", "updated_at")},
    )


_PUT = {"sqlite": _putting(sqlite.insert(feedback)), "postgresql": _putting(postgresql.insert(feedback))}
