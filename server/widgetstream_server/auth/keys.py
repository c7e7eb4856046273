"""Public keys: from PEM, from a JWK, and a JWK set with all that is unusable left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeAlias

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm
from jwt.exceptions import InvalidKeyError

from widgetstream_server.auth.algorithms import (
    ED25519,
    FAMILIES,
    Family,
    canonical_algorithm,
    signature_is_valid,
)
from widgetstream_server.auth.strict_json import parse_strict_json

MAX_KEYS = 100
MAX_KEY_ID_LENGTH = 128

# Below: forgeable. Above: verification takes so long that a token is a means of denial of service.
_RSA_BITS = range(2048, 8192 + 1)
_MAX_RSA_EXPONENT = 2**32
_MAX_JWK_MEMBER_LENGTH = 2048

_LOADERS = {"OKP": OKPAlgorithm.from_jwk, "EC": ECAlgorithm.from_jwk, "RSA": RSAAlgorithm.from_jwk}
_CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
_RSA_ALGORITHMS = frozenset(name for name, family in FAMILIES.items() if family is Family.RSA)
_SECRET_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})

PublicKey: TypeAlias = Ed25519PublicKey | ec.EllipticCurvePublicKey | RSAPublicKey


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A key and what it may be used for. Two are equal if they have the same id, use and key."""

    kid: str | None
    algorithms: frozenset[str]
    """Canonical names, never empty."""

    fingerprint: bytes = field(repr=False)
    material: PublicKey | bytes = field(repr=False, compare=False)

    def signed(self, algorithm: str, content: bytes, signature: bytes) -> bool:
        """Whether this key made the signature. `algorithm` must be one of `algorithms`."""
        return signature_is_valid(algorithm, self.material, content, signature)


class KeySet:
    """The usable keys of an issuer."""

    def __init__(self, keys: Iterable[VerificationKey]) -> None:
        self.keys = frozenset(keys)
        self._by_id = {key.kid: key for key in self.keys if key.kid is not None}

    def __len__(self) -> int:
        return len(self.keys)

    def find(self, kid: str | None, algorithm: str) -> VerificationKey | None:
        """The key with that id; without an id, the key that fits the algorithm if there is exactly one.

        A key found by its id may be for other algorithms: that is for the caller to check.
        """
        if kid is not None:
            return self._by_id.get(kid)
        fitting = [key for key in self.keys if algorithm in key.algorithms]
        return fitting[0] if len(fitting) == 1 else None


def parse_key_set(document: bytes, allowed: frozenset[str]) -> KeySet:
    """Reads a JWK set (RFC 7517), keeping the keys that may be used with an algorithm in `allowed`.

    Entries that are for encryption, of an unknown type, broken, secret or for other algorithms are left
    out, as the RFC asks: they do not spoil the rest. Of entries with the same id the first counts. The
    result may be empty.

    Raises:
        ValueError: the document is not a JWK set or has more than 100 entries.
    """
    try:
        parsed = parse_strict_json(document)
    except ValueError:
        raise ValueError("the key set is not JSON") from None
    entries = parsed.get("keys") if isinstance(parsed, dict) else None
    if not isinstance(entries, list):
        raise ValueError("the key set has no list of keys")
    if len(entries) > MAX_KEYS:
        raise ValueError(f"the key set has more than {MAX_KEYS} keys")
    keys: list[VerificationKey] = []
    ids: set[str] = set()
    for entry in entries:
        try:
            key = key_from_jwk(entry, allowed)
        except ValueError:
            continue
        if key.kid is not None:
            if key.kid in ids:
                continue
            ids.add(key.kid)
        keys.append(key)
    return KeySet(keys)


