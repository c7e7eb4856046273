"""When lines of the log are written, and in which order."""

from __future__ import annotations

import asyncio
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from widgetstream_server.log_lines import LineLogger

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer


class File(BytesIO):
    """A file that tells what was flushed, and that something was."""

    def __init__(self) -> None:
        super().__init__()
        self.flushed = b""
        self.is_broken = False
        self.is_flushed = asyncio.Event()

    def write(self, data: Buffer, /) -> int:
        if self.is_broken:
            raise BrokenPipeError
        return super().write(data)

    def flush(self) -> None:
        self.flushed = self.getvalue()
        self.is_flushed.set()


async def test_lines_that_nobody_waits_for_are_written_together() -> None:
    file = File()
    lines = LineLogger(file)
    lines.info(b"one")
    lines.debug(b"two")
    before = file.flushed
    async with asyncio.timeout(20):
        await file.is_flushed.wait()

    assert before == b""
    assert file.flushed == b"one\ntwo\n"


async def test_a_warning_is_written_at_once_after_what_waits() -> None:
    file = File()
    lines = LineLogger(file)
    lines.info(b"one")
    lines.warning(b"two")
    lines.error(b"three")

    assert file.flushed == b"one\ntwo\nthree\n"


async def test_what_waits_is_written_in_the_end() -> None:
    file = File()
    lines = LineLogger(file)
    lines.info(b"one")
    lines.flush()
    lines.flush()

    assert file.flushed == b"one\n"


def test_what_cannot_be_written_does_not_pile_up() -> None:
    file = File()
    lines = LineLogger(file)
    file.is_broken = True
    with pytest.raises(BrokenPipeError):
        lines.warning(b"one")
    file.is_broken = False
    lines.warning(b"two")

    assert file.flushed == b"two\n"


def test_without_a_loop_lines_are_written_at_once() -> None:
    file = File()
    LineLogger(file).info(b"one")

    assert file.flushed == b"one\n"
