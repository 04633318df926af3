"""Charts: a family that is followed, why, by whom, and what of its records is in it (個人別)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tsunagari.base.actor import Actor
from tsunagari.encounters.models.records import Consultation


class ChartQuerySet(models.QuerySet["Chart"]):
    def visible_to(self, actor: Actor) -> ChartQuerySet:
        """Charts the own agency holds; the centre also those of families that consent to sharing (`shared`)."""
        mine = self.filter(municipality_id=actor.municipality_id)
        if actor.agency_id is None or actor.scope == "none":
            return mine.none()
        if actor.scope == "municipality":
            return mine.filter(Q(agency_id=actor.agency_id) | Q(shared=True))
        return self.own_of(actor)

    def own_of(self, actor: Actor) -> ChartQuerySet:
        """Of `visible_to` those the own agency holds, the agency named once."""
        if actor.agency_id is None or actor.scope == "none":
            return self.none()
        return self.filter(municipality_id=actor.municipality_id, agency_id=actor.agency_id)


class Chart(models.Model):
    """A family, or one person of it, followed by one agency from a day on. The holder changes by ChartHandover.

    An agency has at most one open chart for the same person (or for the whole family): the operation sees to it
    under the household's lock; joined families may bring two, which stay until a person closes one.
    """

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey("families.Household", on_delete=models.PROTECT, related_name="charts")
    person = models.ForeignKey(
        "families.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    number = models.CharField("番号", max_length=20, help_text="fiscal year and serial of the agency, R8-012")
    why = models.TextField("追うことにした理由")
    opened_on = models.DateField("開始日")
    opened_by = models.BigIntegerField(null=True)
    opened_by_name = models.CharField(max_length=80)
    owner_id = models.BigIntegerField(null=True, help_text="user in charge; somebody unless closed")
    owner_name = models.CharField("担当", max_length=80, blank=True)
    concern = models.PositiveSmallIntegerField("気がかりの度合い", default=1)
    review_on = models.DateField("次の見直し", null=True, blank=True)
    shared = models.BooleanField("センターと共有", default=False, help_text="with the family's consent")
    closed_on = models.DateField("終了日", null=True, blank=True)
    closed_reason = models.CharField(
        max_length=10, blank=True, help_text="settled, moved, grown, handed, wish, other"
    )
    closing_summary = models.TextField("終わりのまとめ", blank=True)
    closed_by = models.BigIntegerField(null=True)
    closed_by_name = models.CharField(max_length=80, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = ChartQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "number"], name="chart_number_once")]
        indexes = [
            models.Index(fields=["household", "-opened_on"], name="chart_of_household"),
            models.Index(
                fields=["agency", "review_on"], name="chart_open", condition=Q(closed_on__isnull=True)
            ),
            models.Index(
                fields=["owner_id", "review_on"], name="chart_of_owner", condition=Q(closed_on__isnull=True)
            ),
            models.Index(
                fields=["agency", "-closed_on"], name="chart_closed", condition=Q(closed_on__isnull=False)
            ),
        ]


class ChartRevision(models.Model):
    """The chart's head as it was before a change: who is in charge, concern, review, why."""

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    chart = models.ForeignKey(Chart, on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    snapshot = models.JSONField()
    reason = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.BigIntegerField(null=True)
    changed_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chart", "version"], name="chart_revision_once")]


class ChartEntry(models.Model):
    """A record that was drawn into a chart. The record keeps its day and writer; taken out, this row stays."""

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    chart = models.ForeignKey(Chart, on_delete=models.PROTECT, related_name="entries")
    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="chart_entries", db_index=False
    )
    from_nobody = models.BooleanField(
        default=False, help_text="the record was about nobody known and got its family by this"
    )
    former = models.JSONField(default=dict, help_text="who_hint and people as they were, to give back")
    drawn_at = models.DateTimeField()
    drawn_by = models.BigIntegerField(null=True)
    drawn_by_name = models.CharField(max_length=80, blank=True)
    taken_out_at = models.DateTimeField(null=True, blank=True)
    taken_out_by = models.BigIntegerField(null=True)
    taken_out_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["chart", "consultation"],
                name="chart_entry_once",
                condition=Q(taken_out_at__isnull=True),
            )
        ]
        indexes = [models.Index(fields=["consultation"], name="chart_entry_of_record")]


class ChartHandover(models.Model):
    """A chart given to a colleague or to another agency's worker. Until taken on, the giver stays in charge."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    chart = models.ForeignKey(Chart, on_delete=models.PROTECT, related_name="handovers")
    from_agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+")
    from_user_id = models.BigIntegerField(null=True)
    from_name = models.CharField(max_length=80)
    to_agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+")
    to_user_id = models.BigIntegerField(null=True, help_text="NULL: whoever takes it on there")
    to_name = models.CharField(max_length=80, blank=True)
    note = models.TextField("申し送り")
    consent = models.CharField(
        "同意", max_length=10, default="not_asked", help_text="given is needed between agencies"
    )
    asked_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.BigIntegerField(null=True)
    taken_by_name = models.CharField(max_length=80, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=200, blank=True)
    moved = models.JSONField(default=dict, help_text="ids of next steps, goals and entries that went along")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["chart"],
                name="chart_handover_one_open",
                condition=Q(taken_at__isnull=True, declined_at__isnull=True),
            )
        ]
        indexes = [
            models.Index(
                fields=["to_agency"],
                name="handover_waiting",
                condition=Q(taken_at__isnull=True, declined_at__isnull=True),
            )
        ]
