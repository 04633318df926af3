"""Consultation records in the common form (E1), their former texts, who read them, and drafts of them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tsunagari.base.access import Role
from tsunagari.base.actor import Actor
from tsunagari.encounters.rules.codes import CHANNELS, CONSENTS, KINDS, SIGHTS


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def visible_to(self, actor: Actor) -> ConsultationQuerySet:
        """Records whose words the actor may read: the own agency's and those of charts it took over; for the
        centre also those with consent. The city and auditors read no record.

        A record for 施設長 and centre alone is read by its writer, the manager of the agency and the centre.
        Other agencies' records appear on the time line as a line without words (queries.timeline).
        """
        if actor.scope == "municipality":
            shared = Q(consent=Consent.GIVEN, household__isnull=False)
            return self._at_own_agency(actor, _in_hands_of(actor) | shared)
        return self.kept_by(actor)

    def kept_by(self, actor: Actor) -> ConsultationQuerySet:
        """Of `visible_to` those in the own agency's hands: what it wrote, and what is in charts it took over."""
        return self._at_own_agency(actor, _in_hands_of(actor))

    def own_of(self, actor: Actor) -> ConsultationQuerySet:
        """Of `visible_to` those the own agency wrote, said so that PostgreSQL walks an index of the agency."""
        return self._at_own_agency(actor, Q(agency_id=actor.agency_id))

    def taken_over_by(self, actor: Actor) -> ConsultationQuerySet:
        """Of `visible_to` those of others in charts the own agency took over."""
        held = self._at_own_agency(actor, Q(held_by_id=actor.agency_id))
        return held.exclude(agency_id=actor.agency_id or 0)

    def _at_own_agency(self, actor: Actor, which: Q) -> ConsultationQuerySet:
        if actor.agency_id is None or actor.scope == "none":
            return self.none()
        return self.filter(which, municipality_id=actor.municipality_id)._in_sight_of(actor)

    def _in_sight_of(self, actor: Actor) -> ConsultationQuerySet:
        if actor.scope == "municipality" or actor.role == Role.MANAGER:
            return self
        return self.filter(Q(sight=Sight.USUAL) | Q(author_id=actor.user_id))


def _in_hands_of(actor: Actor) -> Q:
    return Q(agency_id=actor.agency_id) | Q(held_by_id=actor.agency_id)


class Channel(models.TextChoices):
    """How the consultation came."""

    VISIT = "visit", CHANNELS["visit"]
    PHONE = "phone", CHANNELS["phone"]
    HOME = "home", CHANNELS["home"]
    OUTING = "outing", CHANNELS["outing"]
    MESSAGE = "message", CHANNELS["message"]
    ONLINE = "online", CHANNELS["online"]


class Consent(models.TextChoices):
    """Whether the family agrees that the record is shared."""

    NOT_ASKED = "not_asked", CONSENTS["not_asked"]
    ASKED = "asked", CONSENTS["asked"]
    GIVEN = "given", CONSENTS["given"]
    REFUSED = "refused", CONSENTS["refused"]


class Kind(models.TextChoices):
    """What kind of entry it is; all are kept in the common form and counted by their kind."""

    CONSULT = "consult", KINDS["consult"]
    ACCOMPANY = "accompany", KINDS["accompany"]
    ROUND = "round", KINDS["round"]
    GROUP = "group", KINDS["group"]
    NOTE = "note", KINDS["note"]


class Sight(models.TextChoices):
    """Who of those who may read the agency's records may read this one. It only narrows."""

    USUAL = "usual", SIGHTS["usual"]
    MANAGER = "manager", SIGHTS["manager"]


