"""Deltas of text that come together go out together; text and order stay the same."""

from __future__ import annotations

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from widgetstream_server.conversation.coalesce import MAX_CHARACTERS, Key, TextCoalescer

FOREVER = 3600.0


class Sent:
    def __init__(self) -> None:
        self.texts: list[tuple[Key, str]] = []

    def __call__(self, key: Key, text: str) -> None:
        self.texts.append((key, text))


async def test_the_first_delta_goes_out_at_once() -> None:
    sent = Sent()
    TextCoalescer(sent, window=FOREVER).add(("msg_a", 0), "Hel")

    assert sent.texts == [(("msg_a", 0), "Hel")]


async def test_those_that_follow_within_the_window_are_joined() -> None:
    sent = Sent()
    texts = TextCoalescer(sent, window=FOREVER)
    for delta in ("Hel", "lo ", "world"):
        texts.add(("msg_a", 0), delta)
    texts.flush()

    assert [text for _, text in sent.texts] == ["Hel", "lo world"]


async def test_the_window_ends_by_itself() -> None:
    arrived = asyncio.Event()
    sent: list[str] = []

    def emit(_key: Key, text: str) -> None:
        sent.append(text)
        if len(sent) == 2:
            arrived.set()

    texts = TextCoalescer(emit, window=0.001)
    texts.add(("msg_a", 0), "Hel")
    texts.add(("msg_a", 0), "lo")
    await asyncio.wait_for(arrived.wait(), 5)

    assert sent == ["Hel", "lo"]


async def test_much_text_does_not_wait() -> None:
    sent = Sent()
    texts = TextCoalescer(sent, window=FOREVER)
    texts.add(("msg_a", 0), "x")
    texts.add(("msg_a", 0), "y")
    texts.add(("msg_a", 0), "z" * MAX_CHARACTERS)

    assert [len(text) for _, text in sent.texts] == [1, MAX_CHARACTERS + 1]


async def test_another_part_sends_what_waits() -> None:
    sent = Sent()
    texts = TextCoalescer(sent, window=FOREVER)
    for key, delta in ((("msg_a", 0), "a"), (("msg_a", 0), "b"), (("msg_a", 1), "c")):
        texts.add(key, delta)

    assert sent.texts == [(("msg_a", 0), "a"), (("msg_a", 0), "b"), (("msg_a", 1), "c")]


keys = st.tuples(st.sampled_from(["msg_a", "msg_b"]), st.integers(0, 1))


@settings(max_examples=60)
@given(
    deltas=st.lists(st.tuples(keys, st.text(min_size=1, max_size=5), st.booleans()), max_size=40),
    window=st.sampled_from([0.0, 0.0005, FOREVER]),
)
def test_text_and_order_stay_the_same(deltas: list[tuple[Key, str, bool]], window: float) -> None:
    async def scenario() -> list[tuple[Key, str]]:
        sent = Sent()
        texts = TextCoalescer(sent, window=window)
        for key, delta, pause in deltas:
            texts.add(key, delta)
            if pause:
                await asyncio.sleep(0)
        texts.flush()
        return sent.texts

    def joined(parts: list[tuple[Key, str]]) -> list[tuple[Key, str]]:
        runs: list[tuple[Key, str]] = []
        for key, text in parts:
            if runs and runs[-1][0] == key:
                runs[-1] = (key, runs[-1][1] + text)
            else:
                runs.append((key, text))
        return runs

    assert joined(asyncio.run(scenario())) == joined([(key, delta) for key, delta, _ in deltas])
