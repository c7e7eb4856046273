"""What the quickstart shows of extending works as it stands there."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.quickstart.blocks import block
from tests.todo.world import World, open_world, part
from widgetstream import AsyncClient, WidgetstreamError
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream_server.app import Application
from widgetstream_server.auth import DevelopmentKey
from widgetstream_server.settings import Settings
from widgetstream_server.todo import operations
from widgetstream_server.todo.actions import Scene
from widgetstream_server.todo.agent.tools import make_tools
from widgetstream_server.todo.desk import Desk
from widgetstream_server.todo.operations import catalog
from widgetstream_server.widgets import builders as ui
from widgetstream_server.widgets import limits
from widgetstream_server.widgets.template import TemplateDataError


def run(*codes: str) -> dict[str, Any]:
    """Execute blocks one after the other, and return what they define."""
    names: dict[str, Any] = {"__name__": "quickstart"}
    for code in codes:
        exec(compile(code, "quickstart.md", "exec"), names)  # noqa: S102 - our own documents
    return names


@pytest.fixture
async def world(tmp_path: Path) -> Any:
    async with open_world(tmp_path / "tasks.db") as world:
        yield world


def test_a_widget_in_python() -> None:
    week_card = run(block("A widget"))["week_card"]
    widget = week_card({"mon": 3, "tue": 5})

    limits.check(widget)
    assert part(widget, "week_title").value == "This week"
    assert [row.fields["done"].number_value for row in part(widget, "week_chart").data] == [3, 5]


def test_a_widget_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heading = "A widget made in ChatKit's Studio"
    (tmp_path / "weather.widget").write_text(block(heading, "json"), "utf-8")
    monkeypatch.chdir(tmp_path)
    names = run(block(heading))
    with pytest.raises(TemplateDataError) as refused:
        names["WEATHER"].build({"city": "Oslo"})

    limits.check(names["card"])
    assert names["card"] == ui.card(ui.title("Oslo: -3°"))
    assert str(refused.value) == "degrees: is required"


async def test_a_tool(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = run(block("A tool"))["PostponeTask"]
    monkeypatch.setattr(catalog, "OPERATIONS", {**catalog.OPERATIONS, tool.name: tool})
    monkeypatch.setattr("widgetstream_server.todo.agent.tools.OPERATIONS", catalog.OPERATIONS)
    await world.add("Milk", due="2026-11-25")
    outcome = await operations.perform(tool(task="milk"), Desk(world.app.tasks, world.ann))

    assert "postpone_task" in [made.name for made in make_tools()]
    assert (await world.task(1)).due == "2026-11-26"
    assert outcome.result["status"] == "ok"
    assert outcome.widget is not None
    assert outcome.widget.card.status.text == "Postponed"


async def test_an_action(world: World) -> None:
    postpone = run(block("A tool"), block("An action"))["Postpone"]
    task = await world.add("Milk")

    async def no_other(_: str) -> ThreadItem:
        raise LookupError

    effect = await postpone(task_id=task.task_id).run(Scene(Desk(world.app.tasks, world.ann), None, no_other))

    assert postpone.type == "task.postpone"
    assert (await world.task(1)).due == "2026-11-24"
    assert effect.in_place.card.status.text == "Postponed"
    assert effect.change.kind == "updated"


async def test_an_application_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("WIDGETSTREAM_", "OPENAI_")):
            monkeypatch.delenv(name)
    (tmp_path / "dice.py").write_text(block("An application of your own"), "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    settings = Settings(data_dir=tmp_path, grpc_port=0, shutdown_grace_seconds=0.1, app="dice:create")
    async with Application(settings) as application:
        token = DevelopmentKey.load_or_create(tmp_path / "keys").sign("ann", timedelta(hours=1), datetime.now(UTC))
        async with AsyncClient(f"127.0.0.1:{application.port}", token=token) as client:
            stream = client.respond("roll")
            events = [event async for event in stream]
            item = next(event.item_done.item for event in events if event.item_done.item.HasField("widget"))
            clicked = client.action("die.roll", thread_id=stream.thread_id, item_id=item.id)
            replaced = [event.item_replaced.item async for event in clicked if event.HasField("item_replaced")]
            with pytest.raises(WidgetstreamError) as refused:
                [event async for event in client.action("die.cheat", thread_id=stream.thread_id)]

    assert part(item.widget.widget, "die_title").value.startswith("You rolled ")
    assert [each.id for each in replaced] == [item.id]
    assert refused.value.reason == "ACTION_UNKNOWN"


def test_the_file_of_the_quickstart_is_json() -> None:
    assert json.loads(block("A widget made in ChatKit's Studio", "json"))["version"] == "1.0"
