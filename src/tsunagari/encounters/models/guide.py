"""The guide at hand (E12), the partners it names, and how categories map onto the city's and official tables."""

from __future__ import annotations

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q

from tsunagari.base.walls import OfTownQuerySet
from tsunagari.encounters.rules.partners import dialled


class Partner(models.Model):
    """Whom one can turn to: a department or body, of a kind of 質問7(3). Ended, it stays on old records."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    kind = models.PositiveSmallIntegerField("種類", help_text="code of rules.partners (質問7(3))")
    name = models.CharField("名称", max_length=80)
    phone = models.CharField("電話", max_length=40, blank=True)
    hours = models.CharField("受付時間", max_length=80, blank=True)
    place = models.CharField("場所", max_length=120, blank=True)
    note = models.CharField("メモ", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OfTownQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "name"], name="partner_name_once", condition=Q(ended_on__isnull=True)
            )
        ]

    @property
    def tel(self) -> str:
        """What a telephone dials, "" without a number."""
        return dialled(self.phone)


class GuideBook(models.Model):
    """One version of the city's handbook: being written, in force, or former. Its entries change while it is written
    and never again; the telephone of a partner is the register's while it is in force, and `contacts` when former."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField("版")
    note = models.CharField("かわったところ", max_length=200, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by_name = models.CharField(max_length=80, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    contacts = models.JSONField(
        default=dict, help_text="partners as they were when the book was replaced: {id: [name, phone, hours]}"
    )

    objects = OfTownQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "number"], name="guide_number_once"),
            models.UniqueConstraint(
                fields=["municipality"],
                name="guide_one_in_force",
                condition=Q(published_at__isnull=False, replaced_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["municipality"], name="guide_one_draft", condition=Q(published_at__isnull=True)
            ),
        ]


class GuideEntry(models.Model):
    """For this category (and concern, and age): whom to turn to, how, what to say."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    book = models.ForeignKey(GuideBook, on_delete=models.CASCADE, related_name="entries")
    category = models.PositiveSmallIntegerField("分類")
    concern_from = models.PositiveSmallIntegerField("気がかりの度合い（これ以上）", default=0)
    age_from = models.PositiveSmallIntegerField("月齢（から）", null=True, blank=True)
    age_to = models.PositiveSmallIntegerField("月齢（まで）", null=True, blank=True)
    title = models.CharField("見出し", max_length=80)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    how = models.TextField("どうするか", blank=True)
    say = models.TextField("伝え方の例", blank=True)
    urgent = models.BooleanField("すぐに", default=False)
    position = models.PositiveSmallIntegerField(default=0)
    key = models.UUIDField(
        db_default=RandomUUID(), help_text="the same entry through all versions; from the form that added it"
    )
    version = models.PositiveIntegerField(default=1)

    objects = OfTownQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "key"], name="guide_entry_once")]
        indexes = [models.Index(fields=["book", "category", "position"], name="guide_by_category")]


class SubCategory(models.Model):
    """The city's own finer category under one of the 13, for some fiscal years. Ended, it stays on old records."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    category = models.PositiveSmallIntegerField("分類")
    label = models.CharField("名称", max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    from_year = models.PositiveSmallIntegerField("年度（から）")
    to_year = models.PositiveSmallIntegerField("年度（まで）", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OfTownQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "category", "label"],
                name="subcategory_once",
                condition=Q(to_year__isnull=True),
            )
        ]


class OfficialTable(models.Model):
    """A table the city reports in (福祉行政報告例, 交付金 …) for a fiscal year; checked against the original by a person
    or not."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=20, help_text="fukushi, kofukin, or the city's own")
    label = models.CharField("名称", max_length=80)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    source = models.CharField("出どころ", max_length=200, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by_name = models.CharField(max_length=80, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OfTownQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "key", "fiscal_year"], name="official_table_once")
        ]


class OfficialItem(models.Model):
    """A line of an official table."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    table = models.ForeignKey(OfficialTable, on_delete=models.CASCADE, related_name="items")
    code = models.CharField(max_length=20)
    label = models.CharField(max_length=80)
    group = models.CharField(max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = OfTownQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "code"], name="official_item_once")]


class OfficialMapping(models.Model):
    """Where records of a category (or of one finer category of it) are counted in an official table."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    table = models.ForeignKey(OfficialTable, on_delete=models.CASCADE, related_name="mappings")
    category = models.PositiveSmallIntegerField()
    detail = models.ForeignKey(SubCategory, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    item = models.ForeignKey(OfficialItem, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["table", "category", "detail"], name="official_mapping_once", nulls_distinct=False
            )
        ]


class OfficialFormer(models.Model):
    """A checked version of an official table as it was before it was opened for changes again. Never changed."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    table = models.ForeignKey(OfficialTable, on_delete=models.CASCADE, related_name="formers")
    version = models.PositiveIntegerField()
    snapshot = models.JSONField(
        help_text="label, source, items [[code, label, group]], mapping [[category, detail, code]]"
    )
    checked_at = models.DateTimeField()
    checked_by_name = models.CharField(max_length=80)
    reason = models.CharField("変える理由", max_length=200)
    opened_at = models.DateTimeField()
    opened_by_name = models.CharField(max_length=80)

    objects = OfTownQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "version"], name="official_former_once")]
