"""When a task that exists is due: another date, more time, or none any more."""

from __future__ import annotations

import re

from widgetstream_server.todo.understanding.phrase import Phrase
from widgetstream_server.todo.understanding.reading import Reading, Scene, call, calls, say
from widgetstream_server.todo.understanding.references import References, resolve
from widgetstream_server.todo.understanding.vocabulary import GRAMMAR, TASK
from widgetstream_server.todo.understanding.when import find_when, whole_when

TO_WHEN = "To when should I move it?"

_NOTATION = GRAMMAR.knowing(
    art="the|its|their|any|a|an|new",
    due="due date[s]|deadline[s]|date[s]|due [time[s]]|time|schedule",
    detach="remove|clear|delete|drop|forget|ignore|unset|erase|cancel|get rid of|take off|take away|strip|lose",
    lacks="has|needs|should have|(doesn't|does not) (have|need)|no longer (has|needs)",
    nothing="nothing|none|no date|no deadline|never|empty|blank|unset|null",
    away="back|forward|out|off|ahead|up|down",
    shift="set|change|update|move|push|extend|put|shift|make|postpone|bring|reschedule|add|give",
    surely="move|reschedule|postpone|push|delay|defer|shift|snooze|bump|slide|advance|replan|re-plan|reassign|extend"
    "|put (off|back)|push (back|out)|carry over",
    maybe="bring|schedule|set|change|make|do|put|plan|update|have|carry",
    instead="do|have|make|schedule|put",
    postpone="postpone|reschedule|snooze|delay|defer|put off|push back",
    became="is|are|was|were|got|has been|have been|should be|needs to be",
    more_time="<count> [more] /\\w+/ [more]",
    task_with_number=rf"/(?:(?:the )?{TASK} |#|number )#?\d{{1,9}}/",
    is_due="is|are|should be|becomes|must be done|has to be done|needs to be done|is now|now|due|for"
    "|(can|has to|must|should) wait",
)

_NO_DUE = _NOTATION.sentences(r"""
    <detach> [<art>] <due> [of|from|for|on|off] {what...}
    <detach> {what}('s|s') <due>
    take [<art>] <due> (off|from|away from) [of] {what...}
    (set|change|update) [<art>] <due> (of|for|on) {what} to <nothing>
    unschedule {what...}
    (make|let|leave|keep) {what} (have no|without|with no|without a|not have a) <due>
    {what} <lacks> [no|an|a|any]* <due> [any more|anymore|any longer]
    (no|without) <due> (for|on) {what...}
""")
_NO_DUE_OF_IT = _NOTATION.sentences("<detach> the (due date|deadline|date)")

_SET_DUE = _NOTATION.sentences(r"""
    (change|set|update|move) {what}('s|s') <due> (to|as|until|:) {when...}
    give {what} [<art>]* <due> (of|on|:|to|for) {when...}
    {what:numbered} <is due> [<is due>]* {when...}
    {what:numbered}'s [due|for|now]* {when...}
    {what:numbered} : [[<art>] <due> [is|:]] {when...}
    (add|set|put) [<art>]* <due> [of|:] {when} (to|for|on) {what...}
    remind me [again] (of|about) {what:numbered} {when...}
    (i'd like|i want|i need|i would like) {what} to be due {when...}
    {what} is now (on|at|for) {when...}
    {what} is (on|at|for) {when} now
    {what:task with number}[,|:] [[<art>] <due> [is|:]] {when...}
    (give me|i need|i want|take|allow) [me] {when:more time} (for|on|to finish|to do|with) {what...}
    {what} <became> [now|actually] (moved|postponed|delayed|pushed|rescheduled) {when...}
    {what} moved to {when...}
""")
# "the report is due friday" is news of a task to come, "the report task is due friday" a change to one at hand.
_IS_DUE = _NOTATION.sentences("{what} (is|are|should be) [now|actually] due {when...}")
# The date is looked for from the end: the title may hold a "to" or an "on" of its own.
_SET_DUE_OF = _NOTATION.sentences(r"""
    <shift> [<away>] [<art>]* <due> [<away>] (of|for|on|to) {body...}
    [<art>]* <due> (of|for|on) {body...}
""")
_MOVE = _NOTATION.sentences(r"""
    {surely:surely} [<away>] {body...}
    (put|push|hold) {what} (off|back|out) [until|till|to|for|by|on] {when...}
    (bring|move|push) {what} (forward|ahead|up) [until|till|to|for|by|on] {when...}
    (make|set|mark) {what} [as] due [on|by|at|for] {when...}
    {surely:instead} {body} instead
    <maybe> [<away>] {body...}
""")

