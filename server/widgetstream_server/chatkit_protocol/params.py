"""The parameters of one request, read one by one. What is wrong is told with its place."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final, TypeVar

from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Value

from widgetstream.chatkit.v1.chatkit_service_pb2 import FeedbackKind, ListOrder
from widgetstream_server.chatkit_json import JsonInvalidError, decode

MessageT = TypeVar("MessageT", bound=Message)

_LARGEST_PAGE: Final = 2**31 - 1
_ORDERS: Final[Mapping[object, ListOrder.ValueType]] = {
    "asc": ListOrder.LIST_ORDER_ASC,
    "desc": ListOrder.LIST_ORDER_DESC,
}
_FEEDBACK: Final[Mapping[object, FeedbackKind.ValueType]] = {
    "positive": FeedbackKind.FEEDBACK_KIND_POSITIVE,
    "negative": FeedbackKind.FEEDBACK_KIND_NEGATIVE,
}


class Params:
    """The parameters of a request, as ``json.loads`` returns them.

    All methods raise ``JsonInvalidError`` with the place below the parameters.
    """

    def __init__(self, values: Mapping[str, Any]) -> None:
        """Read an object."""
        self._values = values

    def id(self, name: str) -> str:
        """Return an id that has to be there."""
        found = self.text(name)
        if not found:
            raise JsonInvalidError("must not be empty", name)
        return found

    def optional_id(self, name: str) -> str:
        """Return an id; empty when there is none."""
        return "" if self._values.get(name) is None else self.id(name)

    def text(self, name: str) -> str:
        """Return a text that has to be there."""
        return _text(self._required(name), name)

    def ids(self, name: str) -> list[str]:
        """Return a list of ids that has to be there."""
        found = self._required(name)
        if not isinstance(found, list):
            raise JsonInvalidError("must be a list", name)
        return [_text(entry, f"{name}[{index}]") for index, entry in enumerate(found)]

    def whole(self, name: str) -> int:
        """Return a whole number that has to be there."""
        return _whole(self._required(name), name, 2**63 - 1)

    def page_size(self) -> int:
        """Return how many entries are asked for; 0 when that is not said."""
        found = self._values.get("limit")
        return 0 if found is None else _whole(found, "limit", _LARGEST_PAGE)

    def order(self) -> ListOrder.ValueType:
        """Return the order that is asked for: the newest first, when that is not said."""
        found = self._values.get("order", "desc")
        order = _ORDERS.get(found) if isinstance(found, str) else None
        if order is None:
            raise JsonInvalidError("must be one of asc, desc", "order")
        return order

    def feedback(self) -> FeedbackKind.ValueType:
        """Return what the person thinks."""
        found = self._required("kind")
        kind = _FEEDBACK.get(found) if isinstance(found, str) else None
        if kind is None:
            raise JsonInvalidError("must be one of positive, negative", "kind")
        return kind

    def bytes(self, name: str) -> bytes:
        """Return bytes in Base64 that have to be there."""
        found = self.text(name)
        try:
            return base64.b64decode(found, validate=True)
        except (binascii.Error, ValueError):
            raise JsonInvalidError("must be bytes in Base64", name) from None

    def message(self, name: str, kind: type[MessageT]) -> MessageT:
        """Return an object that has to be there, as a message."""
        found = self._required(name)
        try:
            return decode(kind, found)
        except JsonInvalidError as error:
            raise error.below(name) from None

    def value(self, name: str) -> Value:
        """Return anything that has to be there, be it null."""
        if name not in self._values:
            raise JsonInvalidError("is required", name)
        try:
            return decode(Value, self._values[name])
        except JsonInvalidError as error:
            raise error.below(name) from None

    def _required(self, name: str) -> Any:
        found = self._values.get(name)
        if found is None:
            raise JsonInvalidError("is required", name)
        return found


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise JsonInvalidError("must be a string", name)
    if "\x00" in value:
        raise JsonInvalidError("must not hold U+0000", name)
    return value


def _whole(value: Any, name: str, most: int) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise JsonInvalidError("must be a whole number", name)
    if not -most <= value <= most:
        raise JsonInvalidError(f"must be a number from {-most} to {most}", name)
    return value
