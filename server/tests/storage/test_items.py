import pytest

from tests.storage.samples import begun, idle, message, note
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream_server.conversation.errors import ItemNotFoundError
from widgetstream_server.conversation.ports import Slice, StoredItem
from widgetstream_server.storage import ThreadRepository
from widgetstream_server.storage.item_rows import HIDDEN_KINDS


def ids(page: Slice[StoredItem, int]) -> list[str]:
    return [entry.item.id for entry in page.entries]


def test_hidden_kinds_are_those_of_the_schema() -> None:
    assert {"hidden_context", "sdk_hidden_context"} == HIDDEN_KINDS


async def test_an_item_comes_back_as_it_was_stored(threads: ThreadRepository) -> None:
    await begun(threads)
    item = message("msg_1", "mjølk\0🥛")
    item.create_time.nanos = 123_456_789
    await threads.put_item("ann", item, 1)

    assert await threads.get_item("ann", "thr_1", "msg_1") == item


async def test_a_new_value_keeps_its_place(threads: ThreadRepository) -> None:
    await begun(threads, items=[message("msg_1"), message("msg_2"), message("msg_3")])

    await threads.put_item("ann", message("msg_2", "new"), 77)
    await threads.put_item("ann", message("msg_1", "newer"), 0)

    page = await threads.list_items("ann", "thr_1", limit=10)
    assert [(entry.item.id, entry.position) for entry in page.entries] == [("msg_1", 1), ("msg_2", 2), ("msg_3", 3)]
    assert page.entries[0].item == message("msg_1", "newer")
    assert page.entries[1].item == message("msg_2", "new")


async def test_a_place_below_one_is_for_items_that_exist(threads: ThreadRepository) -> None:
    await begun(threads)

    with pytest.raises(ItemNotFoundError):
        await threads.put_item("ann", message("msg_9"), 0)

    assert ids(await threads.list_items("ann", "thr_1", limit=10)) == []


async def test_an_item_cannot_be_taken_from_another_thread_of_the_owner(threads: ThreadRepository) -> None:
    await begun(threads, items=[message("msg_1", "first")])
    await begun(threads, thread_id="thr_2")

    with pytest.raises(ItemNotFoundError):
        await threads.put_item("ann", message("msg_1", "stolen", thread_id="thr_2"), 1)
    with pytest.raises(ItemNotFoundError):
        await threads.get_item("ann", "thr_2", "msg_1")

    assert await threads.get_item("ann", "thr_1", "msg_1") == message("msg_1", "first")


async def test_items_are_listed_by_place_whatever_the_order_of_storing(threads: ThreadRepository) -> None:
    await begun(threads)
    for position in (5, 2, 9):
        await threads.put_item("ann", message(f"msg_{position}"), position)

    assert ids(await threads.list_items("ann", "thr_1", limit=9)) == ["msg_2", "msg_5", "msg_9"]
    assert ids(await threads.list_items("ann", "thr_1", limit=9, order="desc")) == ["msg_9", "msg_5", "msg_2"]


async def test_hidden_items_neither_show_nor_count(threads: ThreadRepository) -> None:
    await begun(threads, items=[message("msg_1"), note("shcx_2"), note("shcx_3"), message("msg_4"), message("msg_5")])

    first = await threads.list_items("ann", "thr_1", limit=2)
    second = await threads.list_items("ann", "thr_1", limit=2, after=first.next)
    everything = await threads.list_items("ann", "thr_1", limit=2, include_hidden=True)

    assert (ids(first), first.next) == (["msg_1", "msg_4"], 4)
    assert (ids(second), second.next) == (["msg_5"], None)
    assert (ids(everything), everything.next) == (["msg_1", "shcx_2"], 2)


async def test_an_item_that_changes_its_kind_is_hidden_or_shown_accordingly(threads: ThreadRepository) -> None:
    await begun(threads, items=[message("msg_1")])
    await threads.put_item("ann", note("msg_1"), 1)

    assert ids(await threads.list_items("ann", "thr_1", limit=2)) == []


async def test_a_page_after_a_place_that_cannot_be_is_empty_or_whole(threads: ThreadRepository) -> None:
    await begun(threads, items=[message("msg_1")])

    assert ids(await threads.list_items("ann", "thr_1", limit=2, after=10**30)) == []
    assert ids(await threads.list_items("ann", "thr_1", limit=2, after=-(10**30))) == ["msg_1"]


async def test_deleting_leaves_a_gap_and_may_be_repeated(threads: ThreadRepository) -> None:
    await idle(threads, items=[message("msg_1"), message("msg_2"), message("msg_3")])

    await threads.delete_item("ann", "thr_1", "msg_2")
    await threads.delete_item("ann", "thr_1", "msg_2")

    page = await threads.list_items("ann", "thr_1", limit=10)
    assert [entry.position for entry in page.entries] == [1, 3]
    with pytest.raises(ItemNotFoundError):
        await threads.get_item("ann", "thr_1", "msg_2")


async def test_an_item_of_a_kind_to_come_is_stored(threads: ThreadRepository) -> None:
    await begun(threads)
    item = ThreadItem.FromString(message("msg_1").SerializeToString().split(b"\x52")[0] + b"\xfa\x3f\x03new")
    await threads.put_item("ann", item, 1)

    assert await threads.get_item("ann", "thr_1", "msg_1") == item
    assert not item.WhichOneof("item")
