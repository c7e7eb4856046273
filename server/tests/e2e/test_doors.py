"""One table of inputs has the same events through every door."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from google.protobuf.json_format import MessageToDict, ParseDict

from tests.chatkit_protocol.test_showcase import EVENTS, differences, redumped
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream_server.chatkit_json import encode
from widgetstream_server.showcase.commands import COMMANDS

from . import doors
from .doors import Send
from .processes import free_port, running, token_in, widgetstream

pytestmark = pytest.mark.e2e

TABLE = yaml.safe_load((Path(__file__).parents[3] / "specs" / "conformance" / "inputs.yaml").read_text("utf-8"))

ID = re.compile(r"[a-z]{2,6}_[A-Za-z0-9_-]{16}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
UNSAID = {"run_started", "run_completed", "heartbeat"}
"""What ChatKit has no word for."""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, Send], httpx.Client]]:
    """The typed doors by name, the first of which the others are compared with, and ChatKit's."""
    folder = tmp_path_factory.mktemp("doors")
    port = free_port()
    with (
        running(
            widgetstream("up", "--no-web"),
            folder,
            WIDGETSTREAM_GRPC_PORT=str(port),
            WIDGETSTREAM_HTTP_PORT="0",
            WIDGETSTREAM_APP="widgetstream_server.showcase:create",
        ) as program,
        ExitStack() as stack,
    ):
        url = program.first_line().split()[1]
        # Of one person each, so that nobody's threads are in anybody's way.
        tokens = {name: token_in(folder, name) for name in ("grpc", "envoy", "web", "sse", "python", "chatkit")}
        clients = {
            name: stack.enter_context(
                httpx.Client(base_url=url, headers={"authorization": f"Bearer {token}"}, timeout=60, trust_env=False)
            )
            for name, token in tokens.items()
        }
        address = url.removeprefix("http://")
        typed: dict[str, Send] = {
            "grpc": doors.over_grpc(f"localhost:{port}", tokens["grpc"]),
            "envoy": doors.over_grpc(address, tokens["envoy"]),
            "web": doors.over_grpc_web(clients["web"]),
            "sse": doors.over_json(clients["sse"]),
            "python": doors.over_python(address, tokens["python"]),
        }
        yield typed, clients["chatkit"]


@pytest.mark.parametrize("case", TABLE, ids=[case["name"] for case in TABLE])
def test_the_same_events_come_through_every_door(
    opened: tuple[dict[str, Send], httpx.Client], case: Mapping[str, Any]
) -> None:
    typed, chatkit = opened
    expected = played(case, typed["grpc"], typed_json, thread_in)
    for name, send in typed.items():
        assert named(played(case, send, typed_json, thread_in)) == named(expected), name
    if "chatkit" in case.get("doors", ["chatkit"]):
        said = [[chatkit_json(event) for event in step if kind_of(event) not in UNSAID] for step in expected]
        received = played(case, doors.over_chatkit(chatkit), lambda event: event, lambda events: thread_of(events[0]))
        assert named(received) == named(said)


def test_each_command_through_envoy_is_what_chatkits_models_say(
    opened: tuple[dict[str, Send], httpx.Client], subtests: pytest.Subtests
) -> None:
    send = doors.over_chatkit(opened[1])
    # This one never ends by itself.
    for command in COMMANDS.keys() - {"wait"}:
        with subtests.test(command):
            events = send(doors.read_request({"respond": {"text": command}}))
            found = [each for event in events for each in differences(event, redumped(EVENTS, event))]
            assert len(events) >= 3
            assert found == []


