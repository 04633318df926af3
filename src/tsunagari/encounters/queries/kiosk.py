"""What the tablets at the door ask of staff: readings to look at, people who wait, check-ins not sent yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from tsunagari.accounts.models import Device
from tsunagari.accounts.queries import kept_on_devices
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared
from tsunagari.encounters import access
from tsunagari.encounters.models import KioskScan, KioskScanQuerySet
from tsunagari.encounters.queries.names import FamilyName, family_names
from tsunagari.families.models import Household
from tsunagari.families.rules import grouped

MOST_SCANS = 200


@dataclass(frozen=True, slots=True)
class ScanLine:
    """A reading that waits. `family` is known for a stopped card of a family in sight, and for what was counted."""

    id: int
    reason: str
    label: str
    at: datetime
    device: str
    number: str
    adults: int
    children: int
    counted: bool
    family: FamilyName | None = None


@dataclass(frozen=True, slots=True)
class KioskNews:
    """For 今日 and the roster. `newcomers`: people who wait at the door; `scans`: the other readings; `kept`: tablets
    with check-ins not sent yet."""

    newcomers: int = 0
    scans: int = 0
    kept: list[Device] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        """How many check-ins tablets still keep."""
        return sum(device.waiting for device in self.kept)

    def __bool__(self) -> bool:
        return bool(self.newcomers or self.scans or self.kept)


def kiosk_news(actor: Actor) -> KioskNews:
    """What waits at the actor's agency. Two queries; none for roles that do not settle readings."""
    if actor.agency_id is None or not actor.may(access.KIOSK_SETTLE):
        return KioskNews()
    reasons = _reasons(actor)
    newcomers = reasons.count(KioskScan.Reason.NEWCOMER)
    return KioskNews(newcomers, len(reasons) - newcomers, kept_on_devices(actor))


def scans(actor: Actor) -> list[ScanLine]:
    """Readings of the actor's agency that wait, the oldest first. Three queries at most."""
    rows = list(
        _waiting(actor).select_related("device", "card", "visit").order_by("scanned_at", "pk")[:MOST_SCANS]
    )
    households = {pk for row in rows if (pk := _household(row)) is not None}
    mine = set(Household.objects.visible_to(actor).filter(pk__in=households).values_list("pk", flat=True))
    names = family_names(mine)
    return [_line(row, names) for row in rows]


def scan_line(scan: KioskScan, actor: Actor) -> ScanLine:
    """One reading as the list shows it."""
    pk = _household(scan)
    seen = pk is not None and Household.objects.visible_to(actor).filter(pk=pk).exists()
    return _line(scan, family_names([pk]) if seen else {})


def _waiting(actor: Actor) -> KioskScanQuerySet:
    return KioskScan.objects.visible_to(actor).filter(settled_at__isnull=True)


@prepared
def _reasons(actor: Actor) -> QuerySet[KioskScan, str]:
    return _waiting(actor).values_list("reason", flat=True)[:MOST_SCANS]


def _household(row: KioskScan) -> int | None:
    if row.visit is not None:
        return row.visit.household_id
    return row.card.household_id if row.card is not None else None


def _line(row: KioskScan, names: dict[int, FamilyName]) -> ScanLine:
    return ScanLine(
        row.pk,
        row.reason,
        row.get_reason_display(),
        row.scanned_at.astimezone(clock.TOKYO),
        row.device.name,
        grouped(row.number) if row.number else "",
        row.adults,
        row.children,
        row.visit_id is not None,
        names.get(_household(row) or 0),
    )
