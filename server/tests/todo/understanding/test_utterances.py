"""The table of utterances: each must be read as the very calls, or the reply, that it names."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from widgetstream_server.todo.understanding import ToolCall, read

TABLE: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("utterances.yaml").read_text("utf-8"))
NOW = datetime.fromisoformat(TABLE["now"]).astimezone(ZoneInfo(TABLE["time_zone"]))
CASES = [
    pytest.param(case, id=f"{group}: {case['text'][:60]!r}")
    for group, cases in TABLE["groups"].items()
    for case in cases
]


def expected_calls(case: dict[str, Any]) -> list[ToolCall]:
    return [ToolCall(name, arguments) for entry in case.get("calls", []) for name, arguments in entry.items()]


@pytest.mark.parametrize("case", CASES)
def test_is_read_as_the_table_says(case: dict[str, Any]) -> None:
    reading = read(case["text"], now=NOW, last_listed=case.get("last_listed", ()))

    assert list(reading.calls) == expected_calls(case)
    if "reply" in case:
        assert reading.reply is not None
        assert re.search(case["reply"], reading.reply)
    else:
        assert reading.reply is None


def test_the_table_is_long_and_has_no_utterance_twice() -> None:
    texts = [case["text"] for cases in TABLE["groups"].values() for case in cases]

    assert len(texts) >= 160
    assert len(set(texts)) == len(texts)
