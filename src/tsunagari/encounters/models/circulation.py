"""Circulation (回覧): who has to see a record, until when, who has, and what was said."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tsunagari.base.walls import OfTownQuerySet
from tsunagari.encounters.models.records import Consultation


class CirculationRule(models.Model):
    """Records that go round by themselves. Every filled condition must hold; an ended rule sends nothing more."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(
        "places.Agency",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="NULL: all",
    )
    mark = models.ForeignKey(
        "encounters.RecordMark", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    category = models.PositiveSmallIntegerField("分類", null=True, blank=True)
    concern_from = models.PositiveSmallIntegerField("気がかりの度合い（これ以上）", null=True, blank=True)
    readers = ArrayField(
        models.CharField(max_length=12), verbose_name="回す相手", default=list, help_text="roles"
    )
    kind = models.CharField(
        "求めること", max_length=7, default="read", help_text="read (既読) or confirm (確認)"
    )
    within_days = models.PositiveSmallIntegerField("何日以内", null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField(null=True)

    objects = OfTownQuerySet.as_manager()


class Seal(models.Model):
    """One person asked to see one record. An open seal is a number on 今日; withdrawn when it may be seen no more."""

    class Kind(models.TextChoices):
        READ = "read", "既読"
        CONFIRM = "confirm", "確認"

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="seals", db_index=False
    )
    agency = models.ForeignKey(
        "places.Agency",
        on_delete=models.PROTECT,
        related_name="+",
        help_text="where the person works that is asked",
    )
    user_id = models.BigIntegerField()
    user_name = models.CharField(max_length=80)
    kind = models.CharField(max_length=7, choices=Kind, default=Kind.READ)
    rule = models.ForeignKey(
        CirculationRule,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="NULL: by hand",
    )
    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(max_length=80, blank=True)
    note = models.CharField("ひとこと", max_length=200, blank=True)
    due_on = models.DateField(null=True, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    sealed_version = models.PositiveIntegerField(null=True, help_text="version of the record that was seen")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "user_id"],
                name="seal_once",
                condition=Q(withdrawn_at__isnull=True),
            )
        ]
        indexes = [
            models.Index(
                fields=["user_id", "agency", "due_on", "asked_at"],
                name="seal_open",
                condition=Q(sealed_at__isnull=True, withdrawn_at__isnull=True),
            ),
            models.Index(fields=["consultation"], name="seal_of_record"),
            models.Index(
                fields=["user_id", "agency", "-sealed_at"],
                name="seal_made",
                condition=Q(sealed_at__isnull=False, withdrawn_at__isnull=True),
            ),
        ]


class RecordComment(models.Model):
    """What a reader says of a record: a comment, or advice of a supervisor (助言). Never changed; struck, it stays."""

    class Kind(models.TextChoices):
        COMMENT = "comment", "コメント"
        ADVICE = "advice", "助言"

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="comments")
    kind = models.CharField(max_length=7, choices=Kind, default=Kind.COMMENT)
    text = models.TextField("コメント")
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=80)
    author_role = models.CharField(max_length=20, blank=True)
    written_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True, blank=True)
    key = models.UUIDField(
        unique=True, help_text="from the form: the same key is the same comment (double click)"
    )

    class Meta:
        indexes = [models.Index(fields=["consultation", "written_at"], name="comment_of_record")]
