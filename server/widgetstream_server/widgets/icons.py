"""Which strings name an icon."""

from __future__ import annotations

from typing import Final

from widgetstream.chatkit.v1 import icon_pb2, options_pb2

BUILT_IN_ICONS: Final[frozenset[str]] = frozenset(
    value.GetOptions().Extensions[options_pb2.literal]
    for value in icon_pb2.BuiltInIcon.DESCRIPTOR.values
    if value.number
)
"""The icons that every frontend has."""

# Icons of a set that the frontend may have. What follows the prefix is the set's own affair.
PREFIXES: Final = ("lucide:", "vendor:")


def is_icon(name: str) -> bool:
    """Return whether the string names a built-in icon, or has the prefix ``lucide:`` or ``vendor:``."""
    return name in BUILT_IN_ICONS or name.startswith(PREFIXES)
