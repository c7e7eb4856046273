"""From a bearer token to a principal, or a reason why not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Self, assert_never

import httpx

from widgetstream_server.auth.algorithms import canonical_algorithm
from widgetstream_server.auth.claims import VerifiedClaims, check_claims, issuer_claim
from widgetstream_server.auth.compact_token import parse_compact_token, token_bytes
from widgetstream_server.auth.failures import TokenFailure, TokenRejected
from widgetstream_server.auth.issuer_settings import refuse_ambiguous_issuers
from widgetstream_server.auth.issuers import IssuerConfig, JwksIssuer, PublicKeyIssuer, SharedSecretIssuer
from widgetstream_server.auth.key_source import FixedKey, KeySource
from widgetstream_server.auth.remote_keys import RemoteKeys
from widgetstream_server.auth.token_cache import CACHE_ENTRIES, TokenCache
from widgetstream_server.conversation.principal import Principal

if TYPE_CHECKING:
    from widgetstream_server.conversation.ports import Clock

DEFAULT_LEEWAY = timedelta(seconds=10)
MAX_LEEWAY = timedelta(seconds=30)


def bearer_token(authorization: str | None) -> str:
    """The token of an `authorization` header or metadata value, `Bearer <token>` in any case.

    Raises:
        TokenRejected: MISSING if there is no value or it is empty, MALFORMED if it is of another scheme.
    """
    if authorization is None or not authorization.strip():
        raise TokenRejected(TokenFailure.MISSING)
    scheme, _, token = authorization.strip().partition(" ")
    if scheme.lower() != "bearer":
        raise TokenRejected(TokenFailure.MALFORMED)
    return token.strip()


class TokenVerifier:
    """Decides whom a token speaks for. Belongs to one event loop; close it with `aclose` or `async with`.

    Args:
        issuers: Who is believed: at least one, no two with the same name or `iss`.
        clock: Its `now` is compared with exp, nbf and iat, its `monotonic` measures the age of keys and of
            cached results.
        http: Fetches key sets; stays the caller's to close. Without it the verifier makes one of its own if
            it needs one, which heeds no proxy settings of the environment.
        leeway: How far the issuer's clock may be off, at most 30 s.
        cache_entries: How many verified tokens to remember.

    Raises:
        ValueError: an argument breaks these rules.
    """

    def __init__(
        self,
        issuers: Iterable[IssuerConfig],
        *,
        clock: Clock,
        http: httpx.AsyncClient | None = None,
        leeway: timedelta = DEFAULT_LEEWAY,
        cache_entries: int = CACHE_ENTRIES,
    ) -> None:
        believed = list(issuers)
        if not believed:
            raise ValueError("no issuer is configured, so no token could ever be accepted")
        refuse_ambiguous_issuers(believed)
        if not timedelta(0) <= leeway <= MAX_LEEWAY:
            raise ValueError(f"the leeway is 0 to {MAX_LEEWAY.total_seconds():g} s, not {leeway.total_seconds():g} s")
        self._clock = clock
        self._leeway = leeway.total_seconds()
        self._given_http = http
        self._own_http: httpx.AsyncClient | None = None
        self._sources = {issuer.issuer: (issuer, self._key_source(issuer)) for issuer in believed}
        self._cache = TokenCache(cache_entries)

    async def verify(self, token: str) -> Principal:
        """The principal that the token proves.

        Waits only when keys must be fetched first, for 5 s at most; may be cancelled at any time.

        Raises:
            TokenRejected: with the reason. Nothing else, whatever the token holds.
        """
        known = self.remembered(token)
        if known is not None:
            return known
        encoded = token_bytes(token)
        verified, keys = await self._verify(encoded)
        self._cache.put(TokenCache.digest(encoded), verified, keys, monotonic=self._clock.monotonic())
        return verified.principal

    def remembered(self, token: str) -> Principal | None:
        """The principal of a token that was verified a moment ago, without waiting. None: it is to be verified."""
        if not token.isascii():
            return None
        digest = TokenCache.digest(token.encode("ascii"))
        cached = self._cache.get(digest, now=self._clock.now().timestamp(), monotonic=self._clock.monotonic())
        return None if cached is None else cached.principal

    async def warm_up(self) -> None:
        """Fetches what key sets there are to fetch, all at once, so that the first caller need not wait.

        Takes 5 s at most. An issuer that does not answer is logged; its tokens get KEYS_UNAVAILABLE until it
        does.
        """
        await asyncio.gather(*(keys.warm_up() for _, keys in self._sources.values()))

    async def aclose(self) -> None:
        """Stops fetches under way. The verifier is of no use afterwards."""
        for _, keys in self._sources.values():
            await keys.aclose()
        if self._own_http is not None:
            await self._own_http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _verify(self, encoded: bytes) -> tuple[VerifiedClaims, KeySource]:
        token = parse_compact_token(encoded)
        algorithm = canonical_algorithm(token.algorithm)
        if algorithm is None:
            raise TokenRejected(TokenFailure.ALGORITHM_NOT_ALLOWED)
        # Not verified yet, this claim only chooses by whose keys and rules the token is judged.
        found = self._sources.get(issuer_claim(token.claims))
        if found is None:
            raise TokenRejected(TokenFailure.UNKNOWN_ISSUER)
        issuer, keys = found
        if algorithm not in issuer.algorithms:
            raise TokenRejected(TokenFailure.ALGORITHM_NOT_ALLOWED)
        key = await keys.find(token.kid, algorithm)
        # Nothing is awaited from here until the result is cached, so `keys` cannot change in between.
        if algorithm not in key.algorithms:
            raise TokenRejected(TokenFailure.ALGORITHM_NOT_ALLOWED)
        if not key.signed(algorithm, token.signed, token.signature):
            raise TokenRejected(TokenFailure.BAD_SIGNATURE)
        now = self._clock.now().timestamp()
        return check_claims(token.claims, issuer, now=now, leeway=self._leeway), keys

    def _key_source(self, issuer: IssuerConfig) -> KeySource:
        match issuer:
            case JwksIssuer():
                return RemoteKeys(issuer, http=self._http(), clock=self._clock)
            case PublicKeyIssuer() | SharedSecretIssuer():
                return FixedKey(issuer)
            case _:
                assert_never(issuer)

    def _http(self) -> httpx.AsyncClient:
        if self._given_http is not None:
            return self._given_http
        if self._own_http is None:
            self._own_http = httpx.AsyncClient(trust_env=False)
        return self._own_http
