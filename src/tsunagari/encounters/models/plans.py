"""Assessment with a shared tool, and support plans with goals (E4)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tsunagari.base.actor import Actor
from tsunagari.base.walls import OfTownQuerySet
from tsunagari.encounters.models.charts import Chart


class OfFamilyQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> OfFamilyQuerySet:
        """Those of the own agency; the centre also what is shared with it by a chart."""
        mine = self.filter(municipality_id=actor.municipality_id)
        if actor.agency_id is None or actor.scope == "none":
            return mine.none()
        held = Q(agency_id=actor.agency_id) | Q(chart__agency_id=actor.agency_id)
        if actor.scope == "municipality":
            return mine.filter(held | Q(chart__shared=True))
        return mine.filter(held)


class AssessmentTool(models.Model):
    """The city's shared tool as data. A tool that was used is changed by making the next version.

    `items`: [{"key", "group", "label", "hint", "scale": [{"value": int, "label", "hint"}]}]; `bands`:
    [{"from": int, "label", "concern": 0..3}] over the sum, lowest first. Checked by rules.assessment.
    """

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    name = models.CharField("名称", max_length=60)
    number = models.PositiveSmallIntegerField("版", default=1)
    source = models.CharField("出どころ", max_length=200, blank=True)
    items = models.JSONField()
    bands = models.JSONField(default=list)
    starts_on = models.DateField("使いはじめ", null=True, blank=True, help_text="NULL: being prepared")
    ended_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField(null=True)

    objects = OfTownQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "number"], name="tool_number_once")]


class Assessment(models.Model):
    """One assessment of a family or one person of it by a version of the tool. Put right, the former stays beside."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey("families.Household", on_delete=models.PROTECT, related_name="assessments")
    person = models.ForeignKey(
        "families.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    chart = models.ForeignKey(
        Chart, on_delete=models.PROTECT, null=True, blank=True, related_name="assessments"
    )
    tool = models.ForeignKey(AssessmentTool, on_delete=models.PROTECT, related_name="+")
    assessed_on = models.DateField("日")
    answers = models.JSONField(help_text="{item key: value, or null for 分からない}")
    total = models.SmallIntegerField(null=True, help_text="sum of what was answered")
    concern = models.PositiveSmallIntegerField(
        "気がかりの度合い", null=True, help_text="the writer's, not the sum's"
    )
    words = models.TextField("見立て", blank=True)
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=80)
    key = models.UUIDField(unique=True)
    created_at = models.DateTimeField()
    replaced_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces"
    )

    objects = OfFamilyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["household", "-assessed_on"], name="assessment_of_household")]


class SupportPlan(models.Model):
    """A support plan (支援プラン); what it says stands in its versions. While it is open somebody owns its review."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey("families.Household", on_delete=models.PROTECT, related_name="plans")
    person = models.ForeignKey(
        "families.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    chart = models.ForeignKey(Chart, on_delete=models.PROTECT, null=True, blank=True, related_name="plans")
    starts_on = models.DateField("はじまり")
    review_on = models.DateField("次の見直し", null=True, blank=True)
    closed_on = models.DateField("終わり", null=True, blank=True)
    outcome = models.TextField("ふりかえり", blank=True)
    version = models.PositiveIntegerField(default=1, help_text="number of the version in force")
    owner_id = models.BigIntegerField(null=True, help_text="user who sees to the review")
    owner_name = models.CharField("担当", max_length=80, blank=True)
    key = models.UUIDField(unique=True, null=True, help_text="from the form: the same key is the same plan")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = OfFamilyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["household", "-starts_on"], name="plan_of_household"),
            models.Index(
                fields=["agency", "review_on"], name="plan_review", condition=Q(closed_on__isnull=True)
            ),
            models.Index(
                fields=["owner_id", "review_on"], name="plan_of_owner", condition=Q(closed_on__isnull=True)
            ),
        ]


class PlanVersion(models.Model):
    """What a plan says: the four statutory items, the family's words, goals. Never changed, but followed."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(SupportPlan, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField("版")
    wishes = models.TextField("意向", blank=True)
    issues = models.TextField("解決すべき課題", blank=True)
    supports = models.TextField("支援の種類及び内容", blank=True)
    others = models.TextField("その他", blank=True)
    family_words = models.TextField("ご家族のことば", blank=True)
    plain_words = models.TextField("ご家族に渡す説明", blank=True)
    goals = models.JSONField(default=list, help_text='[{"key", "text", "measure"}], in order')
    agreed_on = models.DateField("ご家族と確かめた日", null=True, blank=True)
    agreed_by = models.CharField("確かめた人", max_length=80, blank=True)
    reason = models.CharField("見直しの理由", max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField(null=True)
    made_by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once")]


class PlanAction(models.Model):
    """Who does what by when for a goal. Done or dropped, it stays."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(SupportPlan, on_delete=models.CASCADE, related_name="actions")
    goal = models.CharField(max_length=8, help_text="key of the goal")
    what = models.CharField("すること", max_length=200)
    by_whom = models.CharField(
        "だれが", max_length=80, help_text="the family, a worker, another body, in words"
    )
    owner_id = models.BigIntegerField(null=True, help_text="user who sees to it")
    owner_name = models.CharField(max_length=80, blank=True)
    due_on = models.DateField("いつまで", null=True, blank=True)
    done_on = models.DateField("できた日", null=True, blank=True)
    result = models.CharField("結果", max_length=300, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    updated_at = models.DateTimeField()
    updated_by = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["owner_id", "due_on"],
                name="plan_action_due",
                condition=Q(done_on__isnull=True, dropped_at__isnull=True),
            ),
            models.Index(fields=["plan", "position"], name="plan_action_of_plan"),
        ]
