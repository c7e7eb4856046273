"""What both stores of content promise."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from widgetstream_server.attachments import DiskContent
from widgetstream_server.conversation.attachment_ports import ContentMissingError, ContentStore
from widgetstream_server.conversation.errors import DependencyUnavailableError

MIB = 1024 * 1024


class _BrokenUploadError(Exception):
    pass


@pytest.fixture(scope="session")
def s3() -> Iterator[object]:
    from tests.attachments.s3_server import s3_server

    with s3_server() as server:
        yield server


@pytest.fixture(params=["disk", "s3"])
async def content(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ContentStore]:
    if request.param == "disk":
        yield DiskContent(tmp_path / "content")
        assert not [path for path in files_in(tmp_path) if path.suffix == ".part"]
        return
    server = request.getfixturevalue("s3")
    from tests.attachments.s3_server import BUCKET, KEYS, REGION
    from widgetstream_server.attachments.s3 import S3Bucket, S3Content

    store = S3Content(S3Bucket(BUCKET, REGION, prefix="some/where", endpoint=server.url, **KEYS))
    yield store
    await store.close()
    assert await asyncio.to_thread(server.unfinished) == []
    assert all(name.startswith("some/where/") for name in server.names())
    await asyncio.to_thread(server.clear)


async def pieces(*sizes: int) -> AsyncIterator[bytes]:
    for number, size in enumerate(sizes):
        yield bytes([number]) * size


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def read(content: ContentStore, name: str) -> bytes:
    async with content.open(name) as stream:
        return b"".join([piece async for piece in stream])


@pytest.mark.parametrize(
    "sizes", [(), (1,), (0, 3, 0), (MIB,) * 3, (5 * MIB,), (5 * MIB, 1), (7 * MIB,) * 3, (1,) * 100]
)
async def test_content_comes_back_as_it_was(content: ContentStore, sizes: tuple[int, ...]) -> None:
    await content.put("atc_1/cnt_1", pieces(*sizes))

    assert await read(content, "atc_1/cnt_1") == b"".join([piece async for piece in pieces(*sizes)])


@pytest.mark.parametrize("size", [1, 12 * MIB])
async def test_nothing_is_kept_of_an_upload_that_breaks(content: ContentStore, size: int) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * size
        raise _BrokenUploadError

    with pytest.raises(_BrokenUploadError):
        await content.put("atc_1/cnt_1", broken())
    with pytest.raises(ContentMissingError):
        await read(content, "atc_1/cnt_1")


@pytest.mark.parametrize("size", [1, 12 * MIB])
async def test_nothing_is_kept_of_an_upload_that_is_canceled(content: ContentStore, size: int) -> None:
    waiting = asyncio.Event()

    async def stuck() -> AsyncIterator[bytes]:
        yield b"x" * size
        waiting.set()
        await asyncio.Event().wait()

    uploading = asyncio.create_task(content.put("atc_1/cnt_1", stuck()))
    await waiting.wait()
    uploading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await uploading
    with pytest.raises(ContentMissingError):
        await read(content, "atc_1/cnt_1")


async def test_a_reader_may_stop_early(content: ContentStore) -> None:
    await content.put("atc_1/cnt_1", pieces(3 * MIB))
    async with content.open("atc_1/cnt_1") as stream:
        first = await anext(stream)

    assert 0 < len(first) <= MIB


async def test_all_content_of_an_attachment_goes_at_once_and_no_other(content: ContentStore) -> None:
    for name in ("atc_1/cnt_1", "atc_1/cnt_2", "atc_11/cnt_1"):
        await content.put(name, pieces(3))
    await content.delete("atc_1")
    await content.delete("atc_1")
    await content.delete("atc_never")
    for name in ("atc_1/cnt_1", "atc_1/cnt_2"):
        with pytest.raises(ContentMissingError):
            await read(content, name)

    assert await read(content, "atc_11/cnt_1") == b"\0\0\0"


async def test_a_store_that_does_not_answer() -> None:
    pytest.importorskip("obstore", reason="the extra s3 is not installed")
    from widgetstream_server.attachments.s3 import S3Bucket, S3Content

    config = S3Bucket("b", "us-east-1", endpoint="http://127.0.0.1:1", access_key_id="id", secret_access_key="hidden")
    store = S3Content(config)
    for attempt in (store.put("atc_1/cnt_1", pieces(1)), read(store, "atc_1/cnt_1"), store.delete("atc_1")):
        with pytest.raises(DependencyUnavailableError, match="store of attachments"):
            await attempt

    assert "hidden" not in repr(config)


@pytest.mark.parametrize("name", ["../x", "a/../b", "/etc", "a/b/c", "", "a b"])
async def test_names_lead_nowhere_else(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a name of content"):
        await DiskContent(tmp_path).put(name, pieces(1))


async def test_a_full_disk_is_told_and_nothing_is_kept(tmp_path: Path) -> None:
    """A limit on the size of files stands for the end of the disk: the write itself fails."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MIB, before[1]))
    try:
        with pytest.raises(DependencyUnavailableError):
            await DiskContent(tmp_path).put("atc_1/cnt_1", pieces(MIB, MIB))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert files_in(tmp_path) == []
