"""Tasks done, open again, or no longer wanted, where the sentence says so outright."""

from __future__ import annotations

import re

from widgetstream_server.todo.understanding.details import take_details
from widgetstream_server.todo.understanding.phrase import Phrase
from widgetstream_server.todo.understanding.questions import is_question
from widgetstream_server.todo.understanding.reading import Reading, Scene, call, calls, say
from widgetstream_server.todo.understanding.references import References, resolve
from widgetstream_server.todo.understanding.told import without_past_day
from widgetstream_server.todo.understanding.vocabulary import BASE_OF_GERUND, GRAMMAR, TASK_VERBS, infinitive

WHICH_DONE = "Which task is done? Say its number, or some words of its title."
WHICH_OPEN = "Which task should be open again? Say its number, or some words of its title."
WHICH_DELETED = "Which task should I delete? Say its number, or some words of its title."
ONE_BY_ONE = (
    "I delete only tasks that you name, so that nothing gets lost by accident. "
    'Ask me to show them, then tell me their numbers, for example "delete 3, 4 and 7".'
)

NO_UNDO = "I can't bring back what was deleted or changed. I can reopen a task that is done, or add it again."
UNSUPPORTED = "I can't do that with a task. I can change its title, due date, priority, tags and description."

_NOTATION = (
    GRAMMAR.knowing(
        adverb="already|just|finally|now|all|completely|totally|actually|also|both|recently|since|successfully",
        done="done|finished|complete[d]|closed|ticked [off]|checked [off]|resolved|taken care of|sorted|dealt with",
        am="is|are|was|were|has been|have been|are now|is now",
        did="finished|completed|done|did|accomplished|(ticked|crossed|checked|knocked) off|knocked out|wrapped up",
        mark="mark|set|flag|put|make|move|change|turn",
        tick="check|tick|cross|strike|mark|scratch",
        remove="delete|remove|erase|scrap|wipe|drop|trash|nuke|throw",
        no_more="any more|anymore|any longer",
        kind="done|complete[d]|finished|open|overdue|old|closed|ticked|checked|expired|remaining|low|high|medium"
        "|priority",
    )
    .knowing(
        i_did="(i|we|ive)('ve| have) [also|now] [just|already|finally]* <did>"
        "|(i|we) [also|now] [just|already|finally]* <did>",
        undone="not [yet] (done|finished|complete[d]) [yet]|undone|unfinished|incomplete|uncompleted|open [again]"
        "|to-do|todo|pending|unchecked|active [again]",
        off_list="(off|from|on) <my> <list>",
    )
    .knowing(is_done="[<adverb>]* <done>")
)

_REOPEN = _NOTATION.sentences(r"""
    (/re-?open/|/un-?(check|tick|mark|complete|do|finish)/|redo) [completing|finishing] {what} [again]
    open {what} again
    {what:numbered} is [still|actually|in fact]* (open|unfinished|incomplete|to do)
    bring {what:numbered} back
    (restore|reactivate|revive|bring back|resurrect) {what}
    <mark> {what} [back] [as|to|into] [back as|back to] <undone>
    {what} (is|are|was|were)(n't| not) [actually|really]* (done|finished|complete[d]) [yet|after all]*
    (i|we) (have(n't| not)|did(n't| not)|never) [actually|really|yet]* (finish[ed]|complete[d]|do|done) [with] {what}
    + [yet|after all]*
    (i'm|i am|we're) not (done|finished) [with] {what} [yet|after all]*
""")

_COMPLETE = _NOTATION.sentences(r"""
    (<mark>|check|tick|declare|consider|report|log) [off] {what} [as|to|into|off as] [the] <is done>
    <tick> (off|out|through) {what} [<off list>]
    (<tick>|knock|get|take) {what} off [(of|from) <my> <list>|<my> <list>] [as done]
    [i'm|i am|i have|i've|we're] [all|now|finally|just|already]* (done|finished) (with|doing) {what...}
    <i did> {what} (done|finished)
    <i did> [with] {what...}
    {what} <am> <is done>
    {what}'s <is done>
    (done|finished|completed|complete) (:|-) {what...}
    [i|we|i've|we've] [just|finally]* got {what} done
""")

# "finish the report" is a command, "finish the report by friday" a thing to do.
_COMPLETE_OR_TASK = _NOTATION.sentences("(complete|finish|finalise|done|finished|completed|did) [off|with] {what...}")
# These complete a task only where the rest can be nothing else: "close 5", not "close the window".
_COMPLETE_CERTAIN = _NOTATION.sentences(
    "(tick|check|close [out|off]|mark|resolve|accomplish|finish up|wrap up|clear|do|x|strike|cross) {what...}"
)
_ENDS_DONE = _NOTATION.sentences("{what}[,] [<adverb>]* (done|finished|complete[d]|/[✓✔☑✅]️?/)")
_VERBS_OF_DONE = frozenset("get have be is are".split())

