"""``google.api.HttpBody`` as bytes, written without an object that takes a copy of what it holds."""

from __future__ import annotations

from typing import Final

from google.api.httpbody_pb2 import HttpBody

_TAG: Final = bytes([HttpBody.DATA_FIELD_NUMBER << 3 | 2])  # of a field whose length goes before it
_SEVEN_BITS: Final = 0x7F


def with_data(data: bytes, *, after: bytes = b"") -> bytes:
    """Return a serialized ``HttpBody`` with this data, after the other fields, which are serialized already."""
    length, rest = bytearray(), len(data)
    while rest > _SEVEN_BITS:
        length.append(rest & _SEVEN_BITS | 0x80)
        rest >>= 7
    length.append(rest)
    return b"".join((after, _TAG, length, data))
