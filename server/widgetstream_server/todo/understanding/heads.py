"""How a sentence says that a new task follows, and what these words already tell of it."""

from __future__ import annotations

from dataclasses import dataclass

from widgetstream_server.todo.understanding.notation import Sentence
from widgetstream_server.todo.understanding.phrase import Phrase
from widgetstream_server.todo.understanding.vocabulary import GRAMMAR, TAG_LIKE, TASK, level_of, starts_with_task_verb


@dataclass(frozen=True, slots=True)
class Given:
    """What was said of every task before its title."""

    priority: str | None = None
    tags: tuple[str, ...] = ()
    several: bool = False
    """More than one task was announced."""
    colon: bool = False
    """The title was announced: it is all that follows."""


_NOTATION = GRAMMAR.knowing(
    make="make|set up|set|insert|enter|log|record|track|save|register|write down|write|give me|put in|put down"
    "|throw in|put|schedule|jot down|note down|have",
    det="an|a|the|another|one more|one|new|my|this|following|these|those|some|a few|a couple of|more|quick|small"
    "|simple|little|extra|as|two|three|four|five|six|seven|eight|nine|ten|/\\d{1,2}/",
    many="these|those|the following|this",
    named="called|named|titled|that says|which says|saying|for me|labelled|with [the] (title|name)|on (my|the) list",
    to="to|on|onto|in|into",
    word="/[a-z]+/",
    noun="<task>|/things?/",
    for_when="for {when}",
    single="todo|to-do|task|reminder",
    put="put|stick|throw|pop|get|place|write|add|chuck|slap|drop|include|jot|have|make",
).knowing(
    on_list="<to> [<my>] <list>|<to> [<my>] {of:word} <list>",
    kind="[<det>]* [{level:rank}|{area:area}] [{level2:rank}|{area2:area}] [<det>]*",
)
_COLON = r"/(?P<colon> ?[:,-](?!\w))?/"

_ANNOUNCED = _NOTATION.openings(rf"""
    (add|create) [me|us|myself|in] <kind> {{noun:noun}} [<on list>] [<named>]{_COLON}
    <make>/(?! (?:the )?{TASK} ?#?\d)/ [me|us|myself] <kind> {{noun:noun}} [<on list>] [<named>]{_COLON}
    (add|create|<make>) [all] {{noun:many}} [ones|few|two|three]{_COLON}
    (open|start) (a|an|another) [new] {{noun:task}} [<named>]{_COLON}
    (new|another|next|quick|urgent) {{noun:task}} [<named>]{_COLON}
    ({{noun:task}}|note to self|[self] note|remember|add|new|adding|need)/(?P<colon> ?:| -(?= ))/
    [and] (another|one more) [one|thing]/(?P<colon> ?:| -(?= ))/
    (add|put|write) [this|these|the following] <on list>{_COLON}
    (add|create) [in]
""")
_MEANT = _NOTATION.openings(rf"""
    (remind|ping|nudge|alert|notify) me [again]{_COLON}
    (do not|don't|dont|never) [let me|you] forget
    [i] (must not|mustn't|can't|cannot|can not|shouldn't) forget
    (remember|keep in mind|make sure|note to self|be sure) [[that] (i|we) [have to|need to]]
    i [almost|nearly|completely|totally] forgot/(?= (?:to|about) )/
    (make|take|write|leave) [myself|me] a [quick] (note|reminder) [to self]
    (note|jot|write|put|pencil|get|scribble) [this|that|it] (down|in){_COLON} [that]
    (i|we) [also] (need|want) [some|more|a few|an|a]*/(?! (?:to|you|help|my|all|nothing|the list)\b)/
""")
_LIST_FOR = _NOTATION.sentences("<single>/s?/ {heading:for when} : {items...}")
_AREA_LIST = _NOTATION.sentences("[my|the] {area:area} [list] : {items...}")
_NOUN = _NOTATION.openings("<single>")
_ON_LIST_FIRST = _NOTATION.openings("<to> (my|the) [{of:word}] <list>[,] [please] (add|put)")
_PUT_ON_LIST = _NOTATION.sentences("<put> [down] {what} [down] <on list>[{rest...}]")
_PUT_DOWN = _NOTATION.sentences(r"(put|pencil|jot|write|note) {what} (down|in)/(?= (?:for|on|by)\b)/ {rest...}")
_NO_TITLE = _NOTATION.sentences("[an|a|the|new|another]* <task>")
_A_FEW = _NOTATION.openings("these|following|some|a few|a couple")
_OUT_OF = _NOTATION.sentences(r"""
    [we're|we are|i'm|i am] [almost|nearly] [all] out of {what...}
    (we|i)('re| are|'m| am) (running|) (out of|low on) {what...}
""")
_ASKS_FOR_A_LIST = _NOTATION.openings(
    "remind me [of|about] (what|which|how many)|remind me (of|about) (my|the|all) [my] <list>"
)


def read_head(phrase: Phrase) -> tuple[Phrase, Given] | None:
    """The titles that the sentence announces, and what it says of them beforehand; None when it announces none."""
    if _ASKS_FOR_A_LIST.start(phrase):
        return None
    if out := _OUT_OF.read(phrase):
        return Phrase("buy " + out["what"].said, "buy " + out["what"].plain), Given()
    if items := _LIST_FOR.read(phrase):
        return items.onward("heading"), Given(several=True)
    if of_area := _AREA_LIST.read(phrase):
        return of_area["items"], Given(tags=(of_area.word("area"),), several=True)
    if listed := _on_list(phrase):
        return listed
    head = _ANNOUNCED.start(phrase) or _MEANT.start(phrase)
    if head is None:
        noun = _NOUN.start(phrase)
        if noun is None or not starts_with_task_verb(noun.rest.plain):
            return None
        head = noun
    return head.rest, given_by(head)


def read_heading(phrase: Phrase) -> tuple[Phrase, Given] | None:
    """The same for a heading above a list, where only an announcement counts."""
    head = _ANNOUNCED.start(phrase)
    return (head.rest, given_by(head)) if head else None


def given_by(head: Sentence) -> Given:
    """What a head says of every task that follows."""
    levels = [level for slot in ("level", "level2") if head[slot] and (level := level_of(head.word(slot)))]
    areas = [area for slot in ("area", "area2", "of") if (area := head.word(slot)) in TAG_LIKE]
    noun = head.word("noun")
    several = noun.endswith("s") or _A_FEW.find(head.phrase[: head.span[1]]) is not None
    return Given(levels[0] if levels else None, tuple(areas), several, bool(head["colon"].plain.strip()))


def _on_list(phrase: Phrase) -> tuple[Phrase, Given] | None:
    """What is put on a list; the list can be an area of life ("my shopping list"), which is a tag."""
    first = _ON_LIST_FIRST.start(phrase)
    if first is not None:
        return first.rest, Given(tags=_area(first))
    put = _PUT_ON_LIST.read(phrase) or _PUT_DOWN.read(phrase)
    if put is None or _NO_TITLE.read(put["what"]):
        return None
    start, end = (edge - 1 for edge in put.match.span("what"))
    after = put.match.start("rest") - 1 if put["rest"] else len(phrase)
    return phrase[start:].without([(end - start, after - start)]), Given(tags=_area(put))


def _area(said: Sentence) -> tuple[str, ...]:
    return (said.word("of"),) if said.word("of") in TAG_LIKE else ()
