"""What the todo app says to programs and to the assistant, in English. Its words for people are in ``words``."""

from __future__ import annotations

# Rules: phrases that follow a field's name.
DUE_RULE = "must be a day that exists (2026-12-05), or a time with its offset (2026-12-05T17:00:00+01:00)"
DUE_YEAR_RULE = "must lie between the years {first} and {last}"
BLANK_RULE = "must not be blank"
TAGS_RULE = "must leave the task with at most {count} tags"
TAG_LENGTH_RULE = "must have at most {count} characters each, in lower case"

# Rules for the shape of payloads and arguments, by pydantic's names for what is wrong.
SHAPE_RULE = "has the wrong shape"
SHAPE_RULES = {
    "missing": "is required",
    "extra_forbidden": "is unknown",
    "string_type": "must be a string",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "int_type": "must be a whole number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "too_long": "must have at most {max_length} entries",
    "literal_error": "must be one of {expected}",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "dict_type": "must be an object",
}
TAGS_SHAPE_RULE = "must have at most {count} entries of at most {length} characters"
TIME_RULE = "must be a time of day, such as 17:00"

# For the assistant: what the person did without words.
NOTE_COMPLETED = "The person completed task #{number} ({title}) by a click."
NOTE_REOPENED = "The person reopened task #{number} ({title}) by a click."
NOTE_SHOWN = "The person opened the card of task #{number} ({title}) by a click."
NOTE_DELETED = "The person confirmed, and task #{number} ({title}) was deleted."
NOTE_KEPT = "The person decided not to delete task #{number} ({title})."
NOTE_UPDATED = "The person changed task #{number} ({title}) in its form."
NOTE_RETRIED = "The person tried {tool} again by a click. Result: {result}."
NOTE_CHOSEN = "The person chose a task for {tool} by a click. Result: {result}."


def noted(text: str, number: int, title: str) -> str:
    """Return a note about a task."""
    return text.format(number=number, title=title)


NO_JSON = "the arguments are not JSON"
