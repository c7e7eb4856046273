"""Content in an S3-compatible store. Needs the extra ``s3`` of the package."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from widgetstream_server.conversation.attachment_ports import ContentMissingError
from widgetstream_server.conversation.errors import DependencyUnavailableError

if TYPE_CHECKING:
    # A name for type checkers alone.
    from obstore.store import S3Config as Config

# What fits is sent with one request; of what does not, two parts are in memory at most. A part has at least 5 MiB.
_PART = 5 * 1024 * 1024
_PARTS_AT_ONCE = 1
# Content is read with a request for each of these: no request lasts for as long as a slow reader takes.
_RANGE = 1024 * 1024
_REQUEST_SECONDS = 30.0
_CONNECT_SECONDS = 5.0
_RETRIES = 3


@dataclass(frozen=True, slots=True)
class S3Bucket:
    """Where a bucket is, and how to enter it.

    Attributes:
        name: Its name.
        region: Its region.
        prefix: What names in it begin with. None: nothing.
        endpoint: The store's URL. None: Amazon's, of the region.
        access_key_id: Key id. None: what the machine's role gives.
        secret_access_key: The secret of the key id.
    """

    name: str
    region: str
    prefix: str | None = None
    endpoint: str | None = None
    access_key_id: str | None = None
    secret_access_key: str | None = field(default=None, repr=False)


class S3Content:
    """Content in a bucket; see ``ContentStore``, which this implements. Connections are the library's own matter."""

    def __init__(self, bucket: S3Bucket) -> None:
        """Keep content in a bucket, which must exist. Nothing is asked of it yet."""
        config: Config = {"region": bucket.region}
        if bucket.endpoint is not None:
            config["endpoint"] = bucket.endpoint
        if bucket.access_key_id is not None and bucket.secret_access_key is not None:
            config["access_key_id"] = bucket.access_key_id
            config["secret_access_key"] = bucket.secret_access_key
        self._store = S3Store(
            bucket.name,
            prefix=bucket.prefix,
            config=config,
            client_options={
                "allow_http": bool(bucket.endpoint and bucket.endpoint.startswith("http://")),
                "timeout": timedelta(seconds=_REQUEST_SECONDS),
                "connect_timeout": timedelta(seconds=_CONNECT_SECONDS),
            },
            retry_config={"max_retries": _RETRIES, "retry_timeout": timedelta(seconds=_REQUEST_SECONDS)},
        )

    async def put(self, name: str, pieces: AsyncIterator[bytes]) -> None:
        """Store content, all or nothing: an upload in parts that fails or is canceled is withdrawn."""
        head: list[bytes] = []
        size = 0
        async for piece in pieces:
            head.append(piece)
            size += len(piece)
            if size > _PART:
                break
        else:
            with _as_unavailable():
                await obstore.put_async(self._store, name, b"".join(head), use_multipart=False)
            return
        with _as_unavailable():
            await self._put_parts(name, head, pieces)

    @asynccontextmanager
    async def open(self, name: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """Open content. Raises ``ContentMissingError``."""
        with _as_unavailable():
            try:
                found = await obstore.head_async(self._store, name)
            except FileNotFoundError:
                raise ContentMissingError(name) from None
            yield self._ranges(name, found["size"])

    async def delete(self, attachment_id: str) -> None:
        """Delete all content of an attachment, if there is any."""
        with _as_unavailable():
            async for batch in obstore.list(self._store, prefix=attachment_id):
                await obstore.delete_async(self._store, [found["path"] for found in batch])

    async def close(self) -> None:
        """Do nothing: connections are closed when nobody uses them."""

    async def _put_parts(self, name: str, head: list[bytes], rest: AsyncIterator[bytes]) -> None:
        stopped = asyncio.Event()
        stream = _until(stopped, head, rest)

        async def send() -> None:
            await obstore.put_async(self._store, name, stream, chunk_size=_PART, max_concurrency=_PARTS_AT_ONCE)

        # The library withdraws the parts when the stream fails, but forgets them when it is canceled itself.
        sending = asyncio.create_task(send())
        try:
            await asyncio.shield(sending)
        except asyncio.CancelledError:
            stopped.set()
            await asyncio.wait([sending])
            if not sending.cancelled():
                sending.exception()  # looked at: nobody else will
            raise

    async def _ranges(self, name: str, size: int) -> AsyncIterator[bytes]:
        for start in range(0, size, _RANGE):
            end = min(start + _RANGE, size)
            yield bytes(await obstore.get_range_async(self._store, name, start=start, end=end))


class _Stopped(Exception):
    """Whoever uploads was canceled."""


async def _until(stopped: asyncio.Event, head: list[bytes], rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield pieces, and raise when it is to stop, also while it waits for a piece."""
    while head:
        yield head.pop(0)
    stop = asyncio.create_task(stopped.wait())
    try:
        while True:
            coming = asyncio.ensure_future(anext(rest, None))
            await asyncio.wait((coming, stop), return_when=asyncio.FIRST_COMPLETED)
            if stop.done():
                coming.cancel()
                raise _Stopped
            piece = coming.result()
            if piece is None:
                return
            yield piece
    finally:
        stop.cancel()


@contextmanager
def _as_unavailable() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError):
        raise DependencyUnavailableError("store of attachments") from None
