"""Statements on attachments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from widgetstream.chatkit.v1.attachment_pb2 import Attachment
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream_server.conversation.attachment_ports import StoredAttachment
from widgetstream_server.conversation.errors import AttachmentNotFoundError
from widgetstream_server.storage.column_types import Instant, PlainText
from widgetstream_server.storage.tables import attachments, is_loose

_id: sa.BindParameter[str] = sa.bindparam("of_attachment", type_=PlainText)
_owner: sa.BindParameter[str] = sa.bindparam("of_owner", type_=PlainText)
_now: sa.BindParameter[datetime] = sa.bindparam("of_now", type_=Instant)
_here = sa.and_(attachments.c.id == _id, sa.or_(attachments.c.thread_id.is_not(None), attachments.c.expires_at > _now))
_own = sa.and_(_here, attachments.c.owner == _owner)
_COLUMNS = (
    attachments.c.id,
    attachments.c.owner,
    attachments.c.thread_id,
    attachments.c.data,
    attachments.c.sha256,
    attachments.c.content,
)

_INSERT = sa.insert(attachments)
_LOOSE = (
    sa.select(sa.func.count())
    .select_from(attachments)
    .where(attachments.c.owner == _owner, is_loose, attachments.c.expires_at > _now)
)
_GET = sa.select(*_COLUMNS).where(_own)
_FIND = sa.select(*_COLUMNS).where(_here)
_COMPLETE = sa.update(attachments).where(_here, attachments.c.content.is_(None))
_EXPIRE = sa.update(attachments).where(_own)
_EXPIRED = (
    sa.select(attachments.c.id)
    .where(is_loose, attachments.c.expires_at <= _now)
    .order_by(attachments.c.expires_at)
    .limit(sa.bindparam("limit"))
)
_REMOVE = sa.delete(attachments).where(attachments.c.id == _id, is_loose, attachments.c.expires_at <= _now)
_new_thread: sa.BindParameter[str] = sa.bindparam("to_thread", type_=PlainText)
_BIND = (
    sa.update(attachments)
    .where(
        _own,
        attachments.c.content.is_not(None),
        sa.or_(is_loose, attachments.c.thread_id == _new_thread),
    )
    # When the thread is deleted, it is as if the attachment had expired when it was sent.
    .values(thread_id=_new_thread, expires_at=_now)
)


def add(
    connection: sa.Connection, entry: StoredAttachment, now: datetime, expire_time: datetime, max_loose: int
) -> bool:
    """Store a new attachment, unless its owner has too many loose ones."""
    if connection.execute(_LOOSE, {"of_owner": entry.owner, "of_now": now}).scalar_one() >= max_loose:
        return False
    values = {
        "id": entry.attachment.id,
        "owner": entry.owner,
        "data": _data(entry.attachment),
        "sha256": entry.sha256 or None,
        "expires_at": expire_time,
    }
    connection.execute(_INSERT, values)
    return True


def get(connection: sa.Connection, owner: str, attachment_id: str, now: datetime) -> StoredAttachment:
    """Return an owner's attachment. Raises ``AttachmentNotFoundError``."""
    values = {"of_owner": owner, "of_attachment": attachment_id, "of_now": now}
    return _stored(connection.execute(_GET, values).first(), attachment_id)


def find(connection: sa.Connection, attachment_id: str, now: datetime) -> StoredAttachment:
    """Return anybody's attachment. Raises ``AttachmentNotFoundError``."""
    return _stored(connection.execute(_FIND, {"of_attachment": attachment_id, "of_now": now}).first(), attachment_id)


def complete(
    connection: sa.Connection, attachment_id: str, content: str, sha256: bytes, now: datetime, expire_time: datetime
) -> bool:
    """Say where content is, unless there is some already."""
    values = {
        "of_attachment": attachment_id,
        "of_now": now,
        "content": content,
        "sha256": sha256,
        "expires_at": expire_time,
    }
    return bool(connection.execute(_COMPLETE, values).rowcount)


def expire(connection: sa.Connection, owner: str, attachment_id: str, now: datetime) -> None:
    """Take an attachment from its thread and let it expire. Raises ``AttachmentNotFoundError``."""
    values = {
        "of_owner": owner,
        "of_attachment": attachment_id,
        "of_now": now,
        "thread_id": None,
        "expires_at": now,
    }
    if not connection.execute(_EXPIRE, values).rowcount:
        raise AttachmentNotFoundError(attachment_id)


def expired(connection: sa.Connection, now: datetime, limit: int) -> Sequence[str]:
    """Return the ids of attachments that have expired."""
    return connection.execute(_EXPIRED, {"of_now": now, "limit": limit}).scalars().all()


def remove(connection: sa.Connection, attachment_id: str, now: datetime) -> None:
    """Delete an attachment that has expired."""
    connection.execute(_REMOVE, {"of_attachment": attachment_id, "of_now": now})


def bind(connection: sa.Connection, owner: str, thread_id: str, items: Iterable[ThreadItem], now: datetime) -> None:
    """Give a thread the attachments of its new messages. Raises ``AttachmentNotFoundError``."""
    for item in items:
        for attachment in item.user_message.attachments:
            values = {"of_owner": owner, "of_attachment": attachment.id, "of_now": now, "to_thread": thread_id}
            if not connection.execute(_BIND, values).rowcount:
                raise AttachmentNotFoundError(attachment.id)


def _data(attachment: Attachment) -> bytes:
    data = Attachment()
    data.CopyFrom(attachment)
    for field in ("id", "thread_id", "upload_descriptor"):
        data.ClearField(field)
    if data.HasField("image"):
        data.image.preview_url = ""
    return data.SerializeToString()


def _stored(row: sa.Row[*tuple[Any, ...]] | None, attachment_id: str) -> StoredAttachment:
    if row is None:
        raise AttachmentNotFoundError(attachment_id)
    attachment = Attachment.FromString(row.data)
    attachment.id = row.id
    if row.thread_id is not None:
        attachment.thread_id = row.thread_id
    return StoredAttachment(attachment, row.owner, row.sha256 or b"", row.content or "")
