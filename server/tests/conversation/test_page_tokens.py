"""Page tokens: what was made here is read back, all else is refused."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from widgetstream_server.conversation.errors import PageTokenInvalidError
from widgetstream_server.conversation.page_tokens import PageTokens

KEY = b"a key of at least sixteen bytes"
cursors = st.lists(st.none() | st.text(max_size=40) | st.integers(-(2**62), 2**62), max_size=5)


@given(name=st.text(max_size=20), filters=st.binary(max_size=40), cursor=cursors)
def test_a_token_gives_its_cursor_back(name: str, filters: bytes, cursor: list[str | int | None]) -> None:
    tokens = PageTokens(KEY)

    assert tokens.decode(name, filters, tokens.encode(name, filters, cursor)) == cursor


@given(token=st.text(max_size=200))
def test_made_up_tokens_are_refused(token: str) -> None:
    with pytest.raises(PageTokenInvalidError):
        PageTokens(KEY).decode("ListThreads", b"", token)


@given(position=st.integers(0, 30), bit=st.integers(0, 7))
def test_a_token_with_one_bit_changed_is_refused(position: int, bit: int) -> None:
    tokens = PageTokens(KEY)
    token = tokens.encode("ListItems", b"desc", [1234567])
    position %= len(token)
    forged = token[:position] + chr(ord(token[position]) ^ (1 << bit)) + token[position + 1 :]

    # The last character of unpadded Base64 has bits that mean nothing: such a token is the same token.
    assume(position != len(token) - 1)
    with pytest.raises(PageTokenInvalidError):
        tokens.decode("ListItems", b"desc", forged)


@pytest.mark.parametrize(
    "list_name, filters, key",
    [("ListThreads", b"desc", KEY), ("ListItems", b"asc", KEY), ("ListItems", b"desc", b"another key of enough bytes")],
    ids=["another list", "another filter", "another key"],
)
def test_a_token_is_good_for_its_own_list_alone(list_name: str, filters: bytes, key: bytes) -> None:
    token = PageTokens(KEY).encode("ListItems", b"desc", [1])

    with pytest.raises(PageTokenInvalidError):
        PageTokens(key).decode(list_name, filters, token)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        PageTokens(b"short")
