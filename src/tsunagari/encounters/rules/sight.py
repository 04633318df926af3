"""What an actor may know of a family's use of other agencies."""

from __future__ import annotations

from tsunagari.base.actor import Actor

MASK = "●●●"


def sees_other_agencies(actor: Actor, history_scope: str, is_home_or_linked: bool) -> bool:
    """Whether other agencies' visits and records appear (as lines without words) on a family's time line.

    `history_scope` is Municipality.history_scope. The centre and the city always see them; auditors never.
    """
    if actor.scope == "municipality":
        return True
    if actor.scope != "agency" or history_scope == "own":
        return False
    return history_scope == "all" or is_home_or_linked


def masks_agency(actor: Actor, agency_id: int, *, protected: bool) -> bool:
    """Whether the agency's name is hidden: a protected family used an agency other than the actor's own."""
    return protected and agency_id != actor.agency_id
