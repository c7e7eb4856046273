"""Any message of the schema survives the way through JSON."""

from __future__ import annotations

import json

import pytest
from google.protobuf.message import Message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.chatkit_json.messages import all_messages, messages
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.chatkit_json import decode, decode_bytes, encode, encode_bytes


@pytest.mark.parametrize("kind", all_messages(), ids=lambda kind: kind.__name__)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_reading_what_was_written_gives_the_message(kind: type[Message], data: st.DataObject) -> None:
    message = data.draw(messages(kind))

    written = encode(message)

    assert decode(kind, written) == message
    assert decode_bytes(kind, encode_bytes(message)) == message
    assert json.loads(encode_bytes(message)) == written


@pytest.mark.parametrize("kind", [WidgetEvent, ThreadItem, Widget, Thread], ids=lambda kind: kind.__name__)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_what_carries_all_others_survives_too(kind: type[Message], data: st.DataObject) -> None:
    message = data.draw(messages(kind, depth=6))

    assert decode_bytes(kind, encode_bytes(message)) == message
