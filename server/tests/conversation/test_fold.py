"""Updates folded into an item give the item as a client sees it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgetstream.chatkit.v1 import item_pb2, source_pb2, workflow_pb2
from widgetstream.chatkit.v1.item_pb2 import AssistantMessageContent, ItemUpdate, ThreadItem
from widgetstream_server.conversation.fold import PendingItem
from widgetstream_server.widgets import builders as w
from widgetstream_server.widgets.updates import apply_in_place


def pending(item: ThreadItem) -> PendingItem:
    return PendingItem(item, 1, apply_in_place)


def message(*texts: str) -> ThreadItem:
    content = [AssistantMessageContent(text=text) for text in texts]
    return ThreadItem(id="msg_a", assistant_message=item_pb2.AssistantMessageItem(content=content))


def delta(text: str, index: int = 0) -> ItemUpdate:
    return ItemUpdate(text_delta=item_pb2.TextDelta(content_index=index, delta=text))


@given(st.lists(st.tuples(st.integers(0, 2), st.text(max_size=4)), max_size=30))
def test_deltas_add_up_to_the_text_of_each_part(deltas: list[tuple[int, str]]) -> None:
    item = pending(message())
    for index, text in deltas:
        item.apply(delta(text, index))

    parts = [part.text for part in item.value().assistant_message.content]

    expected = ["".join(text for i, text in deltas if i == index) for index in range(3)]
    assert parts == expected[: len(parts)]
    assert not any(expected[len(parts) :])


def test_parts_and_annotations_find_their_places() -> None:
    item = pending(message())
    source = source_pb2.Source(url=source_pb2.UrlSource(title="A", url="https://example.org"))
    annotation = source_pb2.Annotation(source=source, index=3)
    item.apply(delta("before"))
    item.apply(
        ItemUpdate(
            content_part_added=item_pb2.ContentPartAdded(content_index=1, content=AssistantMessageContent(text="new"))
        )
    )
    item.apply(
        ItemUpdate(
            annotation_added=item_pb2.AnnotationAdded(content_index=1, annotation_index=7, annotation=annotation)
        )
    )
    item.apply(
        ItemUpdate(
            content_part_done=item_pb2.ContentPartDone(content_index=0, content=AssistantMessageContent(text="whole"))
        )
    )

    content = item.value().assistant_message.content

    assert [part.text for part in content] == ["whole", "new"]
    assert list(content[1].annotations) == [annotation]


def test_widgets_take_updates() -> None:
    before = w.card(w.text("Hel", id="greeting_text", streaming=True), id="greeting_card")
    item = pending(ThreadItem(id="wid_a", widget=item_pb2.WidgetItem(widget=before)))
    item.apply(
        ItemUpdate(widget_text_delta=item_pb2.WidgetTextDelta(component_id="greeting_text", delta="lo", done=True))
    )

    assert item.value().widget.widget.card.children[0].text.value == "Hello"
    assert before.card.children[0].text.value == "Hel"


def test_workflows_take_tasks() -> None:
    item = pending(ThreadItem(id="wf_a", workflow=item_pb2.WorkflowItem()))
    one, two = (workflow_pb2.Task(custom=workflow_pb2.CustomTask(title=title)) for title in ("one", "two"))
    item.apply(ItemUpdate(workflow_task_added=item_pb2.WorkflowTaskAdded(task_index=0, task=one)))
    item.apply(ItemUpdate(workflow_task_updated=item_pb2.WorkflowTaskUpdated(task_index=0, task=two)))

    assert list(item.value().workflow.workflow.tasks) == [two]


@pytest.mark.parametrize(
    "update",
    [
        ItemUpdate(),
        ItemUpdate(workflow_task_updated=item_pb2.WorkflowTaskUpdated(task_index=0)),
        ItemUpdate(root_updated=item_pb2.WidgetRootUpdated()),
    ],
    ids=["an empty one", "one of a workflow", "one of a widget"],
)
def test_an_update_that_does_not_fit_is_an_error(update: ItemUpdate) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        pending(message("text")).apply(update)


def test_a_value_is_a_copy() -> None:
    item = pending(message("a"))
    first = item.value()
    item.apply(delta("b"))

    assert first.assistant_message.content[0].text == "a"
    assert item.value().assistant_message.content[0].text == "ab"


@pytest.mark.parametrize(
    "item, blank",
    [
        (message(), True),
        (message(" \n"), True),
        (message("", "x"), False),
        (ThreadItem(id="wid_a", widget=item_pb2.WidgetItem()), False),
        (ThreadItem(id="wf_a", workflow=item_pb2.WorkflowItem()), True),
    ],
)
def test_items_with_nothing_to_see_are_blank(item: ThreadItem, blank: bool) -> None:
    assert pending(item).is_blank() is blank
