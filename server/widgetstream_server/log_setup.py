"""Structured logs: one line an event, as JSON or for a console, on standard error.

What people wrote, tokens and claims are never logged, nor the texts of exceptions, which may hold them.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, Literal

import msgspec
import structlog

from widgetstream_server.log_lines import LineLogger

LogFormat = Literal["json", "console"]


def configure_logging(log_format: LogFormat, level: str) -> None:
    """Send the logs of this process, those of libraries included, to standard error.

    Args:
        log_format: ``json``, one object a line; or ``console``, for people, in colour on a terminal.
        level: ``debug``, ``info``, ``warning`` or ``error``. Libraries log from ``warning`` on.
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    wrapper = structlog.make_filtering_bound_logger(number)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.typing.Processor
    loggers: Callable[..., structlog.typing.WrappedLogger]
    if log_format == "json":
        lines = LineLogger(sys.stderr.buffer)
        wrapper, loggers, renderer = _as_json(wrapper), lambda *_: lines, _to_text
    else:
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        loggers = structlog.WriteLoggerFactory(file=sys.stderr)
    structlog.configure(
        processors=[*shared, renderer], wrapper_class=wrapper, logger_factory=loggers, cache_logger_on_first_use=True
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


def _as_json(wrapper: type[Any]) -> type[Any]:
    """Return a class of loggers that do at once what the processors do one after another: there is a line a call."""

    class JsonLogger(wrapper):  # type: ignore[misc]  # made for a level, at run time
        def _proxy_to_logger(self, method_name: str, event: str | None = None, **fields: Any) -> None:
            line = {
                **self._context,
                **structlog.contextvars.get_contextvars(),
                **fields,
                "event": event,
                "level": method_name,
                "timestamp": datetime.now(UTC).isoformat().removesuffix("+00:00") + "Z",
            }
            getattr(self._logger, method_name)(_encode(line))

    return JsonLogger


def _to_text(_logger: Any, _method: str, event: structlog.typing.EventDict) -> str:
    return _encode(event).decode()
