import asyncio
import random
from contextlib import suppress

import pytest

from tests.storage.blocking import blocked, until_waiting
from tests.storage.samples import begun, ended, idle, message, run, task, thread
from widgetstream_server.conversation.errors import (
    ConversationError,
    DependencyUnavailableError,
    RunNotFoundError,
    ThreadNotFoundError,
)
from widgetstream_server.storage import Database, TaskRepository, ThreadRepository
from widgetstream_server.todo.ports import TaskFilter


async def turns(count: int) -> None:
    """Let the event loop go round."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_a_cancel_comes_through_when_the_transaction_has_ended(
    database: Database, database_url: str, threads: ThreadRepository
) -> None:
    async with blocked(database_url):
        call = asyncio.create_task(threads.begin_run("ann", run(), new_thread=thread()))
        await until_waiting(database)
        for _ in range(3):
            call.cancel()
            await turns(20)
        assert not call.done()
    with pytest.raises(asyncio.CancelledError):
        await call

    assert database.connections_in_use == 0
    assert await threads.get_run("ann", "run_1") == run()


async def test_a_cancel_hides_the_failure_of_its_transaction(
    database: Database, database_url: str, threads: ThreadRepository
) -> None:
    await begun(threads)
    async with blocked(database_url):
        call = asyncio.create_task(threads.begin_run("ann", run("run_2")))
        await until_waiting(database)
        call.cancel()
        await turns(20)
    with pytest.raises(asyncio.CancelledError):
        await call

    assert database.connections_in_use == 0


async def test_a_timeout_of_the_caller_waits_for_the_transaction(
    database: Database, database_url: str, threads: ThreadRepository
) -> None:
    async def hurried() -> None:
        async with asyncio.timeout(0):
            await threads.begin_run("ann", run(), new_thread=thread())

    async with blocked(database_url):
        call = asyncio.create_task(hurried())
        await until_waiting(database)
        await turns(20)
        assert not call.done()
    with pytest.raises(TimeoutError):
        await call

    assert await threads.get_run("ann", "run_1") == run()


async def test_what_follows_a_cancel_comes_after_the_canceled(
    database: Database, database_url: str, threads: ThreadRepository
) -> None:
    first = await begun(threads, items=[message("msg_1", "old")])

    async def application() -> None:
        try:
            await threads.put_item("ann", message("msg_1", "newer"), 1)
        finally:
            await threads.put_item("ann", message("msg_1", "newest"), 1)
            await threads.end_run("ann", ended(first))

    async with blocked(database_url, "items"):
        call = asyncio.create_task(application())
        await until_waiting(database)
        call.cancel()
        await turns(20)
    with pytest.raises(asyncio.CancelledError):
        await call

    assert await threads.get_item("ann", "thr_1", "msg_1") == message("msg_1", "newest")
    assert await threads.active_run("ann", "thr_1") is None


async def test_closing_waits_for_what_is_under_way(database_url: str) -> None:
    database = await Database.open(database_url)
    threads = ThreadRepository(database)
    async with blocked(database_url):
        call = asyncio.create_task(threads.begin_run("ann", run(), new_thread=thread()))
        await until_waiting(database)
        closing = asyncio.create_task(database.close())
        await turns(20)
        assert not closing.done()
        with pytest.raises(DependencyUnavailableError):
            await threads.get_thread("ann", "thr_1")
    await closing
    await database.close()

    assert (await call).thread == thread()
    assert database.connections_in_use == 0


@pytest.mark.parametrize("seed", range(3))
async def test_a_storm_of_cancels_loses_no_connection_and_tears_nothing(database_url: str, seed: int) -> None:
    chance = random.Random(seed)
    database = await Database.open(database_url, pool_size=3, max_overflow=2, queue_timeout=60)
    threads, tasks = ThreadRepository(database), TaskRepository(database)
    await idle(threads, items=[message("msg_1")])

    async def life(number: int) -> None:
        """All kinds of calls; whichever the cancel hits."""
        name = f"thr_{number}x"
        own = run(f"run_{number}x", thread_id=name)
        items = [message(f"msg_{number}x", thread_id=name), message(f"msg_{number}y", thread_id=name)]
        await threads.begin_run("ann", own, new_thread=thread(name), items=items)
        await threads.list_threads("ann", limit=5)
        await tasks.create("ann", task(f"tsk_{number}", tags=["a", "b"]), due_at=None)
        await threads.get_item("ann", "thr_1", "msg_1")
        await tasks.list("ann", TaskFilter(tag="a"), limit=5)
        await threads.end_run("ann", ended(own))

    lives = [asyncio.create_task(life(number)) for number in range(60)]
    waiting = list(lives)
    chance.shuffle(waiting)
    while waiting:
        await turns(chance.randrange(30))
        waiting.pop().cancel()
    outcomes = await asyncio.gather(*lives, return_exceptions=True)

    assert database.connections_in_use == 0
    assert {type(outcome) for outcome in outcomes} <= {asyncio.CancelledError, type(None)}
    for number in range(60):
        assert len(await _parts(threads, number)) in (0, 4), "a transaction was torn"
    stored = await tasks.list("ann", TaskFilter(), limit=100)
    assert sorted(each.number for each in stored.entries) == list(range(1, len(stored.entries) + 1))
    assert all(list(each.tags) == ["a", "b"] for each in stored.entries)
    await database.close()


async def _parts(threads: ThreadRepository, number: int) -> list[str]:
    """What of a run's beginning is stored."""
    name = f"thr_{number}x"
    parts = []
    with suppress(ThreadNotFoundError):
        parts.append((await threads.get_thread("ann", name)).id)
        parts += [entry.item.id for entry in (await threads.list_items("ann", name, limit=9)).entries]
    with suppress(RunNotFoundError):
        parts.append((await threads.get_run("ann", f"run_{number}x")).run_id)
    return parts


async def test_failures_lose_no_connection(database: Database, threads: ThreadRepository) -> None:
    async def fail(number: int) -> None:
        await threads.begin_run("ann", run(f"run_{number}", thread_id="thr_9"))

    outcomes = await asyncio.gather(*(fail(number) for number in range(50)), return_exceptions=True)

    assert all(isinstance(outcome, ConversationError) for outcome in outcomes)
    assert database.connections_in_use == 0
