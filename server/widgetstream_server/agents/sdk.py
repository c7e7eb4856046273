"""How the libraries of OpenAI behave in this process."""

from __future__ import annotations

import logging

from agents import set_tracing_disabled

# Below warnings these write requests, and with them what people said, into the log.
_TALKATIVE = ("openai", "openai.agents")


def configure_sdk() -> None:
    """Keep what people say inside: no traces are sent anywhere, and nothing but warnings is logged.

    To be called once, when the process is composed. Log levels that are stricter already stay.
    """
    set_tracing_disabled(True)
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))
