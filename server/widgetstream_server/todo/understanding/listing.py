"""Looking at tasks.

A request for a list is recognised by what is left of it: its criteria ("today", "high priority", "tagged home") are cut
out, and if only words remain that any such request may hold ("show me all the tasks that I have to do"), it is one.
Other words that remain are what the tasks are about.
"""

from __future__ import annotations

import re

from widgetstream_server.todo.understanding.criteria import Criteria, find_criteria, subject
from widgetstream_server.todo.understanding.notation import Sentence
from widgetstream_server.todo.understanding.phrase import Phrase
from widgetstream_server.todo.understanding.reading import Reading, Scene, call, calls, say
from widgetstream_server.todo.understanding.references import resolve
from widgetstream_server.todo.understanding.showing import read_one
from widgetstream_server.todo.understanding.vocabulary import GRAMMAR, TAG_LIKE, TASK, TASK_VERBS

_NOTATION = GRAMMAR.knowing(
    show="show|summarize|summarise|sum up|count|sort [by]|order by|list|display|view|see|give|get|tell|print|pull up"
    "|bring up|read [out]|check/(?! off)/|look [at|up|for]|go through|go over|fetch|find|search [for|in]|lookup"
    "|filter|review|remind me (what|which|of|about)|need|open/(?! up)/|where('s| is| are|)",
    ask="what's|whats|how's|what|which|any|anything|(do|did|have) (i|we)|has|is|are|am i"
    "|how (many|much|about|busy|does)|when|who|does|was|were|got",
    noun="<list>|<task>|thing[s]|stuff|deadline[s]|work to do|plan|entries|ones|overview|summary|schedule|day|plans"
    "|priorities",
    matter="to do|start with|focus on|tackle|next|left|on my (plate|list|agenda)|up|todo|pending|going on|planned"
    "|due|open|happening|outstanding|scheduled|my day|our day|my week|on for|need to|have to|should i|must i|first"
    "|remaining|forget|forgetting|supposed to|gotta do|work on|list",
    anyone="me|all|any|every|anything|something|my|the|a|an|<task>|list|in|through|for|about|on|called|named|with"
    "|thing[s]|to|word",
)
_OPENER = _NOTATION.openings(r"""
    {show:show}
    {ask:ask}
""")
_NOUN = _NOTATION.openings("<noun>")
_TASK_NOUN = _NOTATION.openings("<list>|<task>")
_PLURAL = _NOTATION.openings("tasks|to-do[s]|todo[s]|items|reminders|list|chores|things|ones")
_ABOUT_TASKS = _NOTATION.openings(r"""
    [my|the|all|any|our]* [/[\w#-]+/] [/[\w#-]+/] (tasks|to-do[s]|todo[s]|items|list|agenda|reminders|chores)
""")
_ASKS_FOR_ALL = _NOTATION.sentences(r"""
    (what('s| is| are|)|whats|how('s| is|)|anything|and|where('s| is|)) {between} <matter> [{after...}]
    (what('s| is| are|)|whats|how('s| is|)|anything|and|where('s| is|)) <matter> [{after...}]
""")
_ALL_THERE_IS = _NOTATION.sentences("(show|list|display|view) [me|it|them|all|more|again|please]*")
_AGAIN = _NOTATION.sentences(r"""
    refresh|reload|[show] more|next page|[go] back to (the|my) list
    (refresh|reload|update) (the|my) list
    (sort|order) [it|them|<my>|<list>]* by {what...}
""")
_SAYS_TOO_LITTLE = _NOTATION.sentences("done|complete|completed|finished|both")
_POINTS_AT_LIST = _NOTATION.sentences(r"""
    (show|open|view|see|list|read|check|display|get) [me] (it|that|them|these|those|all of them)
    (show|open|view|see|list|read|check|display|get) [me] (the list|that list|<list>)
""")
_WHAT_DAY = _NOTATION.openings("(what|which) (day|date|time|year|month)")
_SEARCH = _NOTATION.knowing(
    surely="search [for]|look up|lookup|filter [by|for]",
    find="find|look for",
    ask_for="where('s| is| are|)|do i have|have i got|is there|are there|got|any",
).sentences(r"""
    {surely:surely} [<anyone>]* {query...}
    {find:find} [<anyone>]* {query...}
    <ask for> [<anyone>]* {query...}
""")
# "find a plumber" is a thing to do, "find milk" a search.
_SOMETHING_NEW = _NOTATION.openings("(find|look for) [me] (an|a|some|someone|somebody|out|new|time|my way)")
_OF_A_TASK = _NOTATION.sentences("{before} (<task>|thing|anything|something|list) [{after...}]")
# "anything I should worry about today?"
_OF_MINE = _NOTATION.sentences("""
    (anything|what|what's|which) [/.{1,40}?/] (i|my|we|our|me) {after...}
""")
_MUST_I = _NOTATION.sentences("(do|must|should) (i|we) [have|need|want] [to] {what...}")

