"""What a token says, once its signature has been checked: is it for us, now, and about whom."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from widgetstream_server.auth.failures import TokenFailure, TokenRejected
from widgetstream_server.auth.issuers import IssuerConfig
from widgetstream_server.conversation.principal import Principal

MAX_SUBJECT_LENGTH = 200

_MAX_NAME_LENGTH = 200
_MAX_TIME = 2**53
_TIME_ZONE = re.compile(r"[A-Za-z0-9_+-]{1,32}(/[A-Za-z0-9_+-]{1,32}){0,2}", re.ASCII)
_LOCALE = re.compile(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8}){0,4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class VerifiedClaims:
    """What is kept of a token: nothing but the principal and the end."""

    principal: Principal
    expires_at: float
    """The `exp` claim, seconds since 1970."""


def issuer_claim(claims: dict[str, Any]) -> str:
    """The `iss` claim of a token that is not verified yet, to choose the keys by.

    Raises:
        TokenRejected: MISSING_CLAIM or MALFORMED.
    """
    return _text_claim(claims, "iss")


def check_claims(claims: dict[str, Any], issuer: IssuerConfig, *, now: float, leeway: float) -> VerifiedClaims:
    """Checks the claims of a token that carries this issuer's signature and `iss`.

    exp, aud and sub are required; nbf and iat are honoured where they stand. `now` is in seconds since 1970,
    `leeway` in seconds, granted to each of the three times.

    Raises:
        TokenRejected: MISSING_CLAIM, MALFORMED, EXPIRED, NOT_YET_VALID or WRONG_AUDIENCE.
    """
    expires_at = _time_claim(claims, "exp")
    if expires_at is None:
        raise TokenRejected(TokenFailure.MISSING_CLAIM)
    subject = _text_claim(claims, "sub")
    if not is_subject(subject):
        raise TokenRejected(TokenFailure.MALFORMED)
    _check_audience(claims, issuer)
    if now >= expires_at + leeway:
        raise TokenRejected(TokenFailure.EXPIRED)
    for name in ("nbf", "iat"):
        time = _time_claim(claims, name)
        if time is not None and time > now + leeway:
            raise TokenRejected(TokenFailure.NOT_YET_VALID)
    principal = Principal(
        id=f"{issuer.name}:{subject}",
        subject=subject,
        issuer=issuer.issuer,
        name=_name(claims.get("name")),
        time_zone=_time_zone(claims.get("zoneinfo")),
        locale=_locale(claims.get("locale")),
    )
    return VerifiedClaims(principal, expires_at)


def is_subject(value: str) -> bool:
    """Whether a text can be a subject: 1 to 200 printable characters."""
    return 0 < len(value) <= MAX_SUBJECT_LENGTH and value.isprintable()


def _check_audience(claims: dict[str, Any], issuer: IssuerConfig) -> None:
    audience = claims.get("aud")
    if audience is None:
        raise TokenRejected(TokenFailure.MISSING_CLAIM)
    values = [audience] if isinstance(audience, str) else audience
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TokenRejected(TokenFailure.MALFORMED)
    if not any(value in issuer.audiences for value in values):
        raise TokenRejected(TokenFailure.WRONG_AUDIENCE)


def _text_claim(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    if value is None or value == "":
        raise TokenRejected(TokenFailure.MISSING_CLAIM)
    if not isinstance(value, str):
        raise TokenRejected(TokenFailure.MALFORMED)
    return value


def _time_claim(claims: dict[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    # A bool is an int to Python; an integer of a thousand digits fits no float.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MAX_TIME:
        raise TokenRejected(TokenFailure.MALFORMED)
    return float(value)


# The rest describes the person and decides nothing: what cannot be used is left out.


def _name(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    name = value.strip()
    return name if 0 < len(name) <= _MAX_NAME_LENGTH and name.isprintable() else None


def _time_zone(value: object) -> str | None:
    if not isinstance(value, str) or not _TIME_ZONE.fullmatch(value):
        return None
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):  # unknown, not a zone's file, or a directory such as "Europe"
        return None
    return value


def _locale(value: object) -> str | None:
    if not isinstance(value, str) or not _LOCALE.fullmatch(value):
        return None
    return value.replace("_", "-")
