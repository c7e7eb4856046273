"""When a process is taken for dead, and when it is not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from widgetstream_server.conversation.errors import DependencyUnavailableError
from widgetstream_server.conversation.processes import BEAT_SECONDS, LEASE_SECONDS, Process, Processes


@dataclass
class World:
    """Time, ids, and a table of processes that may be away."""

    seconds: float = 0.0
    made: int = 0
    is_away: bool = False
    rows: dict[str, Process] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    swept: list[set[str]] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime(2026, 11, 27, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def new(self, prefix: str) -> str:
        self.made += 1
        return f"{prefix}_{self.made}"

    def _look(self) -> None:
        if self.is_away:
            raise DependencyUnavailableError("database")

    async def join(self, process: Process, now: datetime) -> None:
        self._look()
        self.rows[process.id] = process

    async def beat(self, process_id: str, now: datetime) -> Sequence[Process] | None:
        self._look()
        if process_id not in self.rows:
            return None
        self.rows[process_id] = replace(self.rows[process_id], beats=self.rows[process_id].beats + 1)
        return list(self.rows.values())

    async def everyone(self) -> Sequence[Process]:
        self._look()
        return list(self.rows.values())

    async def leave(self, process_id: str) -> None:
        self._look()
        self.rows.pop(process_id, None)

    async def bury(self, process: Process) -> bool:
        self._look()
        if self.rows.get(process.id) != process:
            return False
        del self.rows[process.id]
        return True

    def show(self, process_id: str) -> None:
        self.gone.discard(process_id)

    def withdraw(self) -> None:
        pass

    def is_gone(self, process_id: str) -> bool:
        return process_id in self.gone

    def sweep(self, known: Collection[str]) -> None:
        self.swept.append(set(known))


@dataclass
class One:
    """A process and what it was told to do."""

    processes: Processes
    ended: int = 0
    given_up: int = 0


def one_of(world: World) -> One:
    async def end_abandoned() -> None:
        one.ended += 1

    def give_up_runs() -> None:
        one.given_up += 1

    one = One(Processes(world, world, clock=world, ids=world, end_abandoned=end_abandoned, give_up_runs=give_up_runs))
    return one


@pytest.fixture
def world() -> World:
    return World()


async def joined(world: World) -> One:
    one = one_of(world)
    await one.processes.join("127.0.0.1:1")
    return one


async def beats(world: World, seconds: float, *ones: One) -> None:
    """Let time go by, in which some beat and others do not."""
    until = world.seconds + seconds
    while world.seconds < until:
        world.seconds += BEAT_SECONDS
        for one in ones:
            await one.processes.beat()


async def test_who_joins_ends_what_was_left(world: World) -> None:
    first = await joined(world)

    assert first.ended == 1


async def test_who_beats_is_alive(world: World) -> None:
    first, second = await joined(world), await joined(world)
    await beats(world, 10 * LEASE_SECONDS, first, second)

    assert len(world.rows) == 2
    assert first.given_up == second.given_up == 0


async def test_who_is_silent_for_too_long_is_dead(world: World) -> None:
    first, second = await joined(world), await joined(world)
    await beats(world, LEASE_SECONDS - BEAT_SECONDS, first)
    before = first.ended
    alive = second.processes.id in world.rows
    await beats(world, 2 * BEAT_SECONDS, first)

    assert alive
    assert second.processes.id not in world.rows
    assert first.ended == before + 1


async def test_who_is_known_to_be_gone_is_not_waited_for(world: World) -> None:
    first, second = await joined(world), await joined(world)
    await beats(world, BEAT_SECONDS, first, second)
    world.gone.add(second.processes.id)
    before = first.ended
    await beats(world, BEAT_SECONDS, first)

    assert second.processes.id not in world.rows
    assert first.ended == before + 1
    assert world.swept[-1] == {first.processes.id}


async def test_a_suspect_is_looked_at_at_once(world: World) -> None:
    first, second = await joined(world), await joined(world)
    lives = await first.processes.suspect(second.processes.id)
    world.gone.add(second.processes.id)
    is_gone = await first.processes.suspect(second.processes.id)

    assert (lives, is_gone) == (False, True)
    assert await first.processes.suspect("prc_unknown")


async def test_who_has_slept_judges_nobody(world: World) -> None:
    first, second = await joined(world), await joined(world)
    await beats(world, 2 * BEAT_SECONDS, first, second)
    world.seconds += 100 * LEASE_SECONDS  # a machine that was suspended, or a debugger
    await first.processes.beat()
    await second.processes.beat()
    await beats(world, LEASE_SECONDS, first, second)

    assert len(world.rows) == 2


async def test_nobody_dies_of_a_database_that_was_away(world: World) -> None:
    first, second = await joined(world), await joined(world)
    await beats(world, 2 * BEAT_SECONDS, first, second)
    world.is_away = True
    for _ in range(20):
        world.seconds += BEAT_SECONDS
        with pytest.raises(DependencyUnavailableError):
            await first.processes.beat()
    world.is_away = False
    await first.processes.beat()
    await beats(world, LEASE_SECONDS / 2, first)
    await beats(world, LEASE_SECONDS, first, second)

    assert len(world.rows) == 2


async def test_who_was_taken_for_dead_gives_up_and_comes_back_as_another(world: World) -> None:
    first, second = await joined(world), await joined(world)
    before = second.processes.id
    await beats(world, LEASE_SECONDS + 2 * BEAT_SECONDS, first)
    await second.processes.beat()

    assert second.given_up == 1
    assert second.processes.id != before
    assert set(world.rows) == {first.processes.id, second.processes.id}
    found = await first.processes.find(second.processes.id)
    assert found is not None
    assert found.address == "127.0.0.1:1"


async def test_an_end_that_failed_is_tried_again(world: World) -> None:
    first, second = await joined(world), await joined(world)
    await beats(world, BEAT_SECONDS, first, second)
    world.gone.add(second.processes.id)
    ended = first.processes._end_abandoned

    async def fails() -> None:
        raise DependencyUnavailableError("database")

    first.processes._end_abandoned = fails
    with pytest.raises(DependencyUnavailableError):
        await first.processes.beat()
    first.processes._end_abandoned = ended
    before = first.ended
    await first.processes.beat()

    assert first.ended == before + 1


async def test_who_leaves_is_not_there(world: World) -> None:
    first, second = await joined(world), await joined(world)
    await second.processes.leave()

    assert set(world.rows) == {first.processes.id}
    world.is_away = True
    await first.processes.leave()
