"""Messages that are kept joined are the same messages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from widgetstream_server.conversation.frames import Frames


@given(parts=st.lists(st.lists(st.binary(max_size=300), max_size=90), max_size=5), ended=st.booleans())
def test_what_follows_any_of_them_is_what_was_added_after_it(parts: list[list[bytes]], ended: bool) -> None:
    frames, added = Frames(), list[bytes]()
    for part in parts:
        frames.extend(part)
        added += part
    if ended:
        frames.settle()

    assert len(frames) == len(added)
    assert all(frames.after(count) == added[count:] for count in range(len(added) + 1))
