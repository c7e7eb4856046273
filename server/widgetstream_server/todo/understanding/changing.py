"""Changes to a task: priority, tags, description, title. When it is due is the matter of `rescheduling`."""

from __future__ import annotations

import re

from widgetstream_server.todo.understanding.marks import TAGS, tags_in
from widgetstream_server.todo.understanding.phrase import QUOTED, Phrase, join
from widgetstream_server.todo.understanding.questions import is_question
from widgetstream_server.todo.understanding.reading import MAX_DESCRIPTION, Reading, Scene, say
from widgetstream_server.todo.understanding.references import resolve
from widgetstream_server.todo.understanding.rescheduling import read_due, read_no_due, update
from widgetstream_server.todo.understanding.titles import title_of
from widgetstream_server.todo.understanding.vocabulary import GRAMMAR, PRIORITY, level_of

WHAT_CHANGE = "What should I change: its title, due date, priority, tags or description?"
WHAT_TITLE = "What should its new title be?"
WHICH_LEVEL = "A task's priority is low, medium or high. Which one should it have?"
WHICH_TAG = "Which tag should I remove?"

_HASHTAG = r"#[\w-]*[^\W\d_][\w-]*"
_NOTATION = GRAMMAR.knowing(
    art="the|its|their|any|a|an|new|this|following",
    makes="add|create|make|set [up]|write|open|start|give me|put|have",
    note="note[s]|description|comment|detail[s]|text|desc",
    tag="tag[s]|label[s]|category",
    tags=f"/{TAGS}/",
    one_tag="/#?[\\w-]+/",
    hashtags=rf"/{_HASHTAG}(?:,? (?:and )?{_HASHTAG})*/",
    quoted=f"/{QUOTED}+/",
    change="set|change|update|edit|modify",
    attach="add|put|attach|set|apply|assign|stick",
    detach="remove|delete|drop|take [off]|clear|strip|get rid of",
    make="make|mark|set|flag|put|change|bump|give|treat|raise|lower|turn|move|switch|drop|downgrade|upgrade"
    "|prioritize|update",
    increase="raise|increase|bump [up]|up",
    decrease="lower|decrease|reduce|drop",
    very="very|really|super|more|now|a bit|much|actually|also|suddenly|a|an",
    changing="set|change|update|raise|lower|make|remove|clear|delete",
    field="priority|due date|deadline|title|description|note",
    recast="change|edit",
    important="[so|that|very|a] (urgent|important|high priority)",
    plain_rank=f"/(?:urgent|important|not (?:so |that |very )?(?:urgent|important)|(?:high|low|medium"
    f"|top)[- ]{PRIORITY})/",
    become="is|are|should be|has|needs to be|becomes|to|has become|as|just got|got|just became",
)

_DESCRIBE = _NOTATION.sentences(r"""
    (add|attach|put|write|append|leave|give|make|<change>) [<art>]* <note> (to|on|for|of|in|at) {what} (:|saying
    + [that]|that says|that|/-/|,) {text...}
    (add|attach|put|write|append|leave|give|make|<change>) [<art>]* <note> (to|on|for|of|in|at) {what} to {text...}
    (add|attach|put|write|append) {text:quoted} to the <note> (of|for) {what...}
    (add|attach|write|append) {text:quoted} to {what:numbered}
    (add|attach|put|write|append|set) {text} as [<art>] <note> (to|on|for|of) {what...}
    <note> (on|of) {what} (:|/-/|is) {text...}
    <note> (to|for) {what:numbered} (:|/-/|is) {text...}
    describe {what} (as|:|with) {text...}
    (add|put|write) [<art>]* <note> {text:quoted} (to|on|for) {what...}
    add to [<art>] <note> (of|for|on) {what} : {text...}
    the <note> (of|for|on) {what} (should be|should say|should read) {text...}
    (note|add|write|put) (on|to|for) [the] {what:numbered} (:|that|,) {text...}
    give {what} (the|a) <note>[:] {text...}
""")
_CLEAR_DESCRIPTION = _NOTATION.sentences("<detach> [<art>] <note> (of|from|for|on) {what...}")

