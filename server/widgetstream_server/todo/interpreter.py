"""The understanding of plain requests, as the offline model uses it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from widgetstream_server.agents.models.offline import Reading, ToolOutput
from widgetstream_server.todo import texts, understanding
from widgetstream_server.todo.shown import Shown


class TodoInterpreter:
    """Understands what people say about tasks, in one run."""

    def __init__(self, shown: Shown) -> None:
        """Take what the person was shown before."""
        self._shown = shown

    def read(self, text: str, *, now: datetime, last_listed: Sequence[int]) -> Reading:
        """Say what a message means; see ``agents.models.offline.Interpreter``.

        ``last_listed`` is passed over: what the thread's widgets show is known better from the widgets themselves.
        """
        readings = [understanding.read(text, now=now, last_listed=listed) for listed in self._shown.readings()]
        return next((reading for reading in readings if reading.calls), readings[0])

    def summarize(self, outputs: Sequence[ToolOutput]) -> str:
        """Say what the widgets do not: which requests were not understood by a tool, and that one failed."""
        said: list[str] = []
        for output in outputs:
            result = json.loads(output.output)
            match result["status"]:
                case "invalid":
                    said.append(texts.INVALID.format(problems="; ".join(result["problems"])))
                case "error":
                    said.append(texts.FAILED)
                case _:
                    pass
        return " ".join(dict.fromkeys(said))
