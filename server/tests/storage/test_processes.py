"""The processes that share a database, in both databases."""

from __future__ import annotations

from tests.storage.samples import NOON, at
from widgetstream_server.conversation.processes import Process
from widgetstream_server.storage import ProcessRepository

FIRST, SECOND = Process("prc_1", "127.0.0.1:1", "one"), Process("prc_2", "127.0.0.1:2", "two")


async def test_a_process_that_beats_sees_all_that_are_there(processes: ProcessRepository) -> None:
    await processes.join(FIRST, NOON)
    await processes.join(SECOND, NOON)

    found = await processes.beat("prc_1", at(1))

    assert sorted(found or (), key=lambda process: process.id) == [Process("prc_1", "127.0.0.1:1", "one", 1), SECOND]
    assert "one" not in repr(FIRST)


async def test_only_who_has_not_beaten_since_it_was_seen_is_buried(processes: ProcessRepository) -> None:
    await processes.join(FIRST, NOON)
    await processes.beat("prc_1", at(1))

    assert not await processes.bury(FIRST)
    assert await processes.beat("prc_1", at(2)) is not None
    (seen,) = await processes.everyone()
    assert await processes.bury(seen)
    assert not await processes.bury(seen)
    assert await processes.beat("prc_1", at(3)) is None


async def test_who_leaves_is_not_there(processes: ProcessRepository) -> None:
    await processes.join(FIRST, NOON)
    for _ in range(2):
        await processes.leave("prc_1")

    assert not await processes.everyone()