_SET_NO_DATE = _NOTATION.sentences("<shift> [<art>]* <due> (of|for|on|to) {what...}")
_POSTPONE = _NOTATION.sentences("<postpone> {what...}")
_LONGEST_WHEN = 60
_BEFORE_WHEN = re.compile(r" (?=(?:to|until|till|for|on|by|due|from|next|in|at|another)\b)")
_OLD_DATE = re.compile(r" from (?:\w+ ?){1,3}$")
_COUNT = re.compile(r" (?:\d{1,3}|an?|one|two|three|another) (?:more )?(?:day|week|month|hour)s?(?: later| more)?$")
_DANGLING = re.compile(
    r"(?:,|:|'s(?: (?:due ?date|deadline|date|due))?| (?:back|forward|out|ahead|off|up|down|now|should|must|done|to"
    r"|until|from|by|for|on"
    r"|at|-|due|be|is|date|(?:a )?(?:new )?(?:due ?date|deadline)(?: of)?))+$"
)


def update(named: References, **changes: object) -> Reading:
    """The changes to each of the tasks named, or the question which ones they are."""
    if not named.names:
        return say(named.question)
    return calls(*(call("update_task", task=name, **changes) for name in named.names))


def read_no_due(phrase: Phrase, scene: Scene) -> Reading | None:
    """A wish that a task be due at no time; None for any other sentence."""
    if _NO_DUE_OF_IT.read(phrase):
        return update(resolve(Phrase("it", "it"), scene), clear_due=True)
    said = _NO_DUE.read(phrase)
    return update(resolve(said["what"], scene), clear_due=True) if said else None


def read_due(phrase: Phrase, scene: Scene) -> Reading | None:
    """A new due date for a task; None for any other sentence."""
    for said in _SET_DUE.readings(phrase):
        if due := whole_when(said["when"], scene.now):
            return update(resolve(_tidied(said["what"]), scene), due=due)
    if (news := _IS_DUE.read(phrase)) and (due := whole_when(news["when"], scene.now)):
        named = resolve(news["what"], scene)
        return update(named, due=due) if named.certain else None
    for said in _SET_DUE_OF.readings(phrase):
        if split := _task_and_date(said["body"], scene):
            return update(resolve(_tidied(split[0]), scene), due=split[1])
    if (asked := _SET_NO_DATE.read(phrase)) and (named := resolve(asked["what"], scene)).certain:
        return say(TO_WHEN if named.names else named.question)
    for moved in _MOVE.readings(phrase):
        if not moved["when"]:
            if reading := _read_move(moved["body"], bool(moved["surely"]), scene):
                return reading
            continue
        if due := whole_when(moved["when"], scene.now):
            return update(resolve(_tidied(moved["what"]), scene), due=due)
    if (asked := _POSTPONE.read(phrase)) and len(asked.word("what").split()) <= 5 and not find_when(phrase, scene.now):
        named = resolve(asked["what"], scene)
        return say(TO_WHEN if named.names else named.question)
    return None


def _read_move(body: Phrase, surely: bool, scene: Scene) -> Reading | None:
    split = _task_and_date(body, scene)
    if split is None:
        named = resolve(body, scene)
        return say(TO_WHEN if named.names else named.question) if surely and named.certain else None
    named = resolve(_tidied(split[0]), scene)
    return update(named, due=split[1]) if surely or named.certain else None


def _task_and_date(body: Phrase, scene: Scene) -> tuple[Phrase, str] | None:
    """The task and the new date of "milk from monday to friday at 5": the date is what the sentence ends with."""
    for match in _BEFORE_WHEN.finditer(body.plain, max(0, len(body) - _LONGEST_WHEN)):
        if due := whole_when(body[match.end() :], scene.now):
            what = body[: match.start()]
            old = _OLD_DATE.search(what.plain)
            return (what[: old.start()] if old and find_when(what[old.start() :], scene.now) else what), due
    found = find_when(body, scene.now)
    if found is not None:
        start = min(start for start, _ in found.spans)
        if whole_when(body[start:], scene.now):
            return body[:start], found.due
    count = _COUNT.search(body.plain)
    due = whole_when(body[count.start() :], scene.now) if count else None
    return (body[: count.start()], due) if count and due else None


def _tidied(what: Phrase) -> Phrase:
    what = what.strip()
    dangling = _DANGLING.search(what.plain)
    return what[: dangling.start()] if dangling else what
