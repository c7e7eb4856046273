"""Specimens of charts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.widgets import builders as ui
from widgetstream_server.widgets.json_values import JsonValue

_DATA: Final[Sequence[Mapping[str, JsonValue]]] = [
    {"day": "mon", "added": 4, "done": 2, "open": 12},
    {"day": "tue", "added": 3, "done": 5, "open": 10},
    {"day": "wed", "added": 6.5, "done": 4, "open": 12.5},
]


def chart() -> Widget:
    """Return a chart with a series of each kind, and a plain one."""
    plain = ui.chart(_DATA, [{"type": "line", "data_key": "open"}], "day", id="plain_chart", flex=1)
    return ui.col(_full_chart(), plain, id="charts_col", gap=4)


def _full_chart() -> Widget:
    return ui.chart(
        _DATA,
        [
            {"type": "bar", "label": "Added", "data_key": "added", "stack": "tasks", "color": "blue"},
            {
                "type": "area",
                "label": "Done",
                "data_key": "done",
                "stack": "tasks",
                "color": {"dark": "green-300", "light": "green-700"},
                "curve_type": "monotone",
            },
            {"type": "line", "label": "Open", "data_key": "open", "color": "orange", "curve_type": "step"},
        ],
        {"data_key": "day", "hide": False, "labels": {"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday"}},
        id="specimen_chart",
        show_y_axis=True,
        show_legend=True,
        show_tooltip=True,
        bar_gap=2,
        bar_category_gap=8,
        height=240,
        width="100%",
        min_height="120px",
        aspect_ratio=1.6,
    )


SPECIMENS: Mapping[str, Callable[[], Widget]] = {"chart": chart}
