"""One specimen of each component of widgets, each with most of its properties."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.showcase.specimens import charts, containers, controls, texts
from widgetstream_server.widgets import builders as ui
from widgetstream_server.widgets.schema import COMPONENTS

Specimen = Callable[[], Widget]

SPECIMENS: Final[Mapping[str, Specimen]] = MappingProxyType(
    {**containers.SPECIMENS, **texts.SPECIMENS, **controls.SPECIMENS, **charts.SPECIMENS}
)
"""By the name of the component's case, in the order of the schema's groups."""

_ROOTS: Final = frozenset({"card", "list_view", "basic"})


def root(name: str) -> Widget:
    """Return a widget whose subject is a component: the component itself, or a card around it."""
    widget = SPECIMENS[name]()
    if name in _ROOTS:
        return widget
    if name == "list_view_item":
        return ui.list_view(widget, id=f"{name}_list")
    if name in {"table_row", "table_cell"}:
        row = widget if name == "table_row" else ui.table_row(widget, id=f"{name}_row")
        return ui.card(ui.table(row, id=f"{name}_table"), id=f"{name}_card")
    return ui.card(widget, id=f"{name}_card")


def label_of(name: str) -> str:
    """Return the type of a component as people know it, such as ``ListViewItem``."""
    message = COMPONENTS[name].message_type
    return message.name if message is not None else name
