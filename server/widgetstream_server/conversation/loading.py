"""Things that take long to load: loaded once, in a thread, when they are first needed or sooner."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

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
            self._task = asyncio.create_task(asyncio.to_thread(self._load))
        return await asyncio.shield(self._task)
