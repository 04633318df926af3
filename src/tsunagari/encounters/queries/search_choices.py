"""What a search of records can be narrowed to."""

from __future__ import annotations

from dataclasses import dataclass

from tsunagari.accounts.models import Membership
from tsunagari.base.actor import Actor
from tsunagari.encounters.access import READERS
from tsunagari.encounters.models import RecordMark, SubCategory
from tsunagari.encounters.queries.keeping import concerns
from tsunagari.places.models import Agency


@dataclass(frozen=True, slots=True)
class SearchChoices:
    """(id, label) of each kind; one that the actor has no choice of is empty."""

    details: list[tuple[int, str]]
    marks: list[tuple[int, str]]
    concerns: tuple[str, ...]
    writers: list[tuple[int, str]]
    agencies: list[tuple[int, str]]


def search_choices(actor: Actor) -> SearchChoices:
    """Finer categories and marks, also former ones; who works or worked in sight; agencies for the centre.

    Five queries.
    """
    details = SubCategory.objects.visible_to(actor).order_by("category", "position", "pk")
    marks = RecordMark.objects.visible_to(actor).order_by("position", "pk")
    staff = Membership.objects.visible_to(actor).filter(role__in=sorted(READERS))
    people = dict(staff.order_by("user__kana", "user__name", "user_id").values_list("user_id", "user__name"))
    agencies: list[tuple[int, str]] = []
    if actor.scope == "municipality":
        rows = Agency.objects.visible_to(actor).order_by("name", "pk")
        agencies = list(rows.values_list("pk", "name"))
    return SearchChoices(
        list(details.values_list("pk", "label")),
        [(row.pk, f"{row.symbol} {row.name}") for row in marks],
        concerns(actor).words,
        list(people.items()),
        agencies,
    )
