"""What reading refuses, forgives and keeps."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf.message import Message

from widgetstream.chatkit.v1.event_pb2 import ErrorEvent, WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem, UserMessageInput, UserMessageTag
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream.chatkit.v1.workflow_pb2 import Workflow
from widgetstream_server.chatkit_json import (
    JsonInvalidError,
    NoJsonFormError,
    decode,
    decode_bytes,
    encode,
    encode_bytes,
)
from widgetstream_server.conversation import events


@pytest.mark.parametrize(
    "kind, value, path, why",
    [
        (UserMessageInput, [], "", "must be an object"),
        (UserMessageInput, {"content": {}}, "content", "must be a list"),
        (
            UserMessageInput,
            {"content": [{"type": "input_text", "text": "a"}, {"type": "input_text", "text": 5}]},
            "content[1].text",
            "must be a string",
        ),
        (UserMessageInput, {"content": [{"text": "a"}]}, "content[0].type", "is required"),
        (UserMessageInput, {"content": [{"type": 3}]}, "content[0].type", "must be a string"),
        (UserMessageInput, {"content": [{"type": "x"}]}, "content[0].type", "must be one of input_text, input_tag"),
        (UserMessageInput, {"quoted_text": "\ud800"}, "quoted_text", "must not hold half of a surrogate pair"),
        (UserMessageTag, {"data": 1}, "data", "must be an object"),
        (UserMessageTag, {"interactive": 1}, "interactive", "must be true or false"),
        (Thread, {"created_at": "yesterday"}, "created_at", "must be a time in ISO 8601"),
        (Thread, {"items": {"data": [None]}}, "items.data[0]", "must be an object"),
        (WidgetEvent, {"sequence": -1, "type": "error"}, "sequence", "must be a number from 0 to 4294967295"),
        (WidgetEvent, {"type": "notice", "level": "loud"}, "level", "must be one of info, warning, danger"),
        (Widget, {"children": []}, "type", "is required"),
        (Widget, {"type": "Card", "children": ["x"]}, "children[0]", "must be an object"),
        (Widget, {"type": "Card", "children": [{"type": "Row", "children": [{}]}]}, "children[0].children[0].type", ""),
        (Widget, {"type": "Card", "x": "\ud800"}, "", "must not hold half of a surrogate pair"),
    ],
)
def test_a_fault_is_named_with_its_place(kind: type[Message], value: Any, path: str, why: str) -> None:
    with pytest.raises(JsonInvalidError) as refused:
        decode(kind, value)

    assert refused.value.path == path
    assert refused.value.why == why or not why


@pytest.mark.parametrize("data", [b"", b"{", b'{"a":\xff}', b'"\\ud800"', b"NaN", b"[" * 100_000, b'{"a":' * 100_000])
def test_what_is_no_json_is_refused(data: bytes) -> None:
    with pytest.raises(JsonInvalidError):
        decode_bytes(Widget, data)


def test_a_tree_deeper_than_the_stack_is_refused() -> None:
    value: dict[str, Any] = {"type": "Text", "value": "deep"}
    for _ in range(50_000):
        value = {"type": "Box", "children": [value]}

    with pytest.raises(JsonInvalidError, match="is nested too deep"):
        decode(Widget, value)


def test_properties_that_a_message_does_not_know_are_passed_over() -> None:
    message = decode(UserMessageInput, {"content": [{"type": "input_text", "text": "a", "new": 1}], "newer": {}})

    assert message == UserMessageInput(content=[{"input_text": {"text": "a"}}])  # type: ignore[list-item]


@pytest.mark.parametrize(
    "kept",
    [
        {"mood": {"a": [1, None, "x"]}},
        {"size": "gigantic"},
        {"padding": [1]},
        {"background": {"dark": "a"}},
        {"background": {"dark": "a", "light": "b", "dim": "c"}},
        {"status": {"text": "t", "new": True}},
        {"confirm": {"label": "OK", "action": {"type": "a", "newer": 1}}},
        {"border": {"size": 1.5}},
        {"asForm": "yes"},
        {"id": 5},
    ],
    ids=str,
)
def test_what_a_component_does_not_know_or_take_is_written_back_as_it_came(kept: dict[str, Any]) -> None:
    value = {"type": "Card", "children": [{"type": "Text", "value": "t", **kept}], **kept}

    message = decode(Widget, value)

    assert message.HasField("card")
    assert set(message.additional_properties.fields) == set(kept)
    assert encode(message) == value


def test_a_component_of_an_unknown_type_is_written_back_as_it_came() -> None:
    value = {"type": "Map", "id": "m", "zoom": 3, "children": [{"type": "Pin", "at": [1.5, None]}]}

    message = decode(Widget, value)

    assert (message.id, message.unknown.type) == ("m", "Map")
    assert encode(message) == value


def test_one_child_is_a_list_of_one() -> None:
    message = decode(Widget, {"type": "Card", "children": {"type": "Divider"}})

    assert encode(message) == {"type": "Card", "children": [{"type": "Divider"}]}


@pytest.mark.parametrize(
    "json, case",
    [
        ({"title": "t"}, "custom"),
        ({"title": "t", "icon": "check"}, "custom"),
        ({"duration": 3}, "duration"),
    ],
)
def test_bare_objects_are_told_apart_by_their_properties(json: dict[str, Any], case: str) -> None:
    message = decode(Workflow, {"type": "custom", "tasks": [], "summary": json})

    assert message.summary.WhichOneof("summary") == case
    assert encode(message)["summary"] == json


def test_what_is_not_set_is_written_as_what_it_means() -> None:
    assert encode(ErrorEvent()) == {"code": "custom", "allow_retry": False}
    assert decode(ErrorEvent, {}).code == "custom"
    assert encode(Thread(id="t")) == {
        "id": "t",
        "status": {"type": "active"},
        "items": {"data": [], "has_more": False},
    }


def test_nothing_written_is_shared_between_two_writings() -> None:
    first = encode(Thread())
    first["items"]["data"].append("mine")
    first["status"]["type"] = "mine"

    assert encode(Thread()) == {"id": "", "status": {"type": "active"}, "items": {"data": [], "has_more": False}}


def test_hidden_context_and_events_of_our_own_have_no_form() -> None:
    hidden = ThreadItem(id="h", hidden_context={"content": {"string_value": "s"}})  # type: ignore[arg-type]
    refused = [hidden, events.item_done(hidden), WidgetEvent(heartbeat={}), WidgetEvent(), Widget()]  # type: ignore[arg-type]
    for message in refused:
        with pytest.raises(NoJsonFormError):
            encode(message)
    thread = Thread(items={"data": [hidden, ThreadItem(id="e", end_of_turn={})]})  # type: ignore[arg-type]

    assert [item["id"] for item in encode(thread)["items"]["data"]] == ["e"]


def test_times_are_in_utc_to_the_microsecond() -> None:
    thread = decode(Thread, {"created_at": "2026-02-03T04:05:06.789+02:00"})

    assert encode(thread)["created_at"] == "2026-02-03T02:05:06.789000Z"
    assert decode(Thread, {"created_at": "2026-02-03T02:05:06.789"}) == thread


def test_a_delta_of_text_is_one_short_line() -> None:
    event = events.text_delta("msg_1", "é\n")

    assert encode_bytes(event) == (
        b'{"sequence":0,"type":"thread.item.updated","item_id":"msg_1",'
        b'"update":{"type":"assistant_message.content_part.text_delta","content_index":0,"delta":"\xc3\xa9\\n"}}'
    )
