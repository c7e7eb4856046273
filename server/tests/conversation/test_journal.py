"""The journal: events in pieces, whole and in order; a writer that nobody waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from widgetstream_server.conversation import events
from widgetstream_server.conversation.errors import DependencyUnavailableError
from widgetstream_server.conversation.journal import (
    JournalEntry,
    JournalWriter,
    RecordedRun,
    frames_after,
    pack,
    unpack,
)
from widgetstream_server.conversation.run_log import RunLog


class Shelf:
    """Keeps entries in a list, and refuses as often as it is told to."""

    def __init__(self, refusals: int = 0) -> None:
        self.entries: list[JournalEntry] = []
        self.writes = 0
        self.refusals = refusals

    async def append(self, entries: Sequence[JournalEntry]) -> None:
        await asyncio.sleep(0)
        if self.refusals:
            self.refusals -= 1
            raise DependencyUnavailableError("database")
        self.writes += 1
        self.entries += entries

    async def read(self, owner: str, run_id: str, after_sequence: int) -> RecordedRun:
        raise AssertionError("not read")

    async def expire(self, now: datetime, limit: int = 100) -> int:
        raise AssertionError("not expired")

    def frames(self, run_id: str) -> list[bytes]:
        return frames_after([entry for entry in self.entries if entry.run_id == run_id], 0)


@given(st.lists(st.binary(max_size=400), max_size=20))
def test_what_is_packed_comes_out_as_it_was(frames: list[bytes]) -> None:
    assert unpack(pack(frames)) == frames


@given(
    cuts=st.lists(st.tuples(st.integers(1, 20), st.integers(1, 20)), min_size=1, max_size=8),
    after=st.integers(0, 20),
)
def test_entries_that_overlap_give_each_event_once(cuts: list[tuple[int, int]], after: int) -> None:
    entries = sorted(
        (JournalEntry.of("run_a", a, [bytes([n]) for n in range(a, max(a, b) + 1)]) for a, b in cuts),
        key=lambda entry: (entry.first_sequence, entry.last_sequence),
    )
    found = [frame[0] for frame in frames_after(entries, after)]

    assert found == list(range(after + 1, after + 1 + len(found)))


async def test_events_of_all_runs_go_in_few_writes() -> None:
    shelf = Shelf()
    writer = JournalWriter(shelf, window=0.01)
    logs = [RunLog(f"run_{name}", "thr_a", writer) for name in "abc"]
    for number in range(300):
        for log in logs:
            log.append(events.progress(f"step {number}"))
    await writer.close()

    assert shelf.writes == 1
    for log in logs:
        assert shelf.frames(log.run_id) == list(log.since(0))


async def test_a_store_that_does_not_answer_costs_no_event() -> None:
    shelf = Shelf(refusals=2)
    writer = JournalWriter(shelf, window=0.001)
    log = RunLog("run_a", "thr_a", writer)
    for number in range(20):
        log.append(events.progress(f"step {number}"))
        await asyncio.sleep(0.001)
    await writer.close()

    assert shelf.frames("run_a") == list(log.since(0))


async def test_what_is_stored_with_the_end_is_not_written_again() -> None:
    shelf = Shelf()
    writer = JournalWriter(shelf, window=3600)
    log = RunLog("run_a", "thr_a", writer)
    log.append(events.progress("step 1"))
    frames = log.prepare([events.progress("step 2"), events.progress("step 3")])
    entry = log.entry(frames)
    log.publish(frames)
    await writer.close()

    assert (entry.first_sequence, entry.last_sequence) == (1, 3)
    assert unpack(entry.frames) == list(log.since(0))
    assert shelf.entries == []
