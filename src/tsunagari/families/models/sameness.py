"""One family under several households: pairs the machine found, what people decided, and what was joined (D8)."""

from __future__ import annotations

from django.db import models

from tsunagari.families.models.households import Household


class HouseholdJoin(models.Model):
    """A family that turned out to be another: what moved and what was changed, so that it can be parted exactly."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="joins_from")
    target = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="joins_to")
    moved = models.JSONField(help_text="{table: [ids]} of the rows that were moved, and persons' same_as")
    joined_at = models.DateTimeField()
    joined_by = models.BigIntegerField(null=True)
    parted_at = models.DateTimeField(null=True)
    parted_by = models.BigIntegerField(null=True)


class LinkageRun(models.Model):
    """One search of the whole municipality for families that stand in it twice."""

    class State(models.TextChoices):
        WAITING = "waiting", "待っています"
        RUNNING = "running", "さがしています"
        DONE = "done", "おわりました"
        FAILED = "failed", "できませんでした"

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    people = models.PositiveIntegerField(default=0)
    households = models.PositiveIntegerField(default=0)
    pairs = models.PositiveIntegerField(default=0, help_text="pairs shown that no earlier run had shown")
    message = models.CharField(max_length=200, blank=True)
    asked_by = models.BigIntegerField(null=True, help_text="NULL: by the calendar")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["municipality", "-created_at"], name="linkage_run_by_time")]


class CandidatePair(models.Model):
    """Two households that may be one. `left_id` is the smaller id. Nothing is joined without a person's decision."""

    class Decision(models.TextChoices):
        OPEN = "open", "まだ"
        SAME = "same", "同じ家庭"
        DIFFERENT = "different", "別の家庭"
        LATER = "later", "あとで"

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    left = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="pairs_left", db_index=False)
    right = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="pairs_right", db_index=False)
    weight = models.FloatField(help_text="log2 of the odds that they are one, as the model sees it")
    evidence = models.JSONField(
        default=list, help_text="[{left: person id, right: person id, weight, levels: {comparison: level}}]"
    )
    protected = models.BooleanField(default=False, help_text="one of them is under 支援措置")
    run = models.ForeignKey(LinkageRun, on_delete=models.PROTECT, null=True, related_name="+")
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    join = models.ForeignKey(
        HouseholdJoin, on_delete=models.PROTECT, null=True, related_name="+", help_text="when decided: same"
    )
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="pair_once"),
            models.CheckConstraint(condition=models.Q(left__lt=models.F("right")), name="pair_order"),
        ]
        indexes = [
            models.Index(
                fields=["municipality", "-weight"],
                name="pair_open",
                condition=models.Q(decision__in=["open", "later"]),
            ),
            models.Index(fields=["right"], name="pair_right"),
        ]
