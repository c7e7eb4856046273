"""From a message to a reading: its requests one by one, each asked of the readers in turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from widgetstream_server.todo.understanding import adding, bare, changing, finishing, listing, talking, told
from widgetstream_server.todo.understanding.clauses import Clause, clauses
from widgetstream_server.todo.understanding.courtesy import without_courtesy
from widgetstream_server.todo.understanding.phrase import Phrase, join
from widgetstream_server.todo.understanding.reading import (
    MAX_CALLS,
    MAX_DESCRIPTION,
    MAX_TAGS,
    Handler,
    Reading,
    Scene,
    ToolCall,
    say,
)
from widgetstream_server.todo.understanding.references import split_at
from widgetstream_server.todo.understanding.spelling import mend

TOO_MANY = f"I do at most {MAX_CALLS} things at a time, so I left out the rest. Please send it again."

_HANDLERS: tuple[Handler, ...] = (
    talking.read_talk,
    changing.read_changes,
    adding.read_explicit,
    finishing.read_commands,
    listing.read_looks,
    told.read_told,
    bare.read_bare,
)

_MAX_PARTS = 6
_LONG = 500
"""Characters: a longer sentence is no command; it can be a new task, or a description."""
_HANDLERS_OF_LONG: tuple[Handler, ...] = (changing.read_description, adding.read_explicit, bare.read_bare)
_HANDLERS_OF_PARTS: tuple[Handler, ...] = (
    changing.read_changes,
    adding.read_explicit,
    finishing.read_commands,
)


def read(text: str, *, now: datetime, last_listed: Sequence[int] = ()) -> Reading:
    """What a person asks for.

    Deterministic, without I/O and in time linear in the length of `text`, of which only the beginning is looked at.

    Args:
        text: What the person wrote, of any length.
        now: The current time, aware, in the person's time zone; relative dates count from it.
        last_listed: Numbers of the tasks in the list shown last, in its order, for "the second one".

    Returns:
        At most twenty calls, or a reply, or both where only a part of the message could be acted on.

    Raises:
        ValueError: `now` is not aware. No text raises anything.
    """
    if now.utcoffset() is None:
        raise ValueError("`now` must be aware: relative dates are counted in the person's time zone")
    message = mend(Phrase.of(text))
    collected = _Collected()
    scene = Scene(now, tuple(last_listed))
    for clause in clauses(message):
        collected.take(clause, _read_clause(clause, replace(scene, latest=collected.latest)))
        if len(collected.calls) > MAX_CALLS:
            break
    return collected.reading(message)


def _read_clause(clause: Clause, scene: Scene) -> Reading | None:
    phrase, obliged = without_courtesy(clause.phrase)
    scene = replace(scene, obliged=obliged, listed=clause.listed)
    if clause.items:
        return _read_heading(phrase, clause.items, scene)
    for candidate in (clause.phrase, phrase) if not obliged and not clause.listed else (phrase,):
        if candidate and (talk := talking.read_talk(candidate, scene)):
            return talk
    return (_ask(phrase, scene) or _ask_parts(phrase, scene)) if phrase else None


def _ask_parts(phrase: Phrase, scene: Scene) -> Reading | None:
    """A sentence that nobody understands as a whole: what its parts ask for ("4 is still open, I made a mistake")."""
    parts = split_at(phrase, r", | - | because | since ")
    if not 1 < len(parts) <= _MAX_PARTS:
        return None
    made: list[ToolCall] = []
    for part in parts:
        latest = str(made[-1].arguments.get("task") or scene.latest or "") or None if made else scene.latest
        rest, obliged = without_courtesy(part)
        heard = replace(scene, obliged=obliged, latest=latest)
        reading = next((said for handler in _HANDLERS_OF_PARTS if rest and (said := handler(rest, heard))), None)
        made += reading.calls if reading is not None else ()
    return Reading(calls=tuple(made)) if made else None


def _ask(phrase: Phrase, scene: Scene) -> Reading | None:
    for handler in _HANDLERS if len(phrase) <= _LONG else _HANDLERS_OF_LONG:
        reading = handler(phrase, scene)
        if reading is not None:
            return reading
    return None


def _read_heading(header: Phrase, items: tuple[Phrase, ...], scene: Scene) -> Reading | None:
    """A heading with a list below it: new tasks, or a command for each of them ("complete:")."""
    commands = [_ask(join([header.strip(" :"), item]), scene) for item in items[: MAX_CALLS + 1]]
    if all(
        command is not None and command.calls and command.calls[0].name not in ("add_task", "list_tasks")
        for command in commands
    ):
        return Reading(calls=tuple(made for command in commands if command is not None for made in command.calls))
    added = adding.read_items(header, items, scene)
    if added is not None:
        return added
    heading = _ask(header, scene)
    listed = [_ask(without_courtesy(item)[0], replace(scene, listed=True)) for item in items]
    made = [made for reading in [heading, *listed] if reading is not None for made in reading.calls]
    return Reading(calls=tuple(made)) if made else heading


@dataclass(slots=True)
class _Collected:
    """The calls and replies of the requests read so far."""

    calls: list[ToolCall] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    small_talk: list[str] = field(default_factory=list)
    latest: str | None = None

    def take(self, clause: Clause, reading: Reading | None) -> None:
        """Adds what one request was understood to be."""
        if reading is None:
            self._take_unread(clause.phrase)
            return
        if reading.reply is not None:
            (self.small_talk if reading.reply in talking.SMALL_TALK else self.questions).append(reading.reply)
        for made in reading.calls:
            self._take_call(made)

    def reading(self, message: Phrase) -> Reading:
        """The whole of it."""
        if self.calls:
            questions = list(dict.fromkeys(self.questions))
            if len(self.calls) > MAX_CALLS:
                questions.append(TOO_MANY)
            return Reading(tuple(self.calls[:MAX_CALLS]), "\n".join(questions) or None)
        if self.questions or self.small_talk:
            return say((self.questions or self.small_talk)[0])
        return talking.refuse(message) if message else say(talking.EMPTY)

    def _take_unread(self, phrase: Phrase) -> None:
        """A sentence that is no request says more about the task just added: "add call Bob. His number is 555 1234"."""
        if self.calls and self.calls[-1].name == "add_task" and not phrase.plain.endswith("?"):
            last = self.calls[-1].arguments
            said = [str(last["description"])] if "description" in last else []
            description = " ".join([*said, phrase.said])[:MAX_DESCRIPTION].strip()
            self.calls[-1] = ToolCall("add_task", {**last, "description": description})

    def _take_call(self, made: ToolCall) -> None:
        task = made.arguments.get("task")
        last = self.calls[-1] if self.calls else None
        if made.name == "update_task" and last is not None and self._is_same(last, task):
            # "move 3 to friday and make it urgent", "add buy milk and tag it #home": one call says both.
            self.calls[-1] = _joined(last, made)
        elif made not in self.calls:
            self.calls.append(made)
        self.latest = str(task) if task is not None else str(made.arguments.get("title") or "") or self.latest

    def _is_same(self, last: ToolCall, task: object) -> bool:
        if last.name == "add_task":
            return task == last.arguments["title"] == self.latest
        return last.name == "update_task" and task == last.arguments["task"]


def _joined(last: ToolCall, made: ToolCall) -> ToolCall:
    changes = {key: value for key, value in made.arguments.items() if key != "task"}
    if last.name == "add_task":
        added, removed = changes.pop("add_tags", []), changes.pop("remove_tags", [])
        changes.pop("clear_due", None)
        tags = [*_list(last.arguments.get("tags")), *_list(added)]
        tags = [tag for tag in dict.fromkeys(tags) if tag not in _list(removed)][:MAX_TAGS]
        changes |= {"tags": tags} if tags else {}
        return ToolCall("add_task", {**last.arguments, **changes})
    for key in ("add_tags", "remove_tags"):
        if key in changes and key in last.arguments:
            changes[key] = list(dict.fromkeys([*_list(last.arguments[key]), *_list(changes[key])]))[:MAX_TAGS]
    return ToolCall("update_task", {**last.arguments, **changes})


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []
