"""What widgets say."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.widgets.trees import trees
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.widgets import builders as ui
from widgetstream_server.widgets.describe import describe, plain_text


def task(number: int, title: str, due: str) -> Widget:
    return ui.list_view_item(
        ui.icon("empty-circle"),
        ui.col(ui.text(f"#{number} {title}"), ui.caption(due)),
        ui.button("Complete", on_click_action=ui.action("task.complete")),
    )


TASKS = ui.list_view(
    task(3, "Buy milk", "tomorrow"), task(4, "Call Ann", "Friday, 5 pm"), status={"text": "Tasks", "icon": "check"}
)
CARD = ui.card(
    ui.row(ui.title("Buy milk"), ui.badge("high")),
    ui.markdown("Two *bottles*\n\n- one\n- two"),
    ui.image("https://x.test/milk.png", alt="A bottle of milk"),
    ui.divider(),
    confirm={"label": "Delete", "action": ui.action("task.delete")},
)
FORM = ui.card(
    ui.form(
        ui.label("Title", "title"),
        ui.input("title", default_value="Buy milk"),
        ui.select("priority", [{"value": "h", "label": "High"}, {"value": "l", "label": "Low"}], default_value="h"),
        ui.radio_group("list", [{"value": "w", "label": "Work"}], default_value="w"),
        ui.checkbox("done", label="Done", default_checked=True),
        ui.checkbox("starred"),
        ui.date_picker("due", placeholder="No date"),
    )
)
TABLE = ui.basic(
    ui.table(
        ui.table_row(ui.table_cell(ui.text("Day")), ui.table_cell(ui.text("Tasks")), header=True),
        ui.table_row(ui.table_cell(ui.text("Mon")), ui.table_cell(ui.text("3"))),
    ),
    ui.chart([{"day": "Mon", "n": 3}, {"day": "Tue"}], [{"type": "bar", "data_key": "n", "label": "Tasks"}], "day"),
)
UNKNOWN = ui.basic(
    ui.unknown(
        "Map", {"title": "Berlin", "children": [{"type": "Pin", "label": "Gate\n1"}, {"type": "Pin", "label": "2"}]}
    )
)


@pytest.mark.parametrize(
    "widget, text, description",
    [
        pytest.param(
            TASKS,
            "Tasks\n#3 Buy milk · tomorrow\n#4 Call Ann · Friday, 5 pm",
            "[list 'Tasks': #3 Buy milk · tomorrow; #4 Call Ann · Friday, 5 pm]",
            id="list",
        ),
        pytest.param(
            CARD,
            "Buy milk · high\nTwo *bottles*\n- one\n- two\nA bottle of milk",
            "[card 'Buy milk': Buy milk · high; Two *bottles*; - one; - two; A bottle of milk]",
            id="card",
        ),
        pytest.param(
            FORM,
            "Title\nBuy milk\nHigh\nWork\n[x] Done\n[ ] starred\nNo date",
            "[card: Title; Buy milk; High; Work; [x] Done; [ ] starred; No date]",
            id="form",
        ),
        pytest.param(
            TABLE,
            "Day · Tasks\nMon · 3\nMon: Tasks 3\nTue",
            "[widget: Day · Tasks; Mon · 3; Mon: Tasks 3; Tue]",
            id="table and chart",
        ),
        pytest.param(UNKNOWN, "Berlin\nGate 1\n2", "[widget: Berlin; Gate 1; 2]", id="unknown"),
        pytest.param(ui.unknown("Board"), "", "[Board]", id="unknown root"),
        pytest.param(ui.card(), "", "[card]", id="empty"),
        pytest.param(Widget(), "", "[widget]", id="nothing"),
        pytest.param(ui.card(ui.title("Milk")), "Milk", "[card 'Milk']", id="title alone"),
        pytest.param(
            ui.card(ui.box(ui.text("a"), ui.text("b"), direction="row"), ui.box(ui.text("c"), ui.text("d"))),
            "a · b\nc\nd",
            "[card: a · b; c; d]",
            id="directions",
        ),
        pytest.param(ui.card(ui.text("a\n\n b\n")), "a\n b", "[card: a; b]", id="a text of several lines"),
    ],
)
def test_words(widget: Widget, text: str, description: str) -> None:
    assert plain_text(widget) == text
    assert describe(widget) == description


def test_a_long_description_is_cut() -> None:
    description = describe(ui.list_view(*[task(number, "Buy milk", "tomorrow") for number in range(100)]))
    assert len(description) <= 500
    assert description.startswith("[list: #0 Buy milk")
    assert description.endswith("…]")


@settings(deadline=None)
@given(tree=trees())
def test_any_tree_is_described_in_one_line(tree: Widget) -> None:
    description = describe(tree)
    assert len(description) <= 500
    assert len(description.splitlines()) == 1
    assert all(line.strip() for line in plain_text(tree).split("\n")) or plain_text(tree) == ""
