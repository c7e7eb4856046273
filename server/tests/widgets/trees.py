"""Random widgets, and random changes to them, for property tests."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from widgetstream.chatkit.v1 import options_pb2
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.widgets import builders as ui
from widgetstream_server.widgets.tree import children_of, component_of

# Few ids, so that they meet again: in other places, twice in a tree, at other components.
IDS = st.sampled_from([None, None, "", "a", "b", "c", "d", "é-🙂"])
# Characters of one to four bytes, half of a flag, joiners and marks that belong to what is before them.
TEXTS = st.text(st.sampled_from("ab é\u0301🙂🇩🇪\u200d\ufe0f中\n\x00\U0010ffff"), max_size=6)
FLAGS = st.sampled_from([None, True, False])
CONTAINERS = ("card", "row", "col", "list_view", "list_view_item", "basic", "form", "table_cell")


@st.composite
def leaves(draw: st.DrawFn) -> Widget:
    widget: Widget
    match draw(
        st.sampled_from(["text", "markdown", "text", "markdown", "badge", "icon", "spacer", "unknown", "nothing"])
    ):
        case "text":
            widget = ui.text(draw(TEXTS), streaming=draw(FLAGS), weight=draw(st.sampled_from([None, "bold"])))
        case "markdown":
            widget = ui.markdown(draw(TEXTS), streaming=draw(FLAGS))
        case "badge":
            widget = ui.badge(draw(TEXTS), additional_properties=draw(st.sampled_from([None, {}, {"tip": "x"}])))
        case "icon":
            widget = ui.icon("check", color=draw(st.sampled_from([None, "red"])), size="md")
        case "spacer":
            widget = ui.spacer()
        case "unknown":
            widget = ui.unknown(
                draw(st.sampled_from(["Map", "Video"])), draw(st.sampled_from([{}, {"id": "a", "n": [1]}]))
            )
        case _:
            widget = Widget()
    return named(draw, widget)


def named(draw: st.DrawFn, widget: Widget) -> Widget:
    """Give a component an id and a key, or none, and now and then fields of a newer schema."""
    widget.ClearField("id")
    if (component_id := draw(IDS)) is not None:
        widget.id = component_id
    widget.ClearField("key")
    if draw(st.integers(0, 3)) == 0:
        widget.key = "k"
    if draw(st.integers(0, 15)) == 0:
        newer(draw(st.sampled_from([widget, component_of(widget)[1] or widget])))
    return widget


def newer(message: Any) -> None:
    """Add a field of a newer schema. Options have no field 12345, nor has any message here."""
    assert 12345 not in options_pb2.FieldJson.DESCRIPTOR.fields_by_number
    message.MergeFromString(b"\xc8\x83\x06\x07")


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> Widget:
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(leaves())
    widget = Widget()
    if draw(st.integers(0, 6)) == 0:
        widget.transition.SetInParent()
        if draw(st.booleans()):
            widget.transition.children.CopyFrom(draw(trees(depth=depth - 1)))
        return named(draw, widget)
    component = getattr(widget, draw(st.sampled_from(CONTAINERS)))
    component.SetInParent()
    component.children.extend(draw(st.lists(trees(depth=depth - 1), max_size=4)))
    return named(draw, widget)


@st.composite
def changed(draw: st.DrawFn, before: Widget) -> Widget:
    """A tree that is the other one but for some changes."""
    after = Widget()
    after.CopyFrom(before)
    for _ in range(draw(st.integers(1, 4))):
        change(draw, after)
    return after


def change(draw: st.DrawFn, widget: Widget) -> None:
    """Change one component of a tree, somewhere."""
    case, component = component_of(widget)
    children = children_of(case, component)
    if len(children) and draw(st.integers(0, 3)) > 0:
        index = draw(st.integers(0, len(children) - 1))
        change(draw, children[index])
        return
    kinds = ["property", "rename", "replace"]
    if case in {"text", "markdown"}:
        kinds = ["grow", "grow", "grow", "streaming", "streaming", "value", *kinds]
    if case and children and case != "transition":
        kinds = ["swap", "drop", "add", *kinds]
    match draw(st.sampled_from(kinds)):
        case "grow":
            component.value += draw(TEXTS)
        case "streaming":
            component.ClearField("streaming")
            if (value := draw(FLAGS)) is not None:
                component.streaming = value
        case "value":
            component.value = draw(TEXTS)
        case "swap" | "drop" | "add" as how:
            change_children(draw, component, how)
        case "rename":
            named(draw, widget)
        case "replace":
            widget.CopyFrom(draw(trees(depth=2)))
        case _:
            change_property(draw, widget, case, component)


def change_children(draw: st.DrawFn, component: Any, how: str) -> None:
    children = component.children
    match how:
        case "swap":
            order: list[int] = draw(st.permutations(range(len(children))))
            copies = [copy(children[index]) for index in order]
            del children[:]
            children.extend(copies)
        case "drop":
            del children[draw(st.integers(0, len(children) - 1))]
        case _:
            children.insert(draw(st.integers(0, len(children))), draw(trees(depth=1)))


def change_property(draw: st.DrawFn, widget: Widget, case: str, component: Any) -> None:
    match case:
        case "text":
            component.truncate = draw(st.booleans())
        case "row" | "col" | "form":
            component.gap.number = draw(st.integers(0, 3))
        case "card":
            component.status.text = draw(TEXTS)
        case "unknown":
            component.type = draw(st.sampled_from(["Map", "Video"]))
            component.properties.update({"n": draw(st.integers(0, 3))})
        case _:
            widget.additional_properties.update({"n": draw(st.integers(0, 3))})


def copy(widget: Widget) -> Widget:
    result = Widget()
    result.CopyFrom(widget)
    return result
