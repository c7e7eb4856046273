"""The words that the grammar knows: things people do, numbers, levels, and their inflected forms."""

from __future__ import annotations

import re

from widgetstream_server.todo.understanding.notation import Notation

# A bare "buy milk" is a task because "buy" is here. Words that are asked of an assistant rather than done by a
# person (play, translate, explain, sing) are left out on purpose.
_REGULAR = """
accept activate adjust answer apologise apologize apply approve arrange ask assemble assign attach attend
back bake bill block book borrow brush call cancel carry celebrate change charge chase check clean clear climb close
code collect compare compile complete configure confirm congratulate connect contact continue cook copy count cover
create debug decide declutter decorate defrost deliver deploy descale design develop discuss donate download draft
drop dry dust email empty enroll evaluate examine exchange exercise explore export extend fax fetch figure file fill
finalise finalize finish fix fold follow format forward gather google grab groom hand handle harvest help hire hoover
implement import improve inform inspect install interview invest investigate invite invoice iron join jog
label launch learn listen load lock look mail maintain manage measure mend message migrate mop mount move mow
negotiate notify oil open order organise organize pack paint park patch peel phone photograph pick plan plant polish
post practice practise prep prepare present print process proofread propose prune publish pull purchase push query
rake reach rebook recharge record recycle redeem refactor refill refund register rehearse release renew reorder
repair replace reply report repot request research reserve resign resolve respond restart restock return review revise
rotate save scan schedule scrub seal serve service share sharpen shave ship shop shovel sign sketch sort start stop
store stretch study submit subscribe surprise switch talk test text tidy tighten touch train transfer travel trim try
tune turn type unclog unpack unsubscribe update upgrade upload vacuum validate verify visit volunteer vote walk wash
watch water wax weed weigh whatsapp wipe work wrap
"""

# base, past, and the participle where it differs
_IRREGULAR = """
bring/brought build/built buy/bought catch/caught choose/chose/chosen cut/cut deal/dealt dig/dug do/did/done
draw/drew/drawn drink/drank/drunk drive/drove/driven eat/ate/eaten feed/fed find/found fly/flew/flown
freeze/froze/frozen get/got/gotten give/gave/given go/went/gone hang/hung have/had keep/kept lay/laid lead/led
leave/left lend/lent make/made meet/met pay/paid prepay/prepaid put/put quit/quit read/read redo/redid/redone
repay/repaid ride/rode/ridden ring/rang/rung run/ran say/said see/saw/seen sell/sold send/sent set/set sew/sewed/sewn
sleep/slept speak/spoke/spoken swap/swapped sweep/swept swim/swam/swum take/took/taken teach/taught tell/told
throw/threw/thrown hold/held begin/began/begun spend/spent wake/woke/woken shut/shut stick/stuck
let/let win/won break/broke/broken bind/bound hide/hid/hidden light/lit rent/rented shoot/shot
wear/wore/worn withdraw/withdrew/withdrawn write/wrote/written
"""

_DOUBLING = frozenset("chop drop format jog mop plan prep shop ship stop submit swap scan trim wrap grab".split()) - {
    "format"
}


def _past(base: str) -> str:
    if base.endswith("e"):
        return base + "d"
    if re.search(r"[^aeiou]y$", base):
        return base[:-1] + "ied"
    if base in _DOUBLING:
        return base + base[-1] + "ed"
    return base + "ed"


def _gerund(base: str) -> str:
    if base.endswith("e") and not base.endswith("ee"):
        return base[:-1] + "ing"
    if base in _DOUBLING or base in {"cut", "dig", "get", "put", "quit", "run", "set", "swim"}:
        return base + base[-1] + "ing"
    return base + "ing"


_FORMS = [tuple(entry.split("/")) for entry in _IRREGULAR.split()]

TASK_VERBS: frozenset[str] = frozenset(_REGULAR.split()) | {forms[0] for forms in _FORMS}
"""Base forms of things to do."""

BASE_OF_PAST: dict[str, str] = {_past(base): base for base in _REGULAR.split()} | {
    past: forms[0] for forms in _FORMS for past in forms[1:]
}
"""bought → buy, called → call."""

