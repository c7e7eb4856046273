"""What needs no tool: greetings, thanks, help, and whatever is none of a task keeper's business."""

from __future__ import annotations

import re

from widgetstream_server.todo.understanding.notation import Sentences
from widgetstream_server.todo.understanding.phrase import Phrase
from widgetstream_server.todo.understanding.reading import Reading, Scene, say
from widgetstream_server.todo.understanding.vocabulary import GRAMMAR

HELP = """I look after your tasks. You can say things like:
- "add buy milk tomorrow #errands !high"
- "what's due today?", "show overdue tasks", "find tasks about milk"
- "complete 2 and 3", "I bought the milk", "reopen 2"
- "move 4 to friday at 5pm", "rename 4 to call the bank", "make 4 urgent", "tag 4 as home"
- "delete task 3\""""
EMPTY = 'What can I do for you? Try "add buy milk tomorrow" or "show my tasks".'
GREETING = "Hello! I look after your tasks. Tell me what to add, or ask what is due."
THANKS = "You're welcome!"
GLAD = "Glad to hear it! Is there anything else about your tasks?"
BYE = "See you! Your tasks are safe with me."
NOTHING_CHANGED = "All right, I changed nothing."
YES_TO_WHAT = (
    'Please tell me what you want me to do, for example "complete task 5". To confirm a deletion, use its buttons.'
)
WELL = "I'm fine, thank you, and ready for your tasks. What would you like to do?"
WHO = 'I\'m your task assistant: I add, find, change and complete tasks. Say "help" to see how.'
REFUSAL = (
    'I look after tasks, so I can\'t help with that. I can add, show, change and complete tasks: say "help" to see how.'
)

_MAX_TALK = 120
"""Characters: whoever says more than this says more than hello."""

_NOTATION = GRAMMAR.knowing(
    you="there|all|assistant|bot|buddy|friend|again|team|everyone|you|mate|widgetstream|man|dude",
    hello="/(hi+|hey+|hello+|hiya|howdy|yo+|hallo)/|greetings|good (morning|afternoon|evening|day)|morning|evening"
    "|what's up|whats up|sup|wassup",
    thanks="thanks|thank (you|u)|thx|ty|tysm|cheers|much appreciated|appreciate it|danke|merci",
    praise="great|nice [one|job|work]|cool|perfect|awesome|excellent|amazing|wonderful|super|brilliant|lovely|sweet"
    "|wow|fantastic|well done|good [job|work|bot]|you rock|love it|i love (it|you|this)|all good|(sounds|looks) good"
    "|got it|you're (the best|great|awesome|amazing|so helpful|very helpful)|i (see|understand)|makes sense"
    "|/(haha+|lol|ha)/|that's (all|great|good|perfect|it|awesome|fine|nice) [for (now|today)]",
    bye="/bye+/ [bye]|goodbye|good night|goodnight|later|cya|ciao|ttyl|take care|see (you|ya|u)|talk to you"
    "|have a (nice|good|great) [day|evening|weekend|week|one|night|time]",
    no="/no+/|nope|nah|no way|never mind|nevermind|cancel|stop|forget|not now|don't|leave it|nothing|abort|quit|exit"
    "|wait",
    yes="yes|yeah|yep|yup|ya|sure|ok|okay|k|kk|alright|all right|right|fine|of course|do it|go ahead|confirm[ed]"
    "|please do|correct|exactly|absolutely|definitely|maybe|i guess",
    can="can|do|could|will|are",
    able="do|say|ask|type|help [me] [with]|tell you|know|understand|support|for",
    act="add|create|delete|remove|complete|finish|change|edit|rename|list|show|see|find|reopen|tag|set|move|mark"
    "|make|reschedule|prioritize|prioritise|use|talk to|work with|tell|ask|interact",
    guide="commands|options|help|menu|example[s]|instructions|features|capabilities|usage|manual|tutorial|faq",
    machine="ai|bot|robot|human|real|person|chatgpt|gpt|machine|computer|assistant",
)

