"""How titles, descriptions and tags are written down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgetstream_server.todo import labels


@pytest.mark.parametrize(
    "text, expected",
    [
        ("  Buy \t milk\n", "Buy milk"),
        ("a\r\nb\u2028c", "a b c"),
        ("a\x00b\x1bc", "abc"),
        ("\u202eevil\u202c", "evil"),
        ("\u200b\u200d\u00a0", ""),
        ("👩‍👩‍👧 school", "👩‍👩‍👧 school"),
        ("می‌خواهم", "می‌خواهم"),
        ("日本語", "日本語"),
    ],
)
def test_a_title_is_one_line_that_shows_something(text: str, expected: str) -> None:
    assert labels.line(text) == expected


def test_a_description_keeps_its_lines() -> None:
    assert labels.paragraphs(" a\r\n\r\n b\rc \n") == "a\n\n b\nc"


def test_tags_are_in_lower_case_sorted_and_each_once() -> None:
    assert labels.tags(["#Work", "work", "##Äpfel", " at  home ", "#", "", "\u200b"]) == ["at home", "work", "äpfel"]


@given(st.lists(st.text(max_size=10)))
def test_writing_tags_down_again_changes_nothing(found: list[str]) -> None:
    once = labels.tags(found)

    assert labels.tags(once) == once


@given(st.text())
def test_writing_a_text_down_again_changes_nothing(text: str) -> None:
    assert labels.line(labels.line(text)) == labels.line(text)
    assert labels.paragraphs(labels.paragraphs(text)) == labels.paragraphs(text)
    assert "\x00" not in labels.paragraphs(text)
