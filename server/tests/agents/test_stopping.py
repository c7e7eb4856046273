"""Slow readers, cancels and limits: what waits, what ends, and that nothing is left behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from agents import (
    RunContextWrapper,
    function_tool,
)
from agents.testing import ModelStep, function_call

from tests.agents.playing import play, read, show
from tests.agents.scene import (
    Play,
    Scene,
    agent,
    others,
    said,
    says,
    says_then,
    script,
    text_events,
)
from widgetstream_server.agents import run_agent
from widgetstream_server.agents.outbox import LIMIT
from widgetstream_server.conversation.errors import RunLimitExceededError


async def test_the_model_waits_for_a_slow_reader() -> None:
    sent = 0

    async def endless(_: object) -> AsyncIterator[object]:
        nonlocal sent
        opening = text_events("x")
        for event in opening[:5]:
            yield event
        while True:
            sent += 1
            yield opening[4]

    stream = run_agent(agent(script(ModelStep.stream(endless))), "hi", Scene().context)  # type: ignore[arg-type]
    await anext(stream)
    for _ in range(200):
        await asyncio.sleep(0)
    sent_while_unread = sent
    for _ in range(3 * LIMIT):
        await anext(stream)
    await stream.aclose()

    assert sent_while_unread <= LIMIT + 1
    assert sent <= 4 * LIMIT + 1
    assert await others() == set()


async def test_a_tool_waits_for_a_slow_reader() -> None:
    @function_tool
    async def chatter(ctx: RunContextWrapper[Play]) -> str:
        """Talk much."""
        for place in range(5 * LIMIT):
            await ctx.context.progress(str(place))
            ctx.context.app.did.append(str(place))
        return "done"

    scene = Scene()
    model = script([function_call("chatter", {}, call_id="c1")], [])
    stream = run_agent(agent(model, chatter), "hi", scene.context)
    first = await anext(stream)
    for _ in range(200):
        await asyncio.sleep(0)
    ahead = len(scene.did)
    rest = [said(event) async for event in stream]

    assert ahead <= LIMIT + 1
    assert [said(first), *rest] == [f"progress: {place}" for place in range(5 * LIMIT)]


class Canceled:
    """A tool that waits, and what became of it."""

    def __init__(self) -> None:
        self.waiting = asyncio.Event()
        self.was_canceled = False

    def tool(self) -> object:
        @function_tool
        async def hang(ctx: RunContextWrapper[Play]) -> str:
            """Wait for ever."""
            await ctx.context.progress("waiting")
            self.waiting.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.was_canceled = True
                # Nobody reads any more; that must not hold the tool.
                for _ in range(2 * LIMIT):
                    await ctx.context.progress("too late")
                raise
            return "never"

        return hang


async def test_closing_the_generator_cancels_the_tools_and_leaves_nothing_behind() -> None:
    canceled = Canceled()
    of = agent(script([function_call("hang", {}, call_id="c1")]), canceled.tool())  # type: ignore[arg-type]
    stream = run_agent(of, "hi", Scene().context)
    first = await anext(stream)
    await canceled.waiting.wait()
    await stream.aclose()

    assert said(first) == "progress: waiting"
    assert canceled.was_canceled
    assert await others() == set()


async def test_canceling_the_reader_cancels_the_tools_and_leaves_nothing_behind() -> None:
    canceled = Canceled()
    scene = Scene()
    of = agent(script([function_call("hang", {}, call_id="c1")]), canceled.tool())  # type: ignore[arg-type]
    reader = asyncio.create_task(play(scene, of))
    await canceled.waiting.wait()
    reader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reader

    assert canceled.was_canceled
    assert scene.run.usage.requests == 1
    assert await others() == set()


async def test_canceling_while_the_model_speaks_closes_its_stream() -> None:
    closed = asyncio.Event()

    async def forever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            closed.set()

    stream = run_agent(agent(script(says_then(text_events("a", "b")[:6], forever))), "hi", Scene().context)
    read = [said(await anext(stream)) for _ in range(4)]
    await stream.aclose()

    assert read == ["msg_1 added", "msg_1 part 0", "msg_1 +'a'", "msg_1 +'b'"]
    assert closed.is_set()
    assert await others() == set()


async def test_a_tools_time_limit_is_told_to_the_model() -> None:
    @function_tool(timeout=0.01)
    async def slow(ctx: RunContextWrapper[Play]) -> str:
        """Wait for ever."""
        await asyncio.Event().wait()
        return "never"

    model = script([function_call("slow", {}, call_id="c1")], says("It takes too long."))

    trace = await play(Scene(), agent(model, slow))

    assert trace[-1] == "msg_1 done: It takes too long."
    assert await others() == set()


async def test_a_model_that_calls_tools_without_end_is_stopped() -> None:
    steps = [[function_call("show", {"text": str(step)}, call_id=f"c{step}")] for step in range(9)]
    trace: list[str] = []
    stream = run_agent(agent(script(*steps), show), "hi", Scene().context, max_turns=2)
    with pytest.raises(RunLimitExceededError) as raised:
        await read(stream, trace)

    assert trace == ["wid_1 done: 0", "wid_2 done: 1"]
    assert raised.value.message == "The assistant took more than 2 steps, and was stopped."
    assert await others() == set()


async def test_a_tool_within_which_something_is_canceled_does_not_look_like_a_cancel_of_the_run() -> None:
    @function_tool(failure_error_function=None)
    async def cancels(ctx: RunContextWrapper[Play]) -> str:
        """Wait for what somebody else cancels."""
        raise asyncio.CancelledError

    model = script([function_call("cancels", {}, call_id="c1")], says("never"))
    with pytest.raises(RuntimeError, match="not the run's"):
        await play(Scene(), agent(model, cancels))
    assert await others() == set()
