"""Why a token was refused, in words that are safe to show to anybody."""

from __future__ import annotations

from enum import StrEnum


class TokenFailure(StrEnum):
    """Every reason for refusing a token. The value is stable and fit for metrics and error details."""

    MISSING = "MISSING"
    MALFORMED = "MALFORMED"
    TOO_LARGE = "TOO_LARGE"
    ALGORITHM_NOT_ALLOWED = "ALGORITHM_NOT_ALLOWED"
    UNKNOWN_ISSUER = "UNKNOWN_ISSUER"
    UNKNOWN_KEY = "UNKNOWN_KEY"
    BAD_SIGNATURE = "BAD_SIGNATURE"
    EXPIRED = "EXPIRED"
    NOT_YET_VALID = "NOT_YET_VALID"
    WRONG_AUDIENCE = "WRONG_AUDIENCE"
    MISSING_CLAIM = "MISSING_CLAIM"
    KEYS_UNAVAILABLE = "KEYS_UNAVAILABLE"

    @property
    def message(self) -> str:
        """A fixed sentence for the caller: holds nothing of the token, the keys or the configuration."""
        return _MESSAGES[self]

    @property
    def temporary(self) -> bool:
        """True if the same token may be accepted later: answer "unavailable", not "unauthenticated"."""
        return self is TokenFailure.KEYS_UNAVAILABLE


_MESSAGES = {
    TokenFailure.MISSING: "No access token was sent.",
    TokenFailure.MALFORMED: "The access token is malformed.",
    TokenFailure.TOO_LARGE: "The access token is too large.",
    TokenFailure.ALGORITHM_NOT_ALLOWED: "The access token's signature algorithm is not allowed.",
    TokenFailure.UNKNOWN_ISSUER: "The access token's issuer is not known here.",
    TokenFailure.UNKNOWN_KEY: "The key that signed the access token is not known here.",
    TokenFailure.BAD_SIGNATURE: "The access token's signature is not valid.",
    TokenFailure.EXPIRED: "The access token has expired.",
    TokenFailure.NOT_YET_VALID: "The access token is not valid yet.",
    TokenFailure.WRONG_AUDIENCE: "The access token is meant for another audience.",
    TokenFailure.MISSING_CLAIM: "The access token lacks a required claim (exp, iss, aud or sub).",
    TokenFailure.KEYS_UNAVAILABLE: "Access tokens cannot be checked at the moment. Try again shortly.",
}


class TokenRejected(Exception):
    """The token proves nobody's identity. `str()` is the failure's fixed message, nothing else."""

    def __init__(self, failure: TokenFailure) -> None:
        super().__init__(failure.message)
        self.failure = failure