_FILLER = frozenset(
    """
    loud aloud start focus tackle a an the my me our us i we you it its all any anything some something every
    everything each of on in at for
    from to by with and or that which who are is was were be been am do does did done have has had got get
    getting need needs must should shall can could will would there here still yet so far now right currently
    what what's whats how many much about else next first please just only ones one thing things stuff task
    tasks todo todos to-do to-dos item items list lists reminder reminders chore chores entry entries agenda
    plate schedule day plans up coming upcoming going free s due left remaining remain out see show give tell
    read view look display print check through over find search fetch open status overview summary full complete
    whole entire current latest again priority priorities date dates deadline deadlines set marked flagged
    tagged tag label labelled labeled under category called named most i've i'm i'd you've that's they them
    these those this let know quick quickly busy looks looking like happening planned scheduled work working supposed
    forget forgot missing yes ok filter filtered sort sorted order ordered number count total where
    where's pending remind name names
    """.split()
)


def read_looks(phrase: Phrase, scene: Scene) -> Reading | None:
    """A wish to see tasks; None for any other sentence."""
    if scene.obliged:
        return None
    if not _POINTS_AT_LIST.read(phrase) and (one := read_one(phrase, scene)):
        return one
    if _WHAT_DAY.start(phrase):
        return None
    if _AGAIN.read(phrase):
        return calls(call("list_tasks"))
    opener = _OPENER.start(phrase)
    wanted = find_criteria(phrase, scene)
    asking = frozenset(opener.phrase.plain[: opener.span[1]].split()) if opener else frozenset()
    left = [word for word in re.findall(r"[\w'#-]+", wanted.rest.plain) if word not in _FILLER | asking]
    if not left and (_NOUN.find(phrase) or _asks(phrase, opener, wanted)):
        return wanted.reading()
    if opener is None and not (_ABOUT_TASKS.start(phrase) and len(phrase.plain.split()) <= 10):
        return None
    return _read_subject(phrase, opener, wanted, left, scene)


def _asks(phrase: Phrase, opener: Sentence | None, wanted: Criteria) -> bool:
    """Whether words without a noun for tasks ask for them all the same."""
    if opener is None:
        # "overdue?", "today", "high priority", "due tomorrow" say enough; "done" alone does not.
        return bool(wanted.filter or wanted.priority or wanted.tag) and not _SAYS_TOO_LITTLE.read(phrase)
    if wanted.any:
        return True
    return (_ALL_THERE_IS if opener["show"] else _ASKS_FOR_ALL).read(phrase) is not None


def _read_subject(
    phrase: Phrase, opener: Sentence | None, wanted: Criteria, left: list[str], scene: Scene
) -> Reading | None:
    """A request that holds words of its own: what the tasks are about, or one task."""
    noun = _TASK_NOUN.find(phrase)
    plural = _PLURAL.find(phrase)
    if wanted.query is not None and (noun or opener):
        return wanted.reading()
    if len(left) == 1 and left[0] in TAG_LIKE and (noun or (opener and opener["show"])):
        wanted.tag = wanted.tag or left[0]
        return wanted.reading()
    if wanted.filter and _OF_MINE.read(phrase):
        return wanted.reading()
    search = _SEARCH.read(phrase)
    if search is not None and _is_search(phrase, search, plural is not None):
        tail = re.search(rf" {TASK}$", search["query"].plain)
        about = subject(search["query"][: tail.start()] if tail else search["query"])
        wanted.tag, wanted.query = (about, None) if about in TAG_LIKE and not tail else (wanted.tag, about)
        return wanted.reading() if about else None
    if plural is not None and 0 < len(left) <= 4 and (opener is None or opener["show"] or noun):
        wanted.query = _from_first_to_last(wanted.rest, left)
        return wanted.reading()
    if opener is not None and phrase.plain.startswith(("show", "view", "display")) and 0 < len(left) <= 6:
        what = opener.rest[3:] if opener.rest.plain.startswith("me ") else opener.rest
        named = resolve(what, scene)
        return calls(*(call("show_task", task=name) for name in named.names)) if named.names else say(named.question)
    must = _MUST_I.read(wanted.rest.strip(" ?"))
    if must is not None and must.word("what").split()[0] in TASK_VERBS and " " in must.word("what"):
        wanted.query = re.sub(r" (?:anyone|anybody|anything|someone|something)\b", "", must["what"].said)
        return wanted.reading()
    return None


def _is_search(phrase: Phrase, search: Sentence, plural: bool) -> bool:
    if search["surely"] or plural:
        return True
    if search["find"]:
        return _SOMETHING_NEW.start(phrase) is None
    return _OF_A_TASK.read(phrase) is not None


def _from_first_to_last(rest: Phrase, left: list[str]) -> str:
    start, end = rest.plain.find(left[0]), rest.plain.rfind(left[-1]) + len(left[-1])
    return subject(rest[start:end])
