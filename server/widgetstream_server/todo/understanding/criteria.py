"""Which tasks a list shall hold, found inside a request for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from widgetstream_server.todo.understanding.notation import Openings
from widgetstream_server.todo.understanding.phrase import Phrase
from widgetstream_server.todo.understanding.reading import MAX_TAG, MAX_TITLE, Reading, Scene, call, calls
from widgetstream_server.todo.understanding.vocabulary import GRAMMAR, TASK, level_of
from widgetstream_server.todo.understanding.when import find_when

_NOTATION = GRAMMAR.knowing(
    on="for|by|due|of|until|before|in|during|on|over|at|within",
    have="haven't|have not|didn't|did not",
    got_done="done|completed|finished|accomplished|ticked [off]|checked [off]|crossed off|closed|archived",
    do="do|done|finish|finished|complete|completed|accomplish|accomplished|get done|gotten done|tick off|manage",
    without="without [any]|with no|[that|which] (have|has|having) no|no|missing|lacking|don't have [any]",
    being="with|of|at|that are|which are|marked [as]|has|have|having",
    about="about|containing|contain[s]|mentioning|mention[s]|matching|match|regarding|concerning"
    "|(related|relating) to|involving|involve|[having] to do with|with the word[s]|including|named|called"
    "|on the (subject|topic) of|say|saying|says",
    in_it="in (it|them|the (title|name|description))",
    tag="tag[s]|label[s]|category|tagged|labelled|labeled",
    hashtag="/#(?=[\\w-]*[^\\W\\d_])[\\w-]+/",
    one_tag="/(?!(?:the|my|an?|tags?|labels?)\\b)#?[^\\W\\d_][\\w-]*/",
)

_FILTERS: tuple[tuple[str, Openings], ...] = tuple(
    (name, _NOTATION.openings(forms))
    for name, forms in (
        (
            "today",
            """
            [<on>]* (today's|today|tonight|this (morning|afternoon|evening)|end of [the] day|eod)
            [<on>] (the|my) day
            daily
            """,
        ),
        ("tomorrow", "[<on>]* (tomorrow's|tomorrow) [morning|afternoon|evening]"),
        (
            "open",
            """
            (to get|getting|to be|must be|should be) (done|finished|completed)
            not [yet] [been] (done|finished|completed) [yet]
            unfinished|incomplete|uncompleted|undone|unchecked|outstanding|pending|unresolved|remaining|active
            still (open|to do|pending|left)
            (hide|without|except|but not) [the] (done|completed|finished) [ones|tasks]
            <have> [i|we] [yet] (done|finished|completed|do|finish|complete) [yet]
            open/(?! up)/
            """,
        ),
        (
            "done",
            f"""
            (did|have) (i|we) [already|just] <do>
            i did
            [that|which] [are|i|we|i've|we've|i have|we have|were|have been|is] [already|just] <got done>
            complete/(?= (?:{TASK}|ones))/
            """,
        ),
        (
            "overdue",
            """
            overdue|over due|past due|late|missed|expired|running late|slipped
            behind [on|schedule]
            past (their|its|the) (due date|deadline)
            should [already] have been done
            """,
        ),
        (
            "no_date",
            """
            <without> [an|a|any] [due|set] (date[s]|deadline[s]|due date[s]) [set]
            undated|unscheduled|unplanned|not scheduled|no-date|someday
            """,
        ),
        (
            "this_week",
            """
            [<on>]* [the] (this|current) (week's|week)
            [<on>]* [the] (next|coming) (few|7|seven|couple of) days
            [<on>]* [the] (end|rest) of (the|this) week
            [<on>] (the|my|our) week
            (next|upcoming) days
            """,
        ),
        (
            "all",
            f"""
            all [my|the|of my|of the|our]*/(?= (?:{TASK}|things|of)\\b|$)/
            everything/(?! (?:due|for|about|with|tagged|that|i have to|to do|on my)\\b)/
            (whole|entire|full|complete) <list>
            every [single] task
            including [the] (done|completed|finished) [ones]
            (done and open|open and done|both)
            """,
        ),
    )
)
_ORDER = ("done", "overdue", "no_date", "today", "tomorrow", "this_week", "open", "all")
"""Which filter counts where several were said: there can be but one."""

# No filter speaks of these; what is open holds them.
_ELSEWHEN = _NOTATION.openings("[<on>]* (next|the following|last) (week's|month's|year's|week|month|year)")
_RANKED = _NOTATION.knowing(
    clear="urgent|important|critical|not urgent|not important|/p[1-4]/|/![a-z]+/", unclear="high|top|medium|low"
).openings(rf"""
    most (urgent|important|pressing)
    priorities
    [<being>]* [an|a] {{level:full rank}} [level]
    [with] <priority> [level] [is|of|:|=] {{level:level}}
    [<being>]* [an|a] {{level:clear}}
    {{level:unclear}}/(?= (?:{TASK}|ones)\b)/
""")
_TAGGED = _NOTATION.openings(r"""
    (with|under|in|by|for|from) [the|my] {tag:one tag} (tag|label|category)
    [with|under|in|have|has|having|by|carrying] [the|a|my] <tag> [as|with|is|of|called|under|:] {tag:one tag}
    [with|for|in|under] {tag:hashtag}
    {tag:area}/(?: related)?(?= (?:things|stuff|errands|tasks?|to-?dos?|todos?|lists?|items?|reminders?|chores?)\b)/
""")
_ABOUT = _NOTATION.openings(r"""
    [that|which] <about> [the word|the|my] {query...}
    (with|for) {query} <in it>
""")
_AROUND_SUBJECT = _NOTATION.sentences("[a|an|the|my|some] {query} [(in|on|from) (my|the) list]")
_IN_IT = _NOTATION.sentences("{query} <in it>")
_NO_SUBJECT = _NOTATION.sentences("today|tomorrow|this week|[my] task[s]")


@dataclass(slots=True)
class Criteria:
    """What was said of the tasks to list, and the words that say something else."""

    rest: Phrase
    filter: str | None = None
    priority: str | None = None
    tag: str | None = None
    query: str | None = None

    @property
    def any(self) -> bool:
        """Whether a criterion was said."""
        return bool(self.filter or self.priority or self.tag or self.query)

    def reading(self) -> Reading:
        """The call that lists these tasks."""
        return calls(
            call("list_tasks", filter=self.filter, priority=self.priority, tag=self.tag, query=self.query or None)
        )


def find_criteria(phrase: Phrase, scene: Scene) -> Criteria:
    """The criteria in a request, and what remains of it without them."""
    wanted = Criteria(phrase)
    about = _ABOUT.find(phrase)
    if about is not None and not _NO_SUBJECT.read(about["query"]):
        wanted.query = subject(about["query"])
        wanted.rest = phrase[: about.span[0]].strip()
    if tagged := _TAGGED.find(wanted.rest):
        wanted.tag = tagged.word("tag").strip("#").lower()[:MAX_TAG]
        wanted.rest = wanted.rest.without([tagged.span])
    if ranked := _RANKED.find(wanted.rest):
        wanted.priority = level_of(ranked.word("level")) if ranked["level"] else "high"
        wanted.rest = wanted.rest.without([ranked.span])
    _take_filter(wanted, scene)
    return wanted


def subject(words: Phrase) -> str:
    """What tasks are about, as a query: without quotes and without "in the title"."""
    inner = _IN_IT.read(words)
    words = inner["query"] if inner else words
    around = _AROUND_SUBJECT.read(words)
    said = (around["query"] if around else words).without_stray_quotes().unquoted()
    return said.strip(" ?!.#")[:MAX_TITLE].strip()


def _take_filter(wanted: Criteria, scene: Scene) -> None:
    found: set[str] = set()
    for name, forms in _FILTERS:
        if said := forms.find(wanted.rest):
            found.add(name)
            wanted.rest = wanted.rest.without([said.span])
    if later := _ELSEWHEN.find(wanted.rest):
        wanted.rest = wanted.rest.without([later.span])
    when = find_when(wanted.rest, scene.now)
    if {"today", "tomorrow"} <= found:
        found = {"this_week"}
    elif when is not None and not {"today", "tomorrow"} & found:
        wanted.rest = wanted.rest.without(when.spans)
        if of_day := _filter_for(when.day, scene.now.date()):
            found.add(of_day)
    if {"done", "open"} <= found:
        found = {"all"}
    if wanted.tag or wanted.priority or wanted.query:
        found.discard("all")  # "everything tagged home": the open ones, as in "tasks tagged home"
    wanted.filter = next((name for name in _ORDER if name in found), None)


def _filter_for(day: date, today: date) -> str | None:
    """The narrowest filter that holds a day: there is none for a single day beyond tomorrow or a later week."""
    if day in (today, today + timedelta(days=1)):
        return "today" if day == today else "tomorrow"
    if day < today:
        return "overdue"
    return "this_week" if day <= today + timedelta(days=6 - today.weekday()) else None
