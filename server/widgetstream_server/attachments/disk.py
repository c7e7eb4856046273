"""Content on a disk: a file for each, below a folder for each attachment."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, ParamSpec, TypeVar

from widgetstream_server.conversation.attachment_ports import ContentMissingError
from widgetstream_server.conversation.errors import DependencyUnavailableError

_PIECE = 256 * 1024
_NAME = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)?")

P = ParamSpec("P")
T = TypeVar("T")


class DiskContent:
    """Content in files that only the server's own user can read; see ``ContentStore``, which this implements.

    Server processes that share a database must share the folder too. Files are worked on in threads: a slow disk holds
    up nobody else.
    """

    def __init__(self, folder: Path) -> None:
        """Keep content below a folder, which is made when it is first needed."""
        self._folder = folder

    async def put(self, name: str, pieces: AsyncIterator[bytes]) -> None:
        """Store content, all or nothing: it gets its name when it is whole, and on the disk."""
        path = self._path(name)
        unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
        with _as_unavailable():
            file = await _in_thread(_create, unfinished)
            try:
                try:
                    async for piece in pieces:
                        await _in_thread(file.write, piece)
                    await _in_thread(_sync, file)
                finally:
                    await _in_thread(file.close)
                await _in_thread(unfinished.rename, path)
            except BaseException:
                await _in_thread(_discard, unfinished)
                raise

    @asynccontextmanager
    async def open(self, name: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """Open content. Raises ``ContentMissingError``."""
        with _as_unavailable():
            try:
                file = await _in_thread(self._path(name).open, "rb", 0)
            except FileNotFoundError:
                raise ContentMissingError(name) from None
            try:
                yield _pieces(file)
            finally:
                await _in_thread(file.close)

    async def delete(self, attachment_id: str) -> None:
        """Delete all content of an attachment, if there is any, whole or not."""
        with _as_unavailable(), suppress(FileNotFoundError):
            await _in_thread(shutil.rmtree, self._path(attachment_id))

    async def close(self) -> None:
        """Do nothing: no file is open between calls."""

    def _path(self, name: str) -> Path:
        # Names are made here, of ids: this is for the day when one is not.
        if not _NAME.fullmatch(name):
            raise ValueError("not a name of content")
        # Two levels: folders of a hundred thousand entries are slow to list on many file systems.
        return self._folder / name.partition("/")[0][-2:].lower() / name


async def _pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    while piece := await _in_thread(file.read, _PIECE):
        yield piece


def _create(path: Path) -> BinaryIO:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _discard(path: Path) -> None:
    path.unlink(missing_ok=True)
    with suppress(OSError):  # there is other content of the attachment
        path.parent.rmdir()


@contextmanager
def _as_unavailable() -> Iterator[None]:
    try:
        yield
    except OSError:
        # No room, no right to write, a disk that fails: nothing that a caller could mend.
        raise DependencyUnavailableError("store of attachments") from None


async def _in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run something in a thread, and wait for its end also when canceled: nothing may close a file under its hands."""
    task = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    canceled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            canceled = error
    if canceled is None:
        return task.result()
    if not task.cancelled():
        task.exception()  # looked at: nobody else will
    raise canceled
