"""“Delete it”, where it is not clear what: the person answers a question, and the run goes on."""

from __future__ import annotations

import pytest

from tests.todo.world import Talk, Turn, World
from widgetstream.chatkit.v1.chatkit_service_pb2 import RespondRequest
from widgetstream.chatkit.v1.item_pb2 import ThreadItem, UserMessageInput
from widgetstream.chatkit.v1.structured_input_pb2 import (
    StructuredInputAnswer,
    StructuredInputStatus,
    StructuredInputSubmission,
)

ANSWERED = StructuredInputStatus.STRUCTURED_INPUT_STATUS_ANSWERED
SKIPPED = StructuredInputStatus.STRUCTURED_INPUT_STATUS_SKIPPED


def question_of(turn: Turn) -> ThreadItem:
    (item,) = [item for item in turn.done if item.HasField("structured_input")]
    return item


async def answer(talk: Talk, item: ThreadItem, *values: str) -> Turn:
    asked = item.structured_input.inputs[0].id
    answers = {asked: StructuredInputAnswer(values=values)} if values else {}
    submission = StructuredInputSubmission(item_id=item.id, status=ANSWERED if values else SKIPPED, answers=answers)
    return await talk.send(RespondRequest(structured_input=submission))


@pytest.fixture
async def shopping(world: World) -> World:
    for title in ("Milk", "Bread", "Eggs"):
        await world.add(title)
    return world


async def test_the_tasks_that_were_shown_are_what_it_may_be(shopping: World) -> None:
    talk = shopping.talk()
    await talk.say("show my tasks")
    turn = await talk.say("delete it")
    item = question_of(turn)
    question = item.structured_input.inputs[0]

    assert question.question == "Which task should I delete?"
    assert [option.value for option in question.multiple_choice.options] == ["#1 Milk", "#2 Bread", "#3 Eggs"]
    assert turn.of("run_completed")[0].pending_item_id == item.id
    assert turn.shown == []


async def test_the_run_goes_on_with_the_answer(shopping: World) -> None:
    talk = shopping.talk()
    asked = await talk.say("please remove that one")
    turn = await answer(talk, question_of(asked), "#2 Bread")

    assert turn.widget.id == "task_2_delete_card"


async def test_an_answer_in_words_is_a_title(shopping: World) -> None:
    talk = shopping.talk()
    asked = await talk.say("complete it")
    turn = await answer(talk, question_of(asked), "the eggs")

    assert (await shopping.task(3)).completed
    assert turn.widget.card.status.text == "Completed"


async def test_a_question_that_is_declined_does_nothing(shopping: World) -> None:
    talk = shopping.talk()
    asked = await talk.say("delete it")
    turn = await answer(talk, question_of(asked))

    assert turn.text == "All right, I leave it."
    assert turn.shown == []


async def test_one_task_that_was_shown_is_meant(shopping: World) -> None:
    talk = shopping.talk()
    await talk.say("show task 3")
    turn = await talk.say("delete it")

    assert turn.widget.id == "task_3_delete_card"


async def test_without_tasks_there_is_nothing_to_ask(world: World) -> None:
    turn = await world.talk().say("delete it")

    assert turn.widget.id == "not_found_card"


@pytest.mark.parametrize(
    "quoted", ["#2 Bread", "Bread", "- **Bread**".replace("*", ""), "\n “Bread” \n due tomorrow", "Task #2: Bread"]
)
async def test_this_is_what_was_quoted(shopping: World, quoted: str) -> None:
    message = UserMessageInput(quoted_text=quoted)
    message.content.add().input_text.text = "complete this"
    turn = await shopping.talk().send(RespondRequest(user_message=message))

    assert (await shopping.task(2)).completed
    assert turn.widget.id == "task_2_card"


async def test_what_was_quoted_does_not_change_other_words(shopping: World) -> None:
    message = UserMessageInput(quoted_text="#2 Bread")
    message.content.add().input_text.text = "complete the milk task"
    await shopping.talk().send(RespondRequest(user_message=message))

    assert (await shopping.task(1)).completed
    assert not (await shopping.task(2)).completed
