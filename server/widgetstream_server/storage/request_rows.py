"""Statements on the ids of requests."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from widgetstream_server.conversation.errors import RequestIdReusedError
from widgetstream_server.conversation.requests import CLAIM_SECONDS, KEPT_FOR, KnownRequest, RequestKey, RequestRepeated
from widgetstream_server.storage.column_types import Instant, PlainText
from widgetstream_server.storage.queries import Command
from widgetstream_server.storage.tables import requests

_owner: sa.BindParameter[str] = sa.bindparam("of_owner", type_=PlainText)
_id: sa.BindParameter[str] = sa.bindparam("of_request", type_=PlainText)
_own = sa.and_(requests.c.owner == _owner, requests.c.request_id == _id)
_open = sa.and_(requests.c.run_id.is_(None), requests.c.response.is_(None))

_FIND = sa.select(requests).where(_own)
_FINISH = Command(sa.update(requests).where(_own, _open))
_RELEASE = Command(sa.delete(requests).where(_own, _open))
_OLD = (
    sa.select(requests.c.owner, requests.c.request_id)
    .where(requests.c.claimed_at <= sa.bindparam("before", type_=Instant))
    .order_by(requests.c.claimed_at)
    .limit(sa.bindparam("limit"))
)
_FORGET = sa.delete(requests).where(_own)


def find(connection: sa.Connection, owner: str, key: RequestKey, now: datetime) -> KnownRequest | None:
    """Return what is known of a request. Raises ``RequestIdReusedError``."""
    row = connection.execute(_FIND, {"of_owner": owner, "of_request": key.request_id}).first()
    if row is None or row.claimed_at <= now - KEPT_FOR:
        return None
    is_open = row.run_id is None and row.response is None
    if is_open and row.claimed_at <= now - timedelta(seconds=CLAIM_SECONDS):
        return None
    if row.fingerprint != key.fingerprint:
        raise RequestIdReusedError
    return KnownRequest(row.run_id, row.response)


def claim(
    connection: sa.Connection, owner: str, key: RequestKey, now: datetime, run_id: str | None = None
) -> KnownRequest | None:
    """Take a request, or return what is known of it. Raises ``RequestIdReusedError``."""
    values = {
        "owner": owner,
        "request_id": key.request_id,
        "fingerprint": key.fingerprint,
        "run_id": run_id,
        "response": None,
        "claimed_at": now,
        "long_ago": now - KEPT_FOR,
        "given_up": now - timedelta(seconds=CLAIM_SECONDS),
    }
    if _CLAIM.run(connection, values):
        return None
    return find(connection, owner, key, now)


def take_for_run(connection: sa.Connection, owner: str, key: RequestKey, run_id: str, now: datetime) -> None:
    """Note that a run answers a request. Raises ``RequestRepeated`` or ``RequestIdReusedError``."""
    known = claim(connection, owner, key, now, run_id)
    if known is not None and known.run_id is not None:
        raise RequestRepeated(known.run_id)
    if known is not None:
        raise RequestIdReusedError


def finish(connection: sa.Connection, owner: str, key: RequestKey, response: bytes) -> None:
    """Store the response to a request that was taken."""
    _FINISH.run(connection, {"of_owner": owner, "of_request": key.request_id, "response": response})


def release(connection: sa.Connection, owner: str, key: RequestKey) -> None:
    """Give back a request that was taken."""
    _RELEASE.run(connection, {"of_owner": owner, "of_request": key.request_id})


def expire(connection: sa.Connection, now: datetime, limit: int) -> int:
    """Forget requests that were kept long enough, and return how many."""
    rows = connection.execute(_OLD, {"before": now - KEPT_FOR, "limit": limit}).all()
    if rows:
        connection.execute(_FORGET, [{"of_owner": row.owner, "of_request": row.request_id} for row in rows])
    return len(rows)


def _claiming(insert: postgresql.Insert | sqlite.Insert) -> sa.UpdateBase:
    names = ("fingerprint", "run_id", "response", "claimed_at")
    return insert.on_conflict_do_update(
        index_elements=[requests.c.owner, requests.c.request_id],
        set_={name: insert.excluded[name] for name in names},
        where=sa.or_(
            requests.c.claimed_at <= sa.bindparam("long_ago", type_=Instant),
            sa.and_(_open, requests.c.claimed_at <= sa.bindparam("given_up", type_=Instant)),
        ),
    )


_CLAIM = Command(_claiming(sqlite.insert(requests)), _claiming(postgresql.insert(requests)))
