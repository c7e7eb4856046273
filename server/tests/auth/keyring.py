"""Signers of every algorithm, and tokens made by hand where a library would refuse to make them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm, get_default_algorithms

ISSUER = "https://issuer.example"
AUDIENCE = "https://widgetstream.example"
NOW = datetime(2026, 1, 1, tzinfo=UTC)

PrivateKey = Ed25519PrivateKey | ec.EllipticCurvePrivateKey | RSAPrivateKey


class ManualClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self._elapsed = 0.0
        self._set_back = timedelta(0)

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self._elapsed) - self._set_back

    def monotonic(self) -> float:
        return 1000.0 + self._elapsed

    def advance(self, seconds: float) -> None:
        self._elapsed += seconds

    def set_back(self, seconds: float) -> None:
        """As when somebody corrects the machine's time: monotonic time goes on."""
        self._set_back += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Signer:
    """A private key and the algorithm that it is used with."""

    algorithm: str
    private_key: PrivateKey

    def sign(self, content: bytes) -> bytes:
        name = "EdDSA" if self.algorithm == "Ed25519" else self.algorithm
        return get_default_algorithms()[name].sign(content, self.private_key)

    def jwk(self, **members: object) -> dict[str, Any]:
        """The public JWK, without kid, alg and use unless given."""
        match self.private_key:
            case Ed25519PrivateKey() as private_key:
                jwk = OKPAlgorithm.to_jwk(private_key.public_key(), as_dict=True)
            case RSAPrivateKey() as private_key:
                jwk = RSAAlgorithm.to_jwk(private_key.public_key(), as_dict=True)
            case private_key:
                jwk = ECAlgorithm.to_jwk(private_key.public_key(), as_dict=True)
        jwk.pop("key_ops", None)
        return {**jwk, **members}

    def pem(self) -> str:
        public_key = self.private_key.public_key()
        return public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def token(self, *, kid: str | None = None, at: datetime = NOW, **claims: object) -> str:
        header = {"alg": self.algorithm, "typ": "JWT", **({} if kid is None else {"kid": kid})}
        return compact(header, {**standard_claims(at), **claims}, self.sign)


@cache
def signer(algorithm: str = "EdDSA", name: str = "first") -> Signer:
    """The signer of that name: always the same within a test run, of another key than any other's."""
    del name
    match algorithm:
        case "EdDSA" | "Ed25519":
            return Signer(algorithm, Ed25519PrivateKey.generate())
        case "ES256":
            return Signer(algorithm, ec.generate_private_key(ec.SECP256R1()))
        case "ES384":
            return Signer(algorithm, ec.generate_private_key(ec.SECP384R1()))
        case "ES512":
            return Signer(algorithm, ec.generate_private_key(ec.SECP521R1()))
        case _:
            return Signer(algorithm, generate_private_key(public_exponent=65537, key_size=2048))


def standard_claims(at: datetime = NOW) -> dict[str, Any]:
    issued_at = int(at.timestamp())
    return {"iss": ISSUER, "aud": AUDIENCE, "sub": "alice", "iat": issued_at, "exp": issued_at + 900}


def compact(
    header: Mapping[str, object] | str, claims: Mapping[str, object] | str, sign: Callable[[bytes], bytes]
) -> str:
    """A token of these parts; texts go in as they are."""
    signed = b".".join(_segment(part) for part in (header, claims))
    return (signed + b"." + base64url(sign(signed))).decode()


def hs256(secret: bytes) -> Callable[[bytes], bytes]:
    return lambda content: hmac.digest(secret, content, hashlib.sha256)


def base64url(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


def key_set(*keys: Mapping[str, object]) -> bytes:
    return json.dumps({"keys": keys}).encode()


def _segment(part: Mapping[str, object] | str) -> bytes:
    return base64url((part if isinstance(part, str) else json.dumps(part)).encode())
