"""Who works at an agency and can be in charge of something there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from tsunagari.accounts.models import Membership
from tsunagari.base.prepared import prepared
from tsunagari.encounters.access import WORKERS


def workers(agency_id: int, day: date) -> dict[int, str]:
    """Names by user id of those who may be in charge of a chart at the agency on a day; one query."""
    return dict(_workers(agency_id, day))


@prepared
def _workers(agency: int, day: date) -> QuerySet[Membership, tuple[int, str]]:
    rows = at_work(day).filter(agency=agency)
    return rows.order_by("user__kana", "user__name", "user_id").values_list("user_id", "user__name")


def at_work(day: date) -> QuerySet[Membership, Membership]:
    """Memberships in which somebody can be in charge of families on a day."""
    found: QuerySet[Membership, Membership] = Membership.objects.on(day).filter(
        role__in=sorted(WORKERS), user__is_active=True
    )
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """An agency and who can be in charge there: (user id, name)."""

    id: int
    name: str
    workers: tuple[tuple[int, str], ...]


def places_with_workers(municipality_id: int, day: date) -> list[Place]:
    """Agencies of a town where somebody can be in charge on a day, by name; one query."""
    rows = at_work(day).filter(municipality_id=municipality_id, agency__isnull=False)
    found: dict[int, tuple[str, dict[int, str]]] = {}
    named = rows.order_by("agency__name", "agency_id", "user__kana", "user__name", "user_id")
    for agency, name, user, person in named.values_list("agency_id", "agency__name", "user_id", "user__name"):
        found.setdefault(agency or 0, (name, {}))[1][user] = person
    return [Place(pk, name, tuple(people.items())) for pk, (name, people) in found.items()]