_TALK: tuple[tuple[Sentences, str], ...] = tuple(
    (_NOTATION.sentences(forms), reply)
    for forms, reply in (
        ("<hello> [,] [<you>] [<hello>|<you>|,]*", GREETING),
        (
            """
            [<hello>[,]] how are (you|things) [doing] [today|doing]*
            [<hello>[,]] how('s it going| do you do)
            [<hello>[,]] [are] you (there|ok|okay|awake)
            """,
            WELL,
        ),
        (
            """
            [ok|okay|great|nice|cool|perfect|awesome|and|oh|many|no|,]* <thanks>
            + [so|very|much|a|lot|ton|million|again|,|!|.]*
            + [<you>] [<praise>|<bye>|<thanks>|,|!|.]*
            [great|,]* <thanks> [so|very|much|a lot|you]* for {what...}
            """,
            THANKS,
        ),
        ("<praise> [<praise>|,|!|.|and]*", GLAD),
        ("[ok|okay|,]* <bye> [later|soon|tomorrow|then|around|bye|!|,]*", BYE),
        ("<no> [it|that|about it|,|thanks|thank you|please|that's (all|it)]*", NOTHING_CHANGED),
        ("<yes> [<yes>|please|,]*", YES_TO_WHAT),
        (
            """
            /(help|halp)/ [me|please|pls]*
            [i] (need|get|some|want) [some|a bit of] help [{what...}]
            what [else] <can> (you|i|u) [able to|all] <able> [{more...}]
            how (do|can|should|could) (i|you|we|u) <act> [{what...}]
            how (does|do) (this|it|that|things|you) [app|thing|bot] work
            [show|list|tell|give] [me] [the|your|all|some|available|i need]* <guide>
            what (are|is) (the|your) (commands|options|features|capabilities|purpose|function)
            can you help [me] [out|please]*
            i'm (lost|confused|new here)
            how to {what...}
            what('s| is) this
            what now
            i don't (know|understand) [{what...}]
            explain yourself
            what should i (say|type)
            """,
            HELP,
        ),
        (
            """
            (who|what) (are|r) (you|u) [exactly|really]
            what('s| is) your name
            are you [an|a] <machine> [{more...}]
            introduce yourself
            who (made|built|created) you
            tell me about yourself
            """,
            WHO,
        ),
    )
)

SMALL_TALK = frozenset((GREETING, WELL, THANKS, GLAD, BYE, NOTHING_CHANGED, YES_TO_WHAT))
"""Replies that say nothing worth repeating once something has been done."""

# Words about persons and things asked of an assistant: no suggestion to make a task of them.
_NOT_A_TASK = re.compile(
    r".*\b(?:fuck|shit|idiot|stupid|damn)|(?:set an? alarm|am i|(?:i|i'm|im|you|you're|he|she|it|it's|we|they|what"
    r"|who|why|how"
    r"|when|where|is|are|do|does|can|could|tell|give|sing|play|write|translate|explain|say|calculate|solve|draw|book me"
    r"|help me|that|this|should|did|have)\b)"
)


def read_talk(phrase: Phrase, scene: Scene) -> Reading | None:
    """Small talk and requests for help; None for any other sentence."""
    if scene.listed or len(phrase) > _MAX_TALK:
        return None
    words = phrase.strip(" .!?,;:)(")
    if not re.search(r"\w", words.plain):
        return say(HELP if "?" in phrase.plain else EMPTY)
    return next((say(reply) for forms, reply in _TALK if forms.read(words)), None)


def refuse(phrase: Phrase) -> Reading:
    """The polite answer to what nobody else understood, with a hint where it may have been meant as a task."""
    words = phrase.said.strip(" .!?,;:\n")
    short = 0 < len(words) <= 60 and len(words.split()) <= 5
    if short and "?" not in phrase.plain and not _NOT_A_TASK.match(phrase.plain):
        hint = f'I\'m not sure what to do with "{words}". To make it a task, say "add {words}".'
        return say(f"I look after tasks, and {hint}")
    return say(REFUSAL)
