"""Imports of the city's lists: what was uploaded, what it would do, what it did."""

from __future__ import annotations

from django.db import models

from tsunagari.base.access import Role
from tsunagari.base.actor import Actor


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, actor: Actor) -> ImportQuerySet:
        """Imports of the own municipality: all for the city; rosters for the centre, and at an agency its own."""
        mine = self.filter(municipality_id=actor.municipality_id)
        if actor.role == Role.OFFICER:
            return mine
        rosters = mine.filter(kind=Import.Kind.ROSTER)
        if actor.scope == "municipality":
            return rosters
        if actor.scope == "agency" and actor.agency_id is not None:
            return rosters.filter(agency_id=actor.agency_id)
        return rosters.none()


class Import(models.Model):
    """One uploaded file on its way: read → previewed → applied, or failed / discarded."""

    class Kind(models.TextChoices):
        AGENCIES = "agencies", "施設一覧"
        RESIDENTS = "residents", "住民の抽出データ"
        AREAS = "areas", "区域"
        ROSTER = "roster", "これまでの名簿・来所簿"

    class Status(models.TextChoices):
        READING = "reading", "読み取り中"
        MAPPING = "mapping", "列の対応を決めるところ"
        MATCHING = "matching", "家庭とつきあわせ中"
        PREVIEW = "preview", "確認待ち"
        APPLYING = "applying", "取り込み中"
        DONE = "done", "取り込みずみ"
        FAILED = "failed", "読み取れません"
        DISCARDED = "discarded", "取りやめ"
        UNDOING = "undoing", "元にもどしています"
        UNDONE = "undone", "元にもどしました"

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(
        "places.Agency", on_delete=models.PROTECT, null=True, related_name="+", help_text="whose roster it is"
    )
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


class RosterMapping(models.Model):
    """How an agency's roster was read last time: the same headings bring the same mapping up again (D8)."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+")
    headings = models.CharField(max_length=64, help_text="SHA-256 of the folded headings, hex")
    mapping = models.JSONField(help_text="{column number: field}, date order, defaults")
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "headings"], name="roster_mapping_once")]


class RosterRow(models.Model):
    """One row of an old roster on its way to a household: matched by the machine, decided by a person (D8)."""

    class Match(models.TextChoices):
        SURE = "sure", "同じ家庭です"
        MAYBE = "maybe", "かもしれません"
        NEW = "new", "新しい家庭"
        BAD = "bad", "読み取れません"

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="roster_rows", db_index=False)
    number = models.PositiveIntegerField(help_text="row of the sheet, from 1")
    values = models.JSONField(help_text="what was read, by field")
    match = models.CharField(max_length=6, choices=Match)
    group = models.PositiveIntegerField(
        default=0, help_text="rows of one family within the file have one number: that of its first row"
    )
    candidates = models.JSONField(
        default=list, help_text="[{household, score, agrees, differs}] best first; at the first row"
    )
    household = models.ForeignKey(
        "families.Household", on_delete=models.PROTECT, null=True, related_name="roster_rows", db_index=False
    )
    decided_by = models.BigIntegerField(null=True)
    visit = models.ForeignKey(
        "encounters.Visit", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    made = models.JSONField(default=dict, help_text="ids of what applying this row made, to undo it")
    reason = models.CharField(max_length=200, blank=True, help_text="why it could not be read")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="roster_row_once")]
        indexes = [
            models.Index(fields=["source", "match", "number"], name="roster_row_by_match"),
            models.Index(fields=["household"], name="roster_row_household"),
            models.Index(fields=["source", "group", "number"], name="roster_row_by_family"),
            models.Index(fields=["visit"], name="roster_row_visit", condition=models.Q(visit__isnull=False)),
        ]
