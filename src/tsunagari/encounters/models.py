"""Visits and consultations: what happened between a family and an agency.

Rows carry municipality_id for row-level security. A visit or record without household is an anonymous one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tsunagari.base.actor import Actor
from tsunagari.encounters.rules.codes import CHANNELS, CONSENTS

if TYPE_CHECKING:
    from tsunagari.families.queries import FamilyName


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, actor: Actor) -> VisitQuerySet:
        """Visits to the own agency; for the centre and the city those of the whole town; none for auditors.

        Visits of a family to *other* agencies are asked for through queries.timeline, which knows the switch.
        """
        mine = self.filter(municipality_id=actor.municipality_id)
        if actor.scope == "municipality":
            return mine
        if actor.scope == "agency" and actor.agency_id is not None:
            return mine.filter(agency_id=actor.agency_id)
        return mine.none()


class Visit(models.Model):
    """One family (or an uncounted-by-name one) at one agency on one day."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(
        "families.Household", on_delete=models.PROTECT, null=True, blank=True, related_name="visits"
    )
    site = models.ForeignKey(
        "places.Site",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="NULL: at the agency",
    )
    visited_on = models.DateField("来所日")
    arrived_at = models.DateTimeField("来所時刻")
    left_at = models.DateTimeField("退所時刻", null=True, blank=True)
    adults = models.PositiveSmallIntegerField("大人の人数", default=1)
    children = models.PositiveSmallIntegerField("子どもの人数", default=0)
    first_time = models.BooleanField("はじめて", default=False)
    other_town = models.BooleanField("市外", default=False)
    note = models.CharField("メモ", max_length=200, blank=True)
    key = models.UUIDField(
        unique=True, help_text="from the form: the same key is the same visit (double click)"
    )
    created_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.BigIntegerField(null=True)

    # Told by the operations on visits, kept nowhere.
    already: bool = False  # the family was in already, so that nothing was counted
    closed: bool = False  # taking it back closed the family to the agency
    family: FamilyName | None = None

    objects = VisitQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["agency", "visited_on", "arrived_at"], name="visit_roster"),
            models.Index(
                fields=["household", "-arrived_at"],
                name="visit_by_household",
                condition=Q(household__isnull=False),
            ),
        ]


class VisitPerson(models.Model):
    """A person who came on a visit."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey("families.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "person"], name="visit_person_once")]


class TallyQuerySet(models.QuerySet["Tally"]):
    def visible_to(self, actor: Actor) -> TallyQuerySet:
        """As VisitQuerySet.visible_to."""
        mine = self.filter(municipality_id=actor.municipality_id)
        if actor.scope == "municipality":
            return mine
        if actor.scope == "agency" and actor.agency_id is not None:
            return mine.filter(agency_id=actor.agency_id)
        return mine.none()


class Tally(models.Model):
    """People counted by figures alone, for a busy hour or an outing (C5). Taken back, it stays and counts nowhere."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey("places.Site", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    day = models.DateField("日")
    at = models.TimeField("時刻")
    families = models.PositiveSmallIntegerField("組", default=0)
    adults = models.PositiveSmallIntegerField("大人", default=0)
    children = ArrayField(
        models.PositiveSmallIntegerField(),
        default=list,
        help_text="of age 0, 1, 2, 3, 4, 5, 6 and more, unknown",
    )
    newcomers = models.PositiveSmallIntegerField("はじめての組", default=0)
    other_town = models.PositiveSmallIntegerField("市外の組", default=0)
    note = models.CharField("メモ", max_length=200, blank=True)
    key = models.UUIDField(
        unique=True, help_text="from the form: the same key is the same tally (double click)"
    )
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.BigIntegerField(null=True)

    already: bool = False  # told by the operation: this key stands already

    objects = TallyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["agency", "day", "at"], name="tally_roster")]


class KioskScanQuerySet(models.QuerySet["KioskScan"]):
    def visible_to(self, actor: Actor) -> KioskScanQuerySet:
        """Readings at the tablets of the own agency."""
        if actor.agency_id is None or actor.scope == "none":
            return self.none()
        return self.filter(municipality_id=actor.municipality_id, agency_id=actor.agency_id)


