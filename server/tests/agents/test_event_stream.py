"""Server-sent events out of bytes that are cut anywhere."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgetstream_server.agents.models.streams.event_stream import EventStream, EventTooLargeError

TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=12)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
NOISE = st.lists(st.sampled_from([": keep-alive", "event: any", "id: 7", "retry: 10", ":"]), max_size=2)


@st.composite
def streams(draw: st.DrawFn) -> tuple[list[bytes], bytes, list[int]]:
    """Return payloads, a stream that carries them, and where it is cut."""
    end = draw(ENDS)
    payloads, lines = [], []
    for text in draw(st.lists(TEXTS, max_size=6)):
        payload = json.dumps({"delta": text}, ensure_ascii=draw(st.booleans()))
        payloads.append(payload.encode())
        lines += [*draw(NOISE), draw(st.sampled_from(["data: ", "data:"])) + payload, ""]
        lines += [*draw(NOISE), ""]
    stream = "".join(line + end for line in lines).encode()
    cuts = draw(st.lists(st.integers(0, len(stream)), max_size=12)) if draw(st.booleans()) else range(len(stream))
    return payloads, stream, sorted(cuts)


@given(streams())
def test_the_same_events_come_out_however_the_stream_is_cut(case: tuple[list[bytes], bytes, list[int]]) -> None:
    payloads, stream, cuts = case
    events = EventStream()
    edges = [0, *cuts, len(stream)]
    found = [payload for start, stop in pairwise(edges) for payload in events.feed(stream[start:stop])]
    rest = events.rest()

    assert found + ([rest] if rest else []) == payloads


def test_data_of_several_lines_is_one() -> None:
    assert list(EventStream().feed(b'data: {"a":\ndata: 1}\n\n')) == [b'{"a":\n1}']


def test_an_event_without_its_end_is_left() -> None:
    events = EventStream()

    assert list(events.feed(b"data: 1\n\ndata: 2\n")) == [b"1"]
    assert events.rest() == b"2"
    assert events.rest() == b""


@pytest.mark.parametrize("piece", [b"a" * 100, b"data: " + b"a" * 100, b"data: 1\n" * 20])
def test_an_event_that_does_not_end_is_refused(piece: bytes) -> None:
    events = EventStream(limit=10 * len(piece))
    before = [list(events.feed(piece)) for _ in range(10)]
    with pytest.raises(EventTooLargeError):
        list(events.feed(piece))

    assert before == [[]] * 10
