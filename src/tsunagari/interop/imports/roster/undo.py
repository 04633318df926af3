"""Taking a roster out again as a whole, while nothing else was built on what it made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Visit
from tsunagari.encounters.operations import rosters as visits_of_rosters
from tsunagari.families.models import Registration
from tsunagari.families.operations import unmaking
from tsunagari.families.operations.holding import hold
from tsunagari.families.operations.unmaking import Made
from tsunagari.interop.models import Import, RosterRow


def made_by(source: Import) -> Made:
    """All that the roster brought in and that is its own."""
    found: dict[str, list[int]] = {
        "household": [],
        "people": [],
        "registration": [],
        "cards": [],
        "changes": [],
    }
    for made in _made(source):
        for name, ids in found.items():
            value = made.get(name, [])
            ids += value if isinstance(value, list) else [value]
    visits = RosterRow.objects.filter(source=source, visit__isnull=False).values_list("visit_id", flat=True)
    assert source.agency_id is not None
    return Made(
        agency_id=source.agency_id,
        households=found["household"],
        people=found["people"],
        registrations=found["registration"],
        cards=found["cards"],
        changes=found["changes"],
        rows={
            "encounters.visit": sorted({pk for pk in visits if pk}),
            "interop.rosterrow": list(source.roster_rows.values_list("pk", flat=True)),
        },
    )


def _made(source: Import) -> Iterator[dict[str, Any]]:
    rows = source.roster_rows.filter(Q(made__has_key="household") | Q(made__has_key="registration"))
    yield from rows.values_list("made", flat=True)


def in_the_way(source: Import, made: Made | None = None) -> Counter[str]:
    """What stands in the way of taking it out, in people's words."""
    made = made or made_by(source)
    found = unmaking.in_the_way(made)
    visits = list(made.rows["encounters.visit"])
    for relation in Visit._meta.related_objects:
        name = f"{relation.related_model._meta.label_lower}.{relation.field.name}"
        if name not in ("encounters.visitperson.visit", "interop.rosterrow.visit") and visits:
            rows = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": visits})
            found["来所に付いた記録"] += rows.count()
    return Counter({what: count for what, count in found.items() if count})


def sentence(found: Counter[str]) -> str:
    """ "来所 3件、相談の記録 1件" """
    return "、".join(f"{what} {count:,}件" for what, count in sorted(found.items()))


def held(source: Import) -> Made:
    """All that the roster brought in, its families locked: those it made and those it only added to, at once."""
    made = made_by(source)
    visits = made.rows["encounters.visit"]

    def families() -> set[int]:
        came = Visit.objects.filter(pk__in=visits, household__isnull=False)
        registered = Registration.objects.filter(pk__in=made.registrations)
        return {
            *made.households,
            *came.values_list("household_id", flat=True),
            *registered.values_list("household_id", flat=True),
        }

    hold(families, for_deletion=True)
    return made


def take_out(source: Import, made: Made, *, actor: Actor) -> None:
    """Remove visits, registrations and families the roster made. In the caller's transaction, after `in_the_way`."""
    source.roster_rows.update(household=None, visit=None)
    visits = made.rows["encounters.visit"]
    visits_of_rosters.take_out(visits, actor=actor, agency_id=made.agency_id)
    unmaking.unmake(made, actor=actor)
    source.roster_rows.update(made={})