_TAG = _NOTATION.sentences(r"""
    (tag|label) {what} (as|with|under|:) [the] [<tag>] {tags:tags}
    (tag|label) {what}[:] {tags:hashtags}
    (tag|label) {what:numbered}[:] {tags:tags}
    (<attach>|give) [the|a] <tag> {tags} (to|on|for) {what...}
    <attach> [the] {tags:hashtags} [<tag>] (to|on|for) {what...}
    <attach> [the] {tags} (tag[s]|label[s]) (to|on|for) {what...}
    (give|add to) {what} the <tag> {tags...}
    give {what} the {tags:one tag} <tag>
    (put|file|move|categorize|categorise) {what:numbered} (under|in|into|as) [the] [<tag>] {tags:hashtags} [<tag>]
    (put|file|move|categorize|categorise) {what:numbered} (under|in|into|as) [the] <tag> {tags:tags}
    (file|categorize|categorise) {what:numbered} (under|in|into|as) {tags:tags}
""")
_RETAG = _NOTATION.sentences(r"""
    (replace|change|swap) [the] <tag> {old:one tag} (with|to|for|by) {tags:one tag} (on|of|for|in) {what...}
    (change|set) [<art>] <tag> (of|on|for) {what} to {tags:tags}
""")
_UNTAG = _NOTATION.sentences(r"""
    <detach> [the] <tag> {tags} (from|of|off|on) {what...}
    <detach> [the] {tags:hashtags} [<tag>] (from|off|of) {what...}
    <detach> [the] {tags:one tag} (tag|label) (from|off|of) {what...}
    (untag|unlabel) {what} (as|from|with|:) {tags:tags}
    (untag|unlabel) {what} {tags:one tag}
""")
_UNTAG_ALL = _NOTATION.sentences(r"""
    (untag|unlabel) {what...}
    <detach> [all|the|any|every|its]* <tag> (from|of|on) {what...}
""")

_LEVEL = _NOTATION.sentences(r"""
    (<change>|<increase>|<decrease>|make|put|switch|turn) [up|down] [<art>] <priority> [level] (of|for|on) {what}
    + [from <level>] [to|as|=|at|up to|down to] {level:rank}
    (<change>|<increase>|<decrease>) {what}('s|s'|) <priority> (to|as|at) {level:rank}
    <make> {what} [from <level>] [back|up|down] [to|as|at|on|a|an|be|with|being|up|down]* [<very>]* {level:rank}
    + [one|<task>]
    (i'd like|i want|i need|i would like) {what} to be [<very>]* {level:rank}
    <priority> [of|for] {what} [is|to|:|=|should be] {level:rank}
    (add|give|assign) [a|an] {level:full rank} (to|for) {what...}
    {what:numbered} [<become>|:]* [<very>]* {level:full rank} [now]
    {what:numbered} <become> [<very>]* {level:rank} [now]
    {what:numbered}'s [<very>]* {level:rank} [now]
    {what} (isn't|is not|aren't|are not|is no longer) {none:important} [now|any more|anymore|after all]* [, {more...}]
    {what} (is|are) (less|not so|not that) (urgent|important) [now|any more|anymore]*
    {what} <become> [<very>]* {level:plain rank} [now|after all|any more|anymore]*
""")
_TOP = _NOTATION.sentences(r"""
    (bump|move) {what} up
    (bump|move|put) {what} (to|at|on) [the|my] top [of <my> <list>]
    (flag|star) {what:numbered}
""")
_RAISE = _NOTATION.sentences(r"""
    <increase> [<art>] <priority> (of|for|on) {what...}
    (prioritize|prioritise|bump up) {what...}
""")
_LOWER = _NOTATION.sentences(r"""
    <decrease> [<art>] <priority> (of|for|on) {what...}
    (deprioritize|deprioritise|de-prioritize|de-prioritise) {what...}
""")
_NO_LEVEL = _NOTATION.sentences("(remove|clear|unset|<change>) [<art>] <priority> (of|from|for|on) {what...}")

