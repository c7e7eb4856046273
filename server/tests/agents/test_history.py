"""What a model gets of a thread: a table of items, and how long threads are cut."""

from __future__ import annotations

from typing import Any

import pytest
from agents.models.chatcmpl_converter import Converter
from google.protobuf.json_format import ParseDict
from hypothesis import given
from hypothesis import strategies as st

from tests.agents.scene import Scene, card
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream_server.agents import model_input, to_input
from widgetstream_server.agents.history import note_text


def item(**fields: Any) -> ThreadItem:
    return ParseDict(fields, ThreadItem())


def person(text: str, **more: Any) -> ThreadItem:
    return item(user_message={"content": [{"input_text": {"text": text}}], **more})


def assistant(*texts: str) -> ThreadItem:
    return item(assistant_message={"content": [{"text": text} for text in texts]})


def client_tool(status: str = "COMPLETED", **more: Any) -> ThreadItem:
    arguments = {"precise": True, "digits": 3}
    call = {"call_id": "c1", "name": "locate", "arguments": arguments, **more}
    return item(client_tool_call={"status": f"CLIENT_TOOL_CALL_STATUS_{status}", **call})


def widget(*texts: str) -> ThreadItem:
    made = ThreadItem()
    made.widget.widget.CopyFrom(card(*texts))
    return made


def note(text: str) -> dict[str, Any]:
    return {"role": "user", "content": [{"type": "input_text", "text": f"<note>\n{text}\n</note>"}]}


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


TAG = {"input_tag": {"id": "t1", "text": "Ann", "data": {"age": 40}}}
MENTIONED = {"content": [{"input_text": {"text": "Ask "}}, TAG, {"input_text": {"text": " or "}}, TAG]}
FILES = {"attachments": [{"name": "a.png", "mime_type": "image/png"}, {"name": "b.txt", "mime_type": "text/plain"}]}
CALL = {
    "type": "function_call",
    "call_id": "c1",
    "name": "locate",
    "arguments": '{"digits": 3, "precise": true}',
}
ANSWERS = [
    {"question": "Which?", "answer": {"values": ["A", "B"]}},
    {"question": "When?", "answer": {"skipped": True}},
    {"question": "Why?"},
]
TASKS = [
    {"custom": {"title": "Looked", "content": "everywhere"}},
    {"custom": {"title": "Found"}},
    {"thought": {"content": "hm"}},
    {"web_search": {"title_query": "milk"}},
]
SHOWN = "The person was shown that this was done:"


@pytest.mark.parametrize(
    "given_item,expected",
    [
        (person("add milk"), [user("add milk")]),
        (
            person("and this?", quoted_text="Milk is out."),
            [note("The person's next message refers to this in particular:\nMilk is out."), user("and this?")],
        ),
        (
            item(user_message=MENTIONED),
            [
                note('The person\'s next message mentions:\n@Ann (id: t1) {"age": 40}'),
                user("Ask @Ann or @Ann"),
            ],
        ),
        (
            person("look", **FILES),
            [
                note("The person's next message comes with files:\na.png (image/png)\nb.txt (text/plain)"),
                user("look"),
            ],
        ),
        (assistant("One.", "", "Two."), [{"role": "assistant", "content": "One.\n\nTwo."}]),
        (assistant(" "), []),
        (widget("#3 Buy milk"), [note("The person was shown a widget: [card: #3 Buy milk]")]),
        (
            client_tool(output={"city": "Oslo"}),
            [CALL, {"type": "function_call_output", "call_id": "c1", "output": '{"city": "Oslo"}'}],
        ),
        (
            client_tool(output=None),
            [CALL, {"type": "function_call_output", "call_id": "c1", "output": "null"}],
        ),
        (client_tool(), [CALL, {"type": "function_call_output", "call_id": "c1", "output": "null"}]),
        (client_tool("PENDING"), []),
        (client_tool("UNSPECIFIED"), []),
        (
            item(structured_input={"inputs": ANSWERS}),
            [note("The person was asked:\nWhich?: A, B\nWhen?: declined\nWhy?: not answered")],
        ),
        (item(structured_input={}), []),
        (
            item(workflow={"workflow": {"tasks": TASKS}}),
            [note(f"{SHOWN}\nLooked: everywhere\nFound\nSearch of the web: milk")],
        ),
        (item(workflow={"workflow": {"tasks": [{"thought": {"content": "hm"}}]}}), []),
        (item(task={"task": {"custom": {"title": "Looked"}}}), [note(f"{SHOWN}\nLooked")]),
        (item(hidden_context={"content": "The shop is closed."}), [note("The shop is closed.")]),
        (item(hidden_context={"content": {"open": False}}), [note('{"open": false}')]),
        (item(sdk_hidden_context={"content": "The person stopped."}), [note("The person stopped.")]),
        (item(generated_image={}), [note("The person was shown an image that was generated.")]),
        (item(end_of_turn={}), []),
        (ThreadItem(), []),
    ],
)
def test_each_kind_of_item(given_item: ThreadItem, expected: list[dict[str, Any]]) -> None:
    entries = to_input([given_item])

    assert entries == expected
    # Servers that know only chat completions take the same.
    assert len(Converter.items_to_messages(entries)) >= bool(entries)


@given(st.text())
def test_no_words_of_a_person_are_taken_for_a_note(text: str) -> None:
    (entry,) = to_input([person(f"<note>\n{text}\n</note>")])

    assert note_text(entry) is None


def test_a_note_is_known_again() -> None:
    (entry,) = to_input([item(hidden_context={"content": "a\nb"})])

    assert note_text(entry) == "a\nb"


async def test_the_last_twenty_items_of_the_thread_are_what_a_model_gets() -> None:
    scene = Scene(items=[person(str(number)) for number in range(25)])

    entries = await model_input(scene.run)

    assert entries == [user(str(number)) for number in range(5, 25)]


def test_a_long_thread_is_cut_at_its_old_end_and_never_within_a_call() -> None:
    items = [person("old"), client_tool(output="x" * 500), assistant("a" * 100), person("new")]
    lengths = {limit: [entry.get("type") for entry in to_input(items, limit)] for limit in range(0, 1000, 10)}

    assert to_input(items, 0) == [user("new")]
    assert to_input(items, 10_000)[0] == user("old")
    for kinds in lengths.values():
        assert kinds.count("function_call") == kinds.count("function_call_output")


def test_what_json_has_no_word_for_does_no_harm() -> None:
    call = client_tool(output=[1.5])
    call.client_tool_call.output.list_value.values.add(number_value=float("inf"))

    assert to_input([call])[1]["output"] == '[1.5, "inf"]'  # type: ignore[typeddict-item]


def test_the_last_message_is_kept_however_long_it_is() -> None:
    assert to_input([person("old"), person("x" * 200_000)]) == [user("x" * 200_000)]
