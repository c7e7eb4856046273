"""What commands say, through the true server."""

from __future__ import annotations

import pytest

from widgetstream import AsyncClient, WidgetstreamError
from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1.error_reason_pb2 import ErrorReason
from widgetstream.chatkit.v1.item_pb2 import ClientToolOutput, InferenceOptions, ToolChoice, UserMessageInput
from widgetstream.chatkit.v1.structured_input_pb2 import (
    StructuredInputAnswer,
    StructuredInputStatus,
    StructuredInputSubmission,
)
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.showcase.commands import COMMANDS, find
from widgetstream_server.showcase.specimens.widgets import SPECIMENS, root
from widgetstream_server.widgets import limits
from widgetstream_server.widgets.schema import COMPONENTS
from widgetstream_server.widgets.updates import apply_in_place

from .conftest import kinds, read, said


# These two end otherwise, and have tests of their own.
@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in {"wait", "fail"}])
async def test_each_command_completes(client: AsyncClient, name: str) -> None:
    received = await read(client.respond(name))

    assert kinds(received)[-1] == "run_completed"
    assert COMMANDS[name].help.endswith(".")


@pytest.mark.parametrize("name", SPECIMENS)
def test_each_specimen_may_be_sent(name: str) -> None:
    limits.check(root(name))


def test_there_is_a_specimen_of_each_component() -> None:
    assert set(SPECIMENS) == set(COMPONENTS)


@pytest.mark.parametrize(
    "text, name, rest",
    [
        ("help", "help", ""),
        ("  SHOW  List View ", "show list view", ""),
        ("show list view item", "show list view item", ""),
        ("title My  day", "title", "My day"),
        ("what is this", "help", "what is this"),
        ("", "help", ""),
    ],
)
def test_commands_are_found_by_their_longest_name(text: str, name: str, rest: str) -> None:
    command, left = find(text)

    assert (command.name, left) == (name, rest)


async def test_help_lists_all(client: AsyncClient) -> None:
    text = said(await read(client.respond("good morning")))

    assert all(f"- `{name}" in text for name in COMMANDS)


async def test_a_failure_keeps_what_was_said(client: AsyncClient) -> None:
    stream = client.respond("fail")
    received = await read(stream)
    items = [item async for item in client.list_items(stream.thread_id)]

    assert received[-1].run_failed.reason == ErrorReason.ERROR_REASON_MODEL_UNAVAILABLE
    assert items[-1].assistant_message.content[0].text == "This sentence has no"


async def test_updates_add_up_to_the_widget(client: AsyncClient) -> None:
    received = await read(client.respond("stream widget"))
    shown = Widget()
    for event in received:
        if event.HasField("item_added"):
            shown.CopyFrom(event.item_added.item.widget.widget)
        elif event.HasField("item_updated"):
            apply_in_place(shown, event.item_updated.update)

    assert shown == received[-2].item_done.item.widget.widget
    assert shown.HasField("list_view")


async def test_the_page_answers_a_tool(client: AsyncClient) -> None:
    stream = client.respond("client tool get_color")
    received = await read(stream)
    call = received[-2].item_done.item.client_tool_call
    output = ClientToolOutput(call_id=call.call_id)
    output.result.struct_value.update({"color": "green"})
    answered = await read(client.respond(pb.RespondRequest(thread_id=stream.thread_id, client_tool_output=output)))

    assert call.name == "get_color"
    assert received[-1].run_completed.pending_item_id == received[-2].item_done.item.id
    assert said(answered) == 'get_color answered: {"color": "green"}'


async def test_the_person_answers_questions(client: AsyncClient) -> None:
    stream = client.respond("structured input")
    item = (await read(stream))[-2].item_done.item
    submission = StructuredInputSubmission(
        item_id=item.id,
        status=StructuredInputStatus.STRUCTURED_INPUT_STATUS_ANSWERED,
        answers={
            "day": StructuredInputAnswer(values=["Today"]),
            "tags": StructuredInputAnswer(values=["home", "work"]),
            "note": StructuredInputAnswer(skipped=True),
        },
    )
    request = pb.RespondRequest(thread_id=stream.thread_id, structured_input=submission)
    answered = await read(client.respond(request))

    assert said(answered) == (
        "You answered:\n\n- Which day? Today\n- Which tags? home, work\n- Anything else? no answer"
    )


async def test_what_came_with_a_message_is_said_back(client: AsyncClient) -> None:
    message = UserMessageInput(
        quoted_text="Milk", inference_options=InferenceOptions(tool_choice=ToolChoice(id="search"))
    )
    message.content.add().input_text.text = "echo about "
    tag = message.content.add().input_tag
    tag.id, tag.text = "task_1", "Milk"
    text = said(await read(client.respond(message)))

    assert text.splitlines() == ["text: about Milk", "tag: Milk (task_1)", "quoted: Milk", "tool: search"]


async def test_hidden_items_are_kept_and_not_sent(client: AsyncClient) -> None:
    stream = client.respond("hidden the key is under the mat")
    received = await read(stream)
    text = said(await read(client.respond("recall", thread_id=stream.thread_id)))

    assert "under the mat" not in str(received[3:])
    assert text.startswith("There are 2 hidden items")


@pytest.mark.parametrize("name", ["lock", "close"])
async def test_a_thread_that_takes_no_messages(client: AsyncClient, name: str) -> None:
    stream = client.respond(f"{name} it is late")
    received = await read(stream)
    status = next(event.thread_updated.thread.status for event in received if event.HasField("thread_updated"))
    with pytest.raises(WidgetstreamError) as refused:
        await read(client.respond("help", thread_id=stream.thread_id))

    assert "it is late" in str(status)
    assert refused.value.reason == "THREAD_NOT_ACTIVE"
