"""What the showcase's widgets do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from widgetstream import AsyncClient, WidgetstreamError
from widgetstream.chatkit.v1.action_pb2 import Action, ActionConfig, ActionHandler
from widgetstream_server.showcase import actions
from widgetstream_server.showcase.specimens.containers import switch
from widgetstream_server.showcase.specimens.widgets import SPECIMENS, root
from widgetstream_server.widgets.tree import find

from .conftest import read, said


async def test_a_form_says_its_values_back(client: AsyncClient) -> None:
    stream = client.respond("show form")
    item = (await read(stream))[-2].item_done.item
    values = {"from": "form", "name": "Ada", "agree": True}
    answered = await read(client.action("showcase.echo", values, thread_id=stream.thread_id, item_id=item.id))

    assert said(answered) == (
        '`showcase.echo` came with\n\n```json\n{"agree": true, "from": "form", "name": "Ada"}\n```'
    )


async def test_a_component_is_changed_in_place(client: AsyncClient) -> None:
    stream = client.respond("show transition")
    item = (await read(stream))[-2].item_done.item
    answered = await read(client.action("showcase.count", {"count": 1}, thread_id=stream.thread_id, item_id=item.id))
    stored = [each async for each in client.list_items(stream.thread_id)][-1]
    row = find(stored.widget.widget, "count_row")

    assert [event.item_replaced.item for event in answered if event.HasField("item_replaced")] == [stored]
    assert stored.id == item.id
    assert row is not None
    assert row.row.children[0].text.value == "Clicked 1 times"


async def test_a_switch_changes_without_a_run(client: AsyncClient) -> None:
    stream = client.respond("switch")
    item = (await read(stream))[-2].item_done.item
    on = await client.sync_action("showcase.toggle", {"on": True}, thread_id=stream.thread_id, item_id=item.id)
    off = await client.sync_action("showcase.toggle", {"on": False}, thread_id=stream.thread_id, item_id=item.id)

    assert on is not None
    assert on.widget.widget == switch(on=True)
    assert off is not None
    assert off.widget.widget == switch(on=False)


@pytest.mark.parametrize(
    "name, payload, reason, field",
    [
        ("showcase.count", {"count": 1.5}, "ACTION_PAYLOAD_INVALID", "action.payload.count"),
        ("showcase.count", "three", "ACTION_PAYLOAD_INVALID", "action.payload.count"),
        ("showcase.toggle", {"on": 1}, "ACTION_PAYLOAD_INVALID", "action.payload.on"),
        ("showcase.unknown", None, "ACTION_UNKNOWN", "action.type"),
    ],
)
async def test_what_is_wrong_with_an_action_is_named(
    client: AsyncClient, name: str, payload: Any, reason: str, field: str
) -> None:
    stream = client.respond("switch")
    await read(stream)
    with pytest.raises(WidgetstreamError) as refused:
        await read(client.action(name, payload, thread_id=stream.thread_id))

    assert refused.value.reason == reason
    assert refused.value.violations[0].field == field


@pytest.mark.parametrize("name", SPECIMENS)
def test_every_action_that_a_specimen_declares_is_known(name: str) -> None:
    for config in _actions_in(root(name)):
        if config.handler != ActionHandler.ACTION_HANDLER_CLIENT:
            actions.check(Action(type=config.type, payload=config.payload))


def _actions_in(message: Any) -> Iterator[ActionConfig]:
    if isinstance(message, ActionConfig):
        yield message
        return
    for field, value in message.ListFields():
        if field.message_type is not None and not field.message_type.GetOptions().map_entry:
            for each in value if field.is_repeated else (value,):
                yield from _actions_in(each)
