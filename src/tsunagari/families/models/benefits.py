"""What a family is given for registering or coming: a book, free half-days of care (D6)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tsunagari.families.models.households import Household, Person


class Benefit(models.Model):
    """Something the city gives. `quantity` 1 is given once; more are tickets, spent one by one."""

    class For(models.TextChoices):
        HOUSEHOLD = "household", "家庭ごと"
        CHILD = "child", "子どもごと"

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    name = models.CharField("名前", max_length=60)
    description = models.CharField("内容", max_length=200, blank=True)
    each = models.CharField("だれに", max_length=10, choices=For, default=For.HOUSEHOLD)
    quantity = models.PositiveSmallIntegerField("数", default=1)
    unit = models.CharField("単位", max_length=10, default="回")
    needs_registration = models.BooleanField("登録している家庭だけ", default=True)
    from_months = models.PositiveSmallIntegerField("月齢から", null=True, blank=True)
    until_months = models.PositiveSmallIntegerField(
        "月齢まで", null=True, blank=True, help_text="until the day before the child is this many months old"
    )
    months_from_registration = models.PositiveSmallIntegerField("登録から使える月数", null=True, blank=True)
    valid_from = models.DateField("はじめの日")
    valid_to = models.DateField("おわりの日", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["municipality", "valid_from"], name="benefit_by_town")]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="benefit_quantity"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="benefit_period",
            ),
        ]


class BenefitUse(models.Model):
    """A benefit given or tickets spent. Taken back, it stays and counts nowhere."""

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    benefit = models.ForeignKey(Benefit, on_delete=models.PROTECT, related_name="uses")
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="benefit_uses", db_index=False
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", help_text="of benefits for each child"
    )
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, null=True, related_name="+")
    count = models.PositiveSmallIntegerField(default=1)
    used_on = models.DateField("日")
    note = models.CharField("メモ", max_length=120, blank=True)
    key = models.UUIDField(
        unique=True, help_text="from the form: the same key is the same use (double click)"
    )
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["household", "benefit"], name="benefit_use_by_household")]
        constraints = [models.CheckConstraint(condition=Q(count__gte=1), name="benefit_use_count")]
