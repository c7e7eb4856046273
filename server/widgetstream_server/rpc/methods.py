"""The methods of the service, read from their descriptors, and how they are registered.

Requests reach the interceptors as bytes and are decoded there, so that bytes which are no message get a precise status.
Responses leave as bytes: a unary method's message is serialized here, a stream's events are bytes already.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import grpc
from google.protobuf import message_factory
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message

from widgetstream.chatkit.v1 import options_pb2
from widgetstream.chatkit.v1.options_pb2 import Access

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
Behavior: TypeAlias = "Callable[[Any, Context], Awaitable[Any]]"
"""How a method is served: takes the request and returns the response, or writes to the context and returns None."""
BehaviorT = TypeVar("BehaviorT", bound="Callable[..., Awaitable[bytes]]")


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the service.

    Attributes:
        path: ``/package.Service/Method``.
        request_type: The class of its requests.
        client_streaming: Whether requests are a stream.
        server_streaming: Whether responses are a stream.
        access: Who may call it.
        max_request_bytes: How large a request may be, where that is more than for others. 0: as for others.
    """

    path: str
    request_type: type[Message]
    client_streaming: bool
    server_streaming: bool
    access: Access.ValueType
    max_request_bytes: int

    @classmethod
    def of(cls, descriptor: MethodDescriptor) -> Method:
        """Read a method from its descriptor."""
        options = descriptor.GetOptions()
        return cls(
            path=f"/{descriptor.containing_service.full_name}/{descriptor.name}",
            request_type=message_factory.GetMessageClass(descriptor.input_type),
            client_streaming=descriptor.client_streaming,
            server_streaming=descriptor.server_streaming,
            access=options.Extensions[options_pb2.access],
            max_request_bytes=options.Extensions[options_pb2.max_request_bytes],
        )


def methods_of(service: ServiceDescriptor) -> Mapping[str, Method]:
    """Return a service's methods by path."""
    methods = (Method.of(descriptor) for descriptor in service.methods)
    return {method.path: method for method in methods}


def returns_last_message(behavior: BehaviorT) -> BehaviorT:
    """Mark a method with one request that streams: it returns its last message and writes those before.

    grpc then sends that message together with the status, as one thing to wait for and not as two. So it does for
    methods with one response, and what it takes for one may write as well.
    """
    behavior.returns_last_message = True  # type: ignore[attr-defined]
    return behavior


def service_handler(service: ServiceDescriptor, servicer: object) -> grpc.GenericRpcHandler:
    """Return a handler that serves each method of a service with the servicer's method of the same name.

    Raises:
        AttributeError: The servicer lacks a method.
    """
    handlers = {
        descriptor.name: _method_handler(Method.of(descriptor), getattr(servicer, descriptor.name))
        for descriptor in service.methods
    }
    return grpc.method_handlers_generic_handler(service.full_name, handlers)


def _method_handler(method: Method, behavior: Behavior) -> grpc.RpcMethodHandler[Any, Any]:
    if getattr(behavior, returns_last_message.__name__, False):
        return grpc.unary_unary_rpc_method_handler(behavior)
    if method.server_streaming:
        factory = (
            grpc.stream_stream_rpc_method_handler if method.client_streaming else (grpc.unary_stream_rpc_method_handler)
        )
        return factory(behavior)

    async def respond(request: Any, context: Context) -> bytes:
        response: Message = await behavior(request, context)
        return response.SerializeToString()

    if method.client_streaming:
        return grpc.stream_unary_rpc_method_handler(respond)
    return grpc.unary_unary_rpc_method_handler(respond)
