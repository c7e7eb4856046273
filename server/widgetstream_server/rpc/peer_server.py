"""Where other server processes ask this one. No client comes here: it has an address of its own, and a key."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import grpc
import structlog

from widgetstream.chatkit.v1.item_pb2 import ItemPage
from widgetstream.chatkit.v1.run_pb2 import Run
from widgetstream.peer.v1.peer_pb2 import PeerFrames, PeerRequest, PeerResponse
from widgetstream_server.conversation.context import RequestContext
from widgetstream_server.conversation.errors import ConversationError
from widgetstream_server.conversation.faults import places_of
from widgetstream_server.conversation.run_log import RunLog, RunReader
from widgetstream_server.conversation.runs import Runs
from widgetstream_server.rpc.methods import Context
from widgetstream_server.rpc.peer_messages import KEY, SERVICE, context_of
from widgetstream_server.rpc.status import to_status

_MOST_BYTES = 1024 * 1024

_log = structlog.get_logger(__name__)


class PeerServer:
    """Answers other processes from what is in the memory of this one, and hands nothing on."""

    def __init__(self, runs: Runs, key: Callable[[], str]) -> None:
        """Make the server. It does not listen yet.

        Args:
            runs: The runs of this process.
            key: Returns what callers have to show.
        """
        self._runs = runs
        self._key = key
        self._server = grpc.aio.server(
            options=[
                ("grpc.so_reuseport", 0),
                ("grpc.max_receive_message_length", -1),
                ("grpc.max_send_message_length", -1),
                ("grpc.http2.min_recv_ping_interval_without_data_ms", 5_000),
            ]
        )
        handlers: dict[str, grpc.RpcMethodHandler[Any, Any]] = {
            "Ask": grpc.unary_unary_rpc_method_handler(
                self._guarded(self._ask), PeerRequest.FromString, PeerResponse.SerializeToString
            ),
            "Follow": grpc.unary_stream_rpc_method_handler(
                self._guarded(self._follow), PeerRequest.FromString, PeerFrames.SerializeToString
            ),
        }
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))

    async def start(self, host: str) -> int:
        """Listen on any free port of a host, and return the port.

        Raises:
            OSError: The host's address is not to be had.
        """
        try:
            port = self._server.add_insecure_port(f"{host}:0")
        except RuntimeError as error:
            raise OSError(f"cannot listen on {host}") from error
        await self._server.start()
        return port

    async def stop(self, grace: float) -> None:
        """Take no more calls, give those under way some seconds, then end them."""
        await self._server.stop(grace)

    def _guarded(self, serve: Callable[[PeerRequest, Context], Awaitable[Any]]) -> Any:
        async def guarded(request: PeerRequest, context: Context) -> Any:
            shown = [value for name, value in context.invocation_metadata() or () if name == KEY]
            if not any(hmac.compare_digest(str(value).encode(), self._key().encode()) for value in shown):
                await context.abort(grpc.StatusCode.UNAUTHENTICATED)
            try:
                return await serve(request, context)
            except ConversationError as error:
                await context.abort_with_status(to_status(error))
            except (asyncio.CancelledError, grpc.aio.AbortError):
                raise
            except Exception as error:  # noqa: BLE001 — nothing may reach grpc, which would send its text
                _log.error("peer_call_failed", error_type=type(error).__name__, places=places_of(error))
                await context.abort(grpc.StatusCode.INTERNAL)

        return guarded

    async def _ask(self, request: PeerRequest, context: Context) -> PeerResponse:
        response = PeerResponse()
        caller = context_of(request.caller)
        match request.WhichOneof("request"):
            case "respond":
                response.run.CopyFrom(_begun(await self._runs.respond(request.respond, caller)))
            case "action":
                response.run.CopyFrom(_begun(await self._runs.action(request.action, caller)))
            case "cancel_run":
                await self._here(request.cancel_run.run_id, caller, context)
                response.run.CopyFrom(await self._runs.cancel(request.cancel_run.run_id, caller))
            case "cancel_thread":
                await self._runs.cancel_thread(request.cancel_thread.thread_id, caller)
            case "pending_items":
                items = self._runs.pending_here(request.pending_items.thread_id, caller)
                response.items.CopyFrom(ItemPage(data=items))
            case _:
                await context.abort(grpc.StatusCode.UNIMPLEMENTED)
        return response

    async def _follow(self, request: PeerRequest, context: Context) -> None:
        log = await self._here(request.follow.run_id, context_of(request.caller), context)
        sequence = request.follow.after_sequence
        while True:
            frames = log.since(sequence)
            if frames:
                sequence += len(frames)
                for piece in _pieces(frames):
                    await context.write(PeerFrames(frames=piece))
            elif log.ended:
                return
            else:
                future = log.wait()
                try:
                    await future
                finally:
                    log.forget(future)

    async def _here(self, run_id: str, caller: RequestContext, context: Context) -> RunLog:
        log = self._runs.log_here(run_id, caller)
        if log is None:
            await context.abort(grpc.StatusCode.NOT_FOUND)
        return log


def _begun(reader: RunReader) -> Run:
    reader.close()
    return Run(run_id=reader.log.run_id, thread_id=reader.log.thread_id)


def _pieces(frames: Sequence[bytes]) -> list[list[bytes]]:
    """Return events in pieces that are not too large to be sent at once."""
    pieces: list[list[bytes]] = [[]]
    size = 0
    for frame in frames:
        if size and size + len(frame) > _MOST_BYTES:
            pieces.append([])
            size = 0
        pieces[-1].append(frame)
        size += len(frame)
    return pieces
