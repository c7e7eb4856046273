import asyncio

import pytest

from tests.storage.samples import at, begun, changed_to, ended, idle, message, run, task, thread
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.conversation.errors import RunNotFoundError, ThreadBusyError, ThreadNotFoundError
from widgetstream_server.conversation.ports import RunOpening, StoredItem
from widgetstream_server.storage import Database, TaskRepository, ThreadRepository
from widgetstream_server.todo.ports import TaskFilter


async def test_of_many_runs_that_begin_at_once_exactly_one_does(threads: ThreadRepository) -> None:
    await idle(threads)
    outcomes = await asyncio.gather(
        *(threads.begin_run("ann", run(f"run_{number}"), items=[message(f"msg_{number}")]) for number in range(2, 12)),
        return_exceptions=True,
    )

    winners = [number for number, outcome in enumerate(outcomes, start=2) if isinstance(outcome, RunOpening)]
    losers = [outcome for outcome in outcomes if isinstance(outcome, ThreadBusyError)]
    assert len(winners) == 1
    assert len(losers) == 9
    assert {loser.metadata["run_id"] for loser in losers} == {f"run_{winners[0]}"}
    page = await threads.list_items("ann", "thr_1", limit=99)
    assert [entry.item.id for entry in page.entries] == [f"msg_{winners[0]}"]


async def test_runs_of_a_thread_follow_each_other_without_a_gap_or_a_clash(threads: ThreadRepository) -> None:
    await idle(threads)

    async def take_turns(number: int) -> None:
        own, first = run(f"run_{number}"), message(f"msg_{number}")
        while True:
            try:
                opening = await threads.begin_run("ann", own, items=[first])
            except ThreadBusyError:
                continue
            break
        last = StoredItem(message(f"end_{number}"), opening.next_position)
        await threads.end_run("ann", ended(own), items=[last])

    await asyncio.gather(*(take_turns(number) for number in range(2, 10)))

    page = await threads.list_items("ann", "thr_1", limit=99)
    assert [entry.position for entry in page.entries] == list(range(1, 17))
    order = [entry.item.id.partition("_") for entry in page.entries]
    assert all(order[place][2] == order[place + 1][2] for place in range(0, 16, 2)), "runs lie within each other"


async def test_fifty_tasks_at_once_are_numbered_from_one_to_fifty(database_url: str) -> None:
    first, second = await Database.open(database_url), await Database.open(database_url)
    stores = [TaskRepository(first), TaskRepository(second)]
    created = await asyncio.gather(
        *(stores[number % 2].create("ann", task(f"tsk_{number}"), due_at=None) for number in range(50))
    )

    assert sorted(each.number for each in created) == list(range(1, 51))
    assert await stores[0].count("ann", TaskFilter()) == 50
    await first.close()
    await second.close()


@pytest.mark.parametrize("round_", range(5))
async def test_a_thread_that_is_deleted_while_it_is_written_to(threads: ThreadRepository, round_: int) -> None:
    first = await begun(threads, items=[message("msg_1")])
    left = [StoredItem(message(f"msg_{number}"), number) for number in range(1, 4)]
    calls = [
        threads.end_run("ann", ended(first), items=left),
        threads.put_item("ann", message("msg_9"), 9),
        threads.change_thread("ann", "thr_1", changed_to(thread(time=at(1)))),
        threads.delete_thread("ann", "thr_1"),
    ]
    outcomes = await asyncio.gather(*calls[round_ % 4 :], *calls[: round_ % 4], return_exceptions=True)

    assert {type(outcome) for outcome in outcomes} <= {type(None), Thread, ThreadNotFoundError, RunNotFoundError}
    with pytest.raises(ThreadNotFoundError):
        await threads.get_thread("ann", "thr_1")
