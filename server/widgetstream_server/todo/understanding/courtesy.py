"""The words around a request that say nothing about it: "hey, could you please … for me, thanks"."""

from __future__ import annotations

import re

from widgetstream_server.todo.understanding.days import WEEKDAY
from widgetstream_server.todo.understanding.phrase import Phrase, join
from widgetstream_server.todo.understanding.vocabulary import BASE_OF_GERUND, GRAMMAR

_MAX_LAYERS = 8
_TAIL = 80
_ENDING = " .!?,;\n"

_ACT = r"(?= (?:see|get|have|view|look|add|delete|remove|complete|change|move|rename|mark|do|push|put|make)\b)"
_LOOK = (
    r"(?= (?:see|view|know|look at|check|have a look|get|hear) "
    r"(?:my|the|all|what|what's|which|how|a list|every|any|only|just)\b)"
)
_BEFORE = GRAMMAR.knowing(
    call="hi|hey|hello|hiya|yo|ok|okay|alright|so|well|/(?:u+m+|u+h+|h+m+)/|oh|ah|yes|yeah|oops|sorry|actually|also"
    "|and|but|then|now|please|pls|plz|kindly|just|quickly|maybe|finally|lastly|btw|great|cool",
    # These belong to the request unless punctuation follows: "next, add milk", but "next tasks".
    remark="dear|all right|right|nice|perfect|thanks|thank you|thx|yep|sure|no|nope|first|next|by the way|fyi|wait"
    "|hang on|hold on|one moment|listen|guess what|good news|yay|phew|good (morning|afternoon|evening)"
    "|one more thing|after that|in addition|additionally|besides",
    friend="there|assistant|bot|buddy|friend|team|all|again|so much|very much|a lot|then",
    softly="please|pls|kindly|maybe|just|also|possibly|quickly|like|mind|help me [to]",
).openings(rf"""
    (<call>|<remark>) [<friend>]/ ?[,!.:-]+/
    <call> [there|assistant|bot]
    (can|could|would|will) (you|u|ya) [<softly>]*
    you (can|could|may|might want to|should) [<softly>]*
    (can|could|may|might|shall) (i|we) [please|maybe|just|also]/{_ACT}/
    (i|we) (want|wanna|need|would like|would love) [to]/{_LOOK}/
    (i|we)'d (like|love) [to]/{_LOOK}/
    (i was wondering if|do you think|is there any way) you (can|could|would) [please]
    (it would be (great|nice) if|i'd appreciate it if) you (can|could|would) [please]
    (would it be|is it) possible to
    (i (think|guess|believe|suppose|hope)|it seems|seems like|looks like|pretty sure|i'm pretty sure) [that]
    (do|would) you mind
    be so kind [as] to
    go ahead and
    feel free to
    (i (need|want)|i'd like|i would like|i wish) [for] you to
    (let's|lets|let us|let me) [just|please]/(?! know\b)/
    help me [to]/{_ACT}/
    try to/{_ACT}/
""")

_OBLIGED = GRAMMAR.knowing(
    so="really|also|still|just|definitely|absolutely|probably|might|will|do|now|then|desperately",
    to_do="need to|have to|has to|had to|got to|gotta|must/(?! ?n)/|should/(?! (?:be|i|we|you)\\b)/|ought to"
    "|would like to|want to|wanna|intend to|am (going|supposed) to|gonna|will need to|plan to|had better|mean to"
    "|would love to|meant to",
    promised="promised|agreed|offered|decided|volunteered|forgot|keep forgetting",
    to_come="like to|love to|better",
    not_to_forget="also|please|still|really|just|then|remember to|not forget to|make sure (to|i)",
).openings(r"""
    [i|we|you|i've|we've|you've|i have|we have] [<so>]* <to do> [<not to forget>]*
    (i|we|i've|we've|i have|we have) [<so>] <promised> [/\w+/] to [<not to forget>]*
    (i|we)'d [<so>] <to come> [<not to forget>]*
    (i|we)'ll [need to|have to] [<not to forget>]*
    (i|we)('m| am|'re| are) [<so>] (going to|gonna|supposed to|planning to) [<not to forget>]*
""")
_AFTER = re.compile(
    r"(?:[, ]+(?:please|pls|plz|thanks|thank you|many thanks|thx|ty|cheers|for me|will you|would you|could you"
    r"|can you|if you can"
    r"|if possible|ok|okay|right|so much|very much|a lot|in advance|dear|mate|buddy|haha|lol|right now|right away"
    r"|now))+[\s.!?:)(]*$"
)
_DAY_FIRST = re.compile(
    rf"(?:(?:on |by |this |next |before )*(?:today|tonight|tomorrow(?: morning| afternoon| evening| night)?"
    rf"|{WEEKDAY}|week|weekend"
    r"|month)(?: (?:morning|afternoon|evening|night))?(?: at \d{1,2}(?::\d\d)?(?: ?[ap]m)?)?),? (?=i\b|we\b|i'|need"
    r"|have to|gotta)"
)


def without_courtesy(phrase: Phrase) -> tuple[Phrase, bool]:
    """The request itself, and whether it was said as a duty of the person ("I need to …")."""
    phrase = _without_ending(phrase)
    obliged = False
    for _ in range(_MAX_LAYERS):
        before = _BEFORE.start(phrase)
        if before is not None and before.rest:
            phrase = _imperative(before.rest) if before.phrase[: before.span[1]].plain.endswith("mind") else before.rest
            continue
        day = _DAY_FIRST.match(phrase.plain)
        duty = _OBLIGED.start(phrase.after(day) if day else phrase)
        if duty is None or obliged or not duty.rest:
            break
        # "tomorrow I need to call Bob": the day stays with the thing to do.
        phrase = join([phrase[: day.end()].strip(" ,"), duty.rest]) if day else duty.rest
        obliged = True
    return phrase, obliged


def _without_ending(phrase: Phrase) -> Phrase:
    phrase = phrase.strip(_ENDING)
    ending = _AFTER.search(phrase.plain, max(0, len(phrase) - _TAIL))
    return phrase[: ending.start()].strip(_ENDING) if ending and ending.start() > 0 else phrase


def _imperative(phrase: Phrase) -> Phrase:
    """The gerund of "would you mind adding milk" as a command: "add milk"."""
    head, _, _ = phrase.plain.partition(" ")
    base = BASE_OF_GERUND.get(head)
    return Phrase(base + phrase.said[len(head) :], base + phrase.plain[len(head) :]) if base else phrase