BASE_OF_GERUND: dict[str, str] = {
    _gerund(base): base for base in TASK_VERBS | {"add", "create", "delete", "list", "mark", "remove", "rename", "show"}
}
"""buying → buy, calling → call."""

NUMBER_WORDS: dict[str, int] = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split(),
        start=1,
    )
}

ORDINAL_WORDS: dict[str, int] = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=1,
    )
}

NUMBER_WORD = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
ORDINAL = rf"(?:{'|'.join(sorted(ORDINAL_WORDS, key=len, reverse=True))}|\d{{1,3}}(?:st|nd|rd|th))"

TASK = r"(?:tasks?|to-?dos?(?: items?)?|to dos?|items?|reminders?|entry|chores?|action items?)"
"""What people call a task."""

LIST_NAME = r"(?:(?:to-?do |to do |task )?lists?|to-?dos?|tasks?|agenda|plate)"
"""What people call the list of them."""

HIGH = r"(?:highest|high|top|urgent|important|critical|maximum|p1|!high)"
MEDIUM = r"(?:medium|med|normal|p2|!medium)"
LOW = r"(?:lowest|low|minor|minimum|unimportant|not (?:so |that )?(?:urgent|important)|p[34]|!low)"
LEVEL = rf"(?:{HIGH}|{MEDIUM}|{LOW})"
"""A level of priority; `level_of` says which."""

PRIORITY = r"(?:priority|prio|importance|urgency)"

TAG_LIKE = frozenset(
    "home work office personal private family shopping groceries grocery errand errands school uni university study "
    "health fitness finance finances money admin house household garden kids travel holiday car hobby job business "
    "church gym reading".split()
)
"""Adjectives before "tasks" or before "list" that name an area of life, as tags do."""

# Any number written by a person is short; more digits than this are junk and would overflow a date.
NUMBER = rf"(?:\d{{1,5}}|{NUMBER_WORD})"


GRAMMAR = Notation().knowing(
    task=f"/{TASK}/",
    one_task="task|to-do|todo|item|reminder|entry",
    tasks="tasks|to-dos|todos|items|reminders|ones",
    list=f"/{LIST_NAME}/",
    my="my|the|our|this|that",
    level=f"/{LEVEL}/",
    priority=f"/{PRIORITY}/",
    rank=f"/{LEVEL}(?:[- ]{PRIORITY})?/",
    full_rank=f"/{LEVEL}[- ]{PRIORITY}/",
    ordinal=f"/(?:{ORDINAL}|last)/",
    area=f"/(?:{'|'.join(sorted(TAG_LIKE))})/",
    count=f"/(?:{NUMBER}|an?|another|a couple of|a few)/",
    # What can only be a task at hand: "task 5", "#5", "the second one", "it".
    numbered=rf"/(?:(?:the )?{TASK} |number |no\.? )*#?\d{{1,9}}/|it|that|this|(that|this) (one|/{TASK}/)"
    rf"|the /\w+/ (one|/{TASK}/)",
)
"""The notation with the words that several readers use."""


def number_of(word: str) -> int:
    """The value of digits or of a word for a number, cardinal or ordinal. KeyError for anything else."""
    digits = re.match(r"\d+", word)
    if digits:
        return int(digits.group())
    return NUMBER_WORDS[word] if word in NUMBER_WORDS else ORDINAL_WORDS[word]


def level_of(words: str) -> str | None:
    """The level ("low", "medium", "high") that words matching LEVEL say; None for any others."""
    for level, pattern in (("low", LOW), ("high", HIGH), ("medium", MEDIUM)):
        if re.fullmatch(rf"{pattern}(?:ly)?(?:[- ]{PRIORITY})?", words):
            return level
    return None


def infinitive(words: str) -> str:
    """The words with a leading verb in its base form: "bought milk" → "buy milk", "writing it" → "write it"."""
    head, _, rest = words.partition(" ")
    base = BASE_OF_PAST.get(head.lower()) or BASE_OF_GERUND.get(head.lower())
    return f"{base} {rest}".strip() if base else words


def starts_with_task_verb(plain: str) -> bool:
    """Whether the first word is a thing to do."""
    head = re.match(r"[a-z-]+", plain)
    return bool(head) and head.group().replace("e-mail", "email") in TASK_VERBS  # type: ignore[union-attr]
