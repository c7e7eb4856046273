"""Lets in callers with a valid token, and nobody else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from widgetstream.chatkit.v1.options_pb2 import Access
from widgetstream_server.auth import TokenFailure, TokenRejected, TokenVerifier
from widgetstream_server.conversation.context import RequestContext
from widgetstream_server.conversation.errors import (
    AccessDeniedError,
    ConversationError,
    DependencyUnavailableError,
    InvalidArgumentError,
    TokenExpiredError,
    TokenInvalidError,
    TokenMissingError,
)
from widgetstream_server.conversation.principal import Principal
from widgetstream_server.rpc.call import current_call
from widgetstream_server.rpc.interceptors.base import Interceptor
from widgetstream_server.rpc.methods import Behavior, Context, Method

# Services of gRPC's own, which have no options: liveness and the schema are open to everybody.
_INFRASTRUCTURE = (
    "/grpc.health.v1.Health/",
    "/grpc.reflection.v1.ServerReflection/",
    "/grpc.reflection.v1alpha.ServerReflection/",
)
_BEARER = "bearer "
_REMEMBERED_CONTEXTS = 512
_MAX_LOCALE_LENGTH = 35
_LANGUAGE = re.compile(
    r"[ \t]*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)[ \t]*(?:;[ \t]*[qQ]=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)[ \t]*)?"
)
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(:[0-9]{1,5})?")


class AuthInterceptor(Interceptor):
    """Reads who may call a method from its ``access`` option; a method without one is closed."""

    def __init__(
        self,
        verifier: TokenVerifier,
        methods: Mapping[str, Method],
        *,
        default_time_zone: ZoneInfo,
        public_url: str | None = None,
    ) -> None:
        """Take the verifier of tokens and the methods that are served.

        Args:
            verifier: Verifies tokens.
            methods: The service's methods by path.
            default_time_zone: For callers of whom none is known.
            public_url: Where the service is reached over HTTP. None: where the proxy says that it was.
        """
        self._verifier = verifier
        self._methods = methods
        self._default_time_zone = default_time_zone
        self._public_url = public_url.rstrip("/") if public_url is not None else None
        self._time_zones = available_timezones()
        # People ask again and again, from the same place.
        self._context = lru_cache(_REMEMBERED_CONTEXTS)(self._make_context)

    def wrap(self, path: str, behavior: Behavior) -> Behavior:
        """Return the behavior behind a check of the caller."""
        method = self._methods.get(path)
        if method is None:
            return behavior if path.startswith(_INFRASTRUCTURE) else _denied
        match method.access:
            case Access.ACCESS_PUBLIC:
                return behavior
            case Access.ACCESS_AUTHENTICATED:
                return self._behind_token(behavior)
            case Access.ACCESS_KEY:
                return self._behind_token_or_key(behavior)
            case _:
                return _denied

    def _behind_token(self, behavior: Behavior) -> Behavior:
        async def serve(request: Any, context: Context) -> Any:
            call = current_call.get()
            metadata = call.metadata
            token = _token(metadata)
            principal = self._verifier.remembered(token) or await self._verified(token)
            call.request = self._context(
                principal, metadata.get("x-time-zone", ""), metadata.get("accept-language", ""), *_place(metadata)
            )
            call.base_url = call.request.base_url
            return await behavior(request, context)

        return serve

    def _behind_token_or_key(self, behavior: Behavior) -> Behavior:
        behind_token = self._behind_token(behavior)

        async def serve(request: Any, context: Context) -> Any:
            call = current_call.get()
            if "authorization" in call.metadata:
                return await behind_token(request, context)
            call.base_url = self._base_url(*_place(call.metadata))
            # The key is in the request, which is not read yet: the method itself lets nobody in without one, and has no
            # caller to act for before.
            return await behavior(request, context)

        return serve

    async def _verified(self, token: str) -> Principal:
        try:
            return await self._verifier.verify(token)
        except TokenRejected as rejected:
            raise _to_error(rejected.failure) from None

    def _make_context(
        self, principal: Principal, time_zone: str, accept_language: str, scheme: str, host: str
    ) -> RequestContext:
        return RequestContext(
            principal=principal,
            time_zone=self._time_zone(time_zone, principal),
            locale=_locale(accept_language, principal),
            base_url=self._base_url(scheme, host),
        )

    def _base_url(self, scheme: str, host: str) -> str:
        if self._public_url is not None:
            return self._public_url
        return f"{scheme}://{host}" if scheme in ("http", "https") and _HOST.fullmatch(host) else ""

    def _time_zone(self, name: str, principal: Principal) -> ZoneInfo:
        if name:
            if name not in self._time_zones:
                raise InvalidArgumentError.of("x-time-zone", "must be an IANA time zone, such as Europe/Berlin")
            return ZoneInfo(name)
        if principal.time_zone in self._time_zones:
            return ZoneInfo(principal.time_zone)
        return self._default_time_zone


def _token(metadata: Mapping[str, str]) -> str:
    authorization = metadata.get("authorization", "")
    if not authorization:
        raise TokenMissingError
    if authorization[: len(_BEARER)].lower() != _BEARER:
        raise TokenInvalidError(TokenFailure.MALFORMED.name)
    return authorization[len(_BEARER) :].strip()


async def _denied(_request: Any, _context: Context) -> None:
    raise AccessDeniedError


def _to_error(failure: TokenFailure) -> ConversationError:
    match failure:
        case TokenFailure.MISSING:
            return TokenMissingError()
        case TokenFailure.EXPIRED:
            return TokenExpiredError()
        case TokenFailure.KEYS_UNAVAILABLE:
            return DependencyUnavailableError("key set of the token's issuer")
        case _:
            return TokenInvalidError(failure.name)


def _place(metadata: Mapping[str, str]) -> tuple[str, str]:
    """Return scheme and host, as the proxy saw the request.

    A caller who reaches the server without one can make these up, for itself alone.
    """
    return metadata.get("x-forwarded-proto", ""), metadata.get("x-forwarded-host", "")


def _locale(accept_language: str, principal: Principal) -> str:
    """Return the language that is wanted most (RFC 9110, 12.5.4), the first of several. Others are passed over."""
    best, weight = principal.locale or "en", 0.0
    for entry in accept_language.split(","):
        found = _LANGUAGE.fullmatch(entry)
        if found is not None and len(found[1]) <= _MAX_LOCALE_LENGTH and float(found[2] or 1) > weight:
            best, weight = found[1], float(found[2] or 1)
    return best
