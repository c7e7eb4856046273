"""Commands that wait for the page or the person, and how they go on."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator

from google.protobuf import json_format

from widgetstream.chatkit.v1 import item_pb2
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ClientToolCallItem, StructuredInputItem
from widgetstream.chatkit.v1.structured_input_pb2 import (
    Freeform,
    MultipleChoice,
    MultipleChoiceOption,
    StructuredInput,
    StructuredInputStatus,
)
from widgetstream_server.conversation import events
from widgetstream_server.showcase.commands.registry import command
from widgetstream_server.showcase.scene import Scene
from widgetstream_server.widgets.json_values import fill_struct


@command("client tool", "Work for the page: the run goes on when it answers.", takes="name")
async def client_tool(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Call a tool of the page, and end the run."""
    item = scene.item("tc")
    call = item.client_tool_call
    call.status = item_pb2.CLIENT_TOOL_CALL_STATUS_PENDING
    call.call_id = scene.context.ids.new("call")
    call.name = scene.rest or "get_selection"
    fill_struct(call.arguments, {"kind": "tasks", "limit": 3})
    yield events.item_done(item)


@command("structured input", "Three questions: one choice, several, and a text.")
async def structured_input(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Ask, and end the run."""
    item = scene.item("si")
    item.structured_input.status = StructuredInputStatus.STRUCTURED_INPUT_STATUS_PENDING
    item.structured_input.inputs.extend(
        [
            _choice("day", "Which day?", "Today", "Tomorrow"),
            _choice("tags", "Which tags?", "home", "work", "errands", multiple=True),
            StructuredInput(id="note", question="Anything else?", freeform=Freeform(description="In your own words.")),
        ]
    )
    yield events.item_done(item)


async def go_on(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Say what came: the output of the page's tool, or the answers."""
    said = "There is nothing to go on with."
    for item in reversed(await scene.context.history()):
        if item.HasField("client_tool_call"):
            said = _answered_call(item.client_tool_call)
            break
        if item.HasField("structured_input"):
            said = _answered_questions(item.structured_input)
            break
    for event in scene.say(said):
        yield event


def _choice(name: str, question: str, *options: str, multiple: bool = False) -> StructuredInput:
    choice = MultipleChoice(options=[MultipleChoiceOption(value=option) for option in options], multiple=multiple)
    return StructuredInput(id=name, question=question, multiple_choice=choice)


def _answered_call(call: ClientToolCallItem) -> str:
    if call.status != item_pb2.CLIENT_TOOL_CALL_STATUS_COMPLETED:
        return f"{call.name} has not answered."
    output = json_format.MessageToDict(call.output) if call.HasField("output") else None
    return f"{call.name} answered: {json.dumps(output, ensure_ascii=False, sort_keys=True)}"


def _answered_questions(asked: StructuredInputItem) -> str:
    if asked.status == StructuredInputStatus.STRUCTURED_INPUT_STATUS_SKIPPED:
        return "You skipped the questions."
    lines = []
    for question in asked.inputs:
        answer = question.answer
        given = not answer.skipped and answer.values
        lines.append(f"- {question.question} {', '.join(answer.values) if given else 'no answer'}")
    return "You answered:\n\n" + "\n".join(lines)
