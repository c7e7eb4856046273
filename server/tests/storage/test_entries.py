"""Lists of ChatKit's own protocol come as JSON, as it was made when their entries were stored."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from tests.storage.plans import Caught, catching, steps_of
from tests.storage.samples import NOON, at, begun, changed_to, idle, message, note, thread
from tests.storage.test_query_plans import LONG, ORDERS, filled
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream_server.chatkit_json import encode
from widgetstream_server.chatkit_json.entries import thread_entry
from widgetstream_server.conversation.entries import EntryPage
from widgetstream_server.conversation.errors import ItemNotFoundError, ThreadNotFoundError
from widgetstream_server.conversation.ports import Order
from widgetstream_server.storage import Database, EntryRepository, ThreadRepository
from widgetstream_server.storage.tables import items
from widgetstream_server.storage.tables import threads as threads_table

__all__ = ["filled"]


@pytest.fixture
def entries(database: Database) -> EntryRepository:
    return EntryRepository(database)


def seen(page: EntryPage[ThreadItem] | EntryPage[Thread]) -> list[Any]:
    """Return what a page holds; entries that are no JSON stay messages."""
    found: Sequence[bytes | ThreadItem | Thread] = page.entries
    return [json.loads(each) if isinstance(each, bytes) else each for each in found]


def ids(page: EntryPage[ThreadItem] | EntryPage[Thread]) -> list[str]:
    return [each["id"] if isinstance(each, dict) else each.id for each in seen(page)]


async def test_items_are_the_json_of_their_messages(threads: ThreadRepository, entries: EntryRepository) -> None:
    said = [message("msg_1", "mjølk 🥛"), note("note"), message("msg_2", "")]
    await idle(threads, items=said)

    page = await entries.list_items("ann", "thr_1", limit=10, order="asc", after="")

    assert seen(page) == [encode(said[0]), encode(said[2])]
    assert (page.last_id, page.has_more) == ("", False)


async def test_threads_are_the_json_of_their_messages(threads: ThreadRepository, entries: EntryRepository) -> None:
    await idle(threads, thread_id="thr_1")
    secret = thread(title="Milk", time=at(5))
    secret.metadata["plan"] = "secret"
    secret.status.locked.reason = "done"
    await threads.change_thread("ann", "thr_1", changed_to(secret))

    (found,) = seen(await entries.list_threads("ann", limit=10, order="desc", after=""))

    assert found == {
        "id": "thr_1",
        "title": "Milk",
        "created_at": "2026-11-23T12:00:00.000001Z",
        "status": {"type": "locked", "reason": "done"},
        "items": {"data": [], "has_more": False},
        "metadata": {},
    }


@pytest.mark.parametrize("order", ORDERS)
async def test_pages_of_items_lead_to_the_end(
    threads: ThreadRepository, entries: EntryRepository, order: Order
) -> None:
    names = [f"msg_{number}" for number in range(7)]
    await idle(threads, items=[each for name in names for each in (message(name), note(f"note_{name}"))])
    expected = names if order == "asc" else names[::-1]

    found: list[str] = []
    more, after = True, ""
    while more:
        page = await entries.list_items("ann", "thr_1", limit=3, order=order, after=after)
        found += ids(page)
        more, after = page.has_more, page.last_id

    assert found == expected


@pytest.mark.parametrize("order", ORDERS)
async def test_pages_of_threads_lead_to_the_end(
    threads: ThreadRepository, entries: EntryRepository, order: Order
) -> None:
    names = [f"thr_{number}" for number in range(7)]
    for place, name in enumerate(names):
        await idle(threads, thread_id=name)
        await threads.change_thread("ann", name, changed_to(thread(name, time=at(place // 2))))
    await idle(threads, "bob", "thr_bob")
    expected = names if order == "asc" else names[::-1]

    found: list[str] = []
    more, after = True, ""
    while more:
        page = await entries.list_threads("ann", limit=3, order=order, after=after)
        found += ids(page)
        more, after = page.has_more, page.last_id

    assert found == expected


async def test_a_new_value_has_new_json(threads: ThreadRepository, entries: EntryRepository) -> None:
    await begun(threads, items=[message("msg_1", "old"), message("msg_2", "old")])
    await threads.put_item("ann", message("msg_1", "new"), 0)
    await threads.put_item("ann", message("msg_2", "new"), 2)

    page = await entries.list_items("ann", "thr_1", limit=10, order="asc", after="")

    assert seen(page) == [encode(message("msg_1", "new")), encode(message("msg_2", "new"))]


@pytest.mark.parametrize("json_format", [None, 1])
async def test_what_has_no_json_of_this_version_comes_as_a_message(
    database: Database, threads: ThreadRepository, entries: EntryRepository, json_format: int | None
) -> None:
    await idle(threads, items=[message("msg_1"), message("msg_2")])
    await idle(threads, thread_id="thr_2")

    def forget(connection: sa.Connection) -> None:
        connection.execute(sa.update(items).where(items.c.id == "msg_1").values(json_format=json_format))
        connection.execute(
            sa.update(threads_table).where(threads_table.c.id == "thr_1").values(json_format=json_format)
        )

    await database.write(forget)

    found = await entries.list_items("ann", "thr_1", limit=10, order="asc", after="")
    listed = await entries.list_threads("ann", limit=10, order="asc", after="")
    later = await entries.list_threads("ann", limit=10, order="desc", after="thr_2")

    assert seen(found) == [message("msg_1"), encode(message("msg_2"))]
    assert found.messages == [message("msg_1")]
    assert seen(listed) == [
        await threads.get_thread("ann", "thr_1"),
        json.loads(thread_entry(await threads.get_thread("ann", "thr_2"))),
    ]
    assert seen(later) == [await threads.get_thread("ann", "thr_1")]


async def test_images_come_as_messages(threads: ThreadRepository, entries: EntryRepository) -> None:
    """Their addresses are made for each reader."""
    with_image = message("msg_1")
    with_image.user_message.attachments.add(id="atc_1").image.preview_url = "http://localhost/old"
    await idle(threads)
    await threads.put_item("ann", with_image, 1)

    assert seen(await entries.list_items("ann", "thr_1", limit=10, order="asc", after="")) == [with_image]


async def test_what_is_anothers_does_not_exist(threads: ThreadRepository, entries: EntryRepository) -> None:
    await idle(threads, items=[message("msg_1"), note("note")])
    await idle(threads, thread_id="thr_empty")
    await idle(threads, "bob", "thr_bob", items=[message("msg_bob", thread_id="thr_bob")])

    for owner, thread_id in (("bob", "thr_1"), ("bob", "thr_none"), ("ann", "thr_bob")):
        with pytest.raises(ThreadNotFoundError):
            await entries.list_items(owner, thread_id, limit=9, order="asc", after="")
        with pytest.raises(ThreadNotFoundError):
            await entries.list_items(owner, thread_id, limit=9, order="asc", after="msg_1")
    for after in ("msg_none", "note", "msg_bob"):
        with pytest.raises(ItemNotFoundError):
            await entries.list_items("ann", "thr_1", limit=9, order="asc", after=after)
    for after in ("thr_none", "thr_bob"):
        with pytest.raises(ThreadNotFoundError):
            await entries.list_threads("ann", limit=9, order="asc", after=after)

    assert ids(await entries.list_items("ann", "thr_empty", limit=9, order="asc", after="")) == []
    assert ids(await entries.list_threads("bob", limit=9, order="asc", after="")) == ["thr_bob"]
    assert ids(await entries.list_threads("eve", limit=9, order="asc", after="")) == []


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("order", ORDERS)
async def test_pages_come_out_of_an_index_in_its_order(
    database: Database, monkeypatch: pytest.MonkeyPatch, order: Order
) -> None:
    # So that SQLite's statements, too, come by where they are caught.
    monkeypatch.setattr(database._backend, "fetch", lambda _query, _values: None)
    entries = EntryRepository(database)
    caught: list[Caught] = []
    with catching("", caught):
        for after in ("", f"thr_1_1:{LONG // 2}"):
            await entries.list_items("own_1", "thr_1_1", limit=20, order=order, after=after)
        for after in ("", "thr_1_9"):
            await entries.list_threads("own_1", limit=20, order=order, after=after)

    assert len(caught) == 8  # threads that have no JSON are looked up by their ids
    for statement in caught:
        steps = await steps_of(database, statement)
        assert not any(step.startswith(("whole table", "sort")) for step in steps), [statement.sql, *steps]


async def test_a_page_is_one_statement(threads: ThreadRepository, database: Database) -> None:
    await idle(threads, items=[message("msg_1", time=NOON)])
    fetched: list[str] = []
    fetch = database.fetch

    async def counted(query: Any, values: Any) -> Any:
        fetched.append(query.sql)
        return await fetch(query, values)

    database.fetch = counted  # type: ignore[method-assign]  # to count
    caught: list[Caught] = []
    with catching("", caught):
        await EntryRepository(database).list_items("ann", "thr_1", limit=9, order="asc", after="")

    assert len(fetched) == 1
    assert len(caught) == (0 if database.dialect == "sqlite" else 1)
