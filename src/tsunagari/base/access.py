"""The words of access: roles, how far each sees, and actions, declared once.

The name of an action is the permission, the audit event, the row of the access matrix and the id in tests.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is in one membership; labels are the field's own words. KIOSK is no person: a tablet at the door,
    whose actions are of no other role (accounts.devices)."""

    COUNSELOR = "counselor"
    MANAGER = "manager"
    ROUNDS = "rounds"
    NURSE = "nurse"
    LEAD = "lead"
    OFFICER = "officer"
    AUDITOR = "auditor"
    KIOSK = "kiosk"


LABELS: dict[Role, str] = {
    Role.COUNSELOR: "相談員",
    Role.MANAGER: "施設長",
    Role.ROUNDS: "巡回支援員",
    Role.NURSE: "センター保健師",
    Role.LEAD: "統括支援員",
    Role.OFFICER: "自治体担当",
    Role.AUDITOR: "監査",
    Role.KIOSK: "端末",
}

SCOPES: dict[Role, str] = {
    Role.COUNSELOR: "agency",
    Role.MANAGER: "agency",
    Role.ROUNDS: "agency",
    Role.NURSE: "municipality",
    Role.LEAD: "municipality",
    Role.OFFICER: "municipality",
    Role.AUDITOR: "none",
    Role.KIOSK: "none",
}

AT_AGENCY = frozenset({Role.COUNSELOR, Role.MANAGER})
AT_CENTRE = frozenset({Role.NURSE, Role.LEAD})
#: Everybody who signs in: the roles a membership can have.
EVERYONE = frozenset(Role) - {Role.KIOSK}


def needs_agency(role: str) -> bool:
    """Whether a membership of this role must name an agency (the centre counts as one)."""
    return role not in {Role.OFFICER, Role.AUDITOR}


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can do. `writes` tells changing from reading."""

    name: str
    label: str
    roles: frozenset[Role]
    writes: bool = True

    def __str__(self) -> str:
        return self.name


_registry: dict[str, Action] = {}


def action(name: str, label: str, roles: Iterable[Role], *, writes: bool = True) -> Action:
    """Declare an action; a name can be declared once."""
    if name in _registry:
        raise ValueError(f"action {name} is declared twice")
    declared = Action(name, label, frozenset(roles), writes)
    _registry[name] = declared
    return declared


def registry() -> dict[str, Action]:
    """All declared actions by name."""
    return dict(sorted(_registry.items()))


def actions_of(role: str) -> frozenset[str]:
    """Names of the actions a role has."""
    return frozenset(name for name, declared in _registry.items() if role in declared.roles)
