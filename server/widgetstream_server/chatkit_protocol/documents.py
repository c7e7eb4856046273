"""Replies of one JSON document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

import msgspec
from google.protobuf.message import Message

from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.chatkit_json import encode
from widgetstream_server.chatkit_json.entries import thread_entry
from widgetstream_server.conversation.entries import EntryPage, MessageT

EMPTY: Final = b"{}"

to_bytes: Final = msgspec.json.Encoder().encode


def document(message: Message) -> bytes:
    """Return a message as a document."""
    return to_bytes(encode(message))


def thread_document(thread: Thread) -> bytes:
    """Return a thread as a document."""
    return thread_entry(thread)


def page(found: EntryPage[MessageT], write: Callable[[MessageT], bytes]) -> bytes:
    """Return a page as a document.

    Args:
        found: The page.
        write: Makes the documents of entries that are messages.
    """
    if found.messages:
        entries = [each if isinstance(each, bytes) else write(each) for each in found.entries]
    else:
        entries = cast("list[bytes]", found.entries)
    more = b'],"has_more":true,"after":%b}' % to_bytes(found.last_id) if found.has_more else b'],"has_more":false}'
    return b"".join((b'{"data":[', b",".join(entries), more))