class Consultation(models.Model):
    """One consultation in the common form (E1). Former texts stand in ConsultationRevision.

    Its scope is told by its people: without household it is about nobody known; with a household and no people
    about the whole family; else about those people. `group` ties together what several families talked about at
    once: each family has an entry of its own, so that each is counted and seen alone.
    """

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+", db_index=False)
    household = models.ForeignKey(
        "families.Household",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consultations",
        db_index=False,
    )
    who_hint = models.CharField("だれの相談（お名前なし）", max_length=80, blank=True)
    occurred_on = models.DateField("相談日")
    occurred_at = models.DateTimeField("相談日時")
    kind = models.CharField("種類", max_length=10, choices=Kind, default=Kind.CONSULT)
    channel = models.CharField("方法", max_length=10, choices=Channel, default=Channel.VISIT)
    place = models.CharField("場所", max_length=80, blank=True)
    main_category = models.PositiveSmallIntegerField("主な分類")
    categories = ArrayField(models.PositiveSmallIntegerField(), verbose_name="分類", default=list)
    details = ArrayField(
        models.BigIntegerField(), verbose_name="細かい分類", default=list, help_text="ids of SubCategory"
    )
    content = models.TextField("内容")
    assessment = models.TextField("見立て", blank=True)
    responses = ArrayField(models.CharField(max_length=12), verbose_name="したこと", default=list)
    response_note = models.TextField("対応の内容", blank=True)
    told = ArrayField(
        models.BigIntegerField(),
        verbose_name="情報を伝えた先",
        default=list,
        help_text="ids of Partner the family was told about (Itabashi's 情報提供)",
    )
    linked = ArrayField(
        models.BigIntegerField(),
        verbose_name="つないだ先",
        default=list,
        help_text="ids of Partner that were turned to for the family (Itabashi's 連携)",
    )
    progress = models.TextField("その後の経過", blank=True)
    next_step = models.CharField("次にすること", max_length=200, blank=True)
    next_on = models.DateField("次の日", null=True, blank=True)
    next_owner_id = models.BigIntegerField(null=True, help_text="user; NULL: whoever works at the agency")
    next_owner_name = models.CharField("次にする人", max_length=80, blank=True)
    next_done_at = models.DateTimeField(null=True, blank=True)
    next_done_by = models.BigIntegerField(null=True)
    next_result = models.CharField("結果", max_length=300, blank=True)
    consent = models.CharField("共有への同意", max_length=10, choices=Consent, default=Consent.NOT_ASKED)
    concern = models.PositiveSmallIntegerField(
        "気がかりの度合い", null=True, blank=True, help_text="0 to 3; NULL: not said"
    )
    mark = models.ForeignKey(
        "encounters.RecordMark", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sight = models.CharField("見られる人", max_length=8, choices=Sight, default=Sight.USUAL)
    group = models.ForeignKey(
        "encounters.GroupTalk", on_delete=models.PROTECT, null=True, blank=True, related_name="entries"
    )
    held_by = models.ForeignKey(
        "places.Agency",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="agency that took over the chart it is in; reads it beside the one that wrote it",
        db_index=False,
    )
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=80)
    key = models.UUIDField(
        unique=True, help_text="from the form: the same key is the same record (double click)"
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["household", "-occurred_at"],
                name="record_by_household",
                condition=Q(household__isnull=False),
            ),
            models.Index(fields=["agency", "-occurred_at"], name="record_by_agency"),
            models.Index(
                fields=["municipality", "consent", "-occurred_at"],
                name="record_shared_newest",
                condition=Q(household__isnull=False),
            ),
            models.Index(
                fields=["agency", "next_on"],
                name="record_next_open",
                condition=Q(next_on__isnull=False, next_done_at__isnull=True),
            ),
            models.Index(
                fields=["next_owner_id", "next_on"],
                name="record_next_owner",
                condition=Q(next_on__isnull=False, next_done_at__isnull=True),
            ),
            models.Index(
                fields=["agency", "-occurred_at"], name="record_marked", condition=Q(mark__isnull=False)
            ),
            models.Index(
                fields=["held_by", "-occurred_at"], name="record_held", condition=Q(held_by__isnull=False)
            ),
            models.Index(fields=["municipality", "occurred_on"], name="record_town_day"),
            models.Index(
                fields=["agency", "-occurred_at"],
                name="record_of_nobody",
                condition=Q(household__isnull=True),
            ),
        ]


class ConsultationPerson(models.Model):
    """A person the record is about, with age and school year as they were that day."""

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="people", db_index=False
    )
    person = models.ForeignKey("families.Person", on_delete=models.PROTECT, related_name="+")
    consulting = models.BooleanField("相談した人", default=False)
    age_text = models.CharField("その日の年齢", max_length=40, blank=True)
    age_months = models.SmallIntegerField(null=True)
    school_year = models.CharField("その日の学年", max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consultation", "person"], name="record_person_once")]


class ConsultationRevision(models.Model):
    """The record as it was before a change: all fields, who changed it, when and why."""

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="revisions", db_index=False
    )
    version = models.PositiveIntegerField()
    snapshot = models.JSONField()
    reason = models.CharField("直した理由", max_length=120, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.BigIntegerField(null=True)
    changed_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consultation", "version"], name="revision_once")]


class ConsultationRead(models.Model):
    """Who has read which version of a record."""

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="reads", db_index=False
    )
    user_id = models.BigIntegerField()
    version = models.PositiveIntegerField()
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consultation", "user_id"], name="read_once")]
