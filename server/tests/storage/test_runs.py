import pytest

from tests.storage.samples import NOON, at, begun, ended, idle, message, note, run, thread
from widgetstream.chatkit.v1.run_pb2 import Run, RunState
from widgetstream_server.conversation.errors import RunNotFoundError, ThreadBusyError
from widgetstream_server.conversation.ports import StoredItem
from widgetstream_server.conversation.processes import Process
from widgetstream_server.storage import ProcessRepository, StorageFault, ThreadRepository


async def test_a_run_comes_back_as_it_was_stored(threads: ThreadRepository) -> None:
    first = run(time=at(3))
    await threads.begin_run("ann", first, new_thread=thread())

    assert await threads.get_run("ann", "run_1") == first
    assert await threads.active_run("ann", "thr_1") == first


async def test_the_first_run_of_a_thread_has_its_items_from_place_one(threads: ThreadRepository) -> None:
    opening = await threads.begin_run("ann", run(), new_thread=thread(), items=[message("msg_1"), message("msg_2")])
    empty = await threads.begin_run("ann", run("run_2", thread_id="thr_2"), new_thread=thread("thr_2"))

    page = await threads.list_items("ann", "thr_1", limit=9)
    assert [(entry.item.id, entry.position) for entry in page.entries] == [("msg_1", 1), ("msg_2", 2)]
    assert opening.next_position == 3
    assert empty.next_position == 1


async def test_a_later_run_goes_on_after_the_last_place(threads: ThreadRepository) -> None:
    await idle(threads, items=[message("msg_1")])
    await threads.put_item("ann", message("msg_2"), 7)

    second = await threads.begin_run("ann", run("run_2", time=at(4)), items=[message("msg_3")])
    await threads.end_run("ann", ended(run("run_2")))
    third = await threads.begin_run("ann", run("run_3", time=at(5)))

    page = await threads.list_items("ann", "thr_1", limit=9)
    assert [(entry.item.id, entry.position) for entry in page.entries] == [("msg_1", 1), ("msg_2", 7), ("msg_3", 8)]
    assert second.next_position == third.next_position == 9
    assert third.thread.update_time.ToDatetime(tzinfo=NOON.tzinfo) == at(5)
    assert third.thread == await threads.get_thread("ann", "thr_1")


async def test_a_busy_thread_names_its_run_and_nothing_is_stored(threads: ThreadRepository) -> None:
    await begun(threads)

    with pytest.raises(ThreadBusyError) as busy:
        await threads.begin_run("ann", run("run_2", time=at(5)), items=[message("msg_1")])

    assert busy.value.metadata == {"run_id": "run_1"}
    assert (await threads.get_thread("ann", "thr_1")).update_time.ToDatetime(tzinfo=NOON.tzinfo) == NOON
    assert not (await threads.list_items("ann", "thr_1", limit=1)).entries
    with pytest.raises(RunNotFoundError):
        await threads.get_run("ann", "run_2")


@pytest.mark.parametrize(
    "state", [RunState.RUN_STATE_COMPLETED, RunState.RUN_STATE_FAILED, RunState.RUN_STATE_CANCELED]
)
async def test_an_ended_run_sets_the_thread_free(threads: ThreadRepository, state: RunState.ValueType) -> None:
    first = await begun(threads)
    last = ended(first, state, time=at(9), last_sequence=2**32 - 1)

    await threads.end_run("ann", last)

    assert await threads.get_run("ann", "run_1") == last
    assert await threads.active_run("ann", "thr_1") is None
    await threads.begin_run("ann", run("run_2"))
    assert (await threads.active_run("ann", "thr_1")) == run("run_2")


async def test_a_run_ends_with_the_items_that_were_not_done(threads: ThreadRepository) -> None:
    first = await begun(threads, items=[message("msg_1", "old")])
    left = [StoredItem(message("msg_1", "new"), 1), StoredItem(message("msg_2"), 4), StoredItem(note("shcx_3"), 5)]

    await threads.end_run("ann", ended(first), items=left)

    page = await threads.list_items("ann", "thr_1", limit=9, include_hidden=True)
    assert list(page.entries) == left


