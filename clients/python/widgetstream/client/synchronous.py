"""The synchronous client."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self, TypeVar

import grpc

from widgetstream.chatkit.v1 import chatkit_service_pb2 as pb
from widgetstream.chatkit.v1.chatkit_service_pb2_grpc import ChatKitServiceStub
from widgetstream.chatkit.v1.event_pb2 import WidgetEvent
from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.run_pb2 import ConcurrencyPolicy, Run
from widgetstream.chatkit.v1.thread_pb2 import Thread
from widgetstream.client.connection import OPTIONS, Target, call_metadata
from widgetstream.client.errors import RunCutError, from_rpc_error
from widgetstream.client.requests import Said, action_request, respond_request, sync_action_request
from widgetstream.client.resuming import Backoff, StreamPosition
from widgetstream.todo.v1.task_service_pb2_grpc import TaskServiceStub

Token = str | Callable[[], str]
"""A bearer token, or what returns one: asked before each call, so that it can be refreshed."""

OpenCall = Callable[[tuple[tuple[str, str], ...]], Any]
_ResponseT = TypeVar("_ResponseT")
_REJECT = ConcurrencyPolicy.CONCURRENCY_POLICY_REJECT


class RunStream:
    """The events of a run, in order, each once. To be iterated once.

    When the connection breaks, the stream subscribes to the run again after the last event. Leaving the loop does not
    stop the run: ``cancel`` does.
    """

    def __init__(self, client: Client, first: OpenCall, position: StreamPosition | None = None) -> None:
        """Make a stream; the call is made when it is iterated."""
        self._client = client
        self._first = first
        self._position = position or StreamPosition()

    @property
    def run_id(self) -> str:
        """The run; empty before the first event."""
        return self._position.run_id

    @property
    def thread_id(self) -> str:
        """The thread; empty before the first event."""
        return self._position.thread_id

    @property
    def sequence(self) -> int:
        """The number of the last event received."""
        return self._position.sequence

    def cancel(self) -> Run:
        """Stop the run, and return it."""
        return self._client.cancel_run(self.run_id)

    def __iter__(self) -> Iterator[WidgetEvent]:
        """Yield the events, heartbeats left out.

        Raises:
            WidgetstreamError: The request was refused.
            RunCutError: The stream broke and could not be picked up again.
        """
        position, backoff = self._position, self._client.backoff
        open_call = self._first
        while True:
            code: grpc.StatusCode | None = None
            call = open_call(self._client.metadata())
            try:
                for event in call:
                    if position.take(event) and not event.HasField("heartbeat"):
                        yield event
            except grpc.RpcError as error:
                code = error.code()
                if not (position.may_resume(code, backoff) or position.may_repeat(code, backoff)):
                    raise from_rpc_error(error) from None
            finally:
                # A call that is given up is not collected by itself (grpc issue 43462).
                call.cancel()
            if position.ended:
                return
            if not (position.may_resume(code, backoff) or position.may_repeat(code, backoff)):
                raise RunCutError(grpc.StatusCode.UNAVAILABLE, "The stream of the run broke.")
            time.sleep(backoff.delay(position.attempts))
            position.attempts += 1
            open_call = self._subscribe if position.run_id else self._first

    def _subscribe(self, metadata: tuple[tuple[str, str], ...]) -> Any:
        request = pb.SubscribeRunRequest(run_id=self.run_id, after_sequence=self.sequence)
        return self._client.chatkit.SubscribeRun(request, metadata=metadata)


class Client:
    """A client for threads. Open it with ``with``, or call ``close`` in the end.

    Attributes:
        chatkit: The generated stub of ``ChatKitService``, for calls that have no method here.
        tasks: The generated stub of ``TaskService``.
        backoff: How broken streams are picked up.
    """

    def __init__(
        self,
        target: str = "localhost:50051",
        *,
        token: Token = "",
        time_zone: str | None = None,
        backoff: Backoff | None = None,
        timeout: float = 30.0,
    ) -> None:
        """Make a client. It connects at the first call.

        Args:
            target: ``host:port``, ``http://…`` or ``https://…``.
            token: A bearer token, or what returns one.
            time_zone: The person's IANA time zone. None: the server's knowledge.
            backoff: How broken streams are picked up.
            timeout: Seconds that a call without a stream may take.
        """
        where = Target.parse(target)
        self._token = token
        self._time_zone = time_zone
        self._timeout = timeout
        self.backoff = backoff or Backoff()
        self._channel = (
            grpc.secure_channel(where.address, grpc.ssl_channel_credentials(), options=OPTIONS)
            if where.secure
            else grpc.insecure_channel(where.address, options=OPTIONS)
        )
        self.chatkit: Any = ChatKitServiceStub(self._channel)
        self.tasks: Any = TaskServiceStub(self._channel)

    def __enter__(self) -> Self:
        """Return the client."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the client."""
        self.close()

    def close(self) -> None:
        """End all calls and the connection."""
        self._channel.close()

    def respond(
        self,
        said: Said,
        *,
        thread_id: str = "",
        request_id: str = "",
        concurrency: ConcurrencyPolicy.ValueType = _REJECT,
    ) -> RunStream:
        """Say something, and return the stream of the run that answers.

        Args:
            said: A text, a message, or a whole request.
            thread_id: The thread. Empty: a new one.
            request_id: Makes the call safe to repeat. Empty: one is made, and the client repeats the call while nobody
                answers it.
            concurrency: What to do when the thread has a run under way.
        """
        request = respond_request(said, thread_id, request_id, concurrency)
        return RunStream(self, lambda metadata: self.chatkit.Respond(request, metadata=metadata))

    def action(
        self,
        action_type: str,
        payload: Any = None,
        *,
        thread_id: str = "",
        item_id: str = "",
        request_id: str = "",
        concurrency: ConcurrencyPolicy.ValueType = _REJECT,
    ) -> RunStream:
        """Run an action of a widget, and return the stream of the run that follows.

        Args:
            action_type: Names the action.
            payload: JSON-like, or a ``google.protobuf.Value``.
            thread_id: The thread. Empty: a new one.
            item_id: The widget on which it was triggered.
            request_id: Makes the call safe to repeat. Empty: one is made, and the client repeats the call while nobody
                answers it.
            concurrency: What to do when the thread has a run under way.
        """
        request = action_request(action_type, payload, thread_id, item_id, request_id, concurrency)
        return RunStream(self, lambda metadata: self.chatkit.Action(request, metadata=metadata))

    def subscribe(self, run_id: str, after_sequence: int = 0) -> RunStream:
        """Return the stream of a run's events after a number."""
        request = pb.SubscribeRunRequest(run_id=run_id, after_sequence=after_sequence)
        position = StreamPosition(run_id, after_sequence)
        return RunStream(self, lambda metadata: self.chatkit.SubscribeRun(request, metadata=metadata), position)

    def sync_action(
        self, action_type: str, payload: Any = None, *, thread_id: str, item_id: str = ""
    ) -> ThreadItem | None:
        """Run an action and return the changed item, or None when none changed."""
        request = sync_action_request(action_type, payload, thread_id, item_id)
        response: pb.SyncActionResponse = self.call(self.chatkit.SyncAction, request)
        return response.updated_item if response.HasField("updated_item") else None

    def cancel_run(self, run_id: str) -> Run:
        """Stop a run, and return it."""
        response: pb.CancelRunResponse = self.call(self.chatkit.CancelRun, pb.CancelRunRequest(run_id=run_id))
        return response.run

    def get_thread(self, thread_id: str) -> pb.GetThreadResponse:
        """Return a thread with its newest items, and the run under way."""
        found: pb.GetThreadResponse = self.call(self.chatkit.GetThread, pb.GetThreadRequest(thread_id=thread_id))
        return found

    def list_threads(self, page_size: int = 0) -> Iterator[Thread]:
        """Yield all threads, the last changed first, page by page."""
        request = pb.ListThreadsRequest(page_size=page_size)
        while True:
            page: pb.ListThreadsResponse = self.call(self.chatkit.ListThreads, request)
            yield from page.threads
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    def list_items(self, thread_id: str, page_size: int = 0) -> Iterator[ThreadItem]:
        """Yield all items of a thread, oldest first, page by page."""
        request = pb.ListItemsRequest(thread_id=thread_id, page_size=page_size)
        while True:
            page: pb.ListItemsResponse = self.call(self.chatkit.ListItems, request)
            yield from page.items
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    def update_thread(self, thread_id: str, title: str) -> Thread:
        """Change a thread's title."""
        response: pb.UpdateThreadResponse = self.call(
            self.chatkit.UpdateThread, pb.UpdateThreadRequest(thread_id=thread_id, title=title)
        )
        return response.thread

    def delete_thread(self, thread_id: str) -> None:
        """Delete a thread with its items."""
        self.call(self.chatkit.DeleteThread, pb.DeleteThreadRequest(thread_id=thread_id))

    def call(self, method: Callable[..., _ResponseT], request: object) -> _ResponseT:
        """Make a call without a stream, on any method of ``chatkit`` or ``tasks``.

        Raises:
            WidgetstreamError: It failed.
        """
        try:
            return method(request, metadata=self.metadata(), timeout=self._timeout)
        except grpc.RpcError as error:
            raise from_rpc_error(error) from None

    def metadata(self) -> tuple[tuple[str, str], ...]:
        """Return what goes with each call."""
        token = self._token() if callable(self._token) else self._token
        return call_metadata(token, self._time_zone)
