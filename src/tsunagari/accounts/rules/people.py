"""Inputs about staff, one-time passwords, and how login names look."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import date

LOGIN_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken on paper: no i l o 0 1


@dataclass(frozen=True, slots=True)
class MembershipInput:
    """A role at a place for days inclusive; `valid_to` None is open."""

    role: str
    agency_id: int | None
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class StaffInput:
    """A new person who will sign in, and the first membership."""

    username: str
    name: str
    kana: str
    membership: MembershipInput


def one_time_password() -> str:
    """Twelve random letters in three groups (59 bits), to be read out or written down once."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
