"""What the interceptors have in common: each wraps how a method is served."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias, cast

import grpc

from widgetstream_server.rpc.call import Call, current_call
from widgetstream_server.rpc.methods import Behavior, Context

Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any]"


class Interceptor(ABC):
    """Puts one concern around methods.

    Whatever a method's shape, a wrapped behavior is a coroutine that takes the request (or their iterator) and returns
    the response, or writes to the context. So nothing is paid for each message of a stream, and a cancel reaches every
    layer as ``CancelledError``, never as ``GeneratorExit`` at a ``yield``.
    """

    @abstractmethod
    def wrap(self, path: str, behavior: Behavior) -> Behavior:
        """Return the behavior with this interceptor's concern around it."""

    def wrap_unknown(self, path: str) -> Handler | None:
        """Return a handler for a method that nobody serves."""
        return None


class Interceptors(grpc.aio.ServerInterceptor):
    """All interceptors as one to gRPC, which takes its time for each.

    Each method is wrapped once, at its first call, and remembered: the handlers of a server never change.
    """

    def __init__(self, outermost_first: Sequence[Interceptor]) -> None:
        """Begin with no method wrapped."""
        self._outermost_first = outermost_first
        self._handlers: dict[str, Handler] = {}

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler | None]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler | None:
        """Begin the call's record, and return the wrapped handler of the method called."""
        path = handler_call_details.method
        # Read here and not from the handler's context, which would take it apart anew each time that it is asked.
        metadata = cast("dict[str, str]", dict(handler_call_details.invocation_metadata))
        current_call.set(Call(path, metadata))
        known = self._handlers.get(path)
        if known is not None:
            return known
        handler = await continuation(handler_call_details)
        if handler is None:
            # Not remembered: callers can make up any number of paths.
            unknown = (each.wrap_unknown(path) for each in self._outermost_first)
            return next((each for each in unknown if each is not None), None)
        behavior = _as_coroutine(
            handler.unary_unary or handler.unary_stream or handler.stream_unary or handler.stream_stream
        )
        for interceptor in reversed(self._outermost_first):
            behavior = interceptor.wrap(path, behavior)
        wrapped = self._handlers[path] = _handler_like(handler, behavior)
        return wrapped


def _handler_like(handler: Handler, behavior: Behavior) -> Handler:
    """Return a handler of the same shape for another behavior."""
    if handler.request_streaming:
        factory = (
            grpc.stream_stream_rpc_method_handler
            if handler.response_streaming
            else grpc.stream_unary_rpc_method_handler
        )
    else:
        factory = (
            grpc.unary_stream_rpc_method_handler if handler.response_streaming else grpc.unary_unary_rpc_method_handler
        )
    return factory(behavior, handler.request_deserializer, handler.response_serializer)


def _as_coroutine(behavior: Any) -> Behavior:
    if not inspect.isasyncgenfunction(behavior):
        served: Behavior = behavior
        return served

    async def write_all(request: Any, context: Context) -> None:
        async for message in behavior(request, context):
            await context.write(message)

    return write_all
