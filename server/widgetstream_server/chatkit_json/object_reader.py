"""Reading one JSON object into one message, with a reader for each property."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from widgetstream_server.chatkit_json import values
from widgetstream_server.chatkit_json.faults import JsonInvalidError
from widgetstream_server.chatkit_json.values import Json

Read = Callable[[Any, Json], None]
"""Reads a value into a field of the message given. What it refuses leaves no trace in the message."""

NOT_TEXT = "must not hold half of a surrogate pair"


class ObjectReader:
    """How the objects of one message are read.

    Attributes:
        strict: Whether an unknown property is refused. Otherwise it is passed over.
        readers: By the name of the property.
        components: Properties that hold components of widgets: a fault in one is told, not kept.
        absent: What fields without presence are when their property is absent.
        discriminator: The property that tells the cases apart. Empty: there is none.
        cases: The field of each case, and the reader of its properties, by the value of the discriminator.
        catch_all: Takes an object of an unknown type, if anything does: its type and its other properties.
        overflow: The field that keeps what is unknown, or does not fit. Empty: there is none.
    """

    __slots__ = ("absent", "cases", "catch_all", "components", "discriminator", "overflow", "readers", "strict")

    def __init__(self, *, strict: bool) -> None:
        """Make a reader that knows nothing yet: messages hold messages of their own type."""
        self.strict = strict
        self.readers: dict[str, Read] = {}
        self.components: frozenset[str] = frozenset()
        self.absent: tuple[tuple[str, Read, Json], ...] = ()
        self.discriminator = ""
        self.cases: dict[str, tuple[str, ObjectReader]] = {}
        self.catch_all: Callable[[Any, str, Mapping[str, Json]], None] | None = None
        self.overflow = ""

    def fill(self, target: Any, value: Json) -> None:
        """Read an object into an empty message.

        Raises:
            JsonInvalidError: It is none of this message.
        """
        if not isinstance(value, Mapping):
            raise JsonInvalidError("must be an object")
        target.SetInParent()
        if not self.discriminator:
            self._fill_plain(target, value)
            return
        tag = value.get(self.discriminator)
        if not isinstance(tag, str):
            raise JsonInvalidError("is required" if tag is None else "must be a string", self.discriminator)
        if tag in self.cases:
            self._fill_case(target, tag, value)
        elif self.catch_all is not None:
            self.catch_all(target, tag, dict(self._left_over(target, value)))
        else:
            raise JsonInvalidError(f"must be one of {', '.join(self.cases)}", self.discriminator)

    def _fill_plain(self, target: Any, properties: Mapping[str, Json]) -> None:
        readers = self.readers
        for name, value in properties.items():
            read = readers.get(name)
            if read is None:
                if self.strict:
                    raise JsonInvalidError("is unknown", str(name))
            elif value is not None:
                _read_at(read, target, name, value)
        self.fill_absent(target, properties)

    def _fill_case(self, target: Any, tag: str, properties: Mapping[str, Json]) -> None:
        """Read an object whose properties are those of the message, and those of one of its cases."""
        case_name, inner = self.cases[tag]
        case = getattr(target, case_name)
        case.SetInParent()
        own, others = self.readers, inner.readers
        unknown: list[tuple[str, Json]] = []
        for name, value in properties.items():
            if value is None:
                continue
            read, holder = own.get(name), target
            if read is None:
                read, holder = others.get(name), case
            if read is None:
                if name != self.discriminator:
                    unknown.append((name, value))
            elif not self.overflow or name in inner.components:
                _read_at(read, holder, name, value)
            elif not _fits(read, holder, name, value):
                unknown.append((name, value))
        inner.fill_absent(case, properties)
        if unknown:
            self._keep(target, unknown)

    def _left_over(self, target: Any, properties: Mapping[str, Json]) -> Iterable[tuple[str, Json]]:
        """Read what every case has, and yield the rest."""
        for name, value in properties.items():
            read = self.readers.get(name)
            if name != self.discriminator and (read is None or not _fits(read, target, name, value)):
                yield name, value

    def fill_absent(self, target: Any, properties: Mapping[str, Json]) -> None:
        """Set what is always something, where an object does not say what."""
        for name, read, default in self.absent:
            if properties.get(name) is None:
                read(target, default)

    def _keep(self, target: Any, unknown: list[tuple[str, Json]]) -> None:
        if self.overflow:
            try:
                values.add_properties(getattr(target, self.overflow), unknown)
            except UnicodeError:
                raise JsonInvalidError(NOT_TEXT) from None
        elif self.strict:
            raise JsonInvalidError("is unknown", str(unknown[0][0]))


def _read_at(read: Read, target: Any, name: str, value: Json) -> None:
    try:
        read(target, value)
    except JsonInvalidError as error:
        raise error.below(name) from None
    except UnicodeError:
        raise JsonInvalidError(NOT_TEXT, name) from None


def _fits(read: Read, target: Any, name: str, value: Json) -> bool:
    """Read a value if it fits."""
    try:
        read(target, value)
    except JsonInvalidError:
        return False
    except UnicodeError:
        raise JsonInvalidError(NOT_TEXT, name) from None
    return True
