"""The two ordinary walls, written once: rows of a town, and rows of one agency in it.

Where more decides (consent, who wrote it, a chart that was handed over) the model has a query set of its own.
"""

from __future__ import annotations

from datetime import date
from typing import Self, TypeVar

from django.db.models import Model, Q, QuerySet

from tsunagari.base.actor import Actor

M = TypeVar("M", bound=Model, covariant=True)


class OfTownQuerySet(QuerySet[M]):
    """Rows with a municipality."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the own town: open to everybody who works in it."""
        return self.filter(municipality_id=actor.municipality_id)


class PeriodQuerySet(OfTownQuerySet[M]):
    """Rows with a municipality that are so from a day to a day; an open end is NULL."""

    def on(self, day: date) -> Self:
        """Rows whose period holds `day`."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


class OfAgencyQuerySet(QuerySet[M]):
    """Rows with a municipality and an agency."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the own agency; for the centre and the city those of the whole town; none for auditors."""
        mine = self.filter(municipality_id=actor.municipality_id)
        if actor.scope == "municipality":
            return mine
        if actor.scope == "agency" and actor.agency_id is not None:
            return mine.filter(agency_id=actor.agency_id)
        return mine.none()

    def own_of(self, actor: Actor) -> Self:
        """Of `visible_to` those of the own agency; none where there is none. The agency is named once: a plan made
        without values counts a condition that stands twice as two."""
        if actor.agency_id is None or actor.scope == "none":
            return self.none()
        return self.filter(municipality_id=actor.municipality_id, agency_id=actor.agency_id)
