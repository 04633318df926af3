"""What 今日 may say about reports: a few cheap statements, none for those who have nothing to do with them."""

from __future__ import annotations

from dataclasses import dataclass

from tsunagari.base.actor import Actor
from tsunagari.places.models import Agency
from tsunagari.reports import access
from tsunagari.reports.models import Report
from tsunagari.reports.queries import reports


@dataclass(frozen=True, slots=True)
class ReportNews:
    """`due` of the own agency: sent back, late, or of a month that is over and not handed in. For the city: how many
    reports wait to be received, and how many are late."""

    due: tuple[reports.Slot, ...] = ()
    waiting: int = 0
    late: int = 0

    def __bool__(self) -> bool:
        return bool(self.due or self.waiting or self.late)


def news(actor: Actor) -> ReportNews:
    """At most nine statements, whatever there is."""
    due: tuple[reports.Slot, ...] = ()
    if actor.may(access.SUBMIT) and actor.agency_id is not None:
        agency = Agency.objects.visible_to(actor).get(pk=actor.agency_id)
        slots = reports.own_months(actor, agency)
        due = tuple(
            one for one in slots if one.expected and one.state not in ("submitted", "received", "none")
        )
    if not actor.may(access.RECEIVE):
        return ReportNews(due)
    waiting = (
        Report.objects.visible_to(actor).filter(state=Report.State.SUBMITTED, agency__isnull=False).count()
    )
    return ReportNews(due, waiting, len(reports.late(actor)))
