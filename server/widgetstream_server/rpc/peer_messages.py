"""How server processes call each other: method names, callers and errors as they travel."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from widgetstream.chatkit.v1.error_reason_pb2 import ErrorReason
from widgetstream.peer.v1.peer_pb2 import Caller
from widgetstream_server.conversation import errors
from widgetstream_server.conversation.context import RequestContext
from widgetstream_server.conversation.principal import Principal
from widgetstream_server.rpc.status import DOMAIN

SERVICE = "widgetstream.peer.v1.PeerService"
ASK = f"/{SERVICE}/Ask"
FOLLOW = f"/{SERVICE}/Follow"
KEY = "x-peer-key"
"""Metadata: the key of the process that is called."""

_PREFIX = "ERROR_REASON_"


def caller_of(context: RequestContext) -> Caller:
    """Return who asks, as it travels."""
    principal = context.principal
    return Caller(
        principal_id=principal.id,
        subject=principal.subject,
        issuer=principal.issuer,
        name=principal.name,
        principal_time_zone=principal.time_zone,
        principal_locale=principal.locale,
        time_zone=context.time_zone.key,
        locale=context.locale,
        base_url=context.base_url,
        metadata_json=json.dumps(context.metadata) if context.metadata else "",
    )


def context_of(caller: Caller) -> RequestContext:
    """Return who asks, as another process has verified it."""
    return RequestContext(
        principal=Principal(
            id=caller.principal_id,
            subject=caller.subject,
            issuer=caller.issuer,
            name=caller.name if caller.HasField("name") else None,
            time_zone=caller.principal_time_zone if caller.HasField("principal_time_zone") else None,
            locale=caller.principal_locale if caller.HasField("principal_locale") else None,
        ),
        time_zone=ZoneInfo(caller.time_zone),
        locale=caller.locale,
        base_url=caller.base_url,
        metadata=json.loads(caller.metadata_json) if caller.metadata_json else {},
        relayed=True,
    )


def error_of(error: grpc.aio.AioRpcError) -> errors.ConversationError | None:
    """Return what another process has raised. None: its status is not one of the service."""
    status = rpc_status.from_call(error)  # type: ignore[arg-type]  # it has what is asked of it
    info, request, retry = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest(), error_details_pb2.RetryInfo()
    for detail in status.details if status is not None else ():
        for kind in (info, request, retry):
            if detail.Is(kind.DESCRIPTOR):
                detail.Unpack(kind)
    if status is None or info.domain != DOMAIN:
        return None
    try:
        reason = ErrorReason.Value(_PREFIX + info.reason)
    except ValueError:  # of a newer version
        return None
    return errors.rebuilt(
        reason,
        status.message,
        metadata=dict(info.metadata),
        violations=[errors.FieldViolation(v.field, v.description) for v in request.field_violations],
        retry_after=retry.retry_delay.ToMilliseconds() / 1000 if retry.HasField("retry_delay") else None,
    )
