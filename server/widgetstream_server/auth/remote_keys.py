"""The keys of an issuer that publishes them over HTTP: when to fetch, when to keep, when to wait."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import logging
from collections import OrderedDict
from typing import TYPE_CHECKING

import httpx

from widgetstream_server.auth.failures import TokenFailure, TokenRejected
from widgetstream_server.auth.issuers import JwksIssuer
from widgetstream_server.auth.key_set_fetch import KeySetUnavailable, fetch_key_set
from widgetstream_server.auth.keys import KeySet, VerificationKey, parse_key_set

if TYPE_CHECKING:
    from widgetstream_server.conversation.ports import Clock

MAX_AGE_SECONDS = 600.0
"""Keys older than this are fetched anew in the background, while the old ones still serve."""

MAX_IDLE_AGE_SECONDS = 1200.0
"""After no fetch was tried for so long, tokens wait for one: a key may have been withdrawn meanwhile."""

RETRY_SECONDS = 30.0
"""The least time between two fetches while keys are held, whatever key ids arrive."""

RETRY_WITHOUT_KEYS_SECONDS = 1.0
"""The same while none are held: the issuer may just be starting."""

UNKNOWN_ID_SECONDS = 60.0
"""How long a key id that a fresh key set did not have is refused without another fetch."""

MAX_UNKNOWN_IDS = 1000

_logger = logging.getLogger(__name__)


class RemoteKeys:
    """A `KeySource` that fetches a JWK set when it has to.

    Concurrent needs share one fetch, which no caller's cancellation stops. A failed fetch leaves the last
    good set in place, for as long as it takes; a good one replaces it entirely, so a key that the issuer
    withdrew ends at the next successful fetch. While the issuer answers, that is `MAX_AGE_SECONDS` after the
    last one if tokens arrive steadily, and `MAX_IDLE_AGE_SECONDS` at the latest.

    Args:
        issuer: Whose keys.
        http: Sends the requests; stays the caller's to close.
        clock: Its `monotonic` measures ages.
    """

    def __init__(self, issuer: JwksIssuer, *, http: httpx.AsyncClient, clock: Clock) -> None:
        self._issuer = issuer
        self._http = http
        self._monotonic = clock.monotonic
        self._keys = KeySet(())
        self._ever_fetched = False
        self._fetched_at = 0.0
        self._last_attempt: float | None = None
        self._fetch: asyncio.Task[bool] | None = None
        self._fetch_follows_idleness = False
        self._unknown_ids: OrderedDict[str, float] = OrderedDict()
        self._revision = 0

    @property
    def revision(self) -> int:
        """Grows with every fetched key set that lacks a key of the one before."""
        return self._revision

    async def find(self, kid: str | None, algorithm: str) -> VerificationKey:
        """The key, after a fetch if it is not held and the last fetch was long enough ago."""
        await self._freshen()
        key = self._keys.find(kid, algorithm)
        if key is None and not self._is_known_as_unknown(kid):
            fetched = await self._fetch_if_due(RETRY_SECONDS)
            key = self._keys.find(kid, algorithm)
            if key is None and kid is not None and fetched:
                self._remember_unknown(kid)
        if key is not None:
            return key
        raise TokenRejected(TokenFailure.UNKNOWN_KEY if self._ever_fetched else TokenFailure.KEYS_UNAVAILABLE)

    async def warm_up(self) -> None:
        """Fetches the key set, unless keys are held. A failure is logged."""
        await self._freshen()

    async def aclose(self) -> None:
        """Stops the fetch under way, if there is one."""
        if self._fetch is not None:
            self._fetch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._fetch

    async def _freshen(self) -> None:
        if not self._keys:
            await self._fetch_if_due(RETRY_WITHOUT_KEYS_SECONDS)
            return
        if self._monotonic() - self._fetched_at < MAX_AGE_SECONDS:
            return
        fetch = self._start_fetch_if_due(RETRY_SECONDS)
        if fetch is not None and self._fetch_follows_idleness:
            await asyncio.shield(fetch)

    async def _fetch_if_due(self, interval: float) -> bool:
        """Whether the key set has just been fetched."""
        fetch = self._start_fetch_if_due(interval)
        return fetch is not None and await asyncio.shield(fetch)

    def _start_fetch_if_due(self, interval: float) -> asyncio.Task[bool] | None:
        """The fetch under way, or a new one if the last began at least `interval` seconds ago."""
        if self._fetch is not None and not self._fetch.done():
            return self._fetch
        now = self._monotonic()
        if self._last_attempt is not None and now - self._last_attempt < interval:
            return None
        self._fetch_follows_idleness = (
            self._last_attempt is not None and now - self._last_attempt >= MAX_IDLE_AGE_SECONDS
        )
        self._last_attempt = now
        # Not in the context of the call that happens to need it: the log would name the wrong caller.
        self._fetch = asyncio.get_running_loop().create_task(self._run_fetch(), context=contextvars.Context())
        return self._fetch

    async def _run_fetch(self) -> bool:
        try:
            keys = await self._fetch_keys()
        except KeySetUnavailable as error:
            self._log_failure(str(error))
            return False
        except Exception as error:  # noqa: BLE001
            # Whatever goes wrong in an HTTP client, e.g. one closed too early, must not refuse tokens whose
            # key is held. Its text is not ours, so it stays out of the log.
            self._log_failure(type(error).__name__)
            return False
        if not keys:
            _logger.warning("the key set of issuer %s has no usable key", self._issuer.name)
        if self._keys.keys - keys.keys:
            self._revision += 1
        self._keys = keys
        self._ever_fetched = True
        self._fetched_at = self._monotonic()
        return True

    async def _fetch_keys(self) -> KeySet:
        document = await fetch_key_set(self._http, self._issuer.jwks_url)
        try:
            return parse_key_set(document, self._issuer.algorithms)
        except ValueError as error:
            raise KeySetUnavailable(str(error)) from None

    def _log_failure(self, reason: str) -> None:
        consequence = "the last good ones stay in use" if self._keys else "no keys are held"
        _logger.warning("cannot get the keys of issuer %s, %s: %s", self._issuer.name, consequence, reason)

    def _is_known_as_unknown(self, kid: str | None) -> bool:
        if kid is None:
            return False
        since = self._unknown_ids.get(kid)
        if since is None:
            return False
        if self._monotonic() - since < UNKNOWN_ID_SECONDS:
            return True
        del self._unknown_ids[kid]
        return False

    def _remember_unknown(self, kid: str) -> None:
        self._unknown_ids[kid] = self._monotonic()
        self._unknown_ids.move_to_end(kid)
        if len(self._unknown_ids) > MAX_UNKNOWN_IDS:
            self._unknown_ids.popitem(last=False)
