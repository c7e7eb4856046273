"""What “the second one” and “it” are about, and what a thread is called."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.todo.test_widgets import NOW
from widgetstream.chatkit.v1.item_pb2 import (
    ThreadItem,
    UserMessageContent,
    UserMessageItem,
    UserMessageTag,
    UserMessageText,
    WidgetItem,
)
from widgetstream.chatkit.v1.widget_pb2 import Widget
from widgetstream.todo.v1.task_pb2 import Task
from widgetstream_server.agents.models.offline import ToolOutput
from widgetstream_server.todo import widgets
from widgetstream_server.todo.interpreter import TodoInterpreter
from widgetstream_server.todo.listing import Listing, ListState
from widgetstream_server.todo.shown import Shown, shown_in
from widgetstream_server.todo.thread_title import MAX_LENGTH, title_of


def said(*texts: str) -> ThreadItem:
    content = [UserMessageContent(input_text=UserMessageText(text=text)) for text in texts]
    return ThreadItem(user_message=UserMessageItem(content=content))


def shows(widget: Widget) -> ThreadItem:
    return ThreadItem(widget=WidgetItem(widget=widget))


def task(number: int) -> Task:
    return Task(task_id=f"tsk_{number}", number=number, title=f"See #{number + 70}")


def shows_list(*numbers: int) -> ThreadItem:
    found = Listing(ListState(), [task(number) for number in numbers], len(numbers), "", NOW)
    return shows(widgets.task_list(found))


def shows_card(number: int) -> ThreadItem:
    return shows(widgets.task_card(task(number), NOW))


@pytest.mark.parametrize(
    "items, expected",
    [
        ([], Shown()),
        ([said("hi")], Shown()),
        ([shows_list(4, 2), said("x")], Shown(listed=(4, 2))),
        ([shows_list(4, 2), said("x"), shows_list(9), said("y")], Shown(listed=(9,))),
        ([said("x"), shows_card(5), said("y")], Shown(cards=(5,))),
        ([shows_list(4, 2), said("x"), shows_card(5), shows_card(6), said("y")], Shown((4, 2), (5, 6))),
        ([shows_card(3), said("x"), shows_card(5), said("y")], Shown(cards=(5,))),
        ([shows_card(5), shows_card(5)], Shown(cards=(5,))),
        ([shows_card(5), said("x"), said("y")], Shown(cards=(5,))),
        ([shows(widgets.delete_card(task(3), NOW))], Shown(cards=(3,))),
        ([shows(widgets.deleted_card(task(3)))], Shown()),
        ([shows(widgets.gone_card())], Shown()),
    ],
)
def test_what_was_shown_last(items: Sequence[ThreadItem], expected: Shown) -> None:
    assert shown_in(items) == expected


@pytest.mark.parametrize(
    "shown, text, tasks",
    [
        (Shown((4, 2)), "complete the second one", ["2"]),
        (Shown((4, 2), (5,)), "complete the second one", ["2"]),
        (Shown((4, 2), (5,)), "complete it", ["5"]),
        (Shown((), (5,)), "complete it", ["5"]),
        (Shown((4, 2), (5, 6)), "complete both", ["5", "6"]),
        (Shown((4, 2, 1), (5, 6)), "complete the third one", ["1"]),
        (Shown(), "complete the second one", []),
    ],
)
def test_words_that_point(shown: Shown, text: str, tasks: list[str]) -> None:
    reading = TodoInterpreter(shown).read(text, now=NOW, last_listed=(99,))

    assert [call.arguments["task"] for call in reading.calls] == tasks
    assert reading.calls or reading.reply


@pytest.mark.parametrize(
    "outputs, text",
    [
        ([], ""),
        (['{"status":"ok"}', '{"status":"asked"}', '{"status":"not_found"}'], ""),
        (['{"status":"invalid","problems":["due is odd","x"]}'], "I could not do that: due is odd; x."),
        (
            ['{"status":"error"}', '{"status":"ok"}', '{"status":"error"}'],
            "That did not work. You can try again with the button above.",
        ),
    ],
)
def test_what_is_said_when_the_tools_have_answered(outputs: Sequence[str], text: str) -> None:
    answered = [ToolOutput("add_task", {}, output) for output in outputs]

    assert TodoInterpreter(Shown()).summarize(answered) == text


@pytest.mark.parametrize(
    "text, title",
    [
        ("show my tasks", "Show my tasks"),
        ("  add\n milk  ", "Add milk"),
        ("ärger im büro", "Ärger im büro"),
        (
            "please remind me tomorrow morning at nine to call the bank about the card, and the car",
            "Please remind me tomorrow morning at nine to call the bank…",
        ),
        ("x" * 100, "X" + "x" * 58 + "…"),
    ],
)
def test_a_thread_is_called_what_the_person_said_first(text: str, title: str) -> None:
    assert title_of(said(text)) == title
    assert len(title) <= MAX_LENGTH


def test_a_mention_is_part_of_the_title() -> None:
    message = said("about ")
    message.user_message.content.add(input_tag=UserMessageTag(id="t", text="Ann"))

    assert title_of(message) == "About Ann"
