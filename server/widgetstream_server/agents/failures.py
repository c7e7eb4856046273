"""What a model or its server fails of, in words for people."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime

import openai
from agents import exceptions

from widgetstream_server.conversation.errors import (
    ConversationError,
    ModelUnavailableError,
    RunLimitExceededError,
)

_LONGEST_RETRY_AFTER = 3600.0

_BY_STATUS = {
    401: "The model's server refuses the access that is configured here.",
    403: "The model's server refuses the access that is configured here.",
    404: "The model that is configured here does not exist on its server.",
    408: "The model did not answer in time. Try again in a moment.",
    413: "The conversation is too long for the model.",
    429: "The model is busy. Try again in a moment.",
}
_BY_CODE = {
    "context_length_exceeded": "The conversation is too long for the model.",
    "insufficient_quota": "The quota of the model is used up.",
    "model_not_found": _BY_STATUS[404],
}
_FAILED = "The model failed. Try again in a moment."
_REFUSED = "The model's server did not accept the request."


def model_failure(error: Exception, *, now: datetime) -> ModelUnavailableError:
    """Return what to tell of an exception that a model's call ended with. Nothing of its text is in it.

    Args:
        error: The exception.
        now: The time, aware, for a server that says when to try again as a date.
    """
    match error:
        case openai.APITimeoutError() | exceptions.ModelTimeoutError():
            return ModelUnavailableError("The model did not answer in time. Try again in a moment.")
        case openai.APIConnectionError():
            return ModelUnavailableError("The model's server cannot be reached. Try again in a moment.")
        case openai.APIStatusError():
            return ModelUnavailableError(_of_status(error), retry_after=_retry_after(error, now))
        case openai.APIError():
            return ModelUnavailableError(_BY_CODE.get(error.code or "", _FAILED))
        case exceptions.ModelBehaviorError():
            return ModelUnavailableError("The model's answer could not be used. Try again in a moment.")
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


def _of_status(error: openai.APIStatusError) -> str:
    message = _BY_CODE.get(error.code or "") or _BY_STATUS.get(error.status_code)
    return message or (_FAILED if error.status_code >= 500 else _REFUSED)


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
