"""Which issuers a server believes: those configured, and the development key only where that is meant."""

from __future__ import annotations

from collections.abc import Sequence

from widgetstream_server.auth.dev_keys import DEVELOPMENT_ISSUER, DEVELOPMENT_NAME, DevelopmentKey
from widgetstream_server.auth.issuer_settings import refuse_ambiguous_issuers
from widgetstream_server.auth.issuers import IssuerConfig


def development_key_is_accepted(configured: Sequence[IssuerConfig], allow_dev: bool | None) -> bool:
    """Whether tokens of the development key are to be believed.

    `allow_dev` None, the default: only while no issuer is configured, so that configuring one closes the
    door that was open for development. True and False: always and never.
    """
    return not configured if allow_dev is None else allow_dev


def compose_issuers(
    configured: Sequence[IssuerConfig], dev_key: DevelopmentKey | None, allow_dev: bool | None
) -> list[IssuerConfig]:
    """The issuers for a `TokenVerifier`. `dev_key` may be None where it is not accepted.

    Raises:
        ValueError: nobody would be believed, the development key is accepted but absent, a configured issuer
            goes by the development key's name or `iss`, or two configured ones share either.
    """
    for index, issuer in enumerate(configured):
        # Even where the development key is off: its users' rows must not pass to somebody else.
        if issuer.name == DEVELOPMENT_NAME or issuer.issuer == DEVELOPMENT_ISSUER:
            raise ValueError(
                f"issuers[{index}]: the name {DEVELOPMENT_NAME!r} and the issuer {DEVELOPMENT_ISSUER!r} are "
                "reserved for the development key"
            )
    issuers = list(configured)
    refuse_ambiguous_issuers(issuers)
    if development_key_is_accepted(configured, allow_dev):
        if dev_key is None:
            raise ValueError("the development key is accepted, but there is none")
        issuers.append(dev_key.issuer())
    if not issuers:
        raise ValueError("no issuer is configured and the development key is not allowed: nobody could sign in")
    return issuers
