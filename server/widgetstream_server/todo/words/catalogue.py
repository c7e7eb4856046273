"""What the todo app says to people: one field for each text. Names in braces are filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The texts of one language."""

    # Days.
    near_days: Mapping[int, str]
    weekdays: Sequence[str]
    months: Sequence[str]
    day: str
    day_of_year: str
    overdue_since: str
    done_on: str

    # Lists.
    filters: Mapping[str, str]
    list_titles: Mapping[str, str]
    priorities: Mapping[str, str]
    no_priority: str
    with_priority: str
    high_priority: str
    about: str
    shown: str
    show_more: str
    back_to_start: str
    nothing_here: str
    empty: Mapping[str, str]
    no_tasks: str
    no_tasks_hint: str
    all_done: str
    all_done_hint: str
    show_done: str

    # One task.
    number: str
    more_tags: str
    complete: str
    reopen: str
    edit: str
    delete: str
    added: str
    updated: str
    unchanged: str
    completed: str
    reopened: str
    already_done: str
    already_open: str
    ask_delete: str
    ask_delete_hint: str
    keep: str
    kept: str
    deleted: str
    gone: str

    # The form.
    title: str
    description: str
    due: str
    time: str
    time_hint: str
    priority: str
    tags: str
    tags_hint: str
    save: str
    cancel: str
    edit_title: str

    # Questions and faults.
    which_one: str
    several_fit: str
    none_fits: str
    did_you_mean: str
    choose: str
    fault: str
    fault_hint: str
    try_again: str
    looking: str

    # The plan of a week.
    planning: str
    plan_overdue: str
    plan_no_date: str
    plan_free: str
    plan_more: str
    plan_summary: str
    plan_empty: str
    task_count: Mapping[str, str]
    day_count: Mapping[str, str]

    # Questions that the person answers before the assistant goes on.
    ask_which: Mapping[str, str]
    left_alone: str

    # What the offline model says after its tools, where their widgets do not.
    invalid: str
    failed: str
