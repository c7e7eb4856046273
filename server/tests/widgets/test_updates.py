"""What each kind of update does to a widget."""

from __future__ import annotations

import pytest

from widgetstream.chatkit.v1 import item_pb2
from widgetstream.chatkit.v1.item_pb2 import ItemUpdate
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.widgets import builders as ui
from widgetstream_server.widgets.updates import apply, apply_in_place


def text_delta(component_id: str, delta: str, *, done: bool) -> ItemUpdate:
    return ItemUpdate(widget_text_delta=item_pb2.WidgetTextDelta(component_id=component_id, delta=delta, done=done))


@pytest.mark.parametrize(
    "streaming, done, after",
    [
        (True, False, True),
        (True, True, False),
        (False, False, False),
        (False, True, False),
        (None, False, None),
        (None, True, None),
    ],
)
def test_done_ends_streaming_that_was_said(streaming: bool | None, done: bool, after: bool | None) -> None:
    before = ui.card(ui.text("a", id="t", streaming=streaming))
    assert apply(before, text_delta("t", "b", done=done)) == ui.card(ui.text("ab", id="t", streaming=after))


def test_the_tree_given_stays() -> None:
    before = ui.card(ui.text("a", id="t"))
    after = apply(before, text_delta("t", "b", done=False))
    assert (before.card.children[0].text.value, after.card.children[0].text.value) == ("a", "ab")


def test_in_place() -> None:
    widget = ui.card(ui.text("a", id="t"))
    assert apply_in_place(widget, text_delta("t", "b", done=False)) is widget
    assert widget == ui.card(ui.text("ab", id="t"))


def test_a_component_is_replaced_with_what_is_below_it() -> None:
    update = ItemUpdate(
        component_updated=item_pb2.WidgetComponentUpdated(
            component_id="row", component=ui.row(ui.badge("new"), id="row", gap=2)
        )
    )
    assert apply(ui.card(ui.row(ui.text("old", id="t"), id="row"), ui.spacer()), update) == ui.card(
        ui.row(ui.badge("new"), id="row", gap=2), ui.spacer()
    )


def test_the_root_is_replaced() -> None:
    update = ItemUpdate(root_updated=item_pb2.WidgetRootUpdated(widget=ui.basic(ui.text("new"))))
    assert apply(ui.card(ui.text("old"), id="card"), update) == ui.basic(ui.text("new"))


@pytest.mark.parametrize(
    "update, message",
    [
        (text_delta("nobody", "x", done=False), "no component 'nobody'"),
        (text_delta("", "x", done=False), "no component ''"),
        (text_delta("badge", "x", done=False), "is a badge"),
        (ItemUpdate(text_delta=item_pb2.TextDelta(delta="x")), "text_delta is no update of a widget"),
        (ItemUpdate(), "an empty update"),
        (
            ItemUpdate(
                component_updated=item_pb2.WidgetComponentUpdated(
                    component_id="badge", component=ui.badge("x", id="other")
                )
            ),
            "'badge' cannot become 'other'",
        ),
    ],
)
def test_an_update_that_does_not_fit_changes_nothing(update: ItemUpdate, message: str) -> None:
    widget = ui.card(ui.badge("a", id="badge"), ui.spacer())
    before = widget.SerializeToString()
    with pytest.raises(ValueError, match=message):
        apply_in_place(widget, update)
    assert widget.SerializeToString() == before


def test_a_component_below_hundreds_of_levels_is_found() -> None:
    root = Widget()
    deepest = root
    for _ in range(5000):
        deepest = deepest.transition.children
    deepest.id = "t"
    deepest.text.value = "a"
    apply_in_place(root, text_delta("t", "b", done=False))
    assert deepest.text.value == "ab"
