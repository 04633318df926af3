"""Which agencies know a household, and by what it is found."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from tsunagari.families.models.households import Household


class AgencyLink(models.Model):
    """An agency that has met or registered a household, and since when: what opens the family to its workers.

    Carries the household's sort keys so that the agency's list and prefix search are one index range.
    """

    class Reason(models.TextChoices):
        CHECK_IN = "check_in", "来所"
        RECORD = "record", "相談"
        REGISTRATION = "registration", "登録"
        CREATED = "created", "家庭の作成"

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="links", db_index=False)
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=12, choices=Reason)
    since = models.DateTimeField()
    last_met_on = models.DateField(null=True)
    sort_kana = models.CharField(max_length=200, blank=True, db_collation="C")
    sort_name = models.CharField(max_length=200, blank=True, db_collation="C")
    listed = models.BooleanField(
        default=True, help_text="False for families joined into another or moved away"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["household", "agency"], name="link_once")]
        indexes = [
            models.Index(fields=["agency", "listed", "sort_kana", "household"], name="link_by_kana"),
            models.Index(fields=["agency", "sort_name"], name="link_by_name"),
        ]


class SearchEntry(models.Model):
    """What a household is found by. Maintained by operations.search in the same transaction as the change."""

    household = models.OneToOneField(
        Household, on_delete=models.PROTECT, primary_key=True, related_name="search_entry"
    )
    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    sort_kana = models.CharField(max_length=200, blank=True, db_collation="C")
    sort_name = models.CharField(max_length=200, blank=True, db_collation="C")
    kana = ArrayField(models.TextField(), default=list, help_text="folded full kana of each person")
    names = ArrayField(models.TextField(), default=list, help_text="folded full name of each person")
    grams = ArrayField(models.TextField(), default=list, help_text="see rules.grams")
    listed = models.BooleanField(default=True)

    class Meta:
        indexes = [
            GinIndex(fields=["grams"], name="search_grams"),
            models.Index(fields=["municipality", "sort_kana"], name="search_by_kana"),
            models.Index(fields=["municipality", "sort_name"], name="search_by_name"),
        ]
