"""Whether those a roster was decided by may still see its households when it is brought in: one may have come under
支援措置 since it was matched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from tsunagari.accounts.models import Membership
from tsunagari.accounts.sessions import actor_of
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.families.models import AgencyLink, Household
from tsunagari.interop.imports.roster.evidence import Home
from tsunagari.interop.imports.roster.match import asker
from tsunagari.interop.models import RosterRow


def out_of_sight(
    homes: Mapping[int, int], lines: Mapping[int, Sequence[RosterRow]], *, actor: Actor, agency_id: int
) -> set[int]:
    """Families of the file (`homes`: family → household) whose household is protected and not for the eyes of the
    person who brings it in, nor of the person who decided on it. The households are locked."""
    guarded = set(
        Household.objects.filter(pk__in=set(homes.values()), protected=True).values_list("pk", flat=True)
    )
    if not guarded:
        return set()
    links = AgencyLink.objects.filter(household__in=guarded, agency_id=agency_id)
    own = set(links.values_list("household_id", flat=True))
    asking = {number: lines[number][0].decided_by for number, pk in homes.items() if pk in guarded}
    eyes = _actors({user_id for user_id in asking.values() if user_id}, actor.municipality_id)
    return {
        number
        for number, user_id in asking.items()
        if not any(
            asker(one, agency_id).may_see(
                Home(homes[number], (), protected=True, own=homes[number] in own), 2
            )
            for one in (actor, *eyes.get(user_id or 0, ()))
        )
    }


def _actors(user_ids: set[int], municipality_id: int) -> dict[int, list[Actor]]:
    """Who these users are in the town today."""
    found: dict[int, list[Actor]] = defaultdict(list)
    today = Membership.objects.on(clock.today()).filter(user__in=user_ids, user__is_active=True)
    for row in today.filter(municipality_id=municipality_id).select_related("user", "municipality", "agency"):
        found[row.user_id].append(actor_of(row))
    return found
