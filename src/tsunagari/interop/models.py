"""Imports of the city's lists: what was uploaded, what it would do, what it did."""

from __future__ import annotations

from django.db import models

from tsunagari.base.actor import Actor


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, actor: Actor) -> ImportQuerySet:
        """Imports of the own municipality; the doors say which roles get here."""
        return self.filter(municipality_id=actor.municipality_id)


class Import(models.Model):
    """One uploaded file on its way: read → previewed → applied, or failed / discarded."""

    class Kind(models.TextChoices):
        AGENCIES = "agencies", "施設一覧"
        RESIDENTS = "residents", "住民の抽出データ"
        AREAS = "areas", "区域"

    class Status(models.TextChoices):
        READING = "reading", "読み取り中"
        PREVIEW = "preview", "確認待ち"
        APPLYING = "applying", "取り込み中"
        DONE = "done", "取り込みずみ"
        FAILED = "failed", "読み取れません"
        DISCARDED = "discarded", "取りやめ"

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    status = models.CharField(max_length=10, choices=Status, default=Status.READING)
    filename = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file, hex")
    content = models.BinaryField(null=True, help_text="the file; removed once applied or discarded")
    options = models.JSONField(default=dict)
    rows = models.PositiveIntegerField(default=0)
    progress = models.PositiveIntegerField(default=0, help_text="rows handled so far")
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.JSONField(default=list, help_text="[{row, column, value, reason}]")
    samples = models.JSONField(default=list, help_text="a few rows of the preview: what would happen to them")
    rejected_file = models.BinaryField(
        null=True, help_text="the refused rows in their own columns, with the reason"
    )
    notes = models.JSONField(default=list, help_text="sentences about the file: encoding, skipped lines …")
    message = models.CharField(max_length=300, blank=True)
    created_by = models.BigIntegerField(null=True)
    created_by_name = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["municipality", "-created_at"], name="import_by_time")]
