"""Valid requests of all sixteen types, and what makes others of them."""

from __future__ import annotations

import json
from typing import Any

from google.protobuf.message import Message
from hypothesis import strategies as st

from tests.chatkit_json.messages import messages
from widgetstream.chatkit.v1 import action_pb2, item_pb2, structured_input_pb2
from widgetstream_server.chatkit_json import encode

from .client import message

ACTION = {"type": "text", "payload": {"n": 1}}

PARAMS: dict[str, dict[str, Any]] = {
    "threads.create": {"input": message("text")},
    "threads.add_user_message": {"thread_id": "{thread}", "input": message("text")},
    "threads.add_client_tool_output": {"thread_id": "{thread}", "result": {"ok": True}},
    "threads.add_structured_input": {
        "thread_id": "{thread}",
        "item_id": "{item}",
        "input": {"status": "answered", "answers": {"q1": {"values": ["a"], "skipped": False}}},
    },
    "threads.retry_after_item": {"thread_id": "{thread}", "item_id": "{item}"},
    "threads.custom_action": {"thread_id": "{thread}", "item_id": None, "action": ACTION},
    "threads.sync_custom_action": {"thread_id": "{thread}", "item_id": "{item}", "action": ACTION},
    "threads.get_by_id": {"thread_id": "{thread}"},
    "threads.list": {"limit": 20, "order": "desc", "after": None},
    "items.list": {"thread_id": "{thread}", "limit": 20, "order": "desc", "after": "{item}"},
    "items.feedback": {"thread_id": "{thread}", "item_ids": ["{item}"], "kind": "positive"},
    "attachments.create": {"name": "a.txt", "size": 1, "mime_type": "text/plain"},
    "attachments.delete": {"attachment_id": "atc_unknown"},
    "threads.update": {"thread_id": "{thread}", "title": "A title"},
    "threads.delete": {"thread_id": "thr_unknown"},
    "input.transcribe": {"audio_base64": "AAAA", "mime_type": "audio/webm"},
}

_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(["", "\x00", "text", "asc", "thr_unknown", "x" * 200, "\u202e", "1", "{}", "a\nb"]),
)
_ANYTHING = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


_MAX_LENGTH = 1_000_000


def filled(value: Any, ids: dict[str, str]) -> Any:
    """Return a request with ids that exist."""
    if isinstance(value, dict):
        return {name: filled(entry, ids) for name, entry in value.items()}
    if isinstance(value, list):
        return [filled(entry, ids) for entry in value]
    return ids.get(value.strip("{}"), value) if isinstance(value, str) else value


# What parameters may be, as the schema says.
_MESSAGES: dict[str, type[Message]] = {
    "threads.create": item_pb2.UserMessageInput,
    "threads.add_user_message": item_pb2.UserMessageInput,
    "threads.add_structured_input": structured_input_pb2.StructuredInputSubmission,
}


@st.composite
def requests(draw: st.DrawFn) -> Any:
    """Draw a valid request, or one with what the schema allows in it, changed in up to three places."""
    kind = draw(st.sampled_from(sorted(PARAMS)))
    request: Any = {"type": kind, "params": filled(PARAMS[kind], {}), "metadata": {}}
    if kind in _MESSAGES and draw(st.booleans()):
        request["params"]["input"] = encode(draw(messages(_MESSAGES[kind], depth=3)))
    if "action" in request["params"] and draw(st.booleans()):
        request["params"]["action"] = encode(draw(messages(action_pb2.Action)))
    for _ in range(draw(st.integers(0, 3))):
        request = _changed(draw, request)
    return request


@st.composite
def bodies(draw: st.DrawFn, ids: dict[str, str]) -> bytes:
    """Draw the body of a request; one in four is cut off, or has other bytes somewhere."""
    body = json.dumps(filled(draw(requests()), ids), ensure_ascii=draw(st.booleans())).encode("utf-8", "replace")
    match draw(st.sampled_from(["whole"] * 6 + ["cut", "other"])):
        case "cut":
            return body[: draw(st.integers(0, len(body)))]
        case "other":
            place = draw(st.integers(0, len(body)))
            return body[:place] + draw(st.binary(max_size=4)) + body[place + draw(st.integers(0, 4)) :]
        case _:
            return body


def _changed(draw: st.DrawFn, value: Any) -> Any:
    """Return a value with one place in it that is different, missing, or more."""
    if isinstance(value, dict) and value and draw(st.integers(0, 9)):
        name = draw(st.sampled_from(sorted(value)))
        match draw(st.sampled_from(["deeper", "deeper", "deeper", "without", "more"])):
            case "without":
                return {each: entry for each, entry in value.items() if each != name}
            case "more":
                return {**value, draw(st.text(max_size=8)): draw(_ANYTHING)}
            case _:
                return {**value, name: _changed(draw, value[name])}
    if isinstance(value, list) and value and draw(st.integers(0, 4)):
        index = draw(st.integers(0, len(value) - 1))
        changed = [*value[:index], _changed(draw, value[index]), *value[index + 1 :]]
        times = draw(st.sampled_from([1, 1, 1, 2, 300]))
        # Lists in lists would multiply: what is larger than all that is taken is a matter of other tests.
        return changed * (times if times * len(json.dumps(changed)) <= _MAX_LENGTH else 1)
    return draw(_ANYTHING)
