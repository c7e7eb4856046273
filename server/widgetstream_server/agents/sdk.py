"""How the libraries of OpenAI behave in this process."""

from __future__ import annotations

import logging

from agents import set_tracing_disabled, set_tracing_export_api_key

# Below warnings these write requests, and with them what people said, into the log.
_TALKATIVE = ("openai", "openai.agents")


class Tracing:
    """Whether runs are traced in this process: they are not, unless it was configured.

    Attributes:
        enabled: Whether they are.
    """

    enabled = False


def configure_sdk(*, tracing_key: str | None = None) -> None:
    """Keep what people say inside: no traces are sent unless asked for, and nothing but warnings is logged.

    To be called once, when the process is composed. Log levels that are stricter already stay.

    Args:
        tracing_key: The key with which traces are sent to OpenAI: steps of runs, without what was said. None: none are.
    """
    Tracing.enabled = tracing_key is not None
    set_tracing_disabled(tracing_key is None)
    if tracing_key is not None:
        set_tracing_export_api_key(tracing_key)
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))
