"""Calls to other server processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import grpc

from widgetstream.chatkit.v1.chatkit_service_pb2 import (
    ActionRequest,
    CancelRunRequest,
    DeleteThreadRequest,
    GetThreadRequest,
    RespondRequest,
    SubscribeRunRequest,
)
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.run_pb2 import Run
from widgetstream.peer.v1.peer_pb2 import PeerFrames, PeerRequest, PeerResponse
from widgetstream_server.conversation.context import RequestContext
from widgetstream_server.conversation.peers import NotHereError, PeerUnreachableError
from widgetstream_server.conversation.processes import Process
from widgetstream_server.rpc.peer_messages import ASK, FOLLOW, KEY, caller_of, error_of

ANSWER_SECONDS = 30.0
"""How long a question may take: a cancel waits until the application has let go, and all is stored."""

_OPTIONS = [
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    # A process that is stopped, or a machine that is gone, is found out.
    ("grpc.keepalive_time_ms", 10_000),
    ("grpc.keepalive_timeout_ms", 5_000),
    ("grpc.max_reconnect_backoff_ms", 1_000),
    ("grpc.enable_http_proxy", 0),
]


class PeerCalls:
    """Reaches other processes; see ``Peers``, which this implements."""

    def __init__(self) -> None:
        """Begin without connections."""
        self._channels: dict[str, grpc.aio.Channel] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def reach(self, process: Process) -> PeerCall:
        """Return another process."""
        channel = self._channels.get(process.id)
        if channel is None:
            channel = self._channels[process.id] = grpc.aio.insecure_channel(process.address, options=_OPTIONS)
        return PeerCall(channel, process.key)

    def forget(self, process_id: str) -> None:
        """Release the connection to a process that is no longer there."""
        channel = self._channels.pop(process_id, None)
        if channel is not None:
            task = asyncio.create_task(channel.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """Release all connections."""
        for process_id in list(self._channels):
            self.forget(process_id)
        if self._closing:
            await asyncio.wait(self._closing)


class PeerCall:
    """Another process; see ``Peer``, which this implements."""

    def __init__(self, channel: grpc.aio.Channel, key: str) -> None:
        """Call it over a connection."""
        self._metadata = ((KEY, key),)
        self._ask: Any = channel.unary_unary(
            ASK, request_serializer=PeerRequest.SerializeToString, response_deserializer=PeerResponse.FromString
        )
        self._follow: Any = channel.unary_stream(
            FOLLOW, request_serializer=PeerRequest.SerializeToString, response_deserializer=PeerFrames.FromString
        )

    async def begin(self, request: RespondRequest | ActionRequest, context: RequestContext) -> Run:
        """Begin a run there, and return it."""
        asked = PeerRequest(caller=caller_of(context))
        if isinstance(request, RespondRequest):
            asked.respond.CopyFrom(request)
        else:
            asked.action.CopyFrom(request)
        return (await self._answer(asked)).run

    async def cancel(self, run_id: str, context: RequestContext) -> Run:
        """Cancel a run, and return it as it was stored."""
        asked = PeerRequest(caller=caller_of(context), cancel_run=CancelRunRequest(run_id=run_id))
        return (await self._answer(asked)).run

    async def cancel_thread(self, thread_id: str, context: RequestContext) -> None:
        """Cancel the runs that a thread has there."""
        asked = PeerRequest(caller=caller_of(context), cancel_thread=DeleteThreadRequest(thread_id=thread_id))
        await self._answer(asked)

    async def pending_items(self, thread_id: str, context: RequestContext) -> Sequence[ThreadItem]:
        """Return the items of a thread that are not done."""
        asked = PeerRequest(caller=caller_of(context), pending_items=GetThreadRequest(thread_id=thread_id))
        return (await self._answer(asked)).items.data

    async def follow(self, run_id: str, after_sequence: int, context: RequestContext) -> AsyncIterator[Sequence[bytes]]:
        """Yield the events of a run after a number, until it has ended."""
        asked = PeerRequest(
            caller=caller_of(context), follow=SubscribeRunRequest(run_id=run_id, after_sequence=after_sequence)
        )
        call = self._follow(asked, metadata=self._metadata)
        try:
            async for answer in call:
                yield answer.frames
        except grpc.aio.AioRpcError as error:
            raise _meaning(error) from None
        finally:
            # A call that nobody reads on is never collected.
            call.cancel()

    async def _answer(self, asked: PeerRequest) -> PeerResponse:
        try:
            response: PeerResponse = await self._ask(asked, metadata=self._metadata, timeout=ANSWER_SECONDS)
        except grpc.aio.AioRpcError as error:
            raise _meaning(error) from None
        return response


def _meaning(error: grpc.aio.AioRpcError) -> Exception:
    known = error_of(error)
    if known is not None:
        return known
    return NotHereError() if error.code() is grpc.StatusCode.NOT_FOUND else PeerUnreachableError()
