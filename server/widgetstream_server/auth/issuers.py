"""Who may issue tokens, and by which keys they are recognised: configuration, checked when it is made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TypeAlias

import httpx
from jwt.algorithms import HMACAlgorithm
from jwt.exceptions import InvalidKeyError

from widgetstream_server.auth.algorithms import ED25519, Family, canonical_algorithms, family_of
from widgetstream_server.auth.keys import VerificationKey, key_from_jwk, key_from_pem

MIN_SECRET_BYTES = 32
MAX_ISSUER_NAME_LENGTH = 50

_NAME = re.compile(rf"[a-z0-9][a-z0-9._-]{{0,{MAX_ISSUER_NAME_LENGTH - 1}}}", re.ASCII)


class IssuerConfigError(ValueError):
    """An issuer's configuration cannot be used. The message names the field, never a secret."""

    def __init__(self, field_name: str, problem: str) -> None:
        super().__init__(f"{field_name}: {problem}")
        self.field_name = field_name


@dataclass(frozen=True, kw_only=True)
class _Issuer:
    name: str
    """Prefix of the owner key of every row: never change it once there are rows. [a-z0-9._-], at most 50."""

    issuer: str
    """The exact `iss` claim."""

    audiences: tuple[str, ...]
    """Of a token's `aud`, one must be among these."""

    algorithms: frozenset[str] = frozenset()
    """What a token may be signed with, all of one family. Empty: the default of the kind of issuer."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise IssuerConfigError(
                "name", f"use a-z, 0-9, '.', '_' and '-', at most {MAX_ISSUER_NAME_LENGTH} characters"
            )
        if not self.issuer:
            raise IssuerConfigError("issuer", "must not be empty")
        if not self.audiences or not all(self.audiences):
            raise IssuerConfigError("audience", "at least one is needed, and none may be empty")
        if self.algorithms:
            try:
                self._set_algorithms(canonical_algorithms(sorted(self.algorithms)))
            except ValueError as error:
                raise IssuerConfigError("algorithms", str(error)) from None

    def _set_algorithms(self, algorithms: frozenset[str]) -> None:
        object.__setattr__(self, "algorithms", algorithms)


@dataclass(frozen=True, kw_only=True)
class JwksIssuer(_Issuer):
    """An issuer that publishes its public keys as a JWK set. Default algorithm: EdDSA over Ed25519.

    The key set must be fetched over https. Plain http is for loopback, and for networks that nobody else can
    write to when `allow_http` says so: whoever can answer in the issuer's place decides who everybody is.
    """

    jwks_url: str
    allow_http: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.algorithms:
            self._set_algorithms(frozenset({ED25519}))
        _refuse_shared_secrets(self.algorithms)
        _check_url(self.jwks_url, self.allow_http)


@dataclass(frozen=True, kw_only=True)
class PublicKeyIssuer(_Issuer):
    """An issuer with one fixed public key, PEM text or JWK. Default algorithm: the key's; RS256 for RSA."""

    public_key: str | Mapping[str, object] = field(repr=False)
    key: VerificationKey = field(init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        _refuse_shared_secrets(self.algorithms)
        allowed = self.algorithms or None
        try:
            if isinstance(self.public_key, str):
                key = key_from_pem(self.public_key, allowed)
            else:
                key = key_from_jwk(self.public_key, allowed)
        except ValueError as error:
            raise IssuerConfigError("public_key", str(error)) from None
        object.__setattr__(self, "key", key)
        self._set_algorithms(key.algorithms)


@dataclass(frozen=True, kw_only=True)
class SharedSecretIssuer(_Issuer):
    """An issuer that shares a secret with this server. Algorithm: HS256, and no other."""

    secret: bytes = field(repr=False)
    """At least 32 random bytes; the UTF-8 bytes of a text serve."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.algorithms - {"HS256"}:
            raise IssuerConfigError("algorithms", "with a shared secret, only HS256 is possible")
        self._set_algorithms(frozenset({"HS256"}))
        if len(self.secret) < MIN_SECRET_BYTES:
            raise IssuerConfigError("secret", f"needs at least {MIN_SECRET_BYTES} bytes")
        try:
            HMACAlgorithm(HMACAlgorithm.SHA256).prepare_key(self.secret)
        except InvalidKeyError:
            raise IssuerConfigError("secret", "this is a public key or certificate, not a secret") from None


IssuerConfig: TypeAlias = JwksIssuer | PublicKeyIssuer | SharedSecretIssuer


def _refuse_shared_secrets(algorithms: frozenset[str]) -> None:
    if algorithms and family_of(algorithms) is Family.HMAC:
        raise IssuerConfigError("algorithms", "HS256 needs a shared secret; a public key is no secret")


def _check_url(url: str, allow_http: bool) -> None:
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL:
        raise IssuerConfigError("jwks_url", "is not a URL") from None
    if parts.scheme not in ("http", "https") or not parts.host:
        raise IssuerConfigError("jwks_url", "must be an absolute http or https URL")
    if parts.userinfo or parts.fragment:
        raise IssuerConfigError("jwks_url", "must have neither user, password nor fragment")
    if parts.scheme == "http" and not allow_http and not _is_loopback(parts.host):
        raise IssuerConfigError(
            "jwks_url",
            'must be https except on loopback; on a network that is safe from others, add "allow_http": true',
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
