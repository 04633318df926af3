"""Changes of home agency that the actor's agency has not seen yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared
from tsunagari.families.models import HomeChange, Household
from tsunagari.families.queries.names import FamilyName, family_names

MOST = 50


@dataclass(frozen=True, slots=True)
class HomeChangeLine:
    """One change as one end reads it. `other` is the other end's name; empty when there is none or it is hidden."""

    id: int
    family: FamilyName
    changed_on: date
    came: bool
    other: str
    elsewhere: bool

    @property
    def text(self) -> str:
        """What happened, in words of the own agency; a protected family names no other."""
        if self.came:
            former = f"前は{self.other}でした。" if self.other else ""
            return f"この機関が、かかりつけになりました。{former}"
        if not self.elsewhere:
            return "かかりつけの登録が終わりました。"
        return f"かかりつけが、{self.other or 'ほかの機関'}に変わりました。"


def unseen(actor: Actor) -> list[HomeChangeLine]:
    """The newest first, at most MOST; empty for roles without an agency. Two queries, none when nothing waits."""
    if actor.agency_id is None:
        return []
    rows = _unseen(actor, actor.agency_id)
    names = family_names([row.household_id for row in rows])
    return [_line(row, names[row.household_id], actor.agency_id) for row in rows]


@prepared
def _unseen(actor: Actor, agency: int) -> QuerySet[HomeChange, HomeChange]:
    waiting = Q(former=agency, former__isnull=False, former_seen_at__isnull=True) | Q(
        new=agency, new__isnull=False, new_seen_at__isnull=True
    )
    mine = Household.objects.visible_to(actor).filter(joined_into__isnull=True)
    rows = HomeChange.objects.filter(waiting, household__in=mine.values("pk"))
    return rows.select_related("former", "new").order_by("-changed_at", "-pk")[:MOST]


def _line(row: HomeChange, family: FamilyName, agency_id: int) -> HomeChangeLine:
    came = row.new_id == agency_id and row.new_seen_at is None
    other = row.former if came else row.new
    return HomeChangeLine(
        id=row.pk,
        family=family,
        changed_on=row.changed_on,
        came=came,
        other=other.name if other is not None and not family.protected else "",
        elsewhere=not came and row.new_id is not None,
    )
