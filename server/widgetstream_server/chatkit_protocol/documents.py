"""Replies of one JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from google.protobuf.message import Message

from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.chatkit_json import encode

EMPTY: Final = b"{}"

to_bytes: Final = msgspec.json.Encoder().encode


def document(message: Message) -> bytes:
    """Return a message as a document."""
    return to_bytes(encode(message))


def thread_document(thread: Thread) -> bytes:
    """Return a thread as a document."""
    return to_bytes(thread_json(thread))


def threads_page(threads: Sequence[Thread], *, has_more: bool) -> bytes:
    """Return a page of threads."""
    return _page([thread_json(thread) for thread in threads], threads[-1].id if threads else "", has_more=has_more)


def items_page(items: Sequence[ThreadItem], *, has_more: bool) -> bytes:
    """Return a page of items."""
    return _page([encode(item) for item in items], items[-1].id if items else "", has_more=has_more)


def thread_json(thread: Thread) -> dict[str, Any]:
    """Return a thread. The application's own data stays here; ChatKit has an empty object in its place."""
    return {**encode(thread), "metadata": {}}


def _page(data: list[Any], last: str, *, has_more: bool) -> bytes:
    page: dict[str, Any] = {"data": data, "has_more": has_more}
    if has_more:
        page["after"] = last
    return to_bytes(page)
