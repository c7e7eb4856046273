"""The gRPC server: services, health, reflection, and how it stops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from zoneinfo import ZoneInfo

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection, reflection_pb2, reflection_pb2_grpc
from grpc_reflection.v1alpha._async import ReflectionServicer

from widgetstream_server.auth import TokenVerifier
from widgetstream_server.conversation.ports import Clock
from widgetstream_server.conversation.requests import RequestStore
from widgetstream_server.rpc.interceptors.access_log import AccessLogInterceptor
from widgetstream_server.rpc.interceptors.admission import AdmissionInterceptor
from widgetstream_server.rpc.interceptors.auth import AuthInterceptor
from widgetstream_server.rpc.interceptors.base import Interceptor, Interceptors
from widgetstream_server.rpc.interceptors.errors import ErrorsInterceptor
from widgetstream_server.rpc.interceptors.idempotency import IdempotencyInterceptor
from widgetstream_server.rpc.interceptors.validation import ValidationInterceptor
from widgetstream_server.rpc.methods import Method, methods_of, service_handler

_REFLECTION_V1 = "grpc.reflection.v1.ServerReflection"

# Room above the limit that callers are told of, so that the server itself answers with details; what is larger still,
# grpc refuses without.
_HEADROOM_FACTOR = 4


@dataclass(frozen=True, slots=True)
class RpcLimits:
    """Bounds of the transport.

    Attributes:
        max_request_bytes: The size that one message may have, where the schema allows no more.
        max_calls: How many calls are served at once; a stream is one call.
        max_calls_per_caller: How many of them may be one caller's.
    """

    max_request_bytes: int = 4 * 1024 * 1024
    max_calls: int = 10_000
    max_calls_per_caller: int = 200


class RpcServer:
    """A gRPC server for services that are given by their descriptors and servicers."""

    def __init__(
        self,
        services: Sequence[tuple[ServiceDescriptor, object]],
        *,
        verifier: TokenVerifier,
        requests: RequestStore,
        clock: Clock,
        limits: RpcLimits,
        default_time_zone: ZoneInfo,
        public_url: str | None = None,
    ) -> None:
        """Make the server. It does not listen yet."""
        methods: dict[str, Method] = {}
        for descriptor, _ in services:
            methods.update(methods_of(descriptor))
        self._names = [descriptor.full_name for descriptor, _ in services]
        self._server = grpc.aio.server(
            interceptors=[
                Interceptors(_interceptors(methods, verifier, requests, clock, limits, default_time_zone, public_url))
            ],
            options=_options(methods, limits),
        )
        self._server.add_generic_rpc_handlers(
            tuple(service_handler(descriptor, servicer) for descriptor, servicer in services)
        )
        self._health = health.aio.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(self._health, _registering(self._server, "Check"))
        self._add_reflection()

    async def start(self, *addresses: str) -> int:
        """Listen on one address or more, say that all services are up, and return the port of the first.

        Raises:
            OSError: An address is taken, or not to be had.
        """
        ports = []
        for address in addresses:
            try:
                ports.append(self._server.add_insecure_port(address))
            except RuntimeError as error:
                raise OSError(f"cannot listen on {address}") from error
        await self._server.start()
        for name in ("", *self._names):
            await self._health.set(name, health_pb2.HealthCheckResponse.SERVING)
        return ports[0]

    async def announce_stop(self) -> None:
        """Say that the services are going down. Calls are still served."""
        await self._health.enter_graceful_shutdown()

    async def stop(self, grace: float) -> None:
        """Take no more calls, give those under way some seconds, then end them."""
        await self._server.stop(grace)

    def _add_reflection(self) -> None:
        # v1 is served, but not listed: its descriptor is not there to be described.
        servicer = ReflectionServicer([*self._names, health.SERVICE_NAME, reflection.SERVICE_NAME])
        reflection_pb2_grpc.add_ServerReflectionServicer_to_server(  # type: ignore[no-untyped-call]
            servicer, _registering(self._server)
        )
        # v1 has the messages of v1alpha under another name; grpcio-reflection serves v1alpha alone.
        handler = grpc.stream_stream_rpc_method_handler(
            servicer.ServerReflectionInfo,
            request_deserializer=reflection_pb2.ServerReflectionRequest.FromString,
            response_serializer=reflection_pb2.ServerReflectionResponse.SerializeToString,
        )
        self._server.add_generic_rpc_handlers(
            (grpc.method_handlers_generic_handler(_REFLECTION_V1, {"ServerReflectionInfo": handler}),)
        )


class _FewRegistered:
    """A server to the code that grpc's own services are generated with: it registers few of their methods.

    That code registers each method. grpc then awaits the next call of each of them on its own, and sets all these waits
    up anew at every call, whatever its method. All others share one wait, which takes one call in some turns of the
    loop: what must not stand in line behind them is registered.
    """

    def __init__(self, server: grpc.aio.Server, methods: Sequence[str]) -> None:
        self.add_generic_rpc_handlers = server.add_generic_rpc_handlers
        self._server = server
        self._methods = methods

    def add_registered_method_handlers(
        self, service: str, handlers: Mapping[str, grpc.RpcMethodHandler[Any, Any]]
    ) -> None:
        """Register those that are to be; the generic handlers serve the others."""
        self._server.add_registered_method_handlers(service, {name: handlers[name] for name in self._methods})


def _registering(server: grpc.aio.Server, *methods: str) -> grpc.aio.Server:
    # What generated code calls of a server is there.
    return cast("grpc.aio.Server", _FewRegistered(server, methods))


def _interceptors(
    methods: Mapping[str, Method],
    verifier: TokenVerifier,
    requests: RequestStore,
    clock: Clock,
    limits: RpcLimits,
    default_time_zone: ZoneInfo,
    public_url: str | None,
) -> list[Interceptor]:
    return [
        ErrorsInterceptor(),
        AccessLogInterceptor(clock),
        AuthInterceptor(verifier, methods, default_time_zone=default_time_zone, public_url=public_url),
        AdmissionInterceptor(methods, max_calls=limits.max_calls, max_calls_per_caller=limits.max_calls_per_caller),
        ValidationInterceptor(methods, max_request_bytes=limits.max_request_bytes),
        IdempotencyInterceptor(methods, requests, clock),
    ]


def _options(methods: Mapping[str, Method], limits: RpcLimits) -> list[tuple[str, int]]:
    largest = max(limits.max_request_bytes, *(method.max_request_bytes for method in methods.values()))
    return [
        ("grpc.so_reuseport", 0),
        ("grpc.max_receive_message_length", largest + limits.max_request_bytes * _HEADROOM_FACTOR),
        ("grpc.max_metadata_size", 32 * 1024),
        # Clients may ping every 10 seconds, also between calls: the settings that the Python client ships with.
        ("grpc.http2.min_recv_ping_interval_without_data_ms", 10_000),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.keepalive_time_ms", 60_000),
        ("grpc.keepalive_timeout_ms", 20_000),
    ]
