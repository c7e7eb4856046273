"""Requests from what people pass."""

from __future__ import annotations

import uuid
from typing import Any

from google.protobuf import json_format, struct_pb2

from widgetstream.chatkit.v1.action_pb2 import Action
from widgetstream.chatkit.v1.chatkit_service_pb2 import ActionRequest, RespondRequest, SyncActionRequest
from widgetstream.chatkit.v1.item_pb2 import UserMessageInput
from widgetstream.chatkit.v1.run_pb2 import ConcurrencyPolicy

Said = str | UserMessageInput | RespondRequest


def respond_request(
    said: Said, thread_id: str, request_id: str, concurrency: ConcurrencyPolicy.ValueType
) -> RespondRequest:
    """Return the request that says something: a text, a whole message, or a request as it is."""
    if isinstance(said, RespondRequest):
        request = RespondRequest()
        request.CopyFrom(said)
        request.request_id = said.request_id or new_request_id()
        return request
    request = RespondRequest(thread_id=thread_id, request_id=request_id or new_request_id(), concurrency=concurrency)
    if isinstance(said, str):
        request.text = said
    else:
        request.user_message.CopyFrom(said)
    return request


def action_request(
    action_type: str,
    payload: Any,
    thread_id: str,
    item_id: str,
    request_id: str,
    concurrency: ConcurrencyPolicy.ValueType,
) -> ActionRequest:
    """Return the request that runs an action."""
    return ActionRequest(
        thread_id=thread_id,
        item_id=item_id,
        action=_action(action_type, payload),
        request_id=request_id or new_request_id(),
        concurrency=concurrency,
    )


def sync_action_request(action_type: str, payload: Any, thread_id: str, item_id: str) -> SyncActionRequest:
    """Return the request that runs an action and is answered at once."""
    return SyncActionRequest(
        thread_id=thread_id, item_id=item_id, action=_action(action_type, payload), request_id=new_request_id()
    )


def new_request_id() -> str:
    """Return an id that makes a call safe to repeat."""
    return uuid.uuid4().hex


def _action(action_type: str, payload: Any) -> Action:
    action = Action(type=action_type)
    if isinstance(payload, struct_pb2.Value):
        action.payload.CopyFrom(payload)
    elif payload is not None:
        json_format.ParseDict(payload, action.payload)
    return action
