"""What takes long is loaded once, however many ask for it."""

from __future__ import annotations

import asyncio
import threading

import pytest

from widgetstream_server.conversation.loading import Loading


async def test_it_is_loaded_once_in_a_thread() -> None:
    loads: list[int] = []

    def load() -> str:
        loads.append(threading.get_ident())
        return "loaded"

    loading = Loading(load)

    assert await asyncio.gather(*(loading.get() for _ in range(5))) == ["loaded"] * 5
    assert len(loads) == 1
    assert loads[0] != threading.get_ident()


async def test_a_failure_is_tried_again() -> None:
    outcomes: list[OSError | str] = [OSError("not yet"), "loaded"]

    def load() -> str:
        outcome = outcomes.pop(0)
        if isinstance(outcome, OSError):
            raise outcome
        return outcome

    loading = Loading(load)
    with pytest.raises(OSError, match="not yet"):
        await loading.get()

    assert await loading.get() == "loaded"


async def test_a_load_survives_the_cancel_of_who_asked_first() -> None:
    go_on = threading.Event()
    loading = Loading(lambda: go_on.wait(5))
    first = asyncio.create_task(loading.get())
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait([first])
    go_on.set()

    assert await loading.get() is True
