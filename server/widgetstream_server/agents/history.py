"""What was said and shown in a thread, as a model's input."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import cast

import msgspec
from agents import TResponseInputItem
from google.protobuf import struct_pb2

from widgetstream.chatkit.v1 import item_pb2
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.workflow_pb2 import Task
from widgetstream_server.agents.files import Parts, ReadFile, load_files
from widgetstream_server.conversation.context import RunContext
from widgetstream_server.conversation.limits import HistoryLimits
from widgetstream_server.widgets.describe import describe

IMAGE_TOKENS = 1_000
"""What an image counts for, however many bytes it has."""

# Of UTF-8. English has some four characters in a token, and its letters a byte each; scripts with fewer characters in a
# token have letters of more bytes.
_BYTES_PER_TOKEN = 4

Input = list[TResponseInputItem]


async def model_input(run: RunContext, limits: HistoryLimits | None = None, read: ReadFile | None = None) -> Input:
    """Return the last items of the run's thread as a model's input, the person's new message included.

    Args:
        run: The run.
        limits: How many items, and how many tokens. None: 20, and 30,000.
        read: Reads attachments. None: they are named alone.
    """
    bounds = limits or HistoryLimits()
    items = await run.history(bounds.items)
    return to_input(items, bounds.tokens, await load_files(items, read) if read is not None else None)


def to_input(
    items: Sequence[ThreadItem], max_tokens: int = HistoryLimits().tokens, files: Mapping[str, Parts] | None = None
) -> Input:
    """Return items of a thread as a model's input, oldest first.

    What a person wrote is a ``user`` message whose content is one string, what the assistant wrote an
    ``assistant`` message. All else that the model should know (what widgets showed, what was quoted, hidden
    context) are notes: ``user`` messages whose content is a list of one part, so that no text that a person
    can write is taken for a note. A file is a ``user`` message of two parts, before the message that came with
    it; without ``files`` (see ``load_files``) it is named alone. A client tool's call and its output stand
    together or not at all. The newest items are kept up to a number of tokens, the last one in any case. No model
    is asked how many they are: a text counts for a token with every four bytes.
    """
    kept: list[Input] = []
    left = max_tokens
    for item in reversed(items):
        parts = _of_item(item, files or {})
        left -= sum(_tokens(part) for part in parts)
        if left < 0 and any(kept):
            break
        kept.append(parts)
    return [part for parts in reversed(kept) for part in parts]


def note(text: str) -> TResponseInputItem:
    """Return a note for the model: something that it should know, and that nobody said."""
    content = {"type": "input_text", "text": f"<note>\n{text}\n</note>"}
    return cast("TResponseInputItem", {"role": "user", "content": [content]})


def note_text(entry: TResponseInputItem) -> str | None:
    """Return the text of a note. None: the entry is none."""
    fields = cast("dict[str, object]", entry)
    content = fields.get("content")
    if fields.get("role") != "user" or not isinstance(content, list) or len(content) != 1:
        return None
    text = content[0].get("text")
    if not isinstance(text, str) or not text.startswith("<note>\n"):
        return None
    return text.removeprefix("<note>\n").removesuffix("\n</note>")


def _tokens(part: TResponseInputItem) -> int:
    content = cast("Mapping[str, object]", part).get("content")
    images = [each for each in content if each.get("type") == "input_image"] if isinstance(content, list) else []
    written = len(msgspec.json.encode(part)) - sum(len(each["image_url"]) for each in images)
    return -(-written // _BYTES_PER_TOKEN) + len(images) * IMAGE_TOKENS


def _of_item(item: ThreadItem, files: Mapping[str, Parts]) -> Input:
    kind = item.WhichOneof("item")
    if kind == "user_message":
        return list(_user_message(item, files))
    return list(_BY_KIND[kind](item)) if kind in _BY_KIND else []


def _user_message(item: ThreadItem, files: Mapping[str, Parts]) -> Iterable[TResponseInputItem]:
    message = item.user_message
    if message.quoted_text:
        yield note(f"The person's next message refers to this in particular:\n{message.quoted_text}")
    tags = {part.input_tag.id: part.input_tag for part in message.content if part.HasField("input_tag")}
    if tags:
        lines = [f"@{tag.text} (id: {tag.id}){_data(tag.data)}" for tag in tags.values()]
        yield note("The person's next message mentions:\n" + "\n".join(lines))
    if message.attachments:
        names = [f"{each.name} ({each.mime_type})" for each in message.attachments]
        yield note("The person's next message comes with files:\n" + "\n".join(names))
    for parts in (files[each.id] for each in message.attachments if each.id in files):
        yield cast("TResponseInputItem", {"role": "user", "content": list(parts)})
    text = "".join(
        f"@{part.input_tag.text}" if part.HasField("input_tag") else part.input_text.text for part in message.content
    )
    yield cast("TResponseInputItem", {"role": "user", "content": text})


def _assistant_message(item: ThreadItem) -> Iterable[TResponseInputItem]:
    text = "\n\n".join(part.text for part in item.assistant_message.content if part.text.strip())
    if text:
        yield cast("TResponseInputItem", {"role": "assistant", "content": text})


def _client_tool_call(item: ThreadItem) -> Iterable[TResponseInputItem]:
    call = item.client_tool_call
    if call.status != item_pb2.CLIENT_TOOL_CALL_STATUS_COMPLETED:
        # A call without its output is refused by models; and there is nothing to tell yet.
        return
    arguments = json.dumps(_plain(call.arguments), ensure_ascii=False)
    output = json.dumps(_plain(call.output), ensure_ascii=False)
    yield cast(
        "TResponseInputItem",
        {"type": "function_call", "call_id": call.call_id, "name": call.name, "arguments": arguments},
    )
    yield cast("TResponseInputItem", {"type": "function_call_output", "call_id": call.call_id, "output": output})


def _widget(item: ThreadItem) -> Iterable[TResponseInputItem]:
    shown = describe(item.widget.widget)
    if shown:
        yield note(f"{WIDGET_NOTE} {shown}")


WIDGET_NOTE = "The person was shown a widget:"
"""How the note of a widget begins; its description follows."""


def _generated_image(_: ThreadItem) -> Iterable[TResponseInputItem]:
    yield note("The person was shown an image that was generated.")


def _structured_input(item: ThreadItem) -> Iterable[TResponseInputItem]:
    lines = []
    for question in item.structured_input.inputs:
        if not question.HasField("answer"):
            answer = "not answered"
        elif question.answer.skipped:
            answer = "declined"
        else:
            answer = ", ".join(question.answer.values)
        lines.append(f"{question.question}: {answer}")
    if lines:
        yield note("The person was asked:\n" + "\n".join(lines))


def _workflow(item: ThreadItem) -> Iterable[TResponseInputItem]:
    yield from _tasks(item.workflow.workflow.tasks)


def _task(item: ThreadItem) -> Iterable[TResponseInputItem]:
    yield from _tasks([item.task.task])


def _tasks(tasks: Iterable[Task]) -> Iterable[TResponseInputItem]:
    lines = []
    for task in tasks:
        # The model's own thoughts are not given back to it: they were a summary for people.
        if task.HasField("custom"):
            lines.append(": ".join(text for text in (task.custom.title, task.custom.content) if text))
        elif task.HasField("web_search"):
            lines.append(f"Search of the web: {task.web_search.title_query or task.web_search.title}")
    told = [line for line in lines if line]
    if told:
        yield note("The person was shown that this was done:\n" + "\n".join(told))


def _hidden_context(item: ThreadItem) -> Iterable[TResponseInputItem]:
    content = _plain(item.hidden_context.content)
    yield note(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False))


def _sdk_hidden_context(item: ThreadItem) -> Iterable[TResponseInputItem]:
    yield note(item.sdk_hidden_context.content)


_BY_KIND: dict[str, Callable[[ThreadItem], Iterable[TResponseInputItem]]] = {
    "assistant_message": _assistant_message,
    "client_tool_call": _client_tool_call,
    "widget": _widget,
    "generated_image": _generated_image,
    "structured_input": _structured_input,
    "workflow": _workflow,
    "task": _task,
    "hidden_context": _hidden_context,
    "sdk_hidden_context": _sdk_hidden_context,
}


def _data(data: struct_pb2.Struct) -> str:
    return f" {json.dumps(_plain(data), ensure_ascii=False)}" if data.fields else ""


def _plain(value: struct_pb2.Struct | struct_pb2.Value) -> object:
    """Return a JSON value.

    Keys are sorted: those of a ``Struct`` have no order, and the same history is to be the same text each time,
    for the caches of models.
    """
    if isinstance(value, struct_pb2.Struct):
        return {name: _plain(value.fields[name]) for name in sorted(value.fields)}
    match value.WhichOneof("kind"):
        case "struct_value":
            return _plain(value.struct_value)
        case "list_value":
            return [_plain(entry) for entry in value.list_value.values]
        case "number_value":
            number = value.number_value
            # A client may send what JSON has no word for.
            return _whole(number) if math.isfinite(number) else str(number)
        case "string_value":
            return value.string_value
        case "bool_value":
            return value.bool_value
        case _:
            return None


def _whole(number: float) -> float:
    """Return a whole number as such: a ``Value`` keeps all numbers as doubles."""
    return int(number) if number.is_integer() else number
