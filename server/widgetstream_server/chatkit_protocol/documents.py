"""Replies of one JSON document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec
from google.protobuf.message import Message

from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.chatkit_json import encode
from widgetstream_server.chatkit_json.entries import thread_entry

EMPTY: Final = b"{}"

to_bytes: Final = msgspec.json.Encoder().encode


def document(message: Message) -> bytes:
    """Return a message as a document."""
    return to_bytes(encode(message))


def thread_document(thread: Thread) -> bytes:
    """Return a thread as a document."""
    return thread_entry(thread)


def page(entries: Iterable[bytes], last_id: str, *, has_more: bool) -> bytes:
    """Return a page of entries that are documents."""
    if has_more:
        return b'{"data":[%b],"has_more":true,"after":%b}' % (b",".join(entries), to_bytes(last_id))
    return b'{"data":[%b],"has_more":false}' % b",".join(entries)
