"""How an agency keeps its records: style, marks, texts to start from, group talks, printed sheets, attachments."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tsunagari.base.actor import Actor
from tsunagari.base.walls import OfAgencyQuerySet, OfTownQuerySet
from tsunagari.encounters.models.drafts import Draft
from tsunagari.encounters.models.records import Consultation, Sight
from tsunagari.encounters.rules.codes import STYLES


class Style(models.TextChoices):
    """The three styles of keeping the study saw. It says what comes first and how paper looks, never what exists."""

    FAMILY = "family", STYLES["family"]
    DAY = "day", STYLES["day"]
    HYBRID = "hybrid", STYLES["hybrid"]


class RecordKeeping(models.Model):
    """How one agency keeps its records; without a row it keeps them by day. Former styles stand in the trail."""

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agency = models.OneToOneField("places.Agency", on_delete=models.PROTECT, related_name="+")
    style = models.CharField("記録のしかた", max_length=8, choices=Style, default=Style.DAY)
    mark_required = models.BooleanField("記録には印を必ずつける", default=False)
    circulate_all = models.BooleanField("記録はすべて回覧する", default=False)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.BigIntegerField(null=True)

    objects = OfAgencyQuerySet.as_manager()


class RecordMark(models.Model):
    """A mark as the city names it (● / ○, 別紙), with what follows from it. An ended mark stays on old records."""

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    symbol = models.CharField("印", max_length=4)
    name = models.CharField("名前", max_length=40)
    meaning = models.CharField("どんなときにつけるか", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    follow = models.BooleanField(
        "家庭ごとに追う", default=False, help_text="hybrid: shown by family, chart offered"
    )
    readers = ArrayField(
        models.CharField(max_length=12),
        verbose_name="読む人",
        default=list,
        help_text="roles that must read it: counselor, manager, rounds (at the agency), nurse, lead (at the centre)",
    )
    within_days = models.PositiveSmallIntegerField("何日以内に読むか", null=True, blank=True)
    sight = models.CharField("見られる人", max_length=8, choices=Sight, default=Sight.USUAL)
    ended_on = models.DateField("使わなくなった日", null=True, blank=True)

    objects = OfTownQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "symbol"], name="mark_symbol_once", condition=Q(ended_on__isnull=True)
            )
        ]


class KeepingPolicy(models.Model):
    """The city's words for the levels of concern (four, lowest first). One row a town; none: the default words."""

    municipality = models.OneToOneField("places.Municipality", on_delete=models.PROTECT, related_name="+")
    concerns = ArrayField(models.CharField(max_length=30), verbose_name="気がかりの度合い", default=list)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.BigIntegerField(null=True)

    objects = OfTownQuerySet.as_manager()


class Snippet(models.Model):
    """A text an agency often writes; put in where the cursor is."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+")
    title = models.CharField("見出し", max_length=30)
    text = models.TextField("文")
    field = models.CharField(
        "入れる欄", max_length=16, default="content", help_text="a text field of the record"
    )
    position = models.PositiveSmallIntegerField(default=0)
    created_by = models.BigIntegerField(null=True)

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["agency", "position"], name="snippet_of_agency")]


class GroupTalk(models.Model):
    """What several families talked about at once. Each family has its own entry that points here."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+")
    topic = models.CharField("なんの話か", max_length=80)
    content = models.TextField(
        "みんなで話したこと", blank=True, help_text="read with every entry; names nobody"
    )
    occurred_at = models.DateTimeField("日時")
    unnamed = models.PositiveSmallIntegerField("名前の分からない組", default=0)
    key = models.UUIDField(
        unique=True, help_text="from the form: the same key is the same talk (double click)"
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField(null=True)

    objects = OfAgencyQuerySet.as_manager()


class RecordSheet(models.Model):
    """A blank sheet of paper with a QR that brings its entry page up (相談状況記録, 相談記録（連携・継続）)."""

    class Form(models.TextChoices):
        DAY = "day", "相談状況記録（日ごと）"
        CHART = "chart", "相談記録（連携・継続）"

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+")
    form = models.CharField("様式", max_length=8, choices=Form)
    code = models.CharField(max_length=12, unique=True, help_text="in the QR; says nothing of anybody")
    printed_at = models.DateTimeField()
    printed_by = models.BigIntegerField(null=True)
    entries = models.PositiveSmallIntegerField(default=0, help_text="records typed in from it so far")
    done_at = models.DateTimeField(null=True, blank=True)

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["agency", "-printed_at"], name="sheet_open", condition=Q(done_at__isnull=True)
            )
        ]


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, actor: Actor) -> AttachmentQuerySet:
        """Those of records the actor may read, and of the own drafts."""
        mine = self.filter(municipality_id=actor.municipality_id, removed_at__isnull=True)
        records = Consultation.objects.visible_to(actor)
        drafts = Draft.objects.visible_to(actor)
        return mine.filter(Q(consultation__in=records) | Q(draft__in=drafts))


class Attachment(models.Model):
    """A picture or PDF that belongs to a record, or to a draft until it is saved. Taken off, it stays out of sight."""

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    consultation = models.ForeignKey(
        Consultation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="attachments",
        db_index=False,
    )
    draft = models.ForeignKey(
        Draft, on_delete=models.SET_NULL, null=True, blank=True, related_name="attachments", db_index=False
    )
    name = models.CharField("名前", max_length=120)
    media_type = models.CharField(max_length=20, help_text="image/jpeg, image/png or application/pdf")
    size = models.PositiveIntegerField(help_text="bytes as kept")
    pages = models.PositiveSmallIntegerField(null=True)
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by = models.BigIntegerField(null=True)
    added_by_name = models.CharField(max_length=80, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.BigIntegerField(null=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["consultation"], name="attachment_of_record"),
            models.Index(fields=["draft"], name="attachment_of_draft", condition=Q(draft__isnull=False)),
        ]


class AttachmentContent(models.Model):
    """The bytes, apart, so that no list reads them. In the database: one wall, one backup, one transaction."""

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    attachment = models.OneToOneField(Attachment, on_delete=models.CASCADE, related_name="content")
    data = models.BinaryField()
    preview = models.BinaryField(null=True, help_text="a small JPEG of a picture")
