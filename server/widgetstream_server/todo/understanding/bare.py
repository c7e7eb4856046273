"""Things to do that nobody announced: "buy milk tomorrow", "dentist at 3pm", "the rent is due on the 1st"."""

from __future__ import annotations

import re

from widgetstream_server.todo.understanding.adding import read_tasks
from widgetstream_server.todo.understanding.details import take_details
from widgetstream_server.todo.understanding.heads import Given
from widgetstream_server.todo.understanding.phrase import Phrase
from widgetstream_server.todo.understanding.reading import Reading, Scene, calls
from widgetstream_server.todo.understanding.titles import add_task
from widgetstream_server.todo.understanding.vocabulary import GRAMMAR, starts_with_task_verb

_APPOINTMENT = GRAMMAR.sentences(r"""
    (i|we) have [got|also]* (a|an|another|my) {what...}
    (i|we)'ve got [also] (a|an|another|my) {what...}
    there('s| is) [also] (a|an|another|my) {what...}
""")
_IS_DUE = GRAMMAR.sentences("[the|my|our] {what} [is|are] due {when...}")

_RECURS = GRAMMAR.openings("(every|each) (day|morning|evening|night|week|month|year|/[a-z]+day/)|daily|weekly|monthly")

# A sentence that begins so tells or asks something, even where it holds a date: "I'm tired today".
_NO_TASK = GRAMMAR.knowing(
    persons="i|i'm|i'd|i've|im|you|you're|he|she|it|it's|its|we|we're|they|me",
    pointing="this|that|that's|there|there's|these|those",
    auxiliary="is|are|am|was|were|be|do (i|you|we|they)|does|did|don't|can|could|would|will|should|shall|may|might"
    "|must|has|have (i|you|we)",
    asking="what|what's|whats|who|who's|whose|whom|when|when's|where|where's|why|how|how's|which",
    some="any|anything|anybody|anyone|something",
    talk="if|because|no|yes|not|please|thank[s]|ty|thx|cheers|hi|hey|hello|see (you|ya)|talk to you|good|ok|okay"
    "|let me know|happy|have a|(tell|give|show|help|write|draw|ask) me",
).openings("<persons>|<pointing>|<auxiliary>|<asking>|<some>|<talk>")
_FOR_AN_ASSISTANT = GRAMMAR.knowing(
    a="a|an|some|this|the|me a|me an|me some|me the|me",
    work="code|function[s]|script[s]|program|poem|haiku|story|song|joke[s]|lyrics|regex|sql|query|class|limerick"
    "|html|css|algorithm|image|picture",
    words="/(?:[\\w+#-]+ ){0,4}?[\\w+#-]*/",
).openings(r"""
    (write|code|create|make|generate|draw|paint|fix|debug) [<a>] <work>
    (write|code|create|make|generate|draw|paint|fix|debug) [<a>] <words> <work>
    (tell|give) (me|us)
    say (something|hello|hi)
    find [out] (who|what|why|how)
    (book|order|buy|call|get|send) me [a|an] (uber|taxi|cab|pizza)
    talk to me
    (work out|count to) /\d/
    set [a|an] (alarm|timer)
    turn (on|off|up|down) the (light[s]|volume|music|tv|heating)
    change the subject
""")


def read_bare(phrase: Phrase, scene: Scene) -> Reading | None:
    """Words that are a thing to do without saying so; None when they are something else."""
    if _FOR_AN_ASSISTANT.start(phrase):
        return None
    if scene.listed or scene.obliged:
        return read_tasks(phrase, Given(), scene)
    if appointment := _APPOINTMENT.read(phrase):
        details = take_details(appointment["what"], scene.now)
        task = add_task(details) if details.due else None
        return calls(task) if task else None
    if _NO_TASK.start(phrase):
        return None
    details = take_details(phrase, scene.now)
    due = _IS_DUE.read(phrase)
    if due is not None and details.due:
        return read_tasks(due.onward("what"), Given(), scene)
    acts = starts_with_task_verb(phrase.plain) and bool(re.search(r"\W\w", phrase.plain))
    detailed = (details.any or _RECURS.find(phrase) is not None) and bool(details.rest)
    return read_tasks(phrase, Given(), scene) if acts or detailed else None
