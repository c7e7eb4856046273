"""What the app shows: unique ids, within the limits, and small changes from one value to the next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.todo.world import START, ids_of, part, rows_of
from widgetstream.chatkit.v1.action_pb2 import ActionConfig
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream.todo.v1.task_pb2 import Priority, Task
from widgetstream_server.todo import widgets
from widgetstream_server.todo.actions import ACTIONS
from widgetstream_server.todo.listing import MAX_ROWS, Listing, ListState
from widgetstream_server.todo.names import FILTERS, PRIORITIES
from widgetstream_server.widgets import limits, tree
from widgetstream_server.widgets.describe import plain_text
from widgetstream_server.widgets.diff import diff

NOW = START.astimezone(ZoneInfo("Europe/Oslo"))
ID = re.compile(
    r"[a-z0-9_]+_(list|item|card|row|col|text|title|caption|badge|icon|button|select|spacer|divider|label|input"
    r"|textarea|date_picker)"
)

dues = st.one_of(
    st.just(""),
    st.dates(min_value=NOW.date() - timedelta(days=900), max_value=NOW.date() + timedelta(days=900)).map(str),
    st.datetimes(timezones=st.just(ZoneInfo("Asia/Kathmandu")))
    .filter(lambda moment: 1973 < moment.year < 8999)
    .map(lambda moment: moment.isoformat(timespec="seconds")),
)
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


@st.composite
def tasks(draw: st.DrawFn, number: int | None = None) -> Task:
    task = Task(
        number=number or draw(st.integers(1, 2**31 - 1)),
        title=draw(texts),
        description=draw(st.one_of(st.just(""), texts)),
        due=draw(dues),
        priority=draw(st.sampled_from([Priority.PRIORITY_UNSPECIFIED, *PRIORITIES.values()])),
        tags=sorted(draw(st.sets(texts, max_size=20))),
        completed=draw(st.booleans()),
    )
    task.task_id = f"tsk_{task.number:016}"
    if task.completed:
        task.complete_time.FromDatetime(START)
    return task


lists_of_tasks = st.lists(st.integers(1, 999), unique=True, max_size=12).flatmap(
    lambda numbers: st.tuples(*(tasks(number) for number in numbers))
)


def every_widget(task: Task) -> Sequence[Widget]:
    arguments = {"task": task.title, "title": "New"}
    return [
        widgets.task_card(task, NOW),
        widgets.task_card(task, NOW, said="Added"),
        widgets.delete_card(task, NOW),
        widgets.delete_card(task, NOW, list_item_id="wid_1"),
        widgets.deleted_card(task),
        widgets.gone_card(),
        widgets.edit_form(task, NOW),
        widgets.error_card("The database does not answer.", "update_task", arguments),
        widgets.which_task(task.title, [task], NOW, "update_task", arguments),
        widgets.no_such_task(task.title, [task], NOW, "update_task", arguments),
        widgets.no_such_task(task.title, [], NOW, "update_task", arguments),
    ]


def check(widget: Widget) -> None:
    limits.check(widget)
    ids = ids_of(widget)
    assert all(ID.fullmatch(component_id) for component_id in ids), ids
    assert len(set(ids)) == len(ids)
    actions = {config.type for component in tree.walk(widget) for config in actions_of(component)}
    assert actions <= set(ACTIONS)
    assert plain_text(widget)


def actions_of(component: Widget) -> Sequence[ActionConfig]:
    found = getattr(component, str(component.WhichOneof("component")))
    single = [
        getattr(found, name)
        for name in ("on_click_action", "on_change_action")
        if name in found.DESCRIPTOR.fields_by_name and found.HasField(name)
    ]
    return single + [
        getattr(found, name).action
        for name in ("confirm", "cancel")
        if name in found.DESCRIPTOR.fields_by_name and found.HasField(name)
    ]


@given(tasks())
def test_everything_shown_of_a_task_is_within_the_limits(task: Task) -> None:
    for widget in every_widget(task):
        check(widget)


@given(
    lists_of_tasks,
    st.sampled_from(list(FILTERS)),
    st.sampled_from([None, *PRIORITIES]),
    st.one_of(st.none(), texts),
    st.booleans(),
    st.sampled_from([0, 50]),
)
def test_every_list_is_within_the_limits_and_knows_what_it_is_about(
    shown: Sequence[Task], filter_name: str, priority: str | None, tag: str | None, more: bool, skipped: int
) -> None:
    state = ListState(
        filter=filter_name,  # type: ignore[arg-type]  # drawn from the names themselves
        priority=priority,  # type: ignore[arg-type]
        tag=tag[:50] if tag else None,
        skipped=skipped,
        shown=10,
    )
    total = len(shown) + skipped
    listing = Listing(state, shown, total, "token" if more else "", NOW, others=0 if total else 3)
    widget = widgets.task_list(listing)
    check(widget)

    if widgets.is_list(widget):
        assert rows_of(widget) == [task.number for task in shown]
        assert widgets.state_of(widget) == state.from_the_start()
    else:
        assert not shown
        assert filter_name == "open"


def test_the_longest_list_of_the_longest_tasks_is_within_the_limits() -> None:
    longest = [
        Task(
            task_id=f"tsk_{'x' * 16}",
            number=2**31 - 1 - number,
            title="👩" * 200,
            due="2025-12-05",
            priority=Priority.PRIORITY_HIGH,
            tags=["🏷" * 50] * 20,
        )
        for number in range(MAX_ROWS)
    ]
    state = ListState(query="👩" * 200, tag="🏷" * 50, priority="high", shown=MAX_ROWS, page_token="x" * 300)
    check(widgets.task_list(Listing(state, longest, 500, "y" * 300, NOW)))


def test_the_longest_request_can_be_repeated_for_each_of_five_tasks() -> None:
    candidates = [Task(task_id=f"tsk_{n}", number=n, title="👩" * 200) for n in range(1, 6)]
    arguments = {"task": "x" * 200, "description": "👩" * 8000, "add_tags": ["🏷" * 50] * 20}

    check(widgets.which_task("x" * 200, candidates, NOW, "update_task", arguments))


@given(tasks(7), st.integers(1, 60))
def test_completing_a_task_changes_its_row_and_the_count_alone(task: Task, total: int) -> None:
    task.completed = False
    others = [Task(task_id=f"tsk_{n}", number=n, title=f"Task {n}") for n in (3, 9)]
    shown = widgets.task_list(Listing(ListState(), [others[0], task, others[1]], total, "", NOW))
    task.completed = True
    task.complete_time.FromDatetime(START)
    changed = widgets.with_row(shown, widgets.task_row(task, NOW), total - 1)
    touched = {update.component_updated.component_id for update in diff(shown, changed)}

    assert rows_of(changed) == [3, 7, 9]
    assert touched <= {"tasks_count_badge", *(i for i in ids_of(changed) if i.startswith("task_7_"))}
    assert "tasks_count_badge" in touched


@pytest.mark.parametrize(
    "filter_name, others, root, said",
    [
        ("open", 0, "tasks_empty_card", "No tasks yet"),
        ("all", 0, "tasks_empty_card", "No tasks yet"),
        ("open", 4, "tasks_empty_card", "All done"),
        ("today", 4, "tasks_list", "Nothing is due today."),
        ("done", 4, "tasks_list", "Nothing is done yet."),
    ],
)
def test_an_empty_list_says_why(filter_name: str, others: int, root: str, said: str) -> None:
    state = ListState(filter=filter_name)  # type: ignore[arg-type]  # names from the table
    widget = widgets.task_list(Listing(state, [], 0, "", NOW, others=others))

    check(widget)
    assert widget.id == root
    assert said in plain_text(widget)


def test_a_list_that_is_narrowed_says_by_what() -> None:
    state = ListState(filter="overdue", priority="high", tag="home", query="milk")
    widget = widgets.task_list(Listing(state, [], 0, "", NOW, others=4))

    assert part(widget, "tasks_heading_title").value == "Overdue · High priority · #home · “milk”"
    assert part(widget, "tasks_empty_text").value == "Nothing here."


def test_what_is_overdue_is_red_and_what_is_done_is_struck_through() -> None:
    overdue = widgets.task_row(Task(number=1, title="Milk", due="2026-11-03"), NOW)
    done = Task(number=1, title="Milk", due="2026-11-03", completed=True)
    done.complete_time.FromDatetime(START - timedelta(days=1))
    row = widgets.task_row(done, NOW)

    assert part(overdue, "task_1_due_caption").value == "overdue since 3 Nov"
    assert part(overdue, "task_1_due_caption").color.name == "danger"
    assert not part(overdue, "task_1_title_text").line_through
    assert part(row, "task_1_due_caption").value == "done yesterday"
    assert part(row, "task_1_title_text").line_through
