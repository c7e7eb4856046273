"""Whatever ChatKit's own models accept is read, and written as they would write it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from chatkit import actions, types, widgets
from google.protobuf.message import Message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tests.chatkit_json.model_values import values
from tests.chatkit_json.test_chatkit_models import PAIRS
from tests.schema.chatkit_models import members_of
from widgetstream.chatkit.v1 import (
    action_pb2,
    attachment_pb2,
    chatkit_service_pb2,
    item_pb2,
    thread_pb2,
    widget_chart_pb2,
    widget_pb2,
    workflow_pb2,
)
from widgetstream_server.chatkit_json import JsonInvalidError, decode, encode
from widgetstream_server.chatkit_protocol.requests import read_request

MORE: list[tuple[type[Message], Any]] = [
    (action_pb2.Action, actions.Action[str, Any]),
    (action_pb2.ActionConfig, actions.ActionConfig),
    (attachment_pb2.Attachment, types.Attachment),
    (attachment_pb2.AttachmentUploadDescriptor, types.AttachmentUploadDescriptor),
    (chatkit_service_pb2.SyncActionResponse, types.SyncCustomActionResponse),
    (chatkit_service_pb2.TranscribeAudioResponse, types.TranscriptionResult),
    (item_pb2.UserMessageContent, types.UserMessageContent),
    (thread_pb2.ThreadStatus, types.ThreadStatus),
    (widget_chart_pb2.Series, widgets.Series),
    (widget_pb2.Widget, widgets.WidgetRoot),
    (widget_pb2.Widget, widgets.WidgetComponent),
    (workflow_pb2.WorkflowSummary, types.WorkflowSummary),
]


@pytest.mark.parametrize("kind, model", [*PAIRS, *MORE], ids=lambda value: getattr(value, "__name__", ""))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_it_is_written_as_the_models_write_it(kind: type[Message], model: Any, data: st.DataObject) -> None:
    given_json = data.draw(values(model))
    adapter = TypeAdapter(model)
    theirs = json.loads(adapter.dump_json(adapter.validate_python(given_json), exclude_none=True, by_alias=True))

    assert as_sent(encode(decode(kind, given_json))) == as_sent(theirs)
    assert as_sent(encode(decode(kind, theirs))) == as_sent(theirs)


@pytest.mark.parametrize("model", members_of(types.ChatKitReq), ids=lambda model: model.__name__)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_request_is_read_as_the_models_read_it(model: Any, data: st.DataObject) -> None:
    given_json = data.draw(values(model))
    given_json["params"].update({name: value for name, value in READABLE.items() if name in given_json["params"]})
    theirs = TypeAdapter(types.ChatKitReq).validate_python(given_json).model_dump_json(exclude_none=True)

    assert outcome(json.dumps(given_json)) == outcome(theirs)


# What is no id, or no recording, is refused before anything else is looked at.
READABLE = {"thread_id": "thr_1", "item_id": "wid_1", "attachment_id": "att_1", "after": "x", "audio_base64": "AAAA"}


def outcome(body: str) -> tuple[Any, ...]:
    """What is asked for, or the place and the rule of what is refused: ChatKit's models let more through."""
    try:
        request = read_request(body.encode())
    except JsonInvalidError as error:
        return error.path, error.why
    return request.message, request.after, dict(request.metadata)


def as_sent(value: Any) -> Any:
    """Take away what is known to differ.

    - Ours has the number of an event.
    - Metadata is never sent from here, and nulls in free JSON are dropped by their widgets.
    - A list, or a map, that need not be there and is empty is not there here.
    - One child in place of a list is a list of one here.
    """
    if isinstance(value, list):
        return [as_sent(entry) for entry in value if entry is not None]
    if not isinstance(value, dict):
        return value
    sent = {name: as_sent(entry) for name, entry in value.items() if entry is not None}
    for name in {"sequence", "metadata"} & sent.keys():
        del sent[name]
    if sent.get("labels") == {}:
        del sent["labels"]
    for name, needed_by in NEEDED_LISTS.items():
        if sent.get(name) == [] and sent.get("type") not in needed_by:
            del sent[name]
    if isinstance(sent.get("children"), dict):
        sent["children"] = [sent["children"]]
    return sent


# Where no other type needs these lists.
NEEDED_LISTS = {"children": {"Card", "ListView", "ListViewItem"}, "options": {"Select", "multiple_choice"}}
