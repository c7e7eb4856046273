"""What tools can show and ask for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from agents import (
    RunContextWrapper,
    function_tool,
)
from agents.testing import function_call

from tests.agents.playing import play, show
from tests.agents.scene import (
    Play,
    Scene,
    agent,
    card,
    others,
    said,
    says,
    script,
    text_of,
)
from widgetstream.chatkit.v1.event_pb2 import NoticeLevel
from widgetstream.chatkit.v1.item_pb2 import CLIENT_TOOL_CALL_STATUS_PENDING
from widgetstream.chatkit.v1.structured_input_pb2 import StructuredInput
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream.chatkit.v1.workflow_pb2 import CustomTask, Task
from widgetstream_server.agents import run_agent
from widgetstream_server.conversation.errors import WidgetInvalidError


async def test_two_tools_of_one_step_show_in_the_order_of_what_they_do() -> None:
    turn = asyncio.Event()

    @function_tool
    async def first(ctx: RunContextWrapper[Play]) -> str:
        """First."""
        await ctx.context.progress("first begins")
        await turn.wait()
        await ctx.context.progress("first ends")
        return "1"

    @function_tool
    async def second(ctx: RunContextWrapper[Play]) -> str:
        """Second."""
        await ctx.context.progress("second")
        turn.set()
        return "2"

    calls = [function_call("first", {}, call_id="c1"), function_call("second", {}, call_id="c2")]

    trace = await play(Scene(), agent(script(calls, says("ok")), first, second))

    assert trace[:3] == ["progress: first begins", "progress: second", "progress: first ends"]


async def test_a_widget_from_an_iterator_is_added_then_changed_then_done() -> None:
    @function_tool
    async def count(ctx: RunContextWrapper[Play]) -> str:
        """Count."""

        async def values() -> AsyncIterator[Widget]:
            widget = card("one")
            yield widget
            # The same object again: what was shown must not change with it.
            widget.card.children[0].text.value = "one two"
            yield widget

        item = await ctx.context.stream_widget(values(), copy_text="copied", item_id="wid_own")
        return f"{item.id} {item.widget.copy_text} {text_of(item.widget.widget)}"

    model = script([function_call("count", {}, call_id="c1")], says("ok"))

    trace = await play(Scene(), agent(model, count))

    assert trace[:3] == ["wid_own added", "wid_own widget_text_delta", "wid_own done: one two"]
    assert model.last_call is not None
    assert model.last_call.input[-1]["output"] == "wid_own copied one two"


async def test_everything_a_tool_can_show() -> None:
    @function_tool
    async def perform(ctx: RunContextWrapper[Play]) -> str:
        """Perform."""
        context = ctx.context
        await context.progress("working")
        await context.client_effect("refresh", {"list": "tasks"})
        await context.notice(NoticeLevel.NOTICE_LEVEL_INFO, "note")
        place = await context.add_workflow_task(Task(custom=CustomTask(title="look")))
        context.app.clock.passed = 7.9
        await context.update_workflow_task(Task(custom=CustomTask(title="looked")), place)
        await context.end_workflow()
        return "done"

    scene = Scene()
    of = agent(script([function_call("perform", {}, call_id="c1")], []), perform)
    events = [event async for event in run_agent(of, "hi", scene.context)]

    assert [said(event) for event in events] == [
        "progress: working",
        "effect: refresh {'list': 'tasks'}",
        "notice: note",
        "wf_1 added",
        "wf_1 task 0 is looked",
        "wf_1 done: 1 tasks",
    ]
    workflow = events[-1].item_done.item.workflow.workflow
    assert (workflow.summary.duration.duration, workflow.expanded) == (7, False)


async def test_a_workflow_ends_with_the_next_thing_seen_and_with_the_agent() -> None:
    @function_tool
    async def work(ctx: RunContextWrapper[Play], title: str) -> str:
        """Work."""
        await ctx.context.add_workflow_task(Task(custom=CustomTask(title=title)))
        return "done"

    model = script(
        [function_call("work", {"title": "a"}, call_id="c1")],
        [function_call("show", {"text": "x"}, call_id="c2")],
        [function_call("work", {"title": "b"}, call_id="c3")],
        [],
    )

    trace = await play(Scene(), agent(model, work, show))

    assert trace == [
        "wf_1 added",
        "wf_1 done: 1 tasks",
        "wid_1 done: x",
        "wf_2 added",
        "wf_2 done: 1 tasks",
    ]


async def test_a_client_tool_stops_the_agent_and_comes_last() -> None:
    @function_tool
    async def locate(ctx: RunContextWrapper[Play]) -> str:
        """Where is the person?"""
        ctx.context.request_client_tool("get_location", {"precise": True}, call_id="c1")
        await ctx.context.progress("asking the page")
        return "asked"

    model = script([function_call("locate", {}, call_id="c1")], says("never said"))

    events = [event async for event in run_agent(agent(model, locate), "hi", Scene().context)]

    assert [said(event) for event in events] == ["progress: asking the page", "tc_1 done: get_location"]
    call = events[-1].item_done.item.client_tool_call
    assert (call.call_id, call.arguments["precise"], call.status) == ("c1", True, CLIENT_TOOL_CALL_STATUS_PENDING)
    assert model.remaining_steps == 1


async def test_a_second_request_of_one_run_is_refused() -> None:
    @function_tool
    async def ask(ctx: RunContextWrapper[Play]) -> str:
        """Ask."""
        ctx.context.request_structured_input([StructuredInput(id="q", question="Which?")])
        return "asked"

    calls = [function_call("ask", {}, call_id="c1"), function_call("ask", {}, call_id="c2")]

    trace = await play(Scene(), agent(script(calls, says("never")), ask))

    assert trace == ["si_1 done"]


async def test_a_widget_that_may_not_be_shown_fails_the_run() -> None:
    @function_tool
    async def deep(ctx: RunContextWrapper[Play]) -> str:
        """Show a tree of a hundred levels."""
        widget = Widget()
        box = widget
        for _ in range(100):
            box = box.card.children.add()
        box.text.value = "deep"
        await ctx.context.progress("before")
        await ctx.context.stream_widget(widget)
        return "shown"

    trace: list[str] = []
    model = script([function_call("deep", {}, call_id="c1")], says("never"))
    stream = run_agent(agent(model, deep), "hi", Scene().context)
    trace.append(said(await anext(stream)))
    with pytest.raises(WidgetInvalidError):
        await anext(stream)

    assert trace == ["progress: before"]
    assert await others() == set()


async def test_a_widget_stream_that_fails_is_done_with_its_last_value() -> None:
    @function_tool
    async def breaks(ctx: RunContextWrapper[Play]) -> str:
        """Break."""

        async def values() -> AsyncIterator[Widget]:
            yield card("so far")
            raise RuntimeError("broken")

        await ctx.context.stream_widget(values())
        return "never"

    trace = await play(Scene(), agent(script([function_call("breaks", {}, call_id="c1")], says("sorry")), breaks))

    assert trace[:2] == ["wid_1 added", "wid_1 done: so far"]
    assert trace[-1] == "msg_1 done: sorry"


async def test_nothing_can_be_asked_for_when_no_agent_is_at_work() -> None:
    with pytest.raises(RuntimeError, match="no agent"):
        Scene().context.request_client_tool("get_location")
