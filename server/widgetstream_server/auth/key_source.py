"""Where the keys of one issuer come from."""

from __future__ import annotations

from typing import Protocol

from widgetstream_server.auth.failures import TokenFailure, TokenRejected
from widgetstream_server.auth.issuers import PublicKeyIssuer, SharedSecretIssuer
from widgetstream_server.auth.keys import VerificationKey


class KeySource(Protocol):
    """The keys of one issuer. Belongs to one event loop."""

    @property
    def revision(self) -> int:
        """Grows whenever a key is withdrawn: what an older revision vouched for must be checked again."""
        ...

    async def find(self, kid: str | None, algorithm: str) -> VerificationKey:
        """The key that a token names, or without a name the only key that fits `algorithm`.

        The key may turn out to be for other algorithms. May wait for the network, within a fixed time;
        a caller that is cancelled meanwhile disturbs no other.

        Raises:
            TokenRejected: UNKNOWN_KEY, or KEYS_UNAVAILABLE if no keys are held and none can be had.
        """
        ...

    async def warm_up(self) -> None:
        """Gets the keys ahead of the first token, if they have to be got. Never raises for a failure."""
        ...

    async def aclose(self) -> None:
        """Ends what runs in the background."""
        ...


class FixedKey:
    """The one key of an issuer whose configuration holds it."""

    revision = 0

    def __init__(self, issuer: PublicKeyIssuer | SharedSecretIssuer) -> None:
        if isinstance(issuer, PublicKeyIssuer):
            self._key = issuer.key
        else:
            self._key = VerificationKey(None, issuer.algorithms, fingerprint=b"", material=issuer.secret)

    async def find(self, kid: str | None, algorithm: str) -> VerificationKey:
        """The key, if it has the id or one of them has none; whether it fits `algorithm` is not looked at."""
        del algorithm
        # A PEM has no id: then whatever the issuer calls its only key is right.
        if kid is None or self._key.kid is None or kid == self._key.kid:
            return self._key
        raise TokenRejected(TokenFailure.UNKNOWN_KEY)

    async def warm_up(self) -> None:
        """Does nothing: the key is here."""

    async def aclose(self) -> None:
        """Does nothing: nothing runs in the background."""
