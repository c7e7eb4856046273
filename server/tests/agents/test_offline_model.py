"""The model that needs no network, in the SDK's true runner."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from agents import ModelSettings, RunConfig, RunContextWrapper, Runner, TResponseInputItem, function_tool
from agents.models.interface import ModelTracing
from openai.types.responses import ResponseStreamEvent
from pydantic import TypeAdapter

from tests.agents.scene import Play, Scene, agent, card, said
from widgetstream_server.agents import run_agent
from widgetstream_server.agents.history import WIDGET_NOTE, note
from widgetstream_server.agents.models.offline import OfflineModel, ToolOutput


@dataclass(frozen=True)
class Call:
    name: str
    arguments: dict[str, object]


@dataclass(frozen=True)
class Reading:
    calls: tuple[Call, ...] = ()
    reply: str | None = None


@dataclass
class Parrot:
    """Understands "add X" and "list", answers all else, and keeps what it was given."""

    summary: str = ""
    read_texts: list[str] = field(default_factory=list)
    listed: list[Sequence[int]] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    outputs: list[ToolOutput] = field(default_factory=list)

    def read(self, text: str, *, now: datetime, last_listed: Sequence[int]) -> Reading:
        self.read_texts.append(text)
        self.listed.append(list(last_listed))
        self.times.append(now)
        calls = [
            Call("enlist", {}) if part == "list" else Call("add", {"title": part.removeprefix("add ")})
            for part in text.split(" and ")
            if part == "list" or part.startswith("add ")
        ]
        if calls:
            return Reading(tuple(calls), "Not all of it." if "?" in text else None)
        return Reading(reply=f"You said: {text}")

    def summarize(self, outputs: Sequence[ToolOutput]) -> str:
        self.outputs = list(outputs)
        return self.summary


@function_tool
async def add(ctx: RunContextWrapper[Play], title: str) -> str:
    """Add a task."""
    await ctx.context.stream_widget(card(title))
    return json.dumps({"added": title})


@function_tool
async def enlist(ctx: RunContextWrapper[Play]) -> str:
    """List the tasks."""
    return json.dumps({"listed": [7, 3]})


def offline(scene: Scene, parrot: Parrot) -> OfflineModel:
    return OfflineModel(parrot, now=scene.run.local_now, new_id=scene.run.ids.new)


async def play(parrot: Parrot, words: str | list[TResponseInputItem]) -> list[str]:
    scene = Scene()
    of = agent(offline(scene, parrot), add, enlist)
    return [said(event) async for event in run_agent(of, words, scene.context)]


def user(text: str) -> TResponseInputItem:
    return {"role": "user", "content": text}


async def test_words_are_answered_in_words_that_come_one_by_one() -> None:
    parrot = Parrot()

    trace = await play(parrot, "good  morning")

    assert trace == [
        "msg_2 added",
        "msg_2 part 0",
        "msg_2 +'You '",
        "msg_2 +'said: '",
        "msg_2 +'good  '",
        "msg_2 +'morning'",
        "msg_2 part 0 = 'You said: good  morning'",
        "msg_2 done: You said: good  morning",
    ]
    # Noon in UTC is one o'clock in Oslo in winter.
    assert parrot.times[0].hour == 13


async def test_requests_become_calls_of_one_step_and_widgets_speak_for_themselves() -> None:
    parrot = Parrot()

    trace = await play(parrot, "add milk and add bread")

    assert trace == ["wid_1 done: milk", "wid_2 done: bread"]
    assert parrot.outputs == [
        ToolOutput("add", {"title": "milk"}, '{"added": "milk"}'),
        ToolOutput("add", {"title": "bread"}, '{"added": "bread"}'),
    ]
    assert parrot.read_texts == ["add milk and add bread"]


async def test_what_could_not_be_done_is_said_before_the_rest_is_done() -> None:
    trace = await play(Parrot(), "add milk and what?")

    assert [line for line in trace if "done" in line] == ["msg_2 done: Not all of it.", "wid_1 done: milk"]


async def test_a_summary_is_said_after_the_tools() -> None:
    trace = await play(Parrot(summary="Two added."), "add milk and add bread")

    assert trace[0] == "wid_1 done: milk"
    assert trace[-1].endswith("done: Two added.")


WIDGET = note(f"{WIDGET_NOTE} Tasks — #3 Buy milk; #5 Call Ann; #12 Rest")
CALL: TResponseInputItem = {"type": "function_call", "call_id": "c", "name": "enlist", "arguments": "{}"}


def output(text: str, call_id: str = "c") -> TResponseInputItem:
    return {"type": "function_call_output", "call_id": call_id, "output": text}


@pytest.mark.parametrize(
    "given,text,listed",
    [
        ([user("a"), user("b")], "b", []),
        ([user("list"), WIDGET, user("b")], "b", [3, 5, 12]),
        ([WIDGET, note(f"{WIDGET_NOTE} Done: well"), user("b")], "b", [3, 5, 12]),
        ([WIDGET, note(f"{WIDGET_NOTE} #8 Other"), user("b")], "b", [8]),
        ([WIDGET, CALL, output('{"listed": [9, 1]}'), user("b")], "b", [9, 1]),
        ([CALL, output('{"listed": [9, 1]}'), WIDGET, user("b")], "b", [3, 5, 12]),
        ([WIDGET, CALL, output('{"listed": ["x"]}'), user("b")], "b", [3, 5, 12]),
        ([WIDGET, CALL, output("no JSON #4"), user("b")], "b", [3, 5, 12]),
        # What people write is no note and no list, whatever they write.
        ([user("<note>\n#4 x\n</note>"), user("b #6")], "b #6", []),
        ([user("b"), note("Something hidden about #2.")], "b", []),
        ([user("b"), {"role": "assistant", "content": "See #2."}], "b", []),
        ([{"role": "user", "content": [{"type": "input_text", "text": "in parts"}]}], "in parts", []),
        ([], "", []),
    ],
)
async def test_it_looks_at_the_last_message_and_the_list_shown_last(
    given: list[Any], text: str, listed: list[int]
) -> None:
    parrot = Parrot()

    await play(parrot, given)

    assert (parrot.read_texts, parrot.listed) == ([text], [listed])


async def test_the_output_of_a_client_tool_goes_on_with_a_summary() -> None:
    parrot = Parrot(summary="Here you are.")

    trace = await play(parrot, [user("where am I"), CALL, output('"Oslo"')])

    assert trace[-1].endswith("done: Here you are.")
    assert parrot.outputs == [ToolOutput("enlist", {}, '"Oslo"')]


async def test_it_says_the_same_each_time() -> None:
    first, second = [await play(Parrot(summary="Done."), "add milk and list") for _ in range(2)]

    assert first == second


async def test_its_stream_is_that_of_a_server() -> None:
    scene = Scene()
    stream = offline(scene, Parrot()).stream_response(
        None,
        "say this and add milk",
        ModelSettings(),
        [],
        None,
        [],
        ModelTracing.DISABLED,
        previous_response_id=None,
        conversation_id=None,
        prompt=None,
    )
    events = [event async for event in stream]

    adapter: TypeAdapter[ResponseStreamEvent] = TypeAdapter(ResponseStreamEvent)
    for event in events:
        assert type(adapter.validate_python(event.model_dump(warnings=False))) is type(event)
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert [event.type for event in events][:2] == ["response.created", "response.in_progress"]
    assert events[-1].type == "response.completed"
    assert events[-1].response.usage is not None
    assert events[-1].response.usage.total_tokens == 0


async def test_it_answers_without_a_stream_too() -> None:
    scene = Scene()
    of = agent(offline(scene, Parrot(summary="Done.")), add)

    result = await Runner.run(of, "add milk", context=scene.context, run_config=RunConfig(tracing_disabled=True))

    assert result.final_output == "Done."


async def test_calls_have_ids_of_their_own() -> None:
    scene = Scene()
    model = offline(scene, Parrot())
    ids: list[str] = []
    for _ in range(2):
        response = await model.get_response(None, "add milk and add bread")
        ids += [getattr(item, "call_id", "") for item in response.output]

    assert ids == ["call_1", "call_2", "call_3", "call_4"]
