"""Reads about people who work here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator
from django.conf import settings

from tsunagari.accounts.models import User
from tsunagari.accounts.sessions import current_memberships
from tsunagari.base import tenancy
from tsunagari.base.access import LABELS, Role


@dataclass(frozen=True, slots=True)
class Workplace:
    """A membership that is valid today, with its names."""

    membership_id: int
    municipality_id: int
    municipality_name: str
    agency_name: str
    role_label: str
    valid_from: date
    valid_to: date | None


def workplaces(user_id: int) -> list[Workplace]:
    """Where the person may work today, by town. Agencies are behind each town's wall, so each town is asked in turn."""
    with tenancy.municipality(None, user_id=user_id):
        towns = sorted(set(current_memberships(user_id).values_list("municipality_id", flat=True)))
    return [place for town in towns for place in _workplaces_in(town, user_id)]


def _workplaces_in(municipality_id: int, user_id: int) -> list[Workplace]:
    with tenancy.municipality(municipality_id, user_id=user_id):
        rows = current_memberships(user_id).filter(municipality_id=municipality_id)
        return [
            Workplace(
                membership_id=row.pk,
                municipality_id=row.municipality_id,
                municipality_name=row.municipality.name,
                agency_name=row.agency.name if row.agency else "",
                role_label=LABELS[Role(row.role)],
                valid_from=row.valid_from,
                valid_to=row.valid_to,
            )
            for row in rows.select_related("municipality", "agency").order_by("agency__name", "role")
        ]


def missing_step(user: User) -> str | None:
    """URL name of what a person must do before any workplace opens: an own password, then a second factor."""
    if user.must_change_password:
        return "account_change_password"
    if settings.MFA_REQUIRED and not has_second_factor(user.pk):
        return "mfa_index"
    return None


def has_second_factor(user_id: int) -> bool:
    """Whether an authenticator app or a passkey is set up (recovery codes alone are none)."""
    found = Authenticator.objects.filter(user_id=user_id).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return found.exists()
