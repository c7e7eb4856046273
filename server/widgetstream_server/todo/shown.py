"""Which tasks a person was shown last: what “the second one” and “it” mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from widgetstream.chatkit.v1.item_pb2 import ThreadItem
from widgetstream.chatkit.v1.widget_pb2 import Widget

_ROW = re.compile(r"task_(\d{1,10})_item")
_CARD = re.compile(r"task_(\d{1,10})_(?:edit_|delete_)?card")


@dataclass(frozen=True, slots=True)
class Shown:
    """Numbers of tasks.

    Attributes:
        listed: Those in the rows of the last list, in its order.
        cards: Those on the cards that came after that list, in the last turn that had any.
    """

    listed: tuple[int, ...] = ()
    cards: tuple[int, ...] = ()

    def readings(self) -> Sequence[tuple[int, ...]]:
        """Return what a message may be about, the likelier first.

        After a list and a card, places are those of the list; only what makes no sense there is about the card. After
        several cards, “both” means these.
        """
        if not self.cards:
            return (self.listed,)
        if len(self.listed) > 1 and len(self.cards) == 1:
            return self.listed, self.cards
        return self.cards, self.listed


def shown_in(items: Sequence[ThreadItem]) -> Shown:
    """Return what was shown last in a thread, whose items come oldest first."""
    cards: list[int] = []
    cards_end = False
    for item in reversed(items):
        if item.HasField("user_message"):
            cards_end = bool(cards)
        elif item.HasField("widget"):
            root = item.widget.widget
            if root.HasField("list_view"):
                listed = _rows(root)
                if listed:
                    return Shown(listed, _in_order(cards))
            elif not cards_end and (match := _CARD.fullmatch(root.id)):
                cards.append(int(match[1]))
    return Shown((), _in_order(cards))


def _rows(root: Widget) -> tuple[int, ...]:
    found = (_ROW.fullmatch(row.id) for row in root.list_view.children)
    return tuple(int(match[1]) for match in found if match)


def _in_order(newest_first: list[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(reversed(newest_first)))
