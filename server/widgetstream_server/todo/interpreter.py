"""The understanding of plain requests, as the offline model uses it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from widgetstream_server.agents.models.offline import Reading, ToolOutput
from widgetstream_server.todo import understanding
from widgetstream_server.todo.asking import Answered
from widgetstream_server.todo.labels import line
from widgetstream_server.todo.shown import Shown
from widgetstream_server.todo.understanding import ToolCall
from widgetstream_server.todo.words import spoken

_WEEK = re.compile(
    r"(?:can|could|would|will)? ?(?:you )?(?:please )?(?:help me )?(?:to )?"
    r"(?:plan|organi[sz]e|lay out|show me the plan (?:of|for)) (?:my|the|this|our) week(?: for me)?(?: please)?",
    re.IGNORECASE,
)
_IT: Final = r"(?:it|this|that)(?: (?:one|task|item))?"
_VERBS: Final = {
    "delete_task": r"(?:delete|remove|erase|drop|get rid of)",
    "complete_task": r"(?:complete|finish|check off|tick off|mark {it} as (?:done|complete|completed))",
    "reopen_task": r"(?:reopen|open {it} again)",
}
_COURTESY: Final = r"(?:(?:can|could|would) you )?(?:please )?"
_UNNAMED: Final = {
    tool: re.compile(
        _COURTESY + "(?:" + verbs.replace("{it}", _IT) + "|" + verbs + " " + _IT + ")(?: please)?", re.IGNORECASE
    )
    for tool, verbs in _VERBS.items()
}
_POINTING = re.compile(rf"\b{_IT}\b", re.IGNORECASE)
_NUMBER = re.compile(r"#(\d{1,10})\b")
_MAX_QUOTE: Final = 200


class TodoInterpreter:
    """Understands what people say about tasks, in one run."""

    def __init__(self, shown: Shown, *, quoted: str = "", answered: Answered | None = None) -> None:
        """Make an interpreter for a run.

        Args:
            shown: What the person was shown before.
            quoted: What the person's message quotes: what “this” means in it.
            answered: What the person has answered to a question, when the run goes on after it.
        """
        self._shown = shown
        self._quoted = _reference(quoted)
        self._answered = answered

    def read(self, text: str, *, now: datetime, last_listed: Sequence[int]) -> Reading:
        """Say what a message means; see ``agents.models.offline.Interpreter``.

        ``last_listed`` is passed over: what the thread's widgets show is known better from the widgets themselves.
        """
        if self._answered is not None:
            return _go_on(self._answered)
        if self._quoted:
            text = _POINTING.sub(lambda _: self._quoted, text, count=1)
        plain = " ".join(text.strip(" \t\r\n.!?,").replace(",", " ").split())
        if _WEEK.fullmatch(plain):
            return understanding.Reading(calls=(ToolCall("plan_week", {}),))
        readings = [understanding.read(text, now=now, last_listed=listed) for listed in self._shown.readings()]
        for reading in readings:
            if reading.calls:
                return reading
        unnamed = next((tool for tool, pattern in _UNNAMED.items() if pattern.fullmatch(plain)), None)
        if unnamed is not None:
            return understanding.Reading(calls=(ToolCall(unnamed, {"task": "it"}),))
        return readings[0]

    def summarize(self, outputs: Sequence[ToolOutput]) -> str:
        """Say what the widgets do not: which requests were not understood by a tool, and that one failed."""
        said: list[str] = []
        for output in outputs:
            result = json.loads(output.output)
            match result["status"]:
                case "invalid":
                    said.append(spoken().invalid.format(problems="; ".join(result["problems"])))
                case "error":
                    said.append(spoken().failed)
                case _:
                    pass
        return " ".join(dict.fromkeys(said))


def _go_on(answered: Answered) -> Reading:
    if answered.reference is None:
        return understanding.Reading(reply=spoken().left_alone)
    return understanding.Reading(calls=(ToolCall(answered.tool, {"task": answered.reference}),))


def _reference(quoted: str) -> str:
    """Return what names the task in a quoted text: its number, or its words in quotation marks."""
    number = _NUMBER.search(quoted)
    if number:
        return number[0]
    first = next((found for found in map(line, quoted.splitlines()) if found), "")
    words = first[:_MAX_QUOTE].strip(" \"'“”*-–•").replace('"', "'")
    return f'"{words}"' if words else ""