_DELETE = _NOTATION.sentences(r"""
    (<remove>|take|pull|get|strip|kick|scratch) {what} (off|from|out of) [of] <my> <list>
    get rid of {what...}
    [i|we] (don't|dont|do not|no longer) (have to|need to|need|want to|want|care about) [do] {what} <no more>
    [i|we] no longer (have to|need to|need|want to|want|care about) [do] {what...}
    (never mind|nevermind|forget|forget about|scratch) {what:numbered}
    (never mind|nevermind|forget|forget about|scratch) {what} <no more>
""")
_DELETE_OR_TASK = _NOTATION.sentences("(delete|remove|erase|del|rm) {what...}")
_DELETE_CERTAIN = _NOTATION.sentences(
    "(drop|discard|scrap|trash|bin|kill|cancel|clear|throw away|throw out|dump|dismiss|eliminate|forget about|forget"
    "|ditch"
    "|purge|nuke|abandon|scratch|toss) {what...}"
)
_DELETE_MANY = _NOTATION.sentences(r"""
    (<remove>|clear|purge|empty|get rid of|clean|reset) [out|up] (all|every|everything|each|both|them all) [{which...}]
    (<remove>|clear|purge|empty|get rid of|clean|reset) [out|up] [of|my|the|whole|entire]* [<kind>]* (<list>|<tasks>)
    + [(that|which|i|tagged|due|from|with) {which...}]
    (<remove>|clear|purge|empty|get rid of|clean|reset) [out|up] (them|these|those|done|completed|finished|overdue)
""")
_ALONE = GRAMMAR.knowing(
    done="complete|finish|done|mark as done|tick off|check off|i'm [all] (done|finished)|im (done|finished)|finished"
    "|completed",
    open="reopen|undo|uncheck|untick",
    deleted="delete|remove|erase|get rid of",
    some="an|a|my|the|another|one|some",
).sentences(r"""
    {done:done} [<some> <task>]
    {open:open} [<some> <task>]
    {deleted:deleted} [<some> <task>|something|one]
""")
_UNDO_DELETION = GRAMMAR.sentences(r"""
    undo [that|the|my|last]* (delete|deletion|change[s]|deleting|action)
    (restore|bring back|undelete|recover) [the|my|a|last]* (deleted|removed) [<task>] [{what...}]
    undelete {what...}
""")
_UNSUPPORTED = GRAMMAR.sentences(
    "(assign|unassign|duplicate|archive|unarchive|pin|unpin|start|pause|skip|share|export) {what:numbered} [{more...}]"
)
_SPEAKS_OF_MANY = re.compile(
    r"(?:tasks|to-?dos|todos|items|ones|reminders)\b(?! ?#?\d|:)|(?:today|yesterday|this week|so far)$"
)


def read_commands(phrase: Phrase, scene: Scene) -> Reading | None:
    """Complete, reopen and delete, said as such; None for any other sentence."""
    if scene.obliged or scene.listed:
        return _read_duty(phrase, scene)
    if alone := _ALONE.read(phrase):
        return say(WHICH_DONE if alone["done"] else WHICH_OPEN if alone["open"] else WHICH_DELETED)
    if _UNDO_DELETION.read(phrase):
        return say(NO_UNDO)
    if _UNSUPPORTED.read(phrase):
        return say(UNSUPPORTED)
    if _DELETE_MANY.read(phrase):
        return say(ONE_BY_ONE)
    if is_question(phrase):
        return None
    for forms, tool in ((_REOPEN, "reopen_task"), (_DELETE, "delete_task"), (_COMPLETE, "complete_task")):
        if said := forms.read(phrase):
            return _each(tool, resolve(without_past_day(said["what"], scene), scene))
    return _read_doubtful(phrase, scene)


def _read_doubtful(phrase: Phrase, scene: Scene) -> Reading | None:
    """Commands whose verbs are as well things to do."""
    for forms, tool, only_certain in (
        (_COMPLETE_OR_TASK, "complete_task", False),
        (_DELETE_OR_TASK, "delete_task", False),
        (_COMPLETE_CERTAIN, "complete_task", True),
        (_DELETE_CERTAIN, "delete_task", True),
    ):
        said = forms.read(phrase)
        if said is None:
            continue
        what = said["what"]
        if _SPEAKS_OF_MANY.match(what.plain):
            return None  # "completed tasks tagged home" is a list
        named = resolve(what, scene)
        if not (named.certain or named.quoted) and (only_certain or take_details(what, scene.now).any):
            return None
        return _each(tool, named)
    ends = _ENDS_DONE.read(phrase)
    words = phrase.plain.split()
    # "report finished" speaks of a report, "have the report finished" does not.
    if ends is not None and (words[0] not in TASK_VERBS or (len(words) == 2 and words[0] not in _VERBS_OF_DONE)):
        return _each("complete_task", resolve(ends["what"], scene))
    return None


def _read_duty(phrase: Phrase, scene: Scene) -> Reading | None:
    """Commands said as duties: "I need to delete task 3", while "I need to finish the report" is a new task."""
    for forms, tool in (
        (_REOPEN, "reopen_task"),
        (_COMPLETE, "complete_task"),
        (_DELETE, "delete_task"),
        (_COMPLETE_OR_TASK, "complete_task"),
        (_DELETE_OR_TASK, "delete_task"),
    ):
        if said := forms.read(phrase):
            named = resolve(said["what"], scene)
            if named.certain and named.names:
                return _each(tool, named)
    return None


def _each(tool: str, named: References) -> Reading:
    if named.names:
        return calls(*(call(tool, task=_infinitive_of_gerund(name)) for name in named.names))
    if named.question.startswith("Which"):
        return say({"complete_task": WHICH_DONE, "reopen_task": WHICH_OPEN}.get(tool, WHICH_DELETED))
    return say(named.question)


def _infinitive_of_gerund(name: str) -> str:
    """The title that "painting the fence" in "finish painting the fence" speaks of: "paint the fence"."""
    head, _, rest = name.partition(" ")
    return infinitive(name) if rest and head.lower() in BASE_OF_GERUND else name
