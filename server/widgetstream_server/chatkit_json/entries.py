"""Entries of lists as JSON that is kept: made when an entry is stored, and put into pages as it is.

What is kept is right as long as schema and codec are those that made it: ``FORMAT`` tells. What has another format is
to be made again from its message.
"""

from __future__ import annotations

import zlib
from typing import Final

import msgspec
from google.protobuf.descriptor import FileDescriptor

from widgetstream.chatkit.v1 import item_pb2, thread_pb2
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.chatkit_json.encoding import encode, encode_bytes
from widgetstream_server.chatkit_json.faults import NoJsonFormError

# To be counted up with every change of the codec that writes other JSON for the same message of the same schema.
_CODEC: Final = 1

_to_bytes: Final = msgspec.json.Encoder().encode


def item_entry(item: ThreadItem) -> bytes | None:
    """Return an item as it stands in lists. None: there is nothing to keep.

    Hidden items have no JSON. The addresses of images carry keys that end, so that such items are made for each list.
    """
    if any(attachment.HasField("image") for attachment in item.user_message.attachments):
        return None
    try:
        return encode_bytes(item)
    except NoJsonFormError:
        return None


def thread_entry(thread: Thread) -> bytes:
    """Return a thread as it stands in lists: with the items it has, and an empty object for the application's data."""
    return _to_bytes({**encode(thread), "metadata": {}})


def entry_id(entry: bytes) -> str:
    """Return the id of an item or a thread as it stands in lists."""
    return _id_of(entry).id


class _WithId(msgspec.Struct):
    """What is read of an entry."""

    id: str


_id_of: Final = msgspec.json.Decoder(_WithId).decode


def _fingerprint(*roots: FileDescriptor) -> int:
    """Return a number for what the schema says, options included: a positive one that four bytes hold."""
    number, waiting, seen = _CODEC, list(roots), set[str]()
    while waiting:
        file = waiting.pop()
        if file.name not in seen:
            seen.add(file.name)
            number = zlib.crc32(file.serialized_pb, number)
            waiting.extend(sorted(file.dependencies, key=lambda each: each.name))
    return number & 0x7FFF_FFFF


FORMAT: Final = _fingerprint(item_pb2.DESCRIPTOR, thread_pb2.DESCRIPTOR)
"""The format of what is made here. It changes with the schema, and with the codec."""
