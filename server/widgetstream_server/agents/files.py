"""Attachments as a model's input: images to look at, texts to read."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from widgetstream.chatkit.v1.attachment_pb2 import Attachment
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream_server.conversation.errors import (
    AttachmentNotFoundError,
    DependencyUnavailableError,
    ItemStateInvalidError,
)
from widgetstream_server.conversation.media_types import is_text

ReadFile: TypeAlias = Callable[[str, int], Awaitable[bytes]]
"""Returns the first bytes of an attachment, given its id and how many at most."""

Parts: TypeAlias = "Sequence[Mapping[str, Any]]"
"""The content of a message to a model."""


@dataclass(frozen=True, slots=True)
class FileLimits:
    """How much of attachments a model gets; the newest come first.

    Attributes:
        max_files: How many of them.
        max_image_bytes: How large an image may be. Larger ones are named alone.
        max_text_bytes: How much of a text is read. What follows is left out, and the model is told.
    """

    max_files: int = 8
    max_image_bytes: int = 5 * 1024 * 1024
    max_text_bytes: int = 64 * 1024


async def load_files(
    items: Sequence[ThreadItem], read: ReadFile, limits: FileLimits | None = None
) -> Mapping[str, Parts]:
    """Read what a model can of the attachments of messages, and return the parts of a message for each, by its id.

    What is gone, or cannot be read at the moment, is left out: its name is in the message that carried it.

    Args:
        items: A thread's items, oldest first.
        read: How content is read.
        limits: How much.
    """
    bounds = limits or FileLimits()
    loaded: dict[str, Parts] = {}
    newest = (each for item in reversed(items) for each in item.user_message.attachments)
    for attachment in newest:
        if len(loaded) == bounds.max_files:
            break
        if attachment.id in loaded:
            continue
        try:
            parts = await _parts(attachment, read, bounds)
        except (AttachmentNotFoundError, ItemStateInvalidError, DependencyUnavailableError):
            continue
        if parts:
            loaded[attachment.id] = parts
    return loaded


async def _parts(attachment: Attachment, read: ReadFile, limits: FileLimits) -> Parts:
    # Two parts, always: a message of one is a note, and nothing that a file can hold is to be taken for a note.
    heading = {"type": "input_text", "text": f"The file {attachment.name} ({attachment.mime_type}):"}
    if attachment.HasField("image"):
        if attachment.size > limits.max_image_bytes:
            return ()
        content = base64.b64encode(await read(attachment.id, limits.max_image_bytes)).decode()
        url = f"data:{attachment.mime_type};base64,{content}"
        return (heading, {"type": "input_image", "image_url": url, "detail": "auto"})
    if not is_text(attachment.mime_type):
        return ()
    text = (await read(attachment.id, limits.max_text_bytes)).decode("utf-8", "replace")
    if attachment.size > limits.max_text_bytes:
        text += f"\n[The file goes on; it has {attachment.size} bytes.]"
    return (heading, {"type": "input_text", "text": text})
