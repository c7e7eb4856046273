"""Events and requests in both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.storage.samples import NOON, begun, ended, idle, message, run, task, task_to, thread
from widgetstream.todo.v1.task_pb2 import Task
from widgetstream_server.conversation.errors import RequestIdReusedError, RunNotFoundError
from widgetstream_server.conversation.journal import JournalEntry, frames_after
from widgetstream_server.conversation.ports import RunOpening
from widgetstream_server.conversation.requests import KnownRequest, RequestKey, RequestRepeated
from widgetstream_server.storage import (
    Database,
    JournalRepository,
    RequestRepository,
    TaskRepository,
    ThreadRepository,
)

KEY = RequestKey("req_1", b"one")
OTHER = RequestKey("req_1", b"other")


@pytest.fixture
def journal(database: Database) -> JournalRepository:
    return JournalRepository(database)


@pytest.fixture
def requests(database: Database) -> RequestRepository:
    return RequestRepository(database)


def entry(first: int, last: int, run_id: str = "run_1") -> JournalEntry:
    return JournalEntry.of(run_id, first, [f"event {number}".encode() for number in range(first, last + 1)])


def numbers(frames: list[bytes]) -> list[int]:
    return [int(frame.split()[1]) for frame in frames]


async def test_events_are_read_after_any_number(threads: ThreadRepository, journal: JournalRepository) -> None:
    await begun(threads)
    await journal.append([entry(1, 3), entry(4, 4)])
    await journal.append([entry(5, 9)])

    for after in range(9):
        recorded = await journal.read("ann", "run_1", after)
        assert numbers(frames_after(recorded.entries, after)) == list(range(after + 1, 10))
    assert (await journal.read("ann", "run_1", 20)).entries == [entry(5, 9)]


async def test_of_two_entries_that_begin_alike_the_longer_stays(
    threads: ThreadRepository, journal: JournalRepository
) -> None:
    await begun(threads)
    for last in (3, 5, 2):
        await journal.append([entry(1, last)])

    assert (await journal.read("ann", "run_1", 0)).entries == [entry(1, 5)]


async def test_events_of_a_run_that_is_gone_are_passed_over(
    threads: ThreadRepository, journal: JournalRepository
) -> None:
    await begun(threads, thread_id="thr_1")
    await begun(threads, thread_id="thr_2")
    await threads.delete_thread("ann", "thr_1")
    await journal.append([entry(1, 2), entry(1, 2, "run_2")])

    assert (await journal.read("ann", "run_2", 0)).entries == [entry(1, 2, "run_2")]
    with pytest.raises(RunNotFoundError):
        await journal.read("ann", "run_1", 0)
    with pytest.raises(RunNotFoundError):
        await journal.read("bob", "run_2", 0)


async def test_events_are_stored_with_the_beginning_and_the_end(
    threads: ThreadRepository, journal: JournalRepository
) -> None:
    def announce(opening: RunOpening) -> JournalEntry:
        return entry(1, opening.next_position)

    first = run()
    await threads.begin_run("ann", first, new_thread=thread(), items=[message("msg_1")], announce=announce)
    later = NOON + timedelta(hours=1)
    await threads.end_run("ann", ended(first, last_sequence=4), entry=entry(3, 4), events_expire_at=later)
    recorded = await journal.read("ann", "run_1", 0)

    assert numbers(frames_after(recorded.entries, 0)) == [1, 2, 3, 4]
    assert recorded.events_expire_at == later


async def test_events_that_were_kept_long_enough_go(threads: ThreadRepository, journal: JournalRepository) -> None:
    first = await begun(threads)
    await begun(threads, thread_id="thr_2")
    await journal.append([entry(1, 1, "run_2")])
    await threads.end_run("ann", ended(first), entry=entry(1, 2), events_expire_at=NOON)

    assert await journal.expire(NOON - timedelta(seconds=1)) == 0
    assert await journal.expire(NOON) == 1
    assert await journal.expire(NOON) == 0
    gone = await journal.read("ann", "run_1", 0)
    assert (gone.entries, gone.events_expire_at) == ([], None)
    assert (await journal.read("ann", "run_2", 0)).entries


async def test_a_request_is_its_first_callers_until_it_is_answered(requests: RequestRepository) -> None:
    claims = await asyncio.gather(*(requests.claim("ann", KEY, NOON) for _ in range(5)))

    assert claims.count(None) == 1
    assert [claim for claim in claims if claim] == [KnownRequest(None, None)] * 4
    assert await requests.claim("bob", KEY, NOON) is None
    await requests.finish("ann", KEY, b"done")
    assert await requests.claim("ann", KEY, NOON) == KnownRequest(None, b"done")
    with pytest.raises(RequestIdReusedError):
        await requests.claim("ann", OTHER, NOON)


async def test_a_request_that_was_given_up_or_forgotten_is_free(requests: RequestRepository) -> None:
    await requests.claim("ann", KEY, NOON)
    await requests.release("ann", KEY)
    assert await requests.claim("ann", OTHER, NOON) is None
    assert await requests.claim("ann", KEY, NOON + timedelta(seconds=60)) is None
    await requests.finish("ann", KEY, b"done")
    assert await requests.find("ann", KEY, NOON + timedelta(hours=24)) == KnownRequest(None, b"done")
    assert await requests.claim("ann", OTHER, NOON + timedelta(hours=25)) is None
    assert await requests.expire(NOON + timedelta(hours=49)) == 1
    assert await requests.find("ann", OTHER, NOON) is None


async def test_a_request_has_one_run(threads: ThreadRepository, requests: RequestRepository) -> None:
    await idle(threads)
    await threads.begin_run("ann", run("run_2"), request=KEY)

    with pytest.raises(RequestRepeated) as repeated:
        await threads.begin_run("ann", run("run_3"), request=KEY)
    with pytest.raises(RequestIdReusedError):
        await threads.begin_run("ann", run("run_3"), request=OTHER)

    assert repeated.value.run_id == "run_2"
    assert await requests.find("ann", KEY, NOON) == KnownRequest("run_2", None)


async def test_no_change_of_a_task_at_the_same_time_is_lost(tasks: TaskRepository) -> None:
    await tasks.create("ann", task("tsk_1"), due_at=None)

    async def add(tag: str) -> None:
        await tasks.change("ann", "tsk_1", lambda stored: stored.tags.append(tag))

    await asyncio.gather(*(add(f"tag{number}") for number in range(10)))

    assert list((await tasks.get("ann", "tsk_1")).tags) == sorted(f"tag{number}" for number in range(10))


async def test_an_edit_that_refuses_leaves_a_task_as_it_was(tasks: TaskRepository) -> None:
    before = await tasks.create("ann", task("tsk_1"), due_at=None)

    def refuse(stored: Task) -> None:
        task_to(task("tsk_1", "changed"))(stored)
        raise ValueError("refused")

    with pytest.raises(ValueError, match="refused"):
        await tasks.change("ann", "tsk_1", refuse)

    assert await tasks.get("ann", "tsk_1") == before
