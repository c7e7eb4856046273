"""Looking at one task: "show task 5", "when is the dentist due?", "did I pay the rent?"."""

from __future__ import annotations

from widgetstream_server.todo.understanding.phrase import Phrase
from widgetstream_server.todo.understanding.reading import MAX_TITLE, Reading, Scene, call, calls, say
from widgetstream_server.todo.understanding.references import resolve
from widgetstream_server.todo.understanding.vocabulary import GRAMMAR, infinitive, starts_with_task_verb

_NOTATION = GRAMMAR.knowing(
    show="show|open|view|display|see|get|pull up|bring up|read|look at|check|give|tell",
    more="more|[all|the] (detail[s]|info|information|description|more|everything)",
    number=r"/(?:(?:the )?(?:tasks?|number|no\.?|nr\.?) ?(?:number ?|no\.? ?)?)?#?\d{1,9}/|/tsk_\w+/",
    one="[the] /\\w+/ (one|<one task>)|the <ordinal>",
    of_list="(on|in|from|of) (the|my|that|this) <list>",
    facet="status|due date|deadline|priority|description|note|tag[s]|detail[s]|state",
    must="have|(have|need|want|plan|supposed) to|supposed to|say|must|should",
    state="done|finished|completed|complete|[still] open|due|overdue|urgent",
    really="already|really|actually|ever",
    alone=r"/(?:(?:tasks?|todos?|to-dos?|items?) ?#?|#|number )\d{1,9}/|/\d{1,4}/|/tsk_\w+/|the <ordinal> (one"
    r"|<one task>)",
    past="/[a-z]+ .+?/",
)

_ONE = _NOTATION.sentences(r"""
    <show> [me] [up] [<more>]* [of|for|about|on|to] {what:number}
    <show> [me] [up] [<more>]* [of|for|about|on|to] {what:one} [<of list>]
    <show> [me] [up] [<more>]* [of|for|about|on|to] (it|that|that one)
    [show|give|tell|get] [me] [the|some|more|all]* (detail[s]|info|information|more|description|note[s])
    + [info|details] (of|for|about|on) {what...}
    what('s| is| was|s) {what:number} [about|again]
    what('s| is| was|s) {what:one} [about|again]
    (what('s| is| are)|how('s| is)) [the|its] <facet> (of|for|on) {what...}
    (when|by when|what time|what day)('s| is| are| was| were| does|) [(do|did|should|must|am) (i|we) [<must>]*]
    + [the|my|our] {what}
    + [due|scheduled|be done|planned|supposed to be done|again]
    (is|was|are|were) {what} [<really>] <state> [yet|already]
    (did|have) (i|we) [<really>] (finish|complete|do|finished|completed|done|tick off) [with] {what} [yet|already]
    what <facet> (is|does|has|are|do) {what} [have]
    (did|have) (i|we) [<really>] (add|added|put|create|created) {what} [to the list|on the list] [yet|already]
    (did|have) (i|we) [<really>] {did:past} [yet|already]
    (what about|how about|tell me about|what does|how urgent is|how important is) {what} [say|mean]
    {what:alone} [details|info|please]
""")
# Words that speak of all the tasks, or of none, where a title could stand.
_NOT_ONE = _NOTATION.knowing(
    adjective="open|done|next|urgent|due|overdue|important|other|completed|finished|full|whole|new|old|any|all|every"
    "|my|<level>",
).sentences(r"""
    [the] <adjective> (one|<task>)
    {before...} (tasks|todos|list|today|tomorrow|week|i|anything|everything|there) [{after...}]
    (tasks|todos|list|today|tomorrow|i|anything|everything|there) [{after...}]
    (any|what|our) [{after...}]
    [my|the|our] (day|week|weekend|month) [{after...}]
    my /\w+/
    [the] <list>
    (it|it now|now)
""")


def read_one(phrase: Phrase, scene: Scene) -> Reading | None:
    """A wish to see one task; None for any other sentence."""
    for said in _ONE.readings(phrase):
        if said["did"]:
            name = infinitive(said["did"].said)
            if starts_with_task_verb(name.lower()) and " " in name:
                return calls(call("show_task", task=name[:MAX_TITLE]))
            continue
        what = said["what"] or Phrase("it", "it")
        named = resolve(what, scene)
        if _NOT_ONE.read(what) and not (named.certain and named.names):
            continue
        if named.names:
            return calls(*(call("show_task", task=name) for name in named.names))
        return say(named.question)
    return None
