"""What changed between two values of a widget: the updates are right, small, and what one expects."""

from __future__ import annotations

import pytest
from chatkit.server import diff_widget
from chatkit.types import WidgetStreamingTextValueDelta
from chatkit.widgets import Card, Markdown, Text
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.widgets.trees import changed, copy, trees
from widgetstream.chatkit.v1.item_pb2 import ItemUpdate, WidgetRootUpdated
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.widgets import builders as ui
from widgetstream_server.widgets.diff import diff
from widgetstream_server.widgets.tree import find
from widgetstream_server.widgets.updates import apply, apply_in_place


def root_size(widget: Widget) -> int:
    return ItemUpdate(root_updated=WidgetRootUpdated(widget=widget)).ByteSize()


def data(widget: Widget) -> bytes:
    return widget.SerializeToString(deterministic=True)


def assert_tells(before: Widget, after: Widget) -> None:
    """The updates turn the one tree into the other, as a client that receives them sees it."""
    was, becomes = data(before), data(after)
    updates = diff(before, after)
    assert (data(before), data(after)) == (was, becomes)
    state, in_place = before, copy(before)
    for update in updates:
        received = ItemUpdate.FromString(update.SerializeToString())
        if received.HasField("component_updated"):
            assert_same_component(state, received)
        state = apply(state, received)
        assert apply_in_place(in_place, received) is in_place
    assert data(state) == becomes
    assert data(in_place) == becomes
    assert data(before) == was
    assert sum(update.ByteSize() for update in updates) <= root_size(after)
    assert bool(updates) == (was != becomes)


def assert_same_component(state: Widget, update: ItemUpdate) -> None:
    change = update.component_updated
    found = find(state, change.component_id)
    assert found is not None
    assert found.id == change.component.id
    assert found.WhichOneof("component") == change.component.WhichOneof("component")
    assert found.unknown.type == change.component.unknown.type


@settings(max_examples=200, deadline=None)
@given(before=trees(), after=trees())
def test_any_two_trees(before: Widget, after: Widget) -> None:
    assert_tells(before, after)


@settings(max_examples=600, deadline=None)
@given(data=st.data())
def test_a_tree_and_what_becomes_of_it(data: st.DataObject) -> None:
    before = data.draw(trees())
    assert_tells(before, data.draw(changed(before)))


@settings(max_examples=50, deadline=None)
@given(tree=trees())
def test_equal_trees_have_no_difference(tree: Widget) -> None:
    assert diff(tree, copy(tree)) == []
    assert diff(tree, tree) == []


def kinds(updates: list[ItemUpdate]) -> list[str]:
    """The updates in short: ``text m +"abc" done``, ``component row``, ``root``."""
    found = []
    for update in updates:
        match update.WhichOneof("update"):
            case "widget_text_delta":
                change = update.widget_text_delta
                found.append(f"text {change.component_id} +{change.delta!r}{' done' if change.done else ''}")
            case "component_updated":
                found.append(f"component {update.component_updated.component_id}")
            case _:
                found.append("root")
    return found


def task(number: int, title: str, icon: str = "empty-circle", **properties: str) -> Widget:
    return ui.list_view_item(
        ui.icon(icon, id=f"task_{number}_icon"),
        ui.row(ui.text(title, id=f"task_{number}_title"), ui.badge("high", id=f"task_{number}_badge")),
        id=f"task_{number}",
        on_click_action=ui.action("task.open", {"task_id": f"tsk_{number}", "list_id": "lst_1"}),
        key=properties.get("key"),
    )


LIST = [task(number, f"Task number {number}") for number in range(5)]


