"""News of today from apps that the desk may not know: an app registers a teller in its AppConfig.ready().

A teller answers with what waits for the actor, in a fixed number of statements; it is asked only when the actor may do
its action.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tsunagari.base.access import Action
from tsunagari.base.actor import Actor


@dataclass(frozen=True, slots=True)
class News:
    """One line of 今日: a word before it, what it is, a few words more, and the page where it is done."""

    when: str
    what: str
    more: str
    url: str


Teller = Callable[[Actor], Sequence[News]]
_tellers: dict[Teller, Action] = {}


def tell(action: Action, teller: Teller) -> None:
    """Have `teller` asked for those who have `action`; once, however often it is said."""
    _tellers[teller] = action


def of_today(actor: Actor) -> list[News]:
    """What all tellers have for the actor, in the order they registered."""
    return [line for teller, action in _tellers.items() if actor.may(action) for line in teller(actor)]
