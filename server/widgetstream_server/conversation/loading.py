"""Things that take long to load: loaded once, in a thread, when they are first needed or sooner."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar, cast

LoadedT = TypeVar("LoadedT")


class Loading(Generic[LoadedT]):
    """Something that is loaded at most once. Belongs to the event loop in which it is first asked for."""

    def __init__(self, load: Callable[[], LoadedT]) -> None:
        """Take what loads it: called in a thread."""
        self._load = load
        self._task: asyncio.Task[LoadedT] | None = None

    async def get(self) -> LoadedT:
        """Return it, loaded.

        All who ask meanwhile wait for the same load, which goes on when one of them is canceled. A load that failed
        raises for those who waited, and is tried again by the next.
        """
        if self._task is None or (self._task.done() and self._task.exception() is not None):
            self._task = asyncio.create_task(self._load_in_thread())
        return await asyncio.shield(self._task)

    async def _load_in_thread(self) -> LoadedT:
        # A daemon, not the loop's executor: a process that is told to stop does not wait for what it will not need.
        loop = asyncio.get_running_loop()
        loaded: asyncio.Future[LoadedT] = loop.create_future()

        def load() -> None:
            try:
                value = self._load()
            except Exception as error:  # noqa: BLE001 — raised for those who wait
                self._tell(loop, loaded, None, error)
            else:
                self._tell(loop, loaded, value, None)

        threading.Thread(target=load, name="loading", daemon=True).start()
        return await loaded

    def _tell(
        self,
        loop: asyncio.AbstractEventLoop,
        loaded: asyncio.Future[LoadedT],
        value: LoadedT | None,
        error: Exception | None,
    ) -> None:
        def tell() -> None:
            if loaded.done():
                return
            if error is not None:
                loaded.set_exception(error)
            else:
                loaded.set_result(cast("LoadedT", value))

        # The loop may have ended meanwhile; then nobody waits.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(tell)
