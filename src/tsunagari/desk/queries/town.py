"""What a city's officer looks after on a day: places that are open or end, people who come or go, silent tablets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from tsunagari.accounts.queries import DeviceLine, devices
from tsunagari.accounts.queries import leaving as staff_leaving
from tsunagari.base.actor import Actor
from tsunagari.base.news import News, of_today
from tsunagari.places.models import Agency, Designation
from tsunagari.places.queries import agencies, areas_without_agency, open_count

AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Ending:
    """Something that ends on `day` unless somebody sees to it. `what` says it in words; `pk` is its page's id."""

    day: date
    name: str
    what: str
    pk: int


@dataclass(frozen=True, slots=True)
class TownDay:
    """`open` of `places` are open at some time of the day. `ending` places and `leaving` people within 60 days, the
    soonest first; `silent` tablets keep check-ins or have stopped talking; `news` is what other apps have to tell."""

    places: int
    open: int
    lonely: list[str]
    ending: list[Ending]
    leaving: list[Ending]
    silent: list[DeviceLine]
    news: list[News]

    @property
    def calm(self) -> bool:
        """Whether nothing asks for anybody."""
        return not (self.lonely or self.ending or self.leaving or self.silent or self.news)


def town_day(actor: Actor, day: date) -> TownDay:
    """The town on `day`, in a fixed number of queries."""
    standing = agencies(actor, day=day)
    return TownDay(
        places=standing.count(),
        open=open_count(actor, day),
        lonely=list(areas_without_agency(actor, day=day).values_list("name", flat=True)),
        ending=sorted(
            [*_closing(standing, day), *_undesignated(actor, day)], key=lambda one: (one.day, one.name)
        ),
        leaving=[
            Ending(row.valid_to, row.user.name, row.get_role_display(), row.user_id)
            for row in staff_leaving(actor, day, AHEAD)
            if row.valid_to is not None
        ],
        news=of_today(actor),
        silent=[line for line in devices(actor) if line.state == "silent" or line.device.waiting],
    )


def _closing(standing: QuerySet[Agency], day: date) -> Iterator[Ending]:
    rows = standing.filter(closed_on__lte=day + AHEAD).values_list("closed_on", "name", "pk")
    return (Ending(last, name, "廃止", pk) for last, name, pk in rows if last is not None)


def _undesignated(actor: Actor, day: date) -> Iterator[Ending]:
    """Designations that end soon and are not followed by another."""
    rows = Designation.objects.visible_to(actor).on(day).filter(valid_to__lte=day + AHEAD)
    following = set(
        Designation.objects.visible_to(actor).filter(valid_from__gt=day).values_list("agency_id", flat=True)
    )
    for row in rows.select_related("agency"):
        if row.agency_id not in following and row.valid_to is not None:
            yield Ending(row.valid_to, row.agency.name, "指定の終わり", row.agency_id)
