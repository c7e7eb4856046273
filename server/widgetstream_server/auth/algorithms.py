"""The signature algorithms that a token may use, and the families that keep them apart.

An issuer has algorithms of one family only, all of which read a key in the same way. That closes the door on
algorithm confusion: no algorithm that a token names can make a public key act as a shared secret.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from jwt.algorithms import Algorithm, get_default_algorithms


class Family(StrEnum):
    """Algorithms that share a kind of key."""

    EDDSA = "EdDSA"
    ECDSA = "ECDSA"
    RSA = "RSA"
    HMAC = "HMAC"


ED25519 = "Ed25519"

# PyJWT knows more names (none, ES256K, the misspelt ES521): what is not listed here does not exist.
FAMILIES: dict[str, Family] = {
    ED25519: Family.EDDSA,
    "ES256": Family.ECDSA,
    "ES384": Family.ECDSA,
    "ES512": Family.ECDSA,
    "RS256": Family.RSA,
    "RS384": Family.RSA,
    "RS512": Family.RSA,
    "PS256": Family.RSA,
    "PS384": Family.RSA,
    "PS512": Family.RSA,
    "HS256": Family.HMAC,
}

# RFC 9864 renames EdDSA over Ed25519; issuers use either name for the same thing. Ed448 is not offered.
_ALIASES = {"EdDSA": ED25519}

NAMES = (*_ALIASES, *FAMILIES)
"""Every name that configuration may use, for error messages."""

_default = get_default_algorithms()
_IMPLEMENTATIONS: dict[str, Algorithm] = {name: _default["EdDSA" if name == ED25519 else name] for name in FAMILIES}


def canonical_algorithm(name: str) -> str | None:
    """The one name under which an algorithm is compared, or None if it is not supported."""
    name = _ALIASES.get(name, name)
    return name if name in FAMILIES else None


def canonical_algorithms(names: Iterable[str]) -> frozenset[str]:
    """The canonical names of a configured list.

    Raises:
        ValueError: the list is empty, names an unsupported algorithm or mixes families.
    """
    result: set[str] = set()
    for name in names:
        known = canonical_algorithm(name)
        if known is None:
            raise ValueError(f"{name[:40]!r} is not supported; choose from {', '.join(NAMES)}")
        result.add(known)
    families = sorted({FAMILIES[name] for name in result})
    if len(families) != 1:
        found = f"mixes {' and '.join(families)}" if families else "is empty"
        raise ValueError(f"the list {found}; an issuer has algorithms of exactly one family")
    return frozenset(result)


def family_of(algorithms: frozenset[str]) -> Family:
    """The family of a set made by `canonical_algorithms`."""
    return FAMILIES[next(iter(algorithms))]


def signature_is_valid(algorithm: str, key: Any, signed: bytes, signature: bytes) -> bool:
    """Whether `signature` over `signed` was made with `key`, under a canonical algorithm name.

    `key` must be of the algorithm's family. Never raises for a bad signature, whatever its bytes.
    """
    try:
        return bool(_IMPLEMENTATIONS[algorithm].verify(signed, key, signature))
    except ValueError:  # the shape of the signature, e.g. its length, is refused before it is checked
        return False
