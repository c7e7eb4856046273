"""Server-sent events, read as they come."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx


def events(answer: httpx.Response) -> Iterator[dict[str, Any]]:
    """Yield the data of each event. Nothing but data and blank lines is expected."""
    for line in answer.iter_lines():
        if line:
            assert line.startswith("data: "), line
            yield json.loads(line.removeprefix("data: "))


def kind(event: dict[str, Any]) -> str:
    """Return the case that is set."""
    (name,) = set(event) - {"sequence", "run_id", "thread_id", "event_time", "ignorable"}
    return name
