"""The table of updates that clients and the server agree on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from google.protobuf import json_format

from widgetstream.chatkit.v1.item_pb2 import ItemUpdate, ThreadItem
from widgetstream_server.conversation.fold import PendingItem
from widgetstream_server.widgets.updates import apply_in_place

TABLE: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[3] / "specs/conformance/fold.yaml").read_text(encoding="utf-8")
)
FITTING = [case for case in TABLE if case["result"] != "misfit"]
MISFITS = [case for case in TABLE if case["result"] == "misfit"]


def item(json: dict[str, Any]) -> ThreadItem:
    return json_format.ParseDict(json, ThreadItem())


def update(json: dict[str, Any]) -> ItemUpdate:
    return json_format.ParseDict(json, ItemUpdate())


@pytest.mark.parametrize("case", FITTING, ids=[case["name"] for case in FITTING])
def test_updates_add_up(case: dict[str, Any]) -> None:
    pending = PendingItem(item(case["item"]), 1, apply_in_place)
    for each in case["updates"]:
        pending.apply(update(each))

    assert pending.value() == item(case["result"])


@pytest.mark.parametrize("case", MISFITS, ids=[case["name"] for case in MISFITS])
def test_what_does_not_fit_changes_nothing(case: dict[str, Any]) -> None:
    pending = PendingItem(item(case["item"]), 1, apply_in_place)
    *fitting, last = case["updates"]
    for each in fitting:
        pending.apply(update(each))

    with pytest.raises(ValueError, match=r"fit|no task|no component|cannot become|has no text"):
        pending.apply(update(last))
    assert pending.value() == item(case["item"])
