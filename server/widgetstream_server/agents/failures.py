"""What a model or its server fails of, in words for people."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime

import openai
from agents import exceptions

from widgetstream_server.agents.models.streams.stream import UnusableStreamError
from widgetstream_server.conversation.errors import (
    ConversationError,
    ModelUnavailableError,
    RunLimitExceededError,
)

_LONGEST_RETRY_AFTER = 3600.0

_FAILED = "The model failed. Try again in a moment."
_BUSY = "The model is busy. Try again in a moment."
_LATE = "The model did not answer in time. Try again in a moment."
_AWAY = "The model's server cannot be reached. Try again in a moment."
_UNUSABLE = "The model's answer could not be used. Try again in a moment."
_REFUSED = "The model's server did not accept the request."
_ACCESS = "The model's server refuses the access that is configured here."
_UNKNOWN = "The model that is configured here does not exist on its server."
_LONG = "The conversation is too long for the model."
_QUOTA = "The quota of the model is used up."
_FILTERED = "The content filter of the model's server did not let this through."

# What the same request may overcome when it comes again.
_PASSING = {408: _LATE, 409: _FAILED, 425: _FAILED, 429: _BUSY}
_FINAL = {401: _ACCESS, 403: _ACCESS, 404: _UNKNOWN, 413: _LONG}
_FINAL_BY_CODE = {
    "billing_not_active": _QUOTA,
    "content_filter": _FILTERED,
    "content_policy_violation": _FILTERED,
    "context_length_exceeded": _LONG,
    "exceed_context_size_error": _LONG,
    "insufficient_quota": _QUOTA,
    "invalid_api_key": _ACCESS,
    "invalid_prompt": _REFUSED,
    "model_not_found": _UNKNOWN,
}
_PASSING_BY_CODE = {"rate_limit_exceeded": _BUSY, "server_is_overloaded": _BUSY, "slow_down": _BUSY}


def model_failure(error: Exception, *, now: datetime) -> ModelUnavailableError:
    """Return what to tell of an exception that a model's call ended with. Nothing of its text is in it.

    Args:
        error: The exception.
        now: The time, aware, for a server that says when to try again as a date.
    """
    match error:
        case openai.APITimeoutError() | exceptions.ModelTimeoutError():
            return ModelUnavailableError(_LATE)
        case openai.APIConnectionError():
            return ModelUnavailableError(_AWAY)
        case openai.APIStatusError():
            return _of(error.status_code, error, _retry_after(error, now))
        case UnusableStreamError() | exceptions.ModelBehaviorError() | openai.APIResponseValidationError():
            return ModelUnavailableError(_UNUSABLE)
        case openai.APIError():
            # Within a stream some servers tell the status that they would have answered.
            status = int(error.code) if error.code and error.code.isdecimal() else 500
            return _of(status, error, None)
        case _:
            return ModelUnavailableError(_FAILED)


def run_failure(error: Exception, *, max_turns: int, now: datetime) -> ConversationError | None:
    """Return what to tell of an exception that an agent's run ended with. None: it is not the model's.

    Args:
        error: The exception.
        max_turns: How many steps the run could take.
        now: The time, aware.
    """
    match error:
        case exceptions.MaxTurnsExceeded():
            return RunLimitExceededError(f"The assistant took more than {max_turns} steps, and was stopped.")
        case openai.OpenAIError() | exceptions.ModelBehaviorError() | exceptions.ModelTimeoutError():
            return model_failure(error, now=now)
        case _:
            return None


def _of(status: int, error: openai.APIError, retry_after: float | None) -> ModelUnavailableError:
    # The kind of error is in the one field or in the other.
    for name in (error.code, error.type):
        if name in _FINAL_BY_CODE:
            return ModelUnavailableError(_FINAL_BY_CODE[name], final=True)
        if name in _PASSING_BY_CODE:
            return ModelUnavailableError(_PASSING_BY_CODE[name], retry_after=retry_after)
    if status in _PASSING or status >= 500:
        return ModelUnavailableError(_PASSING.get(status, _FAILED), retry_after=retry_after)
    return ModelUnavailableError(_FINAL.get(status, _REFUSED), final=True)


def _retry_after(error: openai.APIStatusError, now: datetime) -> float | None:
    """Return the seconds that the server asks to wait; the standard header holds seconds or a date."""
    headers = error.response.headers
    try:
        if "retry-after-ms" in headers:
            seconds = float(headers["retry-after-ms"]) / 1000
        elif headers.get("retry-after", "").endswith("GMT"):
            seconds = (parsedate_to_datetime(headers["retry-after"]) - now).total_seconds()
        else:
            seconds = float(headers["retry-after"])
    except (KeyError, ValueError):
        return None
    return min(max(seconds, 0.0), _LONGEST_RETRY_AFTER) if seconds == seconds else None  # noqa: PLR0124 — NaN
