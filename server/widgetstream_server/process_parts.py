"""What makes a server one of several on a database, put together."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from widgetstream_server.conversation.elsewhere import Elsewhere
from widgetstream_server.conversation.processes import Processes
from widgetstream_server.conversation.recovery import Recovery
from widgetstream_server.process_signs import LockedFiles
from widgetstream_server.rpc.peer_calls import PeerCalls
from widgetstream_server.rpc.peer_server import PeerServer
from widgetstream_server.storage import Database, ProcessRepository
from widgetstream_server.widgets.updates import apply_in_place

if TYPE_CHECKING:
    from widgetstream_server.conversation.journal import JournalStore
    from widgetstream_server.conversation.limits import EngineLimits
    from widgetstream_server.conversation.ports import Clock, Ids, ThreadStore
    from widgetstream_server.conversation.runs import Runs
    from widgetstream_server.settings import Settings

_FOLDER = "processes"


class ProcessParts:
    """This process among the others that share its database."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        threads: ThreadStore,
        journal: JournalStore,
        *,
        clock: Clock,
        ids: Ids,
        limits: EngineLimits,
    ) -> None:
        """Make the parts. The others do not see this process yet."""
        self._host = settings.peer_host
        self._runs: Runs | None = None
        recovery = Recovery(
            threads,
            journal,
            clock=clock,
            apply_widget_update=apply_in_place,
            retention_seconds=limits.run.retention_seconds,
        )
        self._peers = PeerCalls()
        self.processes = Processes(
            ProcessRepository(database),
            LockedFiles(settings.data_dir / _FOLDER),
            clock=clock,
            ids=ids,
            end_abandoned=recovery.run,
            give_up_runs=self._give_up_runs,
            on_gone=self._peers.forget,
        )
        self.elsewhere = Elsewhere(
            threads,
            journal,
            self.processes,
            self._peers,
            apply_widget_update=apply_in_place,
            heartbeat_seconds=limits.heartbeat_seconds,
        )

    async def join(self, runs: Runs, stack: AsyncExitStack) -> None:
        """Let the others see this process and its runs, until the stack is closed.

        Raises:
            OSError: There is no listening on the host, or the data folder cannot be written to.
            DependencyUnavailableError: The database does not answer.
        """
        self._runs = runs
        stack.push_async_callback(self._peers.close)
        server = PeerServer(runs, lambda: self.processes.key)
        port = await server.start(self._host)
        stack.push_async_callback(server.stop, 1.0)
        await self.processes.join(f"{self._host}:{port}")
        stack.push_async_callback(self.processes.leave)
        beating = asyncio.create_task(self.processes.forever(), name="beat")
        stack.callback(beating.cancel)

    def _give_up_runs(self) -> None:
        if self._runs is not None:
            self._runs.give_up()
