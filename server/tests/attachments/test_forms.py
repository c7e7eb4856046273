"""A file may also come in a form, as browsers and ChatKit's direct uploads send it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.attachments.files import TEXT, announce, download, upload
from widgetstream import AsyncClient, InvalidArgumentError
from widgetstream_server.conversation import errors
from widgetstream_server.rpc.form_data import FormFile, is_form

TYPE = "multipart/form-data; boundary=b"
HEAD = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'


def form(content: bytes, mime_type: str = "text/plain", **fields: str) -> tuple[str, bytes]:
    """Return a form as httpx writes it: its type and its bytes."""
    request = httpx.Request("POST", "http://x", data=fields, files={"file": ("ä.txt", content, mime_type)})
    return request.headers["content-type"], request.read()


async def read(content_type: str, pieces: list[bytes]) -> tuple[str, bytes]:
    async def come() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    file = FormFile(content_type, come())
    return await file.open(), b"".join([piece async for piece in file.content()])


@settings(max_examples=60, deadline=None)
@given(
    content=st.one_of(st.binary(max_size=40), st.text("\r\n-b", max_size=40).map(str.encode)),
    size=st.integers(1, 60),
    before=st.booleans(),
)
async def test_the_file_comes_out_however_it_is_cut(content: bytes, size: int, before: bool) -> None:
    content_type, body = form(content, "image/png", **({"name": "x"} if before else {}))
    pieces = [body[start : start + size] for start in range(0, len(body), size)]

    assert is_form(content_type)
    assert await read(content_type, pieces) == ("image/png", content)


@pytest.mark.parametrize(
    "content_type, body, rule",
    [
        ("multipart/form-data", b"", "must have its boundary in the content type"),
        ("multipart/form-data; boundary=" + "b" * 71, b"", "must have its boundary in the content type"),
        (TYPE, b"", "must be a whole form with a file in it"),
        (TYPE, HEAD + b"half", "must be a whole form with a file in it"),
        (TYPE, b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--', "must have a file in the form"),
        (TYPE, b"x" * 70_000, "must have nothing longer than 65536 bytes before the file of the form"),
    ],
)
async def test_a_form_without_a_whole_file_is_refused(content_type: str, body: bytes, rule: str) -> None:
    with pytest.raises(errors.InvalidArgumentError) as refused:
        await read(content_type, [body, b""])

    assert [(each.field, each.description) for each in refused.value.violations] == [("content", rule)]


async def test_a_form_is_uploaded(client: AsyncClient) -> None:
    announced = await announce(client)
    content_type, body = form(TEXT)
    complete = await upload(client, announced.id, [body[:50], body[50:]], content_type=content_type)

    assert complete.size == len(TEXT)
    assert (await download(client, announced.id))[1] == TEXT


async def test_what_is_cut_in_a_form_leaves_nothing(client: AsyncClient) -> None:
    announced = await announce(client)
    content_type, body = form(TEXT)
    with pytest.raises(InvalidArgumentError):
        await upload(client, announced.id, [body[:-30]], content_type=content_type)

    assert (await upload(client, announced.id, [TEXT])).size == len(TEXT)
