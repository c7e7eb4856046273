"""Bodies that are written by hand are those that the message's own code writes."""

from __future__ import annotations

import pytest
from google.api.httpbody_pb2 import HttpBody

from widgetstream_server.rpc.http_body import with_data

JSON = HttpBody(content_type="application/json")


@pytest.mark.parametrize("size", [1, 127, 128, 16_383, 16_384, 2_097_152])
def test_data_of_any_size_is_read_as_it_was(size: int) -> None:
    data = b"x" * size

    assert with_data(data) == HttpBody(data=data).SerializeToString()
    assert with_data(data, after=JSON.SerializeToString()) == (
        HttpBody(content_type="application/json", data=data).SerializeToString()
    )


def test_no_data_is_an_empty_field() -> None:
    assert HttpBody.FromString(with_data(b"")) == HttpBody()
