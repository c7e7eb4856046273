"""The title that a thread gets from its first message."""

from __future__ import annotations

from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream_server.todo import labels

MAX_LENGTH = 60


def title_of(message: ThreadItem) -> str:
    """Return a title of at most 60 characters, cut between words: the beginning of what a person wrote."""
    said = "".join(
        part.input_tag.text if part.HasField("input_tag") else part.input_text.text
        for part in message.user_message.content
    )
    title = labels.line(said[: 20 * MAX_LENGTH])
    title = title[:1].upper() + title[1:]
    if len(title) <= MAX_LENGTH:
        return title
    kept = title[: MAX_LENGTH - 1]
    cut = kept.rfind(" ")
    return (kept[:cut] if cut >= MAX_LENGTH // 2 else kept).rstrip(" ,;:.-–—") + "…"
