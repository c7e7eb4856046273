"""What the assistant says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from widgetstream.chatkit.v1 import item_pb2
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ItemUpdate
from widgetstream.chatkit.v1.source_pb2 import Annotation
from widgetstream_server.conversation import events
from widgetstream_server.showcase.commands.registry import command
from widgetstream_server.showcase.scene import Scene
from widgetstream_server.showcase.specimens.sources import sources
from widgetstream_server.widgets.json_values import fill_struct

_MARKDOWN = """\
# A message

It has **bold**, *italic* and `code`, a [link](https://example.com), a list:

1. one
2. two

a table:

| task | due |
|---|---|
| Milk | today |

and code:

```python
print("hello")
```"""


@command("message", "A message in markdown, word by word.")
async def message(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Say something long enough to be seen coming."""
    for event in scene.say(_MARKDOWN):
        yield event


@command("annotations", "A message that refers to a page, a file and an entity.")
async def annotated(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Say a text, and add references to it one by one."""
    item = scene.item("msg")
    part = item.assistant_message.content.add(text="A page, a file, and a task are behind this.")
    yield events.item_added(item)
    for index, (word, source) in enumerate(zip(("page", "file", "task"), sources(), strict=True)):
        annotation = Annotation(source=source, index=part.text.index(word) + len(word))
        part.annotations.append(annotation)
        added = item_pb2.AnnotationAdded(annotation_index=index, annotation=annotation)
        yield events.item_updated(item.id, ItemUpdate(annotation_added=added))
    yield events.item_done(item)


@command("wait", "A message that goes on until you stop it.")
async def wait(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Say something, and go on for ever: the run ends by a cancel, or when it has taken too long."""
    item = scene.item("msg")
    item.assistant_message.SetInParent()
    yield events.item_added(item)
    yield events.text_delta(item.id, "Stop me whenever you like.")
    await asyncio.Event().wait()


@command("echo", "What came with your message: text, tags, quoted text, files, tool and model.", takes="text")
async def echo(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Say back what the person sent, as a note for the model and in words."""
    if scene.message is None:
        return
    sent = scene.message.user_message
    lines = [f"text: {scene.rest}"]
    tags = [part.input_tag for part in sent.content if part.HasField("input_tag")]
    lines += [f"tag: {tag.text} ({tag.id})" for tag in tags]
    lines += [f"file: {each.name} ({each.mime_type})" for each in sent.attachments]
    if sent.quoted_text:
        lines.append(f"quoted: {sent.quoted_text}")
    if sent.inference_options.HasField("tool_choice"):
        lines.append(f"tool: {sent.inference_options.tool_choice.id}")
    if sent.inference_options.model:
        lines.append(f"model: {sent.inference_options.model}")
    for event in scene.say("\n".join(lines)):
        yield event


@command("hidden", "Context for a model, of both kinds, that you will never see.", takes="text")
async def hidden(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Keep something that no client gets."""
    note = scene.item("hctx")
    fill_struct(note.hidden_context.content.struct_value, {"remember": scene.rest})
    yield events.item_done(note)
    kept = scene.item("shcx")
    kept.sdk_hidden_context.content = scene.rest
    yield events.item_done(kept)
    for event in scene.say("I keep that to myself."):
        yield event


@command("recall", "How many hidden items the thread has.")
async def recall(scene: Scene) -> AsyncGenerator[WidgetEvent, None]:
    """Count what only the application sees."""
    items = await scene.context.history(100)
    count = sum(item.HasField("hidden_context") or item.HasField("sdk_hidden_context") for item in items)
    for event in scene.say(f"There are {count} hidden items among the last {len(items)}."):
        yield event
