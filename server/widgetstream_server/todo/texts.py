"""What the todo app says, in English. Nothing else in the app holds words for people."""

from __future__ import annotations

# Rules: phrases that follow a field's name.
DUE_RULE = "must be a day that exists (2026-12-05), or a time with its offset (2026-12-05T17:00:00+01:00)"
DUE_YEAR_RULE = "must lie between the years {first} and {last}"
BLANK_RULE = "must not be blank"
TAGS_RULE = "must leave the task with at most {count} tags"
TAG_LENGTH_RULE = "must have at most {count} characters each, in lower case"

# Days.
NEAR_DAYS = {-1: "yesterday", 0: "today", 1: "tomorrow"}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
OVERDUE_SINCE = "overdue since {since}"
DONE_ON = "done {day}"

# Lists.
FILTERS = {
    "open": "Open",
    "today": "Today",
    "tomorrow": "Tomorrow",
    "this_week": "This week",
    "overdue": "Overdue",
    "no_date": "No date",
    "done": "Done",
    "all": "All",
}
LIST_TITLES = {
    "open": "Open tasks",
    "today": "Due today",
    "tomorrow": "Due tomorrow",
    "this_week": "Due this week",
    "overdue": "Overdue",
    "no_date": "Without a date",
    "done": "Done tasks",
    "all": "All tasks",
}
PRIORITIES = {"low": "Low", "medium": "Medium", "high": "High"}
NO_PRIORITY = "None"
WITH_PRIORITY = "{priority} priority"
ABOUT = "“{query}”"
SHOWN = "{first}–{last} of {total}"
SHOW_MORE = "Show more"
BACK_TO_START = "Back to the start"
NOTHING_HERE = "Nothing here."
EMPTY = {
    "open": "Nothing is open.",
    "today": "Nothing is due today.",
    "tomorrow": "Nothing is due tomorrow.",
    "this_week": "Nothing is due this week.",
    "overdue": "Nothing is overdue.",
    "no_date": "Every open task has a date.",
    "done": "Nothing is done yet.",
}
NO_TASKS = "No tasks yet"
NO_TASKS_HINT = "Say what there is to do, such as “buy milk tomorrow”."
ALL_DONE = "All done"
ALL_DONE_HINT = "Nothing is open."
SHOW_DONE = "Show done tasks"

# One task.
NUMBER = "#{number}"
MORE_TAGS = "+{count}"
COMPLETE = "Complete"
REOPEN = "Reopen"
EDIT = "Edit"
DELETE = "Delete"
ADDED = "Added"
UPDATED = "Updated"
UNCHANGED = "Nothing to change"
COMPLETED = "Completed"
REOPENED = "Reopened"
ALREADY_DONE = "Done already"
ALREADY_OPEN = "Open already"
ASK_DELETE = "Delete task #{number}?"
ASK_DELETE_HINT = "It cannot be brought back."
KEEP = "Keep"
KEPT = "Not deleted"
DELETED = "Deleted"
GONE = "This task no longer exists."

# The form.
TITLE = "Title"
DESCRIPTION = "Description"
DUE = "Due"
TIME = "Time"
TIME_HINT = "17:00"
PRIORITY = "Priority"
TAGS = "Tags"
TAGS_HINT = "home, errands"
SAVE = "Save"
CANCEL = "Cancel"
EDIT_TITLE = "Edit task #{number}"

# Questions and faults.
WHICH_ONE = "Which one?"
SEVERAL_FIT = "Several tasks fit “{reference}”."
NONE_FITS = "No task fits “{reference}”."
DID_YOU_MEAN = "Did you mean one of these?"
CHOOSE = "This one"
FAULT = "That did not work"
FAULT_HINT = "Something went wrong on the server. Nothing was changed by halves."
TRY_AGAIN = "Try again"
LOOKING = "Looking at your tasks"

# The plan of a week.
PLANNING = "Planning your week"
PLAN_OVERDUE = "Overdue"
PLAN_NO_DATE = "Without a date"
PLAN_FREE = "Nothing is due."
PLAN_MORE = "and {count} more"
PLAN_SUMMARY = "{tasks} on {days}"
PLAN_EMPTY = "Nothing is due this week"
TASK_COUNT = {"one": "1 task", "many": "{count} tasks"}
DAY_COUNT = {"one": "1 day", "many": "{count} days"}

# Questions that the person answers before the assistant goes on.
ASK_WHICH = {
    "delete_task": "Which task should I delete?",
    "complete_task": "Which task is done?",
    "reopen_task": "Which task should I reopen?",
    "show_task": "Which task should I show?",
}
LEFT_ALONE = "All right, I leave it."

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

# What the offline model says after its tools, where their widgets do not.
INVALID = "I could not do that: {problems}."
FAILED = "That did not work. You can try again with the button above."
