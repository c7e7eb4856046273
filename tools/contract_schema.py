"""The schema with its comments, and how tables are written: for the tables of the contract."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from google.protobuf.descriptor_pb2 import DescriptorProto, FileDescriptorProto, FileDescriptorSet
from tools.generate import build_descriptor_set


class Schema:
    """The files of proto/ with their comments."""

    def __init__(self) -> None:
        """Builds proto/ with buf."""
        with tempfile.TemporaryDirectory() as folder:
            built = Path(folder) / "commented.binpb"
            build_descriptor_set(built)
            files = FileDescriptorSet.FromString(built.read_bytes()).file
        self.files = [file for file in files if file.package.startswith("widgetstream.")]
        self._comments = {
            (file.name, *location.path): location.leading_comments
            for file in self.files
            for location in file.source_code_info.location
        }

    def comment(self, file: FileDescriptorProto, *path: int) -> str:
        """Returns the comment above what is at a path of a file, paragraphs kept."""
        return "\n".join(line.strip() for line in self._comments[file.name, *path].strip().splitlines())

    def file_of(self, message: str) -> tuple[FileDescriptorProto, int]:
        """Returns the file that declares a message, and the message's number in it."""
        for file in self.files:
            for index, declared in enumerate(file.message_type):
                if f".{file.package}.{declared.name}" == message:
                    return file, index
        raise LookupError(message)

    def messages(self) -> Iterator[DescriptorProto]:
        """Yields all messages; none of ours are nested."""
        for file in self.files:
            yield from file.message_type


def summary(comment: str) -> str:
    """Returns the first sentence."""
    first = " ".join(comment.partition("\n\n")[0].split())
    return re.split(r"(?<=\.)\s", first)[0]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Returns a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)