@pytest.mark.parametrize(
    "before, after, expected",
    [
        pytest.param(
            ui.card(ui.markdown("Hel", id="m", streaming=True)),
            ui.card(ui.markdown("Hello 🙂", id="m", streaming=True)),
            ["text m +'lo 🙂'"],
            id="text grows",
        ),
        pytest.param(
            ui.card(ui.markdown("Hel", id="m", streaming=True)),
            ui.card(ui.markdown("Hello", id="m", streaming=False)),
            ["text m +'lo' done"],
            id="text grows and is done",
        ),
        pytest.param(
            ui.card(ui.markdown("Hello", id="m", streaming=True)),
            ui.card(ui.markdown("Hello", id="m", streaming=False)),
            ["text m +'' done"],
            id="text is done",
        ),
        pytest.param(
            ui.card(ui.text("Hel", id="t")),
            ui.card(ui.text("Hello", id="t")),
            ["text t +'lo' done"],
            id="text grows without streaming",
        ),
        pytest.param(
            ui.card(ui.text("Buy milk, please", id="t", streaming=True), ui.title("A title of some length")),
            ui.card(ui.text("Buy milk, please!", id="t"), ui.title("A title of some length")),
            ["component t"],
            id="streaming is not said any more, which no text delta tells",
        ),
        pytest.param(
            ui.card(ui.text("Hello", id="t"), ui.title("A title of some length, and another")),
            ui.card(ui.text("Hell", id="t"), ui.title("A title of some length, and another")),
            ["component t"],
            id="text shrinks",
        ),
        pytest.param(
            ui.card(ui.text("Hello", id="t"), ui.title("A title of some length, and another")),
            ui.card(ui.text("Hello you", id="t", weight="bold"), ui.title("A title of some length, and another")),
            ["component t"],
            id="text grows and changes otherwise",
        ),
        pytest.param(ui.card(ui.text("Hel")), ui.card(ui.text("Hello")), ["root"], id="text without id"),
        pytest.param(
            ui.list_view(*LIST, id="list"),
            ui.list_view(*LIST[:2], task(2, "Task number 2", icon="check-circle"), *LIST[3:], id="list"),
            ["component task_2_icon"],
            id="one icon of a list",
        ),
        pytest.param(
            ui.list_view(*LIST, id="list"),
            ui.list_view(*LIST[:4], task(4, "Task number 4", key="k"), id="list"),
            ["component task_4"],
            id="a property of a container with id",
        ),
        pytest.param(
            ui.list_view(*LIST, id="list"), ui.list_view(*LIST[:4], id="list"), ["root"], id="a row fewer in the root"
        ),
        pytest.param(
            ui.card(ui.title("A title of some length, and another"), ui.col(*LIST[:2], id="col")),
            ui.card(ui.title("A title of some length, and another"), ui.col(*LIST[:1], id="col")),
            ["component col"],
            id="a row fewer in a container with id",
        ),
        pytest.param(
            ui.card(ui.title("A title of some length, and another"), ui.row(ui.icon("check"), id="row")),
            ui.card(ui.title("A title of some length, and another"), ui.row(ui.icon("plus"), id="row")),
            ["component row"],
            id="the container of what has no id",
        ),
        pytest.param(
            ui.card(ui.title("A title of some length, and another"), ui.text("a", id="x")),
            ui.card(ui.title("A title of some length, and another"), ui.badge("a", id="x")),
            ["root"],
            id="the id went to another type",
        ),
        pytest.param(
            ui.card(ui.title("A title of some length, and another"), ui.unknown("Map", {"zoom": 1}, id="x")),
            ui.card(ui.title("A title of some length, and another"), ui.unknown("Video", {"zoom": 1}, id="x")),
            ["root"],
            id="the id went to another type that the schema does not know",
        ),
        pytest.param(
            ui.card(ui.text("a", id="x"), ui.text("a", id="x"), ui.title("A title of some length, and another")),
            ui.card(ui.text("a", id="x"), ui.text("ab", id="x"), ui.title("A title of some length, and another")),
            ["root"],
            id="an id used twice names nothing",
        ),
        pytest.param(
            ui.card(*LIST, status={"text": "Saving"}), ui.card(*LIST, status={"text": "Saved"}), ["root"], id="the root"
        ),
        pytest.param(
            ui.basic(*[ui.row(ui.icon("dot", id=f"icon_{n}")) for n in range(20)]),
            ui.basic(*[ui.row(ui.icon("check", id=f"icon_{n}")) for n in range(20)]),
            ["root"],
            id="so many components that the root is smaller",
        ),
    ],
)
def test_expected_updates(before: Widget, after: Widget, expected: list[str]) -> None:
    assert kinds(diff(before, after)) == expected
    assert_tells(before, after)


def test_two_texts_that_grow_stay_text_deltas() -> None:
    before = ui.card(ui.row(ui.text("a", id="x"), ui.text("b", id="y"), id="row"))
    after = ui.card(ui.row(ui.text("ab", id="x"), ui.text("bc", id="y"), id="row"))
    assert kinds(diff(before, after)) == ["text x +'b' done", "text y +'c' done"]


def test_many_ids_are_as_right_as_few() -> None:
    before = ui.list_view(*[task(number, f"Task {number}") for number in range(100)])
    after = copy(before)
    for item in after.list_view.children:
        item.list_view_item.children[1].row.children[0].text.value += " again"
    assert kinds(diff(before, after)) == [f"text task_{number}_title +' again' done" for number in range(100)]


@pytest.mark.parametrize("streaming", [None, True, False])
@pytest.mark.parametrize("grown", ["Hello", "Hello you 🙂"])
@pytest.mark.parametrize("kind", ["text", "markdown"])
def test_text_deltas_are_those_of_chatkit(kind: str, grown: str, streaming: bool | None) -> None:
    theirs = {"text": Text, "markdown": Markdown}[kind]
    ours = {"text": ui.text, "markdown": ui.markdown}[kind]
    expected = [
        f"text {delta.component_id} +{delta.delta!r}{' done' if delta.done else ''}"
        for delta in diff_widget(
            Card(children=[theirs(id="x", value="Hello", streaming=streaming)]),
            Card(children=[theirs(id="x", value=grown, streaming=streaming)]),
        )
        if isinstance(delta, WidgetStreamingTextValueDelta)
    ]
    updates = diff(
        ui.card(ours("Hello", id="x", streaming=streaming)), ui.card(ours(grown, id="x", streaming=streaming))
    )
    assert kinds(updates) == expected
