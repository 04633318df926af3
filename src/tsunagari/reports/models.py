"""Reports of a period: what each agency is asked for, what it submitted, and what the city laid out.

Figures are read from the records while a report is being made and stand as JSON once it is submitted.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tsunagari.base.actor import Actor
from tsunagari.base.walls import OfAgencyQuerySet


class ReportKind(models.TextChoices):
    DAILY = "daily", "日報"
    MONTHLY = "monthly", "月報"


class ReportItem(models.TextChoices):
    """What a city may ask an agency for: the six items of 質問4(1)."""

    COUNT = "1", "相談件数"
    CATEGORIES = "2", "相談内容別件数"
    GUARDIANS = "3", "相談者の属性"
    CHILDREN = "4", "相談者の子どもの属性"
    RESPONSES = "5", "対応・支援方針"
    PARTNERS = "6", "つないだ連携先・依頼先"


class Asking(models.TextChoices):
    """How the city asks for an item (質問4(1)). "Differs" is what a city has when its agencies' rows differ."""

    REGULAR = "regular", "定期的に報告"
    AT_ONCE = "at_once", "そのつど共有"
    NOT_ASKED = "not_asked", "求めていない"


class ReportingRule(models.Model):
    """What one agency is asked for from a month on, and when its reports are due; a row without agency is the city's
    default. Another rule is another row, which begins later: what was asked for a month stays known."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(
        "places.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts_on = models.DateField(
        "いつの報告から", help_text="the first of a month; holds until the next one begins"
    )
    items = models.JSONField(
        null=True, help_text="{ReportItem: Asking}; NULL: from here on the agency is asked what all are"
    )
    daily = models.BooleanField("日報を出す", default=False)
    due_day = models.PositiveSmallIntegerField("翌月何日まで", default=5)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "agency", "starts_on"],
                name="reporting_rule_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(starts_on__day=1), name="reporting_rule_of_months"),
            models.CheckConstraint(
                condition=Q(items__isnull=False) | Q(agency__isnull=False), name="reporting_rule_says"
            ),
        ]


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, actor: Actor) -> ReportQuerySet:
        """The own agency's; the city and the centre all that were submitted, and the city's own."""
        mine = self.filter(municipality_id=actor.municipality_id)
        if actor.scope == "municipality":
            sent = ~Q(state=Report.State.DRAFT)
            return mine.filter(sent | Q(agency__isnull=True) | Q(agency_id=actor.agency_id or 0))
        if actor.scope == "agency" and actor.agency_id is not None:
            return mine.filter(agency_id=actor.agency_id)
        return mine.none()


class Report(models.Model):
    """One report of an agency (or of the whole city) over a day or a month.

    draft → submitted → received, or → returned → submitted again. Submitting freezes `figures`; a correction
    afterwards is another report with `amends`, which says what changed and why. The newest one counts.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "作成中"
        SUBMITTED = "submitted", "提出ずみ"
        RECEIVED = "received", "受け取りずみ"
        RETURNED = "returned", "差しもどし"

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(
        "places.Agency",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="NULL: the whole city",
    )
    kind = models.CharField("種類", max_length=8, choices=ReportKind)
    starts_on = models.DateField("はじめの日")
    ends_on = models.DateField("おわりの日")
    number = models.PositiveSmallIntegerField(default=1, help_text="1, then one more for each amended report")
    amends = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="amended_by"
    )
    amend_reason = models.CharField("直した理由", max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    note = models.TextField("所見", blank=True)
    figures = models.JSONField(null=True, help_text="frozen when submitted; NULL: read from the records")
    due_on = models.DateField("期限", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.BigIntegerField(null=True)
    submitted_by_name = models.CharField(max_length=80, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    received_by_name = models.CharField(max_length=80, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by_name = models.CharField(max_length=80, blank=True)
    return_reason = models.CharField("差しもどしの理由", max_length=300, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "agency", "kind", "starts_on", "number"],
                name="report_once",
                nulls_distinct=False,
            )
        ]
        indexes = [
            models.Index(fields=["municipality", "kind", "-starts_on"], name="report_of_town"),
            models.Index(fields=["agency", "kind", "-starts_on"], name="report_of_agency"),
        ]


class ReportComment(models.Model):
    """A word about a report, by the agency or the city."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="comments")
    text = models.CharField("コメント", max_length=1000)
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=80)
    written_at = models.DateTimeField()
    key = models.UUIDField(unique=True)


class SharedRecord(models.Model):
    """A record with something the city wants to know as it happens (そのつど共有): an agency told the city, who did, and
    which version of the record was told. Taken back, the row stays and counts no more."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+")
    consultation = models.ForeignKey(
        "encounters.Consultation", on_delete=models.PROTECT, related_name="shared_with_city"
    )
    version = models.PositiveIntegerField(help_text="of the record")
    shared_at = models.DateTimeField()
    shared_by = models.BigIntegerField(null=True)
    shared_by_name = models.CharField(max_length=80)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.BigIntegerField(null=True)

    objects = OfAgencyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation"], name="shared_record_once", condition=Q(undone_at__isnull=True)
            )
        ]


class ReportTemplate(models.Model):
    """An XLSX the city laid out: cells with {{name}} get the figure of that name. The newest not ended counts."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=ReportKind)
    name = models.CharField("ファイル名", max_length=120)
    data = models.BinaryField()
    problems = models.JSONField(default=list, help_text="names in it that are no figure")
    uploaded_at = models.DateTimeField()
    uploaded_by_name = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["municipality", "kind", "-uploaded_at"], name="report_template")]
