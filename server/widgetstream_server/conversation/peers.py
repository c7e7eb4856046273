"""What the engine asks of other server processes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from widgetstream.chatkit.v1.chatkit_service_pb2 import ActionRequest, RespondRequest
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.run_pb2 import Run
from widgetstream_server.conversation.context import RequestContext
from widgetstream_server.conversation.processes import Process


class PeerUnreachableError(Exception):
    """The process does not answer. What was asked of it may have been done, or not."""


class NotHereError(Exception):
    """The process does not have the run, or no longer."""


class Peer(Protocol):
    """Another server process, which has what is asked for.

    The caller was verified here; the other process takes it as given, and hands nothing on. All methods raise
    ``PeerUnreachableError``, and what the other process has raised of ``ConversationError``.
    """

    async def begin(self, request: RespondRequest | ActionRequest, context: RequestContext) -> Run:
        """Begin a run there, and return it."""

    async def cancel(self, run_id: str, context: RequestContext) -> Run:
        """Cancel a run, and return it as it was stored. Raises ``NotHereError``."""

    async def cancel_thread(self, thread_id: str, context: RequestContext) -> None:
        """Cancel the runs that a thread has there, and wait until they are stored."""

    async def pending_items(self, thread_id: str, context: RequestContext) -> Sequence[ThreadItem]:
        """Return the items of a thread that are not done, as they are now."""

    def follow(self, run_id: str, after_sequence: int, context: RequestContext) -> AsyncIterator[Sequence[bytes]]:
        """Yield the events of a run after a number, as they come, until it has ended. Raises ``NotHereError``."""


class Peers(Protocol):
    """Reaches other processes."""

    def reach(self, process: Process) -> Peer:
        """Return another process. Nothing is asked of it yet."""

    def forget(self, process_id: str) -> None:
        """Release what is held for a process that is no longer there."""

    async def close(self) -> None:
        """Release all connections."""
