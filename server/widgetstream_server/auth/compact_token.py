"""The compact form of a signed token, taken apart with nothing believed."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field
from typing import Any

from widgetstream_server.auth.failures import TokenFailure, TokenRejected
from widgetstream_server.auth.keys import MAX_KEY_ID_LENGTH
from widgetstream_server.auth.strict_json import parse_strict_json

MAX_TOKEN_BYTES = 8192

_COMPACT_FORM = re.compile(rb"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)")
_TO_STANDARD_ALPHABET = bytes.maketrans(b"-_", b"+/")

# jku, x5u, x5c and jwk would let a token choose its own key; crit and b64 change how it must be read.
_REFUSED_HEADERS = frozenset({"jku", "x5u", "x5c", "jwk", "crit", "b64"})


@dataclass(frozen=True, slots=True)
class CompactToken:
    """The parts of a token whose signature has not been checked yet. `repr` shows none of them."""

    algorithm: str = field(repr=False)
    """The header's `alg`, as it stands."""

    kid: str | None = field(repr=False)
    claims: dict[str, Any] = field(repr=False)
    signed: bytes = field(repr=False)
    signature: bytes = field(repr=False)


def token_bytes(token: str) -> bytes:
    """The token as the bytes that it travelled in.

    Raises:
        TokenRejected: MISSING if it is empty, TOO_LARGE over 8 KiB, MALFORMED if it is not ASCII.
    """
    if not token:
        raise TokenRejected(TokenFailure.MISSING)
    if len(token) > MAX_TOKEN_BYTES:
        raise TokenRejected(TokenFailure.TOO_LARGE)
    if not token.isascii():
        raise TokenRejected(TokenFailure.MALFORMED)
    return token.encode("ascii")


def parse_compact_token(token: bytes) -> CompactToken:
    """Takes a token apart.

    There is one way only to write a token here: base64url without padding or stray bits, and JSON objects
    without duplicate keys.

    Raises:
        TokenRejected: MALFORMED.
    """
    form = _COMPACT_FORM.fullmatch(token)
    if form is None:
        raise TokenRejected(TokenFailure.MALFORMED)
    header = _json_object(form[1])
    algorithm = header.get("alg")
    kid = header.get("kid")
    if not isinstance(algorithm, str) or not _REFUSED_HEADERS.isdisjoint(header):
        raise TokenRejected(TokenFailure.MALFORMED)
    if "kid" in header and not (isinstance(kid, str) and 0 < len(kid) <= MAX_KEY_ID_LENGTH):
        raise TokenRejected(TokenFailure.MALFORMED)
    return CompactToken(
        algorithm=algorithm,
        kid=kid,
        claims=_json_object(form[2]),
        signed=token[: form.end(2)],
        signature=_decode(form[3]),
    )


def _json_object(segment: bytes) -> dict[str, Any]:
    decoded = _decode(segment)
    try:
        parsed = parse_strict_json(decoded)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise TokenRejected(TokenFailure.MALFORMED)
    return parsed


def _decode(segment: bytes) -> bytes:
    standard = segment.translate(_TO_STANDARD_ALPHABET) + b"=" * (-len(segment) % 4)
    decoded: bytes | None
    try:
        decoded = binascii.a2b_base64(standard, strict_mode=True)
    except binascii.Error:
        decoded = None
    # The decoder ignores bits beyond the last byte, so that several texts would stand for the same bytes.
    if decoded is None or binascii.b2a_base64(decoded, newline=False) != standard:
        raise TokenRejected(TokenFailure.MALFORMED)
    return decoded
