"""Visits, tallies and what tablets read: who came, when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tsunagari.base.actor import Actor
from tsunagari.base.walls import OfAgencyQuerySet

if TYPE_CHECKING:
    from tsunagari.families.queries import FamilyName


class Visit(models.Model):
    """One family (or an uncounted-by-name one) at one agency on one day.

    Visits of a family to *other* agencies are asked for through queries.timeline, which knows the switch.
    """

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+", db_index=False)
    household = models.ForeignKey(
        "families.Household",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="visits",
        db_index=False,
    )
    site = models.ForeignKey(
        "places.Site",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="NULL: at the agency",
    )
    visited_on = models.DateField("来所日")
    arrived_at = models.DateTimeField("来所時刻")
    left_at = models.DateTimeField("退所時刻", null=True, blank=True)
    adults = models.PositiveSmallIntegerField("大人の人数", default=1)
    children = models.PositiveSmallIntegerField("子どもの人数", default=0)
    first_time = models.BooleanField("はじめて", default=False)
    other_town = models.BooleanField("市外", default=False)
    note = models.CharField("メモ", max_length=200, blank=True)
    key = models.UUIDField(
        unique=True, help_text="from the form: the same key is the same visit (double click)"
    )
    created_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.BigIntegerField(null=True)

    # Told by the operations on visits, kept nowhere.
    already: bool = False  # the family was in already, so that nothing was counted
    closed: bool = False  # taking it back closed the family to the agency
    family: FamilyName | None = None

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["agency", "visited_on", "arrived_at"], name="visit_roster"),
            models.Index(
                fields=["household", "-arrived_at"],
                name="visit_by_household",
                condition=Q(household__isnull=False),
            ),
        ]


class VisitPerson(models.Model):
    """A person who came on a visit."""

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="people", db_index=False)
    person = models.ForeignKey("families.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [  # with the town, so that who came on many visits is read from the index alone (reports)
            models.UniqueConstraint(
                fields=["visit", "person"], include=["municipality"], name="visit_person_once"
            )
        ]


class Tally(models.Model):
    """People counted by figures alone, for a busy hour or an outing (C5). Taken back, it stays and counts nowhere."""

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+", db_index=False)
    site = models.ForeignKey("places.Site", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    day = models.DateField("日")
    at = models.TimeField("時刻")
    families = models.PositiveSmallIntegerField("組", default=0)
    adults = models.PositiveSmallIntegerField("大人", default=0)
    children = ArrayField(
        models.PositiveSmallIntegerField(),
        default=list,
        help_text="of age 0, 1, 2, 3, 4, 5, 6 and more, unknown",
    )
    newcomers = models.PositiveSmallIntegerField("はじめての組", default=0)
    other_town = models.PositiveSmallIntegerField("市外の組", default=0)
    note = models.CharField("メモ", max_length=200, blank=True)
    key = models.UUIDField(
        unique=True, help_text="from the form: the same key is the same tally (double click)"
    )
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.BigIntegerField(null=True)

    already: bool = False  # told by the operation: this key stands already

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["agency", "day", "at"], name="tally_roster")]


class KioskScanQuerySet(models.QuerySet["KioskScan"]):
    def visible_to(self, actor: Actor) -> KioskScanQuerySet:
        """Readings at the tablets of the own agency."""
        if actor.agency_id is None or actor.scope == "none":
            return self.none()
        return self.filter(municipality_id=actor.municipality_id, agency_id=actor.agency_id)


class KioskScan(models.Model):
    """A reading at a tablet that a person has to look at: one that could not be counted, or was and needs a word."""

    class Reason(models.TextChoices):
        UNKNOWN = "unknown", "知らないカード"
        STOPPED = "stopped", "止めたカード"
        NEWCOMER = "newcomer", "はじめて来た人"
        MOVED = "moved", "転出・終了の家庭"
        LATE = "late", "1日よりあとに届いた受付"
        REFUSED = "refused", "受け付けられなかった読み取り"

    class Outcome(models.TextChoices):
        FAMILY = "family", "家庭に結びました"
        COUNTED = "counted", "人数だけ数えました"
        SEEN = "seen", "確かめました"
        DISMISSED = "dismissed", "消しました"

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+")
    device = models.ForeignKey("accounts.Device", on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True, help_text="from the tablet: the same key is the same reading")
    reason = models.CharField(max_length=8, choices=Reason, default=Reason.UNKNOWN)
    number = models.CharField(
        max_length=9, blank=True, help_text="card number as typed; a token is never kept"
    )
    card = models.ForeignKey(
        "families.Card", on_delete=models.PROTECT, null=True, related_name="+", help_text="a stopped card"
    )
    adults = models.PositiveSmallIntegerField(default=1)
    children = models.PositiveSmallIntegerField(default=0)
    scanned_at = models.DateTimeField()
    received_at = models.DateTimeField()
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True)
    note = models.CharField("理由", max_length=120, blank=True)

    objects = KioskScanQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["agency", "scanned_at"], name="scan_waiting", condition=Q(settled_at__isnull=True)
            )
        ]
