"""New tasks that a sentence announces: "add …", "remind me to …", "put … on my list"."""

from __future__ import annotations

import re

from widgetstream_server.todo.understanding.details import Details, take_details
from widgetstream_server.todo.understanding.heads import Given, read_head, read_heading
from widgetstream_server.todo.understanding.items import split_coordinated, split_listed, split_nouns
from widgetstream_server.todo.understanding.phrase import Phrase, join
from widgetstream_server.todo.understanding.reading import Reading, Scene, ToolCall, calls, say
from widgetstream_server.todo.understanding.titles import add_task, title_of
from widgetstream_server.todo.understanding.vocabulary import GRAMMAR, TAG_LIKE

WHAT_TITLE = "What should I call the task?"

_EVERY_FIRST = GRAMMAR.knowing(every="(every|each) /[^,]{1,60}?/|daily|weekly").sentences("{every:every} to {what...}")
_HEADING = GRAMMAR.knowing(word="/[a-z]+/", list="list|todo[s]|to-do[s]|task[s]|things [to do]|reminder[s]").sentences(
    "[{area:word}] <list> [for {when...}]"
)
_OF_TASKS = GRAMMAR.openings("<list>")


def read_explicit(phrase: Phrase, scene: Scene) -> Reading | None:
    """A sentence that says it is about a new task; None for any other."""
    announced = read_head(phrase)
    return read_tasks(*announced, scene) if announced else None


def read_items(header: Phrase, items: tuple[Phrase, ...], scene: Scene) -> Reading | None:
    """A list of new tasks below a heading; None when the heading asks for something else."""
    heading = header.strip(" :,-")
    body, given = read_heading(heading) or (heading, None)
    details = take_details(body, scene.now)
    bare = _HEADING.read(heading)
    if given is None and bare is None and details.rest and not _OF_TASKS.find(heading):
        return None
    if given is None:
        given = Given(tags=(bare.word("area"),) if bare and bare.word("area") in TAG_LIKE else ())
    made = _made([_merged(take_details(item, scene.now), details, given) for item in items])
    return calls(*made) if made else say(WHAT_TITLE)


def read_tasks(body: Phrase, given: Given, scene: Scene) -> Reading:
    """The new tasks in words that hold nothing else, or the question for a title."""
    if every := _EVERY_FIRST.read(body):  # "remind me every day to take pills"
        body = join([every["what"], every["every"]])
    made = _listed(body, given, scene) or _joined(body, given, scene)
    return calls(*made) if made else say(WHAT_TITLE)


def _listed(body: Phrase, given: Given, scene: Scene) -> list[ToolCall]:
    """The tasks of an announced list; empty when none was announced."""
    split = split_listed(body) if given.several else None
    if split is None:
        return []
    heading, items = split
    each = [take_details(item, scene.now) for item in items]
    common = take_details(heading, scene.now)
    if not heading and each:  # "three tasks: a, b, c for tomorrow": what stands last goes for all
        common = Details(body[:0], each[-1].due, each[-1].priority, each[-1].tags)
    return _made([_merged(one, common, given) for one in each])


def _joined(body: Phrase, given: Given, scene: Scene) -> list[ToolCall]:
    """The tasks in "buy milk and call mom"; one in most other words."""
    parts = split_coordinated(body)
    if len(parts) > 1:
        each = [take_details(part, scene.now) for part in parts]
        # "tomorrow buy milk and call mom": a date that goes before goes for all.
        leading = each[0].due if re.search(re.escape(each[0].rest.plain[-8:]) + "$", parts[0].plain) else None
        if not title_of(each[0].rest)[0]:  # "for thursday, to submit the form": the first part is but a date
            return _made([_merged(one, each[0], given) for one in each[1:]])
        leading = leading if each[0].rest and not parts[0].plain.startswith(each[0].rest.plain[:8]) else None
        return _made([_merged(one, Details(body[:0], due=leading), given) for one in each])
    details = take_details(body, scene.now)
    titles = [Details(title, description=details.description) for title in split_nouns(details.rest)]
    return _made([_merged(title, details, given) for title in titles])


def _merged(one: Details, common: Details, given: Given) -> Details:
    return Details(
        one.rest,
        one.due or common.due,
        one.priority or common.priority or given.priority,
        tuple(dict.fromkeys([*one.tags, *common.tags, *given.tags])),
        one.description,
    )


def _made(each: list[Details]) -> list[ToolCall]:
    return [task for details in each if (task := add_task(details)) is not None]
