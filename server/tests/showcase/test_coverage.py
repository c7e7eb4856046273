"""The commands together produce everything that the schema can say.

The descriptors say what there is: a case that is added to the schema needs a specimen, or a reason below.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from widgetstream import AsyncClient
from widgetstream.chatkit.v1 import (
    event_pb2,
    item_pb2,
    source_pb2,
    structured_input_pb2,
    thread_pb2,
    widget_pb2,
    workflow_pb2,
)
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream_server.showcase.commands import COMMANDS

from .conftest import read

ROOTS: list[type[Message]] = [
    event_pb2.WidgetEvent,
    item_pb2.ThreadItem,
    item_pb2.ItemUpdate,
    item_pb2.UserMessageContent,
    workflow_pb2.Task,
    workflow_pb2.WorkflowSummary,
    source_pb2.Source,
    structured_input_pb2.StructuredInput,
    thread_pb2.ThreadStatus,
    widget_pb2.Widget,
]
"""The messages each of whose cases needs a specimen, with all ``oneof``s of the components of widgets."""

NOT_SENT = {
    "WidgetEvent.heartbeat": "the engine's, after fifteen seconds without another event; clients keep it to themselves",
    "ThreadItem.hidden_context": "never sent to a client; `recall` tells that it is there",
    "ThreadItem.sdk_hidden_context": "never sent to a client; `recall` tells that it is there",
    "UserMessageContent.input_tag": "what a person sends; `echo` says it back",
    "Editable.enabled": "false alone has a meaning, and it has a specimen",
}
"""What no command can show, or not as a value, and why."""

ARGUMENTS = {
    "title": ["title Groceries", "title"],
    "lock": ["lock for tests", "lock"],
    "close": ["close for tests", "close"],
    "domains": ["domains example.com, example.org", "domains"],
    "notice": ["notice", "notice warning"],
    "error": ["error", "error retry", "error code"],
    "hidden": ["hidden a secret"],
    "echo": ["echo hello"],
}


async def test_every_case_has_a_specimen(client: AsyncClient) -> None:
    seen: set[str] = set()
    async for event in everything(client):
        seen.update(cases_in(event))

    wanted = {f"{message.DESCRIPTOR.name}.{name}" for message in ROOTS for name in cases_of(message)}
    wanted |= set(unions_below(widget_pb2.Widget.DESCRIPTOR, set()))

    assert wanted - seen - set(NOT_SENT) == set()
    assert set(NOT_SENT) - {"Editable.enabled"} <= wanted - seen


async def everything(client: AsyncClient) -> AsyncIterator[WidgetEvent]:
    """Yield what all commands send, what their continuations send, and what a stop sends."""
    for name in COMMANDS:
        for text in ARGUMENTS.get(name, [name]):
            stream = client.respond(text)
            async for event in stream:
                yield event
                if name == "wait" and event.HasField("item_added"):
                    await stream.cancel()


def cases_in(message: Message) -> Iterator[str]:
    """Yield the cases that are set in a message, as ``Message.case``."""
    for field, value in message.ListFields():
        if field.containing_oneof is not None:
            yield f"{message.DESCRIPTOR.name}.{field.name}"
        if field.message_type is not None and not field.message_type.GetOptions().map_entry:
            for each in value if field.is_repeated else (value,):
                yield from cases_in(each)


def cases_of(message: type[Message]) -> list[str]:
    return [field.name for field in message.DESCRIPTOR.fields if _in_oneof(field)]


def unions_below(message: Descriptor, visited: set[str]) -> Iterator[str]:
    """Yield the cases of all ``oneof``s that a component's properties are made of."""
    if message.full_name in visited or not message.full_name.startswith("widgetstream."):
        return
    visited.add(message.full_name)
    for field in message.fields:
        if _in_oneof(field):
            yield f"{message.name}.{field.name}"
        if field.message_type is not None:
            yield from unions_below(field.message_type, visited)


def _in_oneof(field: Any) -> bool:
    """Whether a field is a case, and not merely optional."""
    oneof: Any = field.containing_oneof
    return oneof is not None and len(oneof.fields) > 1


async def test_every_property_of_every_component_is_used_or_listed(client: AsyncClient) -> None:
    used: set[str] = set()
    async for event in aiter(client.respond("all widgets")):
        if event.HasField("item_done"):
            used.update(properties_in(event.item_done.item.widget))
    unused = {
        f"{case.message_type.name}.{field.name}"
        for case in widget_pb2.Widget.DESCRIPTOR.oneofs_by_name["component"].fields
        if case.message_type is not None
        for field in case.message_type.fields
    } - used

    # Layout repeats itself: what a box shows need not be shown by a row, a column, a form, an image and a chart too.
    layouts = {"Row", "Col", "Form", "Image", "Chart", "Basic", "Box", "ListViewItem"}
    assert {name for name in unused if name.partition(".")[0] not in layouts} == set()


def properties_in(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        yield f"{message.DESCRIPTOR.name}.{field.name}"
        if field.message_type is not None and not field.message_type.GetOptions().map_entry:
            for each in value if field.is_repeated else (value,):
                yield from properties_in(each)


async def test_a_command_always_gives_the_same(client: AsyncClient) -> None:
    for name in COMMANDS:
        if name != "wait":
            text = ARGUMENTS.get(name, [name])[0]
            first = [shape(event) for event in await read(client.respond(text))]
            second = [shape(event) for event in await read(client.respond(text))]
            assert first == second, name


def shape(event: WidgetEvent) -> str:
    """What an event says, without ids and times."""
    copy = WidgetEvent()
    copy.CopyFrom(event)
    _strip(copy)
    return str(copy)


def _strip(message: Any) -> None:
    for field, value in message.ListFields():
        if field.name in {"id", "item_id", "thread_id", "run_id", "call_id", "pending_item_id", "correlation_id"}:
            if message.DESCRIPTOR.name not in {"Widget", "StructuredInput", "EntitySource"}:
                message.ClearField(field.name)
        elif field.message_type is not None and field.message_type.name == "Timestamp":
            message.ClearField(field.name)
        elif field.message_type is not None and not field.message_type.GetOptions().map_entry:
            for each in value if field.is_repeated else (value,):
                _strip(each)
