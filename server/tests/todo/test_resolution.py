"""Which titles a reference may mean."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from widgetstream_server.todo import resolution

TABLE: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "references.yaml").read_text())
TITLES = [(entry["number"], entry["title"], entry.get("done", False)) for entry in TABLE["tasks"]]


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: str(case["said"]))
def test_references(case: dict[str, Any]) -> None:
    ranking = resolution.rank(case["said"], TITLES, prefer_completed=case.get("prefer_completed", False))

    assert sorted(ranking.good) == case.get("good", [])
    if "near" in case:
        assert list(ranking.near)[: len(case["near"])] == case["near"]


@pytest.mark.parametrize(
    "said, number",
    [("5", 5), ("#5", 5), ("task 5", 5), ("Task #5", 5), ("no. 12", 12), ("number 7", 7), (" 5 ", 5)],
)
def test_numbers(said: str, number: int) -> None:
    assert resolution.number_in(said) == number


@pytest.mark.parametrize("said", ["", "five", "5 eggs", "task", "٣", "#-1", "1.5"])
def test_what_is_no_number(said: str) -> None:
    assert resolution.number_in(said) is None


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(1, 99), st.text(max_size=40), st.booleans())))
def test_anything_can_be_said_and_a_title_means_its_task(said: str, titles: list[tuple[int, str, bool]]) -> None:
    ranking = resolution.rank(said, titles)
    numbers = {number for number, _, _ in titles}

    assert set(ranking.good) <= numbers
    assert set(ranking.near) <= numbers
    assert not (ranking.good and ranking.near)


def test_two_thousand_titles_are_searched_quickly() -> None:
    titles = [(n, f"Prepare the quarterly report number {n} for department {n % 17}", False) for n in range(2000)]
    resolution.rank("warm up", titles)
    began = time.perf_counter()
    ranking = resolution.rank("quarterly report number 1234 for department 10", titles)

    assert ranking.good[0] == 1234
    # Typically 8 ms; far less than what would hold up other people's streams for long.
    assert time.perf_counter() - began < 0.5
