"""Households and the people in them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tsunagari.base.actor import Actor


class HouseholdQuerySet(models.QuerySet["Household"]):
    def visible_to(self, actor: Actor) -> HouseholdQuerySet:
        """Households an actor may open: those the own agency has met or registered; the whole town for the centre
        and the city; none for auditors. Joined nickname families are reached through their household.
        """
        mine = self.filter(municipality_id=actor.municipality_id)
        if actor.scope == "municipality":
            return mine
        if actor.scope == "agency" and actor.agency_id is not None:
            return mine.filter(links__agency_id=actor.agency_id)
        return mine.none()


class Household(models.Model):
    """A family living together, or one that is known only by a nickname so far."""

    class Kind(models.TextChoices):
        HOUSEHOLD = "household", "世帯"
        NICKNAME = "nickname", "お名前は未確認"

    class Status(models.TextChoices):
        ACTIVE = "active", "在住"
        MOVED = "moved", "転出"
        CLOSED = "closed", "終了"

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.HOUSEHOLD)
    nickname = models.CharField("呼び名", max_length=80, blank=True)
    resident_no = models.CharField("世帯番号", max_length=20, null=True, blank=True)
    registered_resident = models.BooleanField("住民登録あり", default=False)
    postal_code = models.CharField("郵便番号", max_length=7, blank=True)
    address = models.CharField("住所", max_length=200, blank=True)
    address_detail = models.CharField("方書", max_length=120, blank=True)
    latitude = models.FloatField("緯度", null=True, blank=True)
    longitude = models.FloatField("経度", null=True, blank=True)
    area = models.ForeignKey("places.Area", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField("状態", max_length=10, choices=Status, default=Status.ACTIVE)
    moved_in_on = models.DateField("転入日", null=True, blank=True)
    moved_out_on = models.DateField("転出日", null=True, blank=True)
    protected = models.BooleanField("支援措置", default=False)
    caution = models.CharField("配慮すること", max_length=200, blank=True)
    joined_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="joined"
    )
    key = models.UUIDField(
        null=True, unique=True, help_text="from the form: the same key is the same household"
    )
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    already: bool = False  # told by create_household: this key stood already

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "resident_no"],
                name="household_resident_no",
                condition=Q(resident_no__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"家庭 {self.pk}"


class Person(models.Model):
    """A guardian, child or relative. An expected child is a person with a due date; birth makes it a child."""

    class Kind(models.TextChoices):
        GUARDIAN = "guardian", "保護者"
        CHILD = "child", "子ども"
        RELATIVE = "relative", "親族など"

    class Life(models.TextChoices):
        EXPECTED = "expected", "おなかの中"
        LIVING = "living", ""
        ENDED = "ended", "妊娠の終了"
        DECEASED = "deceased", "死亡"

    class Sex(models.TextChoices):
        UNKNOWN = "0", "不明"
        MALE = "1", "男"
        FEMALE = "2", "女"
        OTHER = "9", "その他"

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="people")
    kind = models.CharField(max_length=10, choices=Kind)
    life = models.CharField(max_length=10, choices=Life, default=Life.LIVING)
    family_name = models.CharField("氏", max_length=80, blank=True)
    given_name = models.CharField("名", max_length=80, blank=True)
    family_kana = models.CharField("氏のかな", max_length=80, blank=True)
    given_kana = models.CharField("名のかな", max_length=80, blank=True)
    nickname = models.CharField("呼び名", max_length=80, blank=True)
    sex = models.CharField("性別", max_length=1, choices=Sex, default=Sex.UNKNOWN)
    birth_date = models.DateField("生年月日", null=True, blank=True)
    age_hint_months = models.PositiveSmallIntegerField("だいたいの月齢", null=True, blank=True)
    age_hint_on = models.DateField(null=True, blank=True, help_text="day on which age_hint_months was true")
    due_date = models.DateField("出産予定日", null=True, blank=True)
    birth_order = models.PositiveSmallIntegerField("何番目（ふたごなど）", default=1)
    ended_on = models.DateField("終了日", null=True, blank=True)
    relation = models.CharField(
        "続柄", max_length=20, blank=True, help_text="e.g. 母, 父, 祖母; shown as it is"
    )
    relation_code = models.CharField("続柄コード", max_length=11, blank=True)
    resident_no = models.CharField("宛名番号", max_length=20, null=True, blank=True)
    phone = models.CharField("電話番号", max_length=15, blank=True, help_text="digits only")
    phone_other = models.CharField("ほかの電話番号", max_length=15, blank=True)
    email = models.EmailField("メールアドレス", blank=True)
    language = models.CharField("ことば", max_length=8, blank=True)
    left_on = models.DateField("世帯を出た日", null=True, blank=True)
    same_as = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "resident_no"],
                name="person_resident_no",
                condition=Q(resident_no__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["municipality", "birth_date"], name="person_by_birth")]

    def __str__(self) -> str:
        return f"人 {self.pk}"


class SecondHome(models.Model):
    """A person who also lives in another household (two homes)."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="second_homes")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="second_people")
    note = models.CharField("備考", max_length=120, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)


class HouseholdRevision(models.Model):
    """What a household or person said before a change, with who and when."""

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="revisions")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="revisions")
    before = models.JSONField()
    reason = models.CharField(max_length=120, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.BigIntegerField(null=True)
