import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from tests.storage.samples import NOON, at, begun, changed_to, idle, message, run, thread
from widgetstream.chatkit.v1.item_pb2 import ItemPage
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.conversation.errors import ItemNotFoundError, RunNotFoundError, ThreadNotFoundError
from widgetstream_server.conversation.ports import ThreadCursor
from widgetstream_server.storage import ThreadRepository


async def test_a_thread_comes_back_as_it_was_stored_without_its_items(threads: ThreadRepository) -> None:
    first = thread(title="Ærlig talt 🥛", time=NOON)
    first.status.locked.reason = "paid"
    first.allowed_image_domains.domains.append("example.org")
    first.metadata["previous"] = {"deep": [1, None, "x"]}
    first.items.CopyFrom(ItemPage(data=[message("msg_1")]))
    opening = await threads.begin_run("ann", run(time=at(5)), new_thread=first)

    stored = await threads.get_thread("ann", "thr_1")

    first.ClearField("items")
    first.update_time.FromDatetime(at(5))
    assert stored == first
    assert opening.thread == first


async def test_a_thread_without_a_title_differs_from_one_with_an_empty_one(threads: ThreadRepository) -> None:
    await threads.begin_run("ann", run("run_1"), new_thread=thread())
    await threads.begin_run("ann", run("run_2", thread_id="thr_2"), new_thread=thread("thr_2", title=""))

    assert not (await threads.get_thread("ann", "thr_1")).HasField("title")
    assert (await threads.get_thread("ann", "thr_2")).HasField("title")


async def test_a_change_replaces_title_status_domains_and_metadata(threads: ThreadRepository) -> None:
    await begun(threads)
    changed = thread(title="Milk", time=at(9))
    changed.create_time.CopyFrom(Timestamp(seconds=1))
    changed.status.closed.reason = "done"
    changed.metadata["k"] = "v"
    await threads.change_thread("ann", "thr_1", changed_to(changed))

    stored = await threads.get_thread("ann", "thr_1")

    changed.create_time.FromDatetime(NOON)
    assert stored == changed


async def test_a_change_keeps_fields_that_this_version_does_not_know(threads: ThreadRepository) -> None:
    await begun(threads)
    unknown = thread().SerializeToString() + b"\xfa\x3f\x03new"  # field 1023
    await threads.change_thread("ann", "thr_1", changed_to(Thread.FromString(unknown)))

    assert b"\xfa\x3f\x03new" in (await threads.get_thread("ann", "thr_1")).SerializeToString()


async def test_threads_are_listed_by_update_time_then_id(threads: ThreadRepository) -> None:
    for number, moment in enumerate([3, 1, 2, 2, 2]):
        name = f"thr_{number}"
        await threads.begin_run("ann", run(f"run_{number}", thread_id=name, time=at(moment)), new_thread=thread(name))

    newest = await threads.list_threads("ann", limit=10)
    oldest = await threads.list_threads("ann", limit=10, order="asc")

    assert [each.id for each in newest.entries] == ["thr_0", "thr_4", "thr_3", "thr_2", "thr_1"]
    assert [each.id for each in oldest.entries] == ["thr_1", "thr_2", "thr_3", "thr_4", "thr_0"]
    assert newest.next is oldest.next is None


async def test_a_page_says_where_the_next_begins(threads: ThreadRepository) -> None:
    for number in range(3):
        name = f"thr_{number}"
        await threads.begin_run("ann", run(f"run_{number}", thread_id=name), new_thread=thread(name))

    first = await threads.list_threads("ann", limit=2)
    last = await threads.list_threads("ann", limit=2, after=first.next)

    assert first.next == ThreadCursor(NOON, "thr_1")
    assert [each.id for each in last.entries] == ["thr_0"]
    assert last.next is None


async def test_deleting_a_thread_deletes_its_items_and_runs(threads: ThreadRepository) -> None:
    await begun(threads, items=[message("msg_1")])
    await idle(threads, thread_id="thr_2", items=[message("msg_2", thread_id="thr_2")])

    await threads.delete_thread("ann", "thr_1")

    with pytest.raises(ThreadNotFoundError):
        await threads.get_thread("ann", "thr_1")
    with pytest.raises(RunNotFoundError):
        await threads.get_run("ann", "run_1")
    with pytest.raises(ItemNotFoundError):
        await threads.get_item("ann", "thr_2", "msg_1")
    assert (await threads.get_item("ann", "thr_2", "msg_2")).id == "msg_2"


async def test_a_new_thread_may_have_the_ids_of_a_deleted_one(threads: ThreadRepository) -> None:
    await begun(threads, items=[message("msg_1")])
    await threads.delete_thread("ann", "thr_1")
    await begun(threads, "bob", items=[message("msg_1")])

    assert (await threads.get_item("bob", "thr_1", "msg_1")).id == "msg_1"


async def test_what_is_not_there_is_not_found(threads: ThreadRepository) -> None:
    calls = [
        threads.get_thread("ann", "thr_9"),
        threads.change_thread("ann", "thr_9", changed_to(thread("thr_9"))),
        threads.delete_thread("ann", "thr_9"),
        threads.get_item("ann", "thr_9", "msg_1"),
        threads.list_items("ann", "thr_9", limit=1),
        threads.put_item("ann", message("msg_1", thread_id="thr_9"), 1),
        threads.put_item("ann", message("msg_1", thread_id="thr_9"), 0),
        threads.delete_item("ann", "thr_9", "msg_1"),
        threads.begin_run("ann", run(thread_id="thr_9")),
        threads.active_run("ann", "thr_9"),
    ]
    for call in calls:
        with pytest.raises(ThreadNotFoundError) as found:
            await call
        assert found.value.metadata == {"thread_id": "thr_9"}
