"""What waits goes on in order, together, and never too late; a busy process is told from a calm one."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgetstream_server.conversation.coalesce import HOLD_SECONDS, TextCoalescer
from widgetstream_server.conversation.pulse import Pulse, Ticket


class FakeLoop:
    """A loop whose time stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = 100.0
        self.cpu = 0.0
        self.wakes = 0
        self._serial = itertools.count()
        self._timers: list[tuple[float, int, Ticket]] = []

    def time(self) -> float:
        return self.now

    def call_later(self, seconds: float, call: Callable[[], None]) -> Any:
        return self.call_at(self.now + seconds, call)

    def call_at(self, when: float, call: Callable[[], None]) -> Any:
        timer = Ticket(call, when)
        heapq.heappush(self._timers, (when, next(self._serial), timer))
        return timer

    def go_on(self, seconds: float, *, late: float = 0.0) -> None:
        end = self.now + seconds
        while self._timers and self._timers[0][0] <= end:
            when, _, timer = heapq.heappop(self._timers)
            self.now = max(self.now, when + late)
            if timer.call is not None:
                self.wakes += 1
                timer.call()
        self.now = max(self.now, end)

    def work(self, seconds: float, share: float) -> None:
        self.now += seconds
        self.cpu += seconds * share

    def pulse(self) -> Pulse:
        return Pulse(cast("asyncio.AbstractEventLoop", self), cpu_seconds=lambda: self.cpu)


def test_what_is_due_at_about_the_same_time_wakes_the_loop_once() -> None:
    loop = FakeLoop()
    pulse = loop.pulse()
    called: list[int] = []
    for number in range(10):
        pulse.call_at(loop.now + 0.02 + number * 0.0002, lambda number=number: called.append(number))  # type: ignore[misc]

    loop.go_on(0.03)

    assert called == list(range(10))
    assert loop.wakes == 1


def test_when_very_many_are_due_what_else_there_is_to_do_comes_in_between() -> None:
    loop = FakeLoop()
    pulse = loop.pulse()
    called: list[str] = []
    due = loop.now + 0.01
    for _ in range(200):
        pulse.call_at(due, lambda: called.append("text"))
    loop.call_at(due, lambda: called.append("other"))

    loop.go_on(0.01)

    assert 0 < called.index("other") < 100
    assert called.count("text") == 200


def test_what_is_taken_back_is_not_called() -> None:
    loop = FakeLoop()
    pulse = loop.pulse()
    called: list[str] = []
    pulse.call_at(loop.now + 0.01, lambda: called.append("first")).cancel()
    pulse.call_at(loop.now + 0.02, lambda: called.append("second"))

    loop.go_on(0.03)

    assert called == ["second"]


def test_a_call_that_fails_does_not_hold_up_the_others() -> None:
    loop = FakeLoop()
    pulse = loop.pulse()
    called: list[str] = []

    def fail() -> None:
        raise ZeroDivisionError

    pulse.call_at(loop.now + 0.01, fail)
    pulse.call_at(loop.now + 0.01, lambda: called.append("second"))
    with pytest.raises(ZeroDivisionError):
        loop.go_on(0.02)
    loop.go_on(0.02)

    assert called == ["second"]


@given(st.lists(st.tuples(st.floats(0, 0.025), st.floats(0, 0.025)), max_size=50))
def test_nothing_waits_longer_than_the_longest_wait_asked_for(steps: list[tuple[float, float]]) -> None:
    loop = FakeLoop()
    pulse = loop.pulse()
    waits: list[float] = []
    order: list[int] = []
    for number, (pause, wait) in enumerate(steps):
        loop.go_on(pause)

        def call(asked: float = loop.now, number: int = number) -> None:
            waits.append(loop.now - asked)
            order.append(number)

        pulse.call_at(loop.now + wait, call)
    loop.go_on(1.0)

    assert order == list(range(len(steps)))
    assert all(wait <= 0.025 + 1e-9 for wait in waits)


def test_a_process_is_busy_from_two_fifths_of_a_core_until_less_than_a_fifth() -> None:
    loop = FakeLoop()
    pulse = loop.pulse()
    seen = []
    for share in (0.3, 0.5, 0.3, 0.1, 0.3):
        loop.work(0.2, share)
        seen.append(pulse.is_busy(loop.now))

    assert seen == [False, True, True, False, False]


