"""Skill of those who work with families (G1): qualifications, training taken and due, supervision.

The walls here are the town's; what a manager may see of persons is asked through queries.skills.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tsunagari.accounts.models.people import User
from tsunagari.base.walls import OfTownQuerySet


class Qualification(models.Model):
    """A qualification somebody holds (保育士, 保健師, 公認心理師 …), from a day, some until a day. Numbers are not kept."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="qualifications")
    name = models.CharField("資格", max_length=60)
    obtained_on = models.DateField("取得日", null=True, blank=True)
    expires_on = models.DateField("期限", null=True, blank=True)
    seen_on = models.DateField("証書を確かめた日", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField(null=True)

    objects = OfTownQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user"], name="qualification_of_user")]


class Course(models.Model):
    """A training the town asks for or offers (子育て支援員研修 …): for whom, and how long it lasts."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    name = models.CharField("研修", max_length=80)
    roles = ArrayField(
        models.CharField(max_length=20),
        verbose_name="受ける人",
        default=list,
        help_text="roles that must have it",
    )
    lasts_years = models.PositiveSmallIntegerField("何年ごと", null=True, blank=True, help_text="NULL: once")
    within_months = models.PositiveSmallIntegerField(
        "着任から何か月以内", null=True, blank=True, help_text="NULL: no date is due"
    )
    hours = models.DecimalField("時間", max_digits=5, decimal_places=1, null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    ended_on = models.DateField(null=True, blank=True)

    objects = OfTownQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "name"], name="course_once", condition=Q(ended_on__isnull=True)
            )
        ]


class Training(models.Model):
    """A course somebody has taken."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="trainings")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    taken_on = models.DateField("受けた日")
    hours = models.DecimalField("時間", max_digits=5, decimal_places=1, null=True, blank=True)
    note = models.CharField("メモ", max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="put in by mistake")
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField(null=True)

    objects = OfTownQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "-taken_on"], name="training_of_user")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "course", "taken_on"],
                name="training_once",
                condition=Q(ended_at__isnull=True),
            )
        ]


class Supervision(models.Model):
    """A supervision somebody had: with whom, when, about what in words that name no family."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="supervisions")
    supervisor = models.CharField("スーパーバイザー", max_length=80)
    held_on = models.DateField("日")
    theme = models.CharField("テーマ", max_length=200, help_text="names no family")
    learned = models.TextField("気づき・次にすること", blank=True)
    next_on = models.DateField("次回", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField(null=True)

    objects = OfTownQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "-held_on"], name="supervision_of_user")]
