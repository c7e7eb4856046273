"""ChatKit's own models read what is written here, and write what is read here."""

from __future__ import annotations

import json
from typing import Any

import pytest
from chatkit import types
from google.protobuf.message import Message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tests.chatkit_json.messages import messages
from widgetstream.chatkit.v1 import item_pb2, source_pb2, structured_input_pb2, thread_pb2, workflow_pb2
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream_server.chatkit_json import decode, encode

PAIRS: list[tuple[type[Message], Any]] = [
    (WidgetEvent, types.ThreadStreamEvent),
    (item_pb2.ThreadItem, types.ThreadItem),
    (item_pb2.ItemUpdate, types.ThreadItemUpdate),
    (item_pb2.UserMessageInput, types.UserMessageInput),
    (thread_pb2.Thread, types.Thread),
    (thread_pb2.ThreadPage, types.Page[types.Thread]),
    (item_pb2.ItemPage, types.Page[types.ThreadItem]),
    (workflow_pb2.Task, types.Task),
    (workflow_pb2.Workflow, types.Workflow),
    (source_pb2.Source, types.Source),
    (source_pb2.Annotation, types.Annotation),
    (structured_input_pb2.StructuredInput, types.StructuredInput),
    (structured_input_pb2.StructuredInputSubmission, types.StructuredInputSubmission),
]


@pytest.mark.parametrize("kind, model", PAIRS, ids=[kind.__name__ for kind, _ in PAIRS])
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_models_say_the_same(kind: type[Message], model: Any, data: st.DataObject) -> None:
    message = data.draw(messages(kind, depth=3))
    adapter = TypeAdapter(model)
    ours = encode(message)

    theirs = json.loads(adapter.dump_json(adapter.validate_python(ours), exclude_none=True, by_alias=True))

    assert as_theirs(encode(decode(kind, theirs))) == as_theirs(theirs)
    assert as_theirs(ours) == as_theirs(theirs)


def as_theirs(value: Any) -> Any:
    """Take away in what both may differ.

    Ours has the number of an event, which their models pass over, and unknown properties of widgets, which they drop,
    as they drop nulls in what a widget carries. Theirs has the metadata of threads, which is never sent here.
    """
    if isinstance(value, dict):
        return {
            name: as_theirs(entry)
            for name, entry in value.items()
            if entry is not None and name not in {"sequence", "metadata"} and not name.startswith("x-")
        }
    return [as_theirs(entry) for entry in value if entry is not None] if isinstance(value, list) else value