class KioskScan(models.Model):
    """A reading at a tablet that a person has to look at: one that could not be counted, or was and needs a word."""

    class Reason(models.TextChoices):
        UNKNOWN = "unknown", "知らないカード"
        STOPPED = "stopped", "止めたカード"
        NEWCOMER = "newcomer", "はじめて来た人"
        MOVED = "moved", "転出・終了の家庭"
        LATE = "late", "1日よりあとに届いた受付"
        REFUSED = "refused", "受け付けられなかった読み取り"

    class Outcome(models.TextChoices):
        FAMILY = "family", "家庭に結びました"
        COUNTED = "counted", "人数だけ数えました"
        SEEN = "seen", "確かめました"
        DISMISSED = "dismissed", "消しました"

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+")
    device = models.ForeignKey("accounts.Device", on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True, help_text="from the tablet: the same key is the same reading")
    reason = models.CharField(max_length=8, choices=Reason, default=Reason.UNKNOWN)
    number = models.CharField(
        max_length=9, blank=True, help_text="card number as typed; a token is never kept"
    )
    card = models.ForeignKey(
        "families.Card", on_delete=models.PROTECT, null=True, related_name="+", help_text="a stopped card"
    )
    adults = models.PositiveSmallIntegerField(default=1)
    children = models.PositiveSmallIntegerField(default=0)
    scanned_at = models.DateTimeField()
    received_at = models.DateTimeField()
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True)
    note = models.CharField("理由", max_length=120, blank=True)

    objects = KioskScanQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["agency", "scanned_at"], name="scan_waiting", condition=Q(settled_at__isnull=True)
            )
        ]


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def visible_to(self, actor: Actor) -> ConsultationQuerySet:
        """Records whose words the actor may read: the own agency's; for the centre also those with consent.

        The city and auditors read no record. Other agencies' records appear on the time line as a line
        without words (queries.timeline).
        """
        mine = self.filter(municipality_id=actor.municipality_id)
        if actor.agency_id is None or actor.scope == "none":
            return mine.none()
        if actor.scope == "municipality":
            return mine.filter(
                Q(agency_id=actor.agency_id) | Q(consent=Consent.GIVEN, household__isnull=False)
            )
        return mine.filter(agency_id=actor.agency_id)


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


class Consultation(models.Model):
    """One consultation in the common form (E1). Former texts stand in ConsultationRevision."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(
        "families.Household", on_delete=models.PROTECT, null=True, blank=True, related_name="consultations"
    )
    who_hint = models.CharField("だれの相談（お名前なし）", max_length=80, blank=True)
    occurred_on = models.DateField("相談日")
    occurred_at = models.DateTimeField("相談日時")
    channel = models.CharField("方法", max_length=10, choices=Channel, default=Channel.VISIT)
    place = models.CharField("場所", max_length=80, blank=True)
    main_category = models.PositiveSmallIntegerField("主な分類")
    categories = ArrayField(models.PositiveSmallIntegerField(), verbose_name="分類", default=list)
    content = models.TextField("内容")
    assessment = models.TextField("見立て", blank=True)
    responses = ArrayField(models.CharField(max_length=12), verbose_name="したこと", default=list)
    response_note = models.TextField("対応の内容", blank=True)
    progress = models.TextField("その後の経過", blank=True)
    next_step = models.CharField("次にすること", max_length=200, blank=True)
    next_on = models.DateField("次の日", null=True, blank=True)
    next_done_at = models.DateTimeField(null=True, blank=True)
    next_done_by = models.BigIntegerField(null=True)
    next_result = models.CharField("結果", max_length=300, blank=True)
    consent = models.CharField("共有への同意", max_length=10, choices=Consent, default=Consent.NOT_ASKED)
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
                fields=["municipality", "-occurred_at"],
                name="record_shared",
                condition=Q(consent="given", household__isnull=False),
            ),
            models.Index(
                fields=["agency", "next_on"],
                name="record_next_open",
                condition=Q(next_on__isnull=False, next_done_at__isnull=True),
            ),
        ]


class ConsultationPerson(models.Model):
    """A person the record is about, with age and school year as they were that day."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey("families.Person", on_delete=models.PROTECT, related_name="+")
    consulting = models.BooleanField("相談した人", default=False)
    age_text = models.CharField("その日の年齢", max_length=40, blank=True)
    age_months = models.SmallIntegerField(null=True)
    school_year = models.CharField("その日の学年", max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consultation", "person"], name="record_person_once")]


class ConsultationRevision(models.Model):
    """The record as it was before a change: all fields, who changed it, when and why."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="revisions")
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

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="reads")
    user_id = models.BigIntegerField()
    version = models.PositiveIntegerField()
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consultation", "user_id"], name="read_once")]


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, actor: Actor) -> DraftQuerySet:
        """One's own drafts, while working at the agency they were begun at."""
        return self.filter(
            municipality_id=actor.municipality_id, user_id=actor.user_id or 0, agency_id=actor.agency_id or 0
        )


class Draft(models.Model):
    """What one person has typed and not saved as a record yet; it is theirs on every device."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+")
    user_id = models.BigIntegerField()
    user_name = models.CharField(max_length=80)
    household = models.ForeignKey(
        "families.Household", on_delete=models.PROTECT, null=True, blank=True, related_name="drafts"
    )
    consultation = models.ForeignKey(
        Consultation,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="drafts",
        help_text="NULL: new",
    )
    fields = models.JSONField(help_text="the form as typed: {field: value or [values]}")
    key = models.UUIDField(unique=True, help_text="becomes the record's key")
    base_version = models.PositiveIntegerField(
        default=0, help_text="version of the record when the form was opened"
    )
    version = models.PositiveIntegerField(default=1)
    client = models.CharField(max_length=36, blank=True, help_text="the browser tab that saved last")
    split_from = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="splits",
        help_text="the draft whose other text this is: two tabs wrote at once and neither may be lost",
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["user_id", "-updated_at"], name="draft_by_user"),
            models.Index(
                fields=["consultation", "-updated_at"],
                name="draft_by_record",
                condition=Q(consultation__isnull=False),
            ),
        ]
