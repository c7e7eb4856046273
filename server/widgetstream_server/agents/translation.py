"""The events of a model's response, as events of the schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ClassVar

from widgetstream.chatkit.v1 import item_pb2
from widgetstream.chatkit.v1.event_pb2 import NoticeLevel, WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import AssistantMessageContent, ItemUpdate, ThreadItem
from widgetstream.chatkit.v1.source_pb2 import Annotation
from widgetstream_server.agents.annotations import annotation_of
from widgetstream_server.agents.models.streams.ear import Cut
from widgetstream_server.agents.output import Output
from widgetstream_server.agents.reasoning import Thoughts
from widgetstream_server.conversation import events
from widgetstream_server.conversation.languages import in_language

_REFUSED = "The model declined to answer."
_CUT: dict[Cut, str] = {
    "length": "The answer ends here because it reached the model's limit of length.",
    "content_filter": "The answer was stopped by the content filter of the model's server.",
}


class _Message:
    """A message of the assistant that is being written. It is begun with its first text that is not blank."""

    __slots__ = ("annotations", "held", "item", "opened", "parts")

    def __init__(self) -> None:
        self.item: ThreadItem | None = None
        self.held = ""
        self.opened: set[int] = set()
        self.annotations: dict[int, list[Annotation]] = {}
        self.parts: dict[int, AssistantMessageContent] = {}


class ResponseTranslator:
    """Puts out what a model's response says: messages, thoughts, references.

    It takes the events of one response after another, in the vocabulary of the Responses API. Messages get
    ids of the run; those of the model do not matter, and some servers give every message the same. A refusal
    is shown as text, and a notice says that it is one; so does a notice when an answer was cut off.
    """

    def __init__(self, output: Output) -> None:
        """Make a translator for the output of a run."""
        self._output = output
        self._push = output.outbox.push
        self._thoughts = Thoughts(output)
        self._messages: dict[int, _Message] = {}
        self._any_finished = False
        self._place = -1
        self._message = _Message()
        self._going: Callable[[str], None] = _nowhere

    def hear(self, event: Any) -> None:
        """Take an event. One of a type that says nothing to a person is passed over."""
        handler = self._HANDLERS.get(event.type)
        if handler is not None:
            handler(self, event)

    def begin_response(self) -> None:
        """Forget the response before: places in a response count from 0 again."""
        self._messages.clear()
        self._any_finished = False
        self._place = -1
        self._thoughts.begin_response()

    def go_on(self, text: str) -> None:
        """The text of the delta that was handled last goes on."""
        self._going(text)

    def tell_cut(self, why: Cut) -> None:
        """The response ended before its end."""
        self._warn(_CUT[why])

    def _warn(self, text: str) -> None:
        told = in_language(text, self._output.run.request.locale)
        self._push(events.notice(NoticeLevel.NOTICE_LEVEL_WARNING, told))

    # Text

    def _text_delta(self, event: Any) -> None:
        self._going = partial(self._text, event.output_index, event.content_index)
        self._going(event.delta)

    def _text(self, place: int, index: int, text: str) -> None:
        message = self._message if place == self._place else self._at(place)
        if index not in message.opened:
            text = self._open(message, index, text)
        item = message.item
        if item is None or not text:
            return
        # Once for every token: setting the fields takes a quarter of the time that events.text_delta takes.
        widget_event = WidgetEvent()
        updated = widget_event.item_updated
        updated.item_id = item.id
        delta = updated.update.text_delta
        delta.delta = text
        if index:
            delta.content_index = index
        self._push(widget_event)

    def _open(self, message: _Message, index: int, text: str) -> str:
        """Begin a part, and the message with its first; return the text that may be shown by now."""
        text = message.held + text
        message.held = ""
        if message.item is None and not text.strip():
            # Some models write a line break and then call a tool: no message comes of that.
            message.held = text
            return ""
        if not text:
            return ""
        self._begin(message)
        message.opened.add(index)
        added = item_pb2.ContentPartAdded(content_index=index, content=AssistantMessageContent())
        self._update(message, ItemUpdate(content_part_added=added))
        return text

    def _begin(self, message: _Message) -> None:
        if message.item is None:
            self._thoughts.settle()
            message.item = self._output.new_item("msg")
            message.item.assistant_message.SetInParent()
            self._output.emit(events.item_added(message.item))

    def _at(self, place: int) -> _Message:
        message = self._messages.get(place)
        if message is None:
            message = self._messages[place] = _Message()
        self._place, self._message = place, message
        return message

    def _update(self, message: _Message, update: ItemUpdate) -> None:
        if message.item is not None:
            self._push(events.item_updated(message.item.id, update))

    # References and ends

    def _annotation_added(self, event: Any) -> None:
        annotation = annotation_of(event.annotation)
        if annotation is None:
            return
        message = self._at(event.output_index)
        annotations = message.annotations.setdefault(event.content_index, [])
        added = item_pb2.AnnotationAdded(
            content_index=event.content_index, annotation_index=len(annotations), annotation=annotation
        )
        annotations.append(annotation)
        self._update(message, ItemUpdate(annotation_added=added))

    def _part_done(self, event: Any) -> None:
        self._finish_part(self._at(event.output_index), event.content_index, event.part)

    def _finish_part(self, message: _Message, index: int, part: Any) -> None:
        text = part.text if part.type == "output_text" else getattr(part, "refusal", "")
        message.held = ""
        if index in message.parts or (index not in message.opened and not text.strip()):
            return
        self._begin(message)
        annotations = message.annotations.get(index)
        if annotations is None:
            annotations = list(_annotations_of(part))
        content = AssistantMessageContent(text=text, annotations=annotations)
        message.parts[index] = content
        message.opened.add(index)
        done = item_pb2.ContentPartDone(content_index=index, content=content)
        self._update(message, ItemUpdate(content_part_done=done))

    def _item_added(self, event: Any) -> None:
        match event.item.type:
            case "reasoning":
                self._thoughts.begin()
            case "message":
                self._at(event.output_index)
            case _:
                pass

    def _item_done(self, event: Any) -> None:
        if event.item.type == "message":
            self._finish(event.output_index, event.item)

    def _finish(self, place: int, said: Any) -> None:
        message = self._at(place)
        for index, part in enumerate(said.content):
            self._finish_part(message, index, part)
        # What comes later for this place, if anything does, is another message.
        del self._messages[place]
        self._any_finished = True
        self._place = -1
        if message.item is None:
            return
        content = message.item.assistant_message.content
        for index in range(max(message.parts, default=-1) + 1):
            content.add().CopyFrom(message.parts.get(index, AssistantMessageContent()))
        self._output.emit(events.item_done(message.item))
        if any(part.type == "refusal" for part in said.content):
            self._warn(_REFUSED)

    def _completed(self, event: Any) -> None:
        # Some servers send a response whole, or leave the end of a message out.
        said = event.response.output
        nothing_seen = not self._messages and not self._any_finished
        for place in range(len(said)) if nothing_seen else list(self._messages):
            if place < len(said) and said[place].type == "message":
                self._finish(place, said[place])

    # Reasoning

    def _thought_delta(self, event: Any) -> None:
        self._think((event.output_index, event.summary_index), event.delta)

    def _thought_done(self, event: Any) -> None:
        self._thoughts.done((event.output_index, event.summary_index), event.text)

    def _thought_part_done(self, event: Any) -> None:
        self._thoughts.done((event.output_index, event.summary_index), event.part.text)

    def _raw_thought_delta(self, event: Any) -> None:
        self._think(_raw_key(event), event.delta)

    def _raw_thought_done(self, event: Any) -> None:
        self._thoughts.done(_raw_key(event), event.text)

    def _think(self, key: tuple[int, int], text: str) -> None:
        self._going = partial(self._thoughts.delta, key)
        self._going(text)

    # One for all: bound to each translator, they would take more memory than all else of it.
    _HANDLERS: ClassVar[dict[str, Callable[[ResponseTranslator, Any], None]]] = {
        "response.output_text.delta": _text_delta,
        "response.refusal.delta": _text_delta,
        "response.output_text.annotation.added": _annotation_added,
        "response.content_part.done": _part_done,
        "response.output_item.added": _item_added,
        "response.output_item.done": _item_done,
        "response.reasoning_summary_text.delta": _thought_delta,
        "response.reasoning_summary_text.done": _thought_done,
        # Chat Completions have no end of a thought's text.
        "response.reasoning_summary_part.done": _thought_part_done,
        "response.reasoning_text.delta": _raw_thought_delta,
        "response.reasoning_text.done": _raw_thought_done,
        "response.completed": _completed,
    }


def _raw_key(event: Any) -> tuple[int, int]:
    """Return a key that no summary has."""
    return event.output_index, ~event.content_index


def _nowhere(_: str) -> None:
    raise RuntimeError("no text goes on before one has begun")


def _annotations_of(part: Any) -> Iterable[Annotation]:
    for citation in getattr(part, "annotations", None) or ():
        annotation = annotation_of(citation)
        if annotation is not None:
            yield annotation
