"""Who acts: the person, the membership they work under now, and where they sit."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Actor:
    """One membership at work. `agency_id` is None for roles that serve the whole municipality.

    `scope` is how far the role sees families: "agency", "municipality" or "none".
    `actions` are the names of the actions the role may do (see accounts.access).
    """

    user_id: int | None
    name: str
    municipality_id: int
    role: str
    role_label: str = ""
    membership_id: int | None = None
    agency_id: int | None = None
    agency_name: str = ""
    municipality_name: str = ""
    scope: str = "agency"
    actions: frozenset[str] = field(default_factory=frozenset)
    ip: str = ""
    via: str = "web"

    def may(self, action: object) -> bool:
        """Whether the role has the action; says nothing about a single row."""
        return str(action) in self.actions