async def test_a_run_that_has_ended_stays_as_it_is(threads: ThreadRepository) -> None:
    last = ended(await begun(threads), RunState.RUN_STATE_CANCELED, time=at(1), last_sequence=4)
    await threads.end_run("ann", last)

    await threads.end_run("ann", ended(last, time=at(2)), items=[StoredItem(message("msg_1"), 1)])

    assert await threads.get_run("ann", "run_1") == last
    assert not (await threads.list_items("ann", "thr_1", limit=1)).entries


async def test_the_end_of_a_run_whose_thread_is_gone_is_not_found(threads: ThreadRepository) -> None:
    first = await begun(threads)
    await threads.delete_thread("ann", "thr_1")

    with pytest.raises(RunNotFoundError) as found:
        await threads.end_run("ann", ended(first), items=[StoredItem(message("msg_1"), 1)])

    assert found.value.metadata == {"run_id": "run_1"}


async def test_abandoned_runs_are_everybodys_whose_process_is_gone(
    threads: ThreadRepository, processes: ProcessRepository
) -> None:
    await processes.join(Process("prc_1", "host:1", "key"), NOON)
    await begun(threads, "ann", "thr_1")
    await begun(threads, "bob", "thr_2")
    await threads.begin_run("bob", run("run_3", thread_id="thr_3"), new_thread=thread("thr_3"), holder="prc_1")
    await idle(threads, "bob", "thr_5")
    waiting = run("run_4", time=at(9))
    await threads.queue_run("ann", waiting, items=[message("msg_4")], holder="prc_gone")

    left = await threads.abandoned_runs()

    assert sorted((entry.owner, entry.run.run_id, entry.run.state) for entry in left) == [
        ("ann", "run_1", RunState.RUN_STATE_RUNNING),
        ("ann", "run_4", RunState.RUN_STATE_QUEUED),
        ("bob", "run_2", RunState.RUN_STATE_RUNNING),
    ]
    assert list(left[-1].queued_input) == [message("msg_4")]
    await threads.end_run("ann", ended(waiting, RunState.RUN_STATE_FAILED))
    assert len(await threads.abandoned_runs()) == 2
    await processes.leave("prc_1")
    assert len(await threads.abandoned_runs()) == 3


async def test_the_holders_of_a_threads_runs_are_those_under_way(threads: ThreadRepository) -> None:
    await idle(threads)
    await threads.begin_run("ann", run("run_2", time=at(2)), holder="prc_1")
    for number in (3, 4):
        await threads.queue_run("ann", run(f"run_{number}", time=at(number)), holder=f"prc_{number}")

    found = await threads.run_holders("ann", "thr_1")

    assert list(found.items()) == [("run_2", "prc_1"), ("run_3", "prc_3"), ("run_4", "prc_4")]


async def test_what_waits_in_another_process_goes_first(threads: ThreadRepository) -> None:
    await idle(threads)
    await threads.queue_run("ann", run("run_2"), holder="prc_2")

    with pytest.raises(ThreadBusyError) as busy:
        await threads.begin_run("ann", run("run_3"), holder="prc_3")
    await threads.begin_run("ann", run("run_4"), holder="prc_2")

    assert busy.value.metadata == {"run_id": "run_2"}


async def test_an_id_that_is_taken_is_a_fault_that_tells_nothing(threads: ThreadRepository) -> None:
    await begun(threads, items=[message("msg_1", "secret")])

    with pytest.raises(StorageFault) as fault:
        await threads.begin_run(
            "ann", run("run_2", thread_id="thr_2"), new_thread=thread("thr_2"), items=[message("msg_1", "secret")]
        )

    assert "msg_1" not in str(fault.value)
    assert fault.value.__cause__ is None
    assert fault.value.__suppress_context__
    with pytest.raises(RunNotFoundError):
        await threads.get_run("ann", "run_2")


async def test_a_run_may_be_stored_without_an_end_time(threads: ThreadRepository) -> None:
    first = await begun(threads)
    await threads.end_run("ann", Run(run_id=first.run_id, state=RunState.RUN_STATE_FAILED))

    assert not (await threads.get_run("ann", "run_1")).HasField("end_time")