def key_from_jwk(jwk: object, allowed: frozenset[str] | None = None) -> VerificationKey:
    """Reads one public JWK. `alg` and `use` may be absent.

    `allowed` None: the algorithm is the only one that the key can be for, or RS256 for an RSA key.

    Raises:
        ValueError: it is not a usable public signature key, or not for an algorithm in `allowed`.
    """
    if not isinstance(jwk, Mapping):
        raise ValueError("a JWK is a JSON object")
    if not _SECRET_MEMBERS.isdisjoint(jwk):
        raise ValueError("the JWK contains secret parts; a key whose secret was handed out proves nothing")
    if jwk.get("use", "sig") != "sig":
        raise ValueError("the JWK is not for signatures (use)")
    operations = jwk.get("key_ops", ["verify"])
    if not isinstance(operations, list) or "verify" not in operations:
        raise ValueError("the JWK is not for verifying signatures (key_ops)")
    kid = jwk.get("kid")
    if kid is not None and not (isinstance(kid, str) and 0 < len(kid) <= MAX_KEY_ID_LENGTH):
        raise ValueError(f"the JWK's kid is not a text of 1 to {MAX_KEY_ID_LENGTH} characters")
    material = _load_jwk(jwk)
    named = canonical_algorithm(str(jwk["alg"])) if "alg" in jwk else None
    if "alg" in jwk and named is None:
        raise ValueError("the JWK is for an algorithm that is not supported")
    return _verification_key(kid, material, named, allowed)


def key_from_pem(pem: str, allowed: frozenset[str] | None = None) -> VerificationKey:
    """Reads a public key in PEM form ("BEGIN PUBLIC KEY"). `allowed` is as for `key_from_jwk`.

    Raises:
        ValueError: it is not a usable public key, or not for an algorithm in `allowed`.
    """
    if "PRIVATE KEY" in pem:
        raise ValueError("this is a private key; give the public key")
    try:
        loaded = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("this is not a public key in PEM form (BEGIN PUBLIC KEY)") from None
    return _verification_key(None, _supported(loaded), None, allowed)


def _load_jwk(jwk: Mapping[str, Any]) -> PublicKey:
    kind = jwk.get("kty")
    loader = _LOADERS.get(kind) if isinstance(kind, str) else None
    if loader is None:
        raise ValueError("the JWK's kty is none of OKP, EC and RSA")
    if any(isinstance(jwk.get(name), str) and len(jwk[name]) > _MAX_JWK_MEMBER_LENGTH for name in "xyne"):
        raise ValueError("the JWK's numbers are too long")
    try:
        return _supported(loader(dict(jwk)))
    except (InvalidKeyError, TypeError, UnsupportedAlgorithm):
        raise ValueError("the JWK is not a valid public key") from None


def _supported(key: object) -> PublicKey:
    match key:
        case Ed25519PublicKey():
            return key
        case ec.EllipticCurvePublicKey() if key.curve.name in _CURVES:
            return key
        case RSAPublicKey():
            if key.key_size not in _RSA_BITS or key.public_numbers().e > _MAX_RSA_EXPONENT:
                raise ValueError("an RSA key has 2048 to 8192 bits and an exponent of at most 32 bits")
            return key
        case _:
            raise ValueError("a key is Ed25519, ECDSA over P-256, P-384 or P-521, or RSA")


def _fitting(key: PublicKey) -> frozenset[str]:
    match key:
        case Ed25519PublicKey():
            return frozenset({ED25519})
        case ec.EllipticCurvePublicKey():
            return frozenset({_CURVES[key.curve.name]})
        case _:
            return _RSA_ALGORITHMS


def _verification_key(
    kid: str | None, material: PublicKey, named: str | None, allowed: frozenset[str] | None
) -> VerificationKey:
    algorithms = _fitting(material)
    if named is not None:
        algorithms &= {named}
    elif allowed is None and len(algorithms) > 1:
        algorithms = frozenset({"RS256"})
    if allowed is not None:
        algorithms &= allowed
    if not algorithms:
        raise ValueError("the key does not fit any of the allowed algorithms")
    encoded = material.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return VerificationKey(kid, algorithms, sha256(encoded).digest(), material)