def test_a_loop_that_comes_late_is_busy_whatever_it_takes() -> None:
    loop = FakeLoop()
    pulse = loop.pulse()
    pulse.call_at(loop.now + 0.01, lambda: None)
    loop.go_on(0.2, late=0.05)

    assert pulse.is_busy(loop.now)


async def test_deltas_of_a_usual_model_wait_only_while_the_process_is_busy() -> None:
    loop = FakeLoop()
    events: list[str] = []
    texts = _texts(loop, events)
    for number in range(5):
        texts.add(("msg", 0), str(number))
        loop.go_on(0.02)
    calm, events[:] = list(events), []
    loop.work(0.2, 1.0)
    for number in range(9):
        texts.add(("msg", 0), str(number))
        loop.cpu += 0.02
        loop.go_on(0.02)
    texts.flush()

    assert calm == ["0", "1", "2", "3", "4"]
    assert events == ["0", "12", "34", "56", "78"]


class FakeReaders:
    def __init__(self) -> None:
        self.behind = False
        self.on_ready: Callable[[], None] | None = None

    def get_ready(self) -> None:
        self.behind = False
        if self.on_ready is not None:
            self.on_ready()


async def test_a_busy_process_lets_text_wait_until_a_reader_is_ready_for_it() -> None:
    loop, readers = FakeLoop(), FakeReaders()
    events: list[str] = []
    texts = _texts(loop, events, readers)
    loop.work(0.2, 1.0)
    texts.add(("msg", 0), "0")
    readers.behind = True
    for number in range(1, 6):
        texts.add(("msg", 0), str(number))
        loop.cpu += 0.02
        loop.go_on(0.02)
    held = list(events)
    readers.get_ready()

    assert held == ["0"]
    assert events == ["0", "12345"]


async def test_text_waits_no_longer_than_a_fifth_of_a_second_for_a_reader() -> None:
    loop, readers = FakeLoop(), FakeReaders()
    events: list[str] = []
    texts = _texts(loop, events, readers)
    loop.work(0.2, 1.0)
    texts.add(("msg", 0), "0")
    readers.behind = True
    texts.add(("msg", 0), "1")
    loop.go_on(HOLD_SECONDS)

    assert events == ["0", "1"]


_STEPS = st.one_of(
    st.tuples(st.just("add"), st.integers(0, 1), st.text("ab ", min_size=1, max_size=3)),
    st.tuples(st.just("pass"), st.floats(0, 0.1), st.floats(0, 1)),
    st.tuples(st.just("behind"), st.just(0), st.just("")),
    st.tuples(st.just("ready"), st.just(0), st.just("")),
)


@given(st.lists(_STEPS, max_size=60))
async def test_whatever_happens_text_and_order_stay_the_same(steps: list[tuple[str, Any, Any]]) -> None:
    loop, readers = FakeLoop(), FakeReaders()
    said: list[tuple[int, str]] = []
    came: list[tuple[int, str]] = []
    texts = _texts(loop, [], readers, lambda part, text: came.append((part, text)))
    for kind, value, more in steps:
        match kind:
            case "add":
                said.append((value, more))
                texts.add(("msg", value), more)
            case "pass":
                loop.cpu += value * more
                loop.go_on(value)
            case "behind":
                readers.behind = True
            case _:
                readers.get_ready()
    texts.flush()

    assert _joined(came) == _joined(said)


def _joined(pieces: list[tuple[int, str]]) -> list[tuple[int, str]]:
    return [
        (part, "".join(text for _, text in group)) for part, group in itertools.groupby(pieces, lambda piece: piece[0])
    ]


def _texts(
    loop: FakeLoop,
    events: list[str],
    readers: FakeReaders | None = None,
    emit: Callable[[int, str], None] | None = None,
) -> TextCoalescer:
    def note(key: tuple[str, int], text: str) -> None:
        events.append(text)
        if emit is not None:
            emit(key[1], text)

    texts = TextCoalescer(note, window=0.025, pulse=loop.pulse(), readers=readers)
    texts._loop = cast("asyncio.AbstractEventLoop", loop)
    return texts