def played(
    case: Mapping[str, Any], send: Callable[[Any], Any], written: Callable[[Any], Any], thread: Callable[[Any], str]
) -> list[list[Any]]:
    """Return the events of each step, as JSON."""
    ids: dict[str, str] = {}
    steps = []
    for step in case["steps"]:
        request = doors.read_request(json.loads(filled(json.dumps(step), ids)))
        request.thread_id = ids.get("thread", "")
        answer = send(request)
        ids["thread"] = ids.get("thread") or thread(answer)
        steps.append([written(event) for event in answer])
        items = list(item_ids(steps[-1]))
        ids |= {"item": items[-1]} if items else {}
        ids["message"] = ids.get("message") or items[0]
    return steps


def filled(text: str, ids: Mapping[str, str]) -> str:
    for name, value in ids.items():
        text = text.replace(f'"{{{name}}}"', json.dumps(value))
    return text


def typed_json(event: WidgetEvent) -> dict[str, Any]:
    return dict(MessageToDict(event, preserving_proto_field_name=True))


def chatkit_json(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return a typed event in ChatKit's words."""
    parsed = ParseDict(dict(event), WidgetEvent())
    if parsed.HasField("run_failed"):
        parsed.error.message = parsed.run_failed.message
        parsed.error.allow_retry = event["run_failed"].get("allow_retry", False)
        parsed.error.code = "custom"
    written: dict[str, Any] = encode(parsed)
    written.pop("sequence", None)
    if kind_of(event) in ("thread_created", "thread_updated"):
        written["thread"]["metadata"] = {}
    return written


def kind_of(event: Mapping[str, Any]) -> str:
    (name,) = set(event) - {"sequence", "run_id", "thread_id", "event_time", "ignorable"}
    return name


def thread_in(events: list[WidgetEvent]) -> str:
    return events[0].thread_id


def thread_of(event: Mapping[str, Any]) -> str:
    return str(event["thread"]["id"])


def item_ids(value: Any) -> Iterator[str]:
    """Yield the ids of items that are told of, in order."""
    for event in value:
        for holder in (event, *(each for each in event.values() if isinstance(each, dict))):
            item = holder.get("item")
            if isinstance(item, dict) and "id" in item:
                yield item["id"]


def named(steps: list[list[Any]]) -> list[list[Any]]:
    """Return events with the same names for what is the same, and without what no two runs share.

    Deltas that follow each other are one: how many come together is chance.
    """
    names: dict[str, str] = {}

    def rename(value: Any) -> Any:
        match value:
            case dict():
                # In a fixed order: names are given in the order in which ids are met.
                kept = sorted(value.keys() - {"sequence", "event_time"})
                return {name: rename(value[name]) for name in kept}
            case list():
                return [rename(entry) for entry in value]
            case str() if TIME.fullmatch(value):
                return "<time>"
            case str():
                return ID.sub(lambda match: names.setdefault(match[0], f"#{len(names) + 1}"), value)
            case _:
                return value

    return [rename(merged(step)) for step in steps]


def merged(events: list[Any]) -> list[Any]:
    together: list[Any] = []
    for event in events:
        if "heartbeat" in event:
            continue
        before, delta = (_delta(together[-1]) if together else None), _delta(event)
        if before is not None and delta is not None and before[0] == delta[0]:
            _extend(together[-1], delta[1], event)
        else:
            together.append(json.loads(json.dumps(event)))
    return together


def _delta(event: Any) -> tuple[str, str] | None:
    """Return what grows, and by which text. None: the event is no such thing."""
    found = _holder(event)
    if found is None:
        return None
    rest = {name: value for name, value in found.items() if name not in ("delta", "done")}
    item = event.get("item_id") or event.get("item_updated", {}).get("item_id")
    return json.dumps([item, rest], sort_keys=True), found.get("delta", "")


def _holder(value: Any) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("delta"), str):
        return value
    return next((found for each in value.values() if (found := _holder(each)) is not None), None)


def _extend(event: Any, text: str, last: Any) -> None:
    holder, latest = _holder(event), _holder(last)
    assert holder is not None
    assert latest is not None
    holder["delta"] += text
    if "done" in latest:
        holder["done"] = latest["done"]
