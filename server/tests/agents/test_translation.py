"""What becomes of the parts of a response that are not plain text: thoughts, references, refusals, odd streams."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agents.testing import ModelStep, assistant_message, function_call
from openai.types import responses as api
from openai.types.responses.response_output_text import AnnotationFileCitation, AnnotationURLCitation
from openai.types.responses.response_reasoning_item import Summary

from tests.agents.scene import Scene, agent, said, says, script
from tests.agents.test_tool_failures import misses
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream_server.agents import run_agent
from widgetstream_server.agents.annotations import annotation_of
from widgetstream_server.agents.models.response_events import message_item, response_events


async def play(*steps: Any) -> list[WidgetEvent]:
    return [event async for event in run_agent(agent(script(*steps), misses), "hi", Scene().context)]


def reasoning(*summaries: str) -> api.ResponseReasoningItem:
    parts = [Summary(type="summary_text", text=text) for text in summaries]
    return api.ResponseReasoningItem(id="rs_1", type="reasoning", summary=parts)


async def test_thoughts_are_a_workflow_that_ends_with_the_message() -> None:
    events = await play([reasoning("First.", "Then."), assistant_message("Answer.")])

    assert [said(event) for event in events] == [
        "wf_1 added",
        "wf_1 task 0: First.",
        "wf_1 task 1: Then.",
        "wf_1 done: 2 tasks",
        "msg_1 added",
        "msg_1 part 0",
        "msg_1 +'Answer.'",
        "msg_1 part 0 = 'Answer.'",
        "msg_1 done: Answer.",
    ]


async def test_thoughts_go_on_in_one_workflow_across_tool_calls() -> None:
    events = await play(
        [reasoning("One."), function_call("misses", {}, call_id="c1")],
        [reasoning("Two."), assistant_message("Answer.")],
    )

    assert [said(event) for event in events][:4] == [
        "wf_1 added",
        "wf_1 task 0: One.",
        "wf_1 task 1: Two.",
        "wf_1 done: 2 tasks",
    ]


async def test_reasoning_without_a_summary_shows_that_there_was_some() -> None:
    events = await play([reasoning(), assistant_message("Answer.")])

    assert [said(event) for event in events][:2] == ["wf_1 added", "wf_1 done: 0 tasks"]


def thought_events(text: str, size: int) -> Sequence[Any]:
    """The stream of one long thought in deltas of some size."""
    place: dict[str, Any] = {"item_id": "rs_1", "output_index": 0, "summary_index": 0, "sequence_number": 0}
    begun = api.ResponseOutputItemAddedEvent(
        type="response.output_item.added", item=reasoning(), output_index=0, sequence_number=0
    )
    deltas = [
        api.ResponseReasoningSummaryTextDeltaEvent(
            type="response.reasoning_summary_text.delta", delta=text[start : start + size], **place
        )
        for start in range(0, len(text), size)
    ]
    done = api.ResponseReasoningSummaryTextDoneEvent(type="response.reasoning_summary_text.done", text=text, **place)
    return [begun, *deltas, done, list(response_events([], response_id="r"))[-1]]


async def test_a_long_thought_is_shown_while_it_grows_without_growing_costs() -> None:
    thought = "word " * 2000
    events = await play(ModelStep.stream(thought_events(thought, 5)))

    updates = [event.item_updated.update for event in events if event.HasField("item_updated")]
    final = events[-1].item_done.item.workflow.workflow
    assert final.tasks[0].thought.content == thought
    assert updates[-1].workflow_task_updated.task.thought.content == thought
    assert 20 < len(updates) < 60
    assert sum(update.ByteSize() for update in updates) < 6 * len(thought)


async def test_a_refusal_is_shown_as_text_with_a_notice() -> None:
    message = api.ResponseOutputMessage(
        id="m",
        type="message",
        role="assistant",
        status="completed",
        content=[api.ResponseOutputRefusal(type="refusal", refusal="I will not.")],
    )

    events = await play([message])

    assert [said(event) for event in events][2:] == [
        "msg_1 +'I will not.'",
        "msg_1 part 0 = 'I will not.'",
        "msg_1 done: I will not.",
        "notice: The model declined to answer.",
    ]


async def test_references_come_with_the_part_they_belong_to() -> None:
    web = AnnotationURLCitation(
        type="url_citation", url="https://example.org", title="Example", start_index=0, end_index=4
    )
    file = AnnotationFileCitation(type="file_citation", file_id="f", filename="a.txt", index=2)
    nameless = AnnotationFileCitation(type="file_citation", file_id="f", filename="", index=2)
    text = api.ResponseOutputText(type="output_text", text="Text.", annotations=[web, nameless, file])
    message = api.ResponseOutputMessage(id="m", type="message", role="assistant", status="completed", content=[text])

    events = await play([message])

    trace = [said(event) for event in events]
    final = events[-1].item_done.item.assistant_message.content[0]
    assert [line for line in trace if "annotation" in line] == [
        "msg_1 annotation 0: https://example.org at 4",
        "msg_1 annotation 1: a.txt at 2",
    ]
    assert [each.index for each in final.annotations] == [4, 2]
    assert final.annotations[0].source.url.title == "Example"


def test_a_citation_may_come_as_a_dictionary_and_an_unknown_one_is_passed_over() -> None:
    web = annotation_of({"type": "url_citation", "url": "https://example.org", "title": "", "end_index": 3})
    inside = annotation_of({"type": "container_file_citation", "filename": "plot.png", "end_index": 9})

    assert web is not None
    assert (web.source.url.title, web.index) == ("https://example.org", 3)
    assert inside is not None
    assert (inside.source.file.filename, inside.index) == ("plot.png", 9)
    assert annotation_of({"type": "file_path", "file_id": "f"}) is None
    assert annotation_of(None) is None


async def test_several_messages_and_parts_of_one_response_stay_apart() -> None:
    two_parts = api.ResponseOutputMessage(
        id="same",
        type="message",
        role="assistant",
        status="completed",
        content=[
            api.ResponseOutputText(type="output_text", text="One.", annotations=[]),
            api.ResponseOutputText(type="output_text", text="Two.", annotations=[]),
        ],
    )

    # Some servers give all messages the same id.
    events = await play([two_parts, assistant_message("Three.", item_id="same")])

    assert [said(event) for event in events if event.HasField("item_done")] == [
        "msg_1 done: One. | Two.",
        "msg_2 done: Three.",
    ]


async def test_a_response_that_comes_whole_is_a_message_too() -> None:
    streamed = list(response_events([message_item("m", "All at once.")], response_id="r"))
    events = await play(ModelStep.stream([streamed[0], streamed[-1]]))

    assert [said(event) for event in events] == [
        "msg_1 added",
        "msg_1 part 0 = 'All at once.'",
        "msg_1 done: All at once.",
    ]


async def test_a_stream_that_leaves_out_the_ends_of_a_message_gets_them_from_the_response() -> None:
    streamed = response_events([message_item("m", "So it is.")], response_id="r")
    kept = [each for each in streamed if not each.type.endswith((".done", "_part.added"))]

    trace = [said(event) for event in await play(ModelStep.stream(kept))]

    assert trace[-3:] == ["msg_1 +'is.'", "msg_1 part 0 = 'So it is.'", "msg_1 done: So it is."]


async def test_a_response_without_anything_shows_nothing() -> None:
    assert await play([]) == []
    assert [said(event) for event in await play(says(" ", "\n"))] == []
