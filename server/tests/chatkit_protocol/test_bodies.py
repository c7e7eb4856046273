"""What is wrong with a body is told so that it can be found, without anything of what was sent."""

from __future__ import annotations

import pytest

from widgetstream_server.chatkit_json import JsonInvalidError
from widgetstream_server.chatkit_protocol.bodies import read_body


@pytest.mark.parametrize(
    "body, why",
    [
        (b"", "is required: an object of JSON"),
        (b'{"a":1,}', "is not JSON: trailing comma in object at byte 7"),
        (b"{'a':1}", "is not JSON: object keys must be strings at byte 1"),
        (b'{"a":NaN}', "is not JSON: invalid character at byte 5"),
        (b'{"a":"\\ud800"}', "is not JSON: it ends too early, or in the middle of a pair of surrogates"),
        (b'{"a":"\xff"}', "is not JSON: not UTF-8"),
        (b'{"a":1e999}', "must not hold a number that is out of range"),
        (b"[" * 10_000, "must not be nested deeper than 24 levels"),
        (b"[]", "must be an object"),
    ],
)
def test_what_is_wrong(body: bytes, why: str) -> None:
    with pytest.raises(JsonInvalidError) as caught:
        read_body(body)

    assert (caught.value.path, caught.value.why) == ("body", why)
