"""The tables of the contract documents are those that the schema and the server give."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tools import contract_tables
from tools.contract_errors import http_statuses
from tools.contract_schema import Schema

from widgetstream.chatkit.v1.error_reason_pb2 import ErrorReason

DOCUMENTS = sorted((contract_tables.ROOT / contract_tables.CONTRACTS).glob("*.md"))


@pytest.fixture(scope="module")
def schema() -> Schema:
    return Schema()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_documents_are_current(path: Path, schema: Schema) -> None:
    text = path.read_text("utf-8")
    assert contract_tables.rewritten(text, schema) == text, "run: .venv/bin/python -m tools.contract_tables"


def test_every_table_stands_in_one_document() -> None:
    shown = [name for path in DOCUMENTS for name in re.findall(r"<!-- table: ([a-z-]+) -->", path.read_text("utf-8"))]
    assert sorted(shown) == sorted(contract_tables.TABLES)


def test_a_table_that_is_behind_is_written_anew_and_the_text_around_it_stays(schema: Schema) -> None:
    stale = "before\n<!-- table: events -->\n| old |\n<!-- end of table -->\nafter\n"
    fresh = contract_tables.rewritten(stale, schema)
    assert fresh.startswith("before\n<!-- table: events -->\n")
    assert fresh.endswith("<!-- end of table -->\nafter\n")
    assert "| old |" not in fresh
    assert "`run_completed`" in fresh


def test_every_reason_has_a_row_and_an_http_status(schema: Schema) -> None:
    rows = contract_tables.TABLES["errors"](schema)
    reasons = re.findall(r"^\| `([A-Z_]+)` \|", rows, re.MULTILINE)
    assert reasons == [name.removeprefix("ERROR_REASON_") for name, number in ErrorReason.items() if number]
    usual = {(code, str(http)) for code, http in http_statuses().items()}
    # Envoy is told to answer what is too large with another status than the code's.
    assert set(re.findall(r"([A-Z_]+) · (\d+)", rows)) - usual == {("RESOURCE_EXHAUSTED", "413")}
