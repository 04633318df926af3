"""What waits for an agency besides the day's own work: renewals that are due, and families that may be one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared
from tsunagari.families import access
from tsunagari.families.models import AgencyLink, CandidatePair
from tsunagari.families.queries.pairs import undecided
from tsunagari.families.queries.renewals import Season, listed, season
from tsunagari.places.models import Municipality

#: counted no further
MOST = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """Families to renew in `season` and pairs to compare, both counted up to MOST."""

    due: int = 0
    pairs: int = 0
    season: str = ""

    def __bool__(self) -> bool:
        return bool(self.due or self.pairs)

    @property
    def due_text(self) -> str:
        return _text(self.due)

    @property
    def pairs_text(self) -> str:
        return _text(self.pairs)


def waiting(actor: Actor) -> Waiting:
    """Two statements; none for roles without an agency and for those who may do neither."""
    if actor.agency_id is None or not (actor.may(access.RENEW) or actor.may(access.REVIEW)):
        return Waiting()
    now = season(actor.municipality_id) if actor.may(access.RENEW) else None
    of = (actor, actor.municipality_id, actor.agency_id, clock.today())
    if now is None:
        due, pairs = _waiting.one(*of, None, None, year=None)
    else:
        due, pairs = _waiting.one(*of, now.opened, now.eve, year=now.year)
    return Waiting(len(due or ()), len(pairs or ()), now.text if now else "")


@prepared
def _waiting(
    actor: Actor,
    municipality: int,
    agency: int,
    today: date,
    opened: date | None,
    eve: date | None,
    *,
    year: int | None,
) -> QuerySet[Municipality, tuple[list[int] | None, list[int] | None]]:
    """A season in its parts: days can be values of a prepared statement. `year`, a small integer, cannot, and there is
    one a year."""
    due = AgencyLink.objects.none()
    if year is not None and opened is not None and eve is not None:
        due = listed(agency, Season(year, opened, eve), today)
    pairs = undecided(actor) if actor.may(access.REVIEW) else CandidatePair.objects.none()
    return Municipality.objects.filter(pk=municipality).values_list(
        ArraySubquery(due.values("pk")[:MOST]), ArraySubquery(pairs.values("pk")[:MOST])
    )


def _text(count: int) -> str:
    return f"{count}組以上" if count >= MOST else f"{count}組"
