"""Widgets drawn with rich."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich import box
from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from widgetstream.chatkit.v1 import widget_style_pb2 as style
from widgetstream.chatkit.v1 import widget_text_pb2 as texts
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.terminal.actions import children_of

_ICONS = {
    "check-circle-filled": "✔",
    "check-circle": "✔",
    "check": "✔",
    "empty-circle": "○",
    "calendar": "▦",
    "clock": "◷",
    "star": "☆",
    "star-filled": "★",
    "info": "ℹ",
    "circle-question": "?",
    "plus": "+",
    "reload": "↻",
    "search": "⌕",
    "write": "✎",
    "bolt": "⚡",
}
_BADGES = {
    texts.BADGE_COLOR_SUCCESS: "black on green",
    texts.BADGE_COLOR_DANGER: "white on red",
    texts.BADGE_COLOR_WARNING: "black on yellow",
    texts.BADGE_COLOR_INFO: "white on blue",
    texts.BADGE_COLOR_DISCOVERY: "white on magenta",
}
_COLORS = {
    "secondary": "dim",
    "tertiary": "dim",
    "success": "green",
    "warning": "yellow",
    "danger": "red",
    "emphasis": "bold",
}
_BOLD = (style.FONT_WEIGHT_SEMIBOLD, style.FONT_WEIGHT_BOLD)


class Numbering:
    """Gives actions their numbers while a widget is drawn."""

    def __init__(self, first: int = 1) -> None:
        """Begin with a number."""
        self._next = first
        self.in_form = False

    def take(self) -> int:
        """Return the next number."""
        self._next += 1
        return self._next - 1


def draw(widget: Widget, numbers: Numbering) -> RenderableType:
    """Return a widget as something that rich prints.

    Args:
        widget: The tree.
        numbers: Gives actions their numbers, in the order of ``actions_of``.
    """
    kind = widget.WhichOneof("component") or ""
    drawer = _DRAWERS.get(kind)
    if drawer is not None:
        return drawer(widget, numbers)
    if inline := _inline(widget, numbers):
        return inline
    outer, submits = numbers.in_form, numbers.in_form
    if kind == "form":
        submits = widget.form.HasField("on_submit_action")
    numbers.in_form = submits
    children = [draw(child, numbers) for child in children_of(widget)]
    numbers.in_form = outer
    return Group(*children) if children else Text(f"[{kind.replace('_', ' ')}]", style="dim")


def _card(widget: Widget, numbers: Numbering) -> RenderableType:
    card = widget.card
    outer = numbers.in_form
    numbers.in_form = outer and not card.as_form
    parts = [draw(child, numbers) for child in card.children]
    numbers.in_form = outer
    footer = Text()
    for name in ("confirm", "cancel"):
        if card.HasField(name):
            footer.append(f" [{numbers.take()}] {getattr(card, name).label} ", style="reverse")
            footer.append("  ")
    if footer:
        parts.append(Padding(footer, (1, 0, 0, 0)))
    title = card.status.text if card.HasField("status") else None
    return Panel(Group(*parts), box=box.ROUNDED, title=title, title_align="left", expand=False)


def _list_view(widget: Widget, numbers: Numbering) -> RenderableType:
    rows = [draw(child, numbers) for child in widget.list_view.children]
    title = widget.list_view.status.text if widget.list_view.HasField("status") else None
    return Panel(Group(*rows), box=box.ROUNDED, title=title, title_align="left", expand=False)


def _item(widget: Widget, numbers: Numbering) -> RenderableType:
    mark = Text(f"[{numbers.take()}]", style="dim") if widget.list_view_item.HasField("on_click_action") else Text("")
    # The children of an item stand side by side, as those of a row.
    grid = Table.grid(padding=(0, 1))
    grid.add_row(mark, *(draw(child, numbers) for child in widget.list_view_item.children))
    return grid


def _row(widget: Widget, numbers: Numbering) -> RenderableType:
    cells = [draw(child, numbers) for child in children_of(widget) if not child.HasField("spacer")]
    if all(isinstance(cell, Text) for cell in cells):
        return Text("  ").join(cell for cell in cells if isinstance(cell, Text))
    grid = Table.grid(padding=(0, 2))
    grid.add_row(*cells)
    return grid


def _table(widget: Widget, numbers: Numbering) -> RenderableType:
    drawn = Table(box=box.SIMPLE, show_header=False)
    for row in widget.table.children:
        cells = [Group(*(draw(child, numbers) for child in children_of(cell))) for cell in children_of(row)]
        drawn.add_row(*cells, style="bold" if row.table_row.header else None)
    return drawn


def _chart(widget: Widget, _: Numbering) -> RenderableType:
    chart = widget.chart
    axis = chart.x_axis.data_key or chart.x_axis.config.data_key
    keys = [getattr(series, series.WhichOneof("series") or "bar").data_key for series in chart.series]
    drawn = Table(box=box.SIMPLE)
    for heading in (axis, *keys):
        drawn.add_column(heading)
    for row in chart.data:
        drawn.add_row(*(str(row[key]) if key in row else "" for key in (axis, *keys)))
    return drawn


_DRAWERS: dict[str, Callable[[Widget, Numbering], RenderableType]] = {
    "card": _card,
    "list_view": _list_view,
    "list_view_item": _item,
    "row": _row,
    "table": _table,
    "chart": _chart,
    "markdown": lambda widget, _: Markdown(widget.markdown.value),
    "divider": lambda _widget, _: Rule(style="dim"),
    "spacer": lambda _widget, _: Text(""),
}


def _inline(widget: Widget, numbers: Numbering) -> Text | None:
    kind = widget.WhichOneof("component")
    match kind:
        case "text":
            return Text(widget.text.value, style=_text_style(widget.text))
        case "title":
            return Text(widget.title.value, style="bold")
        case "caption":
            return Text(widget.caption.value, style=_COLORS.get(widget.caption.color.name, "dim"))
        case "label":
            return Text(widget.label.value, style="dim")
        case "badge":
            return Text(f" {widget.badge.label} ", style=_BADGES.get(widget.badge.color, "reverse"))
        case "icon":
            return Text(_ICONS.get(widget.icon.name, "•"), style=_COLORS.get(widget.icon.color.name, ""))
        case "image":
            return Text(f"[image: {widget.image.alt or 'without a description'}]", style="dim")
        case "button":
            label = widget.button.label or _ICONS.get(widget.button.icon_start, widget.button.icon_start)
            number = f"[{numbers.take()}] " if _acts(widget, numbers) else ""
            return Text(f" {number}{label} ", style="reverse dim" if widget.button.disabled else "reverse")
        case "input" | "textarea" | "select" | "date_picker" | "radio_group":
            control = getattr(widget, kind)
            return Text(f"{control.name}: {control.default_value or '…'}", style="underline")
        case "checkbox":
            checked = "☑" if widget.checkbox.default_checked else "☐"
            return Text(f"{checked} {widget.checkbox.label or widget.checkbox.name}")
        case _:
            return None


def _acts(widget: Widget, numbers: Numbering) -> bool:
    button = widget.button
    return (button.HasField("on_click_action") and not button.disabled) or (button.submit and numbers.in_form)


def _text_style(text: texts.Text) -> str:
    return " ".join(_style_words(text))


def _style_words(text: texts.Text) -> Iterator[str]:
    if text.weight in _BOLD:
        yield "bold"
    if text.italic:
        yield "italic"
    if text.line_through:
        yield "strike"
    if color := _COLORS.get(text.color.name):
        yield color
