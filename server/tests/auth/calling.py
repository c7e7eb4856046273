"""A caller with tokens of an issuer that publishes its keys."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx

from tests.auth.jwks_server import JwksServer
from tests.auth.keyring import AUDIENCE, ISSUER, ManualClock, Signer, key_set, signer
from widgetstream_server.auth import JwksIssuer, PublicKeyIssuer, TokenRejected, TokenVerifier

ServeKeys = Callable[[bytes], JwksServer]

FIRST = signer(name="first")
SECOND = signer(name="second")
ONE_KEY = key_set(FIRST.jwk(kid="k1"))
BOTH_KEYS = key_set(FIRST.jwk(kid="k1"), SECOND.jwk(kid="k2"))
OTHER_KEY = key_set(SECOND.jwk(kid="k2"))


class Caller:
    """Sends fresh tokens: none is ever found among those verified a moment ago."""

    def __init__(self, verifier: TokenVerifier, clock: ManualClock) -> None:
        self.verifier = verifier
        self._clock = clock
        self._count = 0

    def token(self, kid: str | None = "k1", by: Signer = FIRST) -> str:
        self._count += 1
        return by.token(kid=kid, at=self._clock.now(), jti=str(self._count))

    async def send(self, kid: str | None = "k1", by: Signer = FIRST) -> str:
        return await self.outcome(self.token(kid, by))

    async def outcome(self, token: str) -> str:
        try:
            principal = await self.verifier.verify(token)
        except TokenRejected as rejected:
            return rejected.failure
        return principal.id


@asynccontextmanager
async def calling(
    clock: ManualClock,
    url: str,
    *,
    also: PublicKeyIssuer | None = None,
    http: httpx.AsyncClient | None = None,
) -> AsyncIterator[Caller]:
    issuer = JwksIssuer(name="main", issuer=ISSUER, audiences=(AUDIENCE,), jwks_url=url)
    async with TokenVerifier([issuer, *([also] if also else [])], clock=clock, http=http) as verifier:
        yield Caller(verifier, clock)