_RENAME = _NOTATION.sentences(r"""
    (rename|retitle|rephrase|reword) [the title of] {what} (to be|to|as|into|:|->|=>) {title...}
    (<change>|fix|correct) [<art>] (title|name|text|wording) (of|for|on) {what} (to say|to be|to|into|:|as) {title...}
    <change> {what}('s|s'|) (title|name|text) (to|into|:) {title...}
    (call|name|rename) {what:numbered} {title} [instead]
    [<art>] (title|name|text) (of|for|on) {what} (should be|should read|should say|is now|must be) {title...}
    {what:numbered} should (be called|be named|say|read|be) {title...}
    make {what:numbered} (say|read) {title...}
""")
# What is changed into something that is neither a date nor a priority gets a new title.
_RECAST = _NOTATION.sentences(r"""
    {surely:recast} {what} (to say|to|into|so it says|->) {title...}
    {surely:recast} {what:numbered} : {title...}
    (update|replace|correct|fix|modify|turn) {what} (to say|to|into|with|so it says|->) {title...}
    (update|replace|correct|fix|modify) {what:numbered} : {title...}
""")
_NEW_TASK = _NOTATION.openings("<makes> (a|an|another|one more) [new|quick|<rank>|<area>]* <task>")
_NO_TITLE = _NOTATION.sentences("(rename|retitle) {what:numbered}")
_ANYTHING = _NOTATION.sentences("(change|edit|update|modify|adjust|alter) {what:numbered}")
# "for task 3, set the priority to high": the task is named first.
_TASK_FIRST = _NOTATION.sentences(r"""
    (for|on|in) {what:numbered}[,] {change:changing} [the|its] {field:field} [{rest...}]
""")


def read_changes(phrase: Phrase, scene: Scene) -> Reading | None:
    """A change to a task that exists; None for any other sentence."""
    if is_question(phrase):
        return None
    if _NEW_TASK.start(phrase):
        return None
    if first := _TASK_FIRST.read(phrase):
        phrase = join([first["change"], first["field"], Phrase("of", "of"), first["what"], first["rest"]])
    for reader in (read_no_due, read_description, _read_tags, _read_level, read_due, _read_title):
        reading = reader(phrase, scene)
        if reading is not None:
            return reading
    if said := _NO_TITLE.read(phrase):
        named = resolve(said["what"], scene)
        return say(WHAT_TITLE if named.names else named.question)
    if said := _ANYTHING.read(phrase):
        named = resolve(said["what"], scene)
        return say(WHAT_CHANGE if named.names else named.question)
    return None


def read_description(phrase: Phrase, scene: Scene) -> Reading | None:
    """A new description for a task, of any length; None for any other sentence."""
    if said := _DESCRIBE.read(phrase):
        text = said["text"].unquoted()[:MAX_DESCRIPTION].strip()
        return update(resolve(said["what"], scene), description=text) if text else None
    if said := _CLEAR_DESCRIPTION.read(phrase):
        return update(resolve(said["what"], scene), description="")
    return None


def _read_tags(phrase: Phrase, scene: Scene) -> Reading | None:
    if said := _RETAG.read(phrase):
        old = _tags(said["old"]) if said["old"] else None
        return update(resolve(said["what"], scene), add_tags=_tags(said["tags"]), remove_tags=old)
    for forms, argument in ((_UNTAG, "remove_tags"), (_TAG, "add_tags")):
        if said := forms.read(phrase):
            tags = _tags(said["tags"])
            return update(resolve(said["what"], scene), **{argument: tags}) if tags else None
    if said := _UNTAG_ALL.read(phrase):
        named = resolve(said["what"], scene)
        return say(WHICH_TAG if named.names else named.question)
    return None


def _tags(words: Phrase) -> list[str]:
    if words.is_quoted:
        return tags_in(words.unquoted().lower())
    return tags_in(",".join(re.findall(r"#[\w-]+", words.plain)) or words.plain)


def _read_level(phrase: Phrase, scene: Scene) -> Reading | None:
    if said := _TOP.read(phrase):
        return update(resolve(said["what"], scene), priority="high")
    if said := _LEVEL.read(phrase):
        named = resolve(said["what"], scene)
        return update(named, priority=level_of(said.word("level")) if said["level"] else "low")
    for forms, level in ((_RAISE, "high"), (_LOWER, "low")):
        if said := forms.read(phrase):
            return update(resolve(said["what"], scene), priority=level)
    return say(WHICH_LEVEL) if _NO_LEVEL.read(phrase) else None


def _read_title(phrase: Phrase, scene: Scene) -> Reading | None:
    said = _RENAME.read(phrase)
    if said is not None:
        title = title_of(said["title"])[0]
        return update(resolve(said["what"], scene), title=title) if title else None
    said = _RECAST.read(phrase)
    if said is None:
        return None
    named = resolve(said["what"], scene)
    title = title_of(said["title"])[0]
    return update(named, title=title) if title and (named.certain or said["surely"]) else None
