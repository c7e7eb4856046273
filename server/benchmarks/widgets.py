"""What widgets cost: building them, and finding what changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.cpu import microseconds
from benchmarks.measure import BenchmarkFailed, Measure, sampled
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream_server.widgets import builders as w
from widgetstream_server.widgets.diff import diff
from widgetstream_server.widgets.updates import apply

HOW = (
    "in this process, on one thread: µs of CPU, the median and the 99th percentile of 100 batches of some 2 ms. The "
    "tree is a list of 49 tasks with 5 or 6 components each, 300 in all, each with an id."
)

_COMPONENTS = 300


def run(_: Path) -> Iterator[Measure]:
    """Measure a builder, a tree, and the differences of two trees."""

    def build(times: int) -> None:
        for _ in range(times):
            w.text("Buy milk", id="task_1_title", size="md", weight="semibold", color="secondary", truncate=True)

    def build_tree(times: int) -> None:
        for _ in range(times):
            _tree()

    before, equal, grown, renamed = _tree(), _tree(), _tree(" tomorrow"), _tree(rename=True)
    _check(before, grown, "widget_text_delta")
    _check(before, renamed, "component_updated")

    def diff_grown(times: int) -> None:
        for _ in range(times):
            diff(before, grown)

    def diff_renamed(times: int) -> None:
        for _ in range(times):
            diff(before, renamed)

    def diff_equal(times: int) -> None:
        for _ in range(times):
            diff(before, equal)

    size = before.ByteSize()
    yield sampled("build a component of 5 properties and an id", microseconds(build), "µs")
    yield sampled("build a tree of 300 components", microseconds(build_tree), "µs", note=f"It has {size:,} bytes.")
    yield sampled("diff of trees of 300 components: one text has grown", microseconds(diff_grown), "µs")
    yield sampled("diff of trees of 300 components: one text is another", microseconds(diff_renamed), "µs")
    yield sampled("diff of trees of 300 components: nothing changed", microseconds(diff_equal), "µs")


def _tree(more: str = "", *, rename: bool = False) -> Widget:
    rows = []
    for number in range(1, 50):
        title = f"Task {number}" + (more if number == 25 else "")
        if rename and number == 25:
            title = "Something else"
        name = f"task_{number}"
        parts = [
            w.icon("empty-circle", id=f"{name}_icon", size="sm"),
            w.text(title, id=f"{name}_title", weight="semibold"),
            w.caption("tomorrow", id=f"{name}_due"),
            w.button(
                "Done", id=f"{name}_done", variant="ghost", on_click_action=w.action("task.complete", {"n": number})
            ),
        ]
        if number < 6:
            parts.append(w.spacer(id=f"{name}_spacer"))
        rows.append(w.list_view_item(w.row(*parts, id=f"{name}_row", gap=2), id=f"{name}_item"))
    return w.list_view(*rows, id="tasks", limit="auto")


def _check(before: Widget, after: Widget, expected: str) -> None:
    """See that what is measured is what is meant."""
    updates = diff(before, after)
    if [update.WhichOneof("update") for update in updates] != [expected] or apply(before, updates[0]) != after:
        raise BenchmarkFailed(f"the difference is not told by one {expected}")
    components = before.SerializeToString().count(b"task_") + 1
    if components < _COMPONENTS:
        raise BenchmarkFailed(f"the tree has {components} components")
