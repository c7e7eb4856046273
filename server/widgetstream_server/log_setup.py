"""Structured logs: one line an event, as JSON or for a console, on standard error.

What people wrote, tokens and claims are never logged, nor the texts of exceptions, which may hold them.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Any, Final, Literal

import msgspec
import structlog

LogFormat = Literal["json", "console"]


def configure_logging(log_format: LogFormat, level: str) -> None:
    """Send the logs of this process, those of libraries included, to standard error.

    Args:
        log_format: ``json``, one object a line; or ``console``, for people, in colour on a terminal.
        level: ``debug``, ``info``, ``warning`` or ``error``. Libraries log from ``warning`` on.
    """
    renderer: structlog.typing.Processor
    last: structlog.typing.Processor
    loggers: Callable[..., structlog.typing.WrappedLogger]
    if log_format == "json":
        # A line for each call: bytes, and by an encoder that is made once, they cost a third.
        last, loggers = _to_bytes, structlog.BytesLoggerFactory(file=sys.stderr.buffer)
        renderer = _to_text
    else:
        last = renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        loggers = structlog.WriteLoggerFactory(file=sys.stderr)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=loggers,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(number, logging.WARNING))


_encode: Final = msgspec.json.Encoder(enc_hook=repr).encode


def _to_bytes(_logger: Any, _method: str, event: structlog.typing.EventDict) -> bytes:
    return _encode(event)


def _to_text(_logger: Any, _method: str, event: structlog.typing.EventDict) -> str:
    return _encode(event).decode()
