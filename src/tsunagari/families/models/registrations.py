"""Where households are registered, the card they carry, and what the city has decided about both (D1, D2)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tsunagari.families.models.households import Household
from tsunagari.families.rules.cards import grouped


class Registration(models.Model):
    """A household's registration with an agency; `is_home` marks the かかりつけ, one on any day (constraint)."""

    class Source(models.TextChoices):
        COUNTER = "counter", "窓口"
        PAPER = "paper", "申込用紙"
        PHONE = "phone", "電話"
        HANDBOOK = "handbook", "母子手帳交付"
        BIRTH = "birth", "出生届"
        CITY = "city", "市の登録"
        AGENCY = "agency", "ほかの機関"

    class End(models.TextChoices):
        MOVED = "moved", "転居した"
        GROWN_OUT = "grown_out", "大きくなった"
        WISH = "wish", "家庭の希望"
        MISTAKE = "mistake", "登録のまちがい"
        OTHER = "other", "そのほか"

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="registrations", db_index=False
    )
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, related_name="+", db_index=False)
    is_home = models.BooleanField("かかりつけ", default=False)
    source = models.CharField("登録のきっかけ", max_length=10, choices=Source, default=Source.COUNTER)
    starts_on = models.DateField("登録日")
    ends_on = models.DateField("終了日", null=True, blank=True)
    end_code = models.CharField("終了の理由", max_length=10, choices=End, blank=True, default="")
    end_reason = models.CharField(
        "終了の理由のことば",
        max_length=80,
        blank=True,
        help_text="the code in words, and what was added to it",
    )
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["household", "-starts_on"], name="registration_by_household"),
            models.Index(fields=["agency", "ends_on"], name="registration_by_agency"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="registration_period",
            )
        ]


class RegistrationPolicy(models.Model):
    """What the city has decided about registrations; a municipality without a row has the defaults."""

    class Renewal(models.TextChoices):
        NONE = "none", "更新しない"
        FISCAL_YEAR = "fiscal_year", "年度ごとに更新する"

    class HomeRule(models.TextChoices):
        NONE = "none", "何もしない"
        PROPOSE = "propose", "区域の機関をすすめる"
        SET = "set", "区域の機関をかかりつけにする"

    municipality = models.OneToOneField(
        "places.Municipality", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    renewal = models.CharField("更新", max_length=12, choices=Renewal, default=Renewal.NONE)
    renewal_opens_month = models.PositiveSmallIntegerField(
        "更新の受付をはじめる月", default=3, help_text="1-12; from its first day on the coming year is due"
    )
    at_handbook = models.CharField(
        "母子手帳交付のとき", max_length=8, choices=HomeRule, default=HomeRule.PROPOSE
    )
    at_birth = models.CharField("出生のとき", max_length=8, choices=HomeRule, default=HomeRule.PROPOSE)
    grown_out_after = models.PositiveSmallIntegerField(
        "登録を終える年齢", default=6, help_text="the fiscal year in which the youngest child turned this old"
    )
    card_note = models.CharField("カードに書くことば", max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1)


class Renewal(models.Model):
    """A registration confirmed for one fiscal year. Of the identity document only its kind is kept."""

    class Document(models.TextChoices):
        MY_NUMBER = "my_number", "マイナンバーカード"
        LICENCE = "licence", "運転免許証"
        INSURANCE = "insurance", "資格確認書など"
        HANDBOOK = "handbook", "母子健康手帳"
        PASSPORT = "passport", "パスポート・在留カード"
        KNOWN = "known", "顔見知り"
        OTHER = "other", "その他"

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="renewals")
    fiscal_year = models.PositiveSmallIntegerField("年度", help_text="the year in which it begins")
    document = models.CharField("確認した書類", max_length=10, choices=Document)
    renewed_on = models.DateField("更新日")
    renewed_by = models.BigIntegerField(null=True)
    renewed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "fiscal_year"], name="renewal_once_a_year")
        ]


class HomeChange(models.Model):
    """A family's home agency changed: both ends are told, each until somebody there has seen it."""

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="home_changes")
    former = models.ForeignKey("places.Agency", on_delete=models.PROTECT, null=True, related_name="+")
    new = models.ForeignKey("places.Agency", on_delete=models.PROTECT, null=True, related_name="+")
    changed_on = models.DateField()
    changed_at = models.DateTimeField()
    changed_by = models.BigIntegerField(null=True)
    former_seen_at = models.DateTimeField(null=True)
    new_seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["former", "changed_at"],
                name="home_change_former",
                condition=Q(former__isnull=False, former_seen_at__isnull=True),
            ),
            models.Index(
                fields=["new", "changed_at"],
                name="home_change_new",
                condition=Q(new__isnull=False, new_seen_at__isnull=True),
            ),
        ]


class PaperForm(models.Model):
    """A registration form we printed: its QR brings up the page where it is typed in. It knows no family until then."""

    municipality = models.ForeignKey("places.Municipality", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=16, help_text="what the QR and the line under it say")
    agency = models.ForeignKey("places.Agency", on_delete=models.PROTECT, null=True, related_name="+")
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, null=True, related_name="paper_forms", help_text="once typed in"
    )
    printed_at = models.DateTimeField()
    printed_by = models.BigIntegerField(null=True)
    entered_at = models.DateTimeField(null=True)
    entered_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["municipality", "code"], name="paper_form_code")]


class Card(models.Model):
    """A 利用カード. The QR carries `token`, people read out `number`; neither says anything about the family.

    A household has one main card; cards that came with a joined family go on working beside it.
    """

    class State(models.TextChoices):
        ACTIVE = "active", "使えます"
        REVOKED = "revoked", "止めました"

    class Reason(models.TextChoices):
        LOST = "lost", "なくした"
        DAMAGED = "damaged", "こわれた・読めない"
        ENDED = "ended", "登録を終えた"
        OTHER = "other", "その他"

    municipality = models.ForeignKey(
        "places.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="cards", db_index=False)
    number = models.CharField("カード番号", max_length=9, help_text="eight digits and a check digit")
    token = models.CharField(max_length=32, unique=True, help_text="at random; A-Z and 0-9 only")
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    main = models.BooleanField(default=True)
    issued_at = models.DateTimeField()
    issued_by = models.BigIntegerField(null=True)
    printed_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=8, choices=Reason, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "number"], name="card_number_once"),
            models.UniqueConstraint(
                fields=["household"], name="card_main", condition=Q(main=True, state="active")
            ),
        ]
        indexes = [
            models.Index(fields=["household", "-issued_at"], name="card_by_household"),
            models.Index(
                fields=["municipality", "household"],
                name="card_to_print",
                condition=Q(main=True, state="active", printed_at__isnull=True),
            ),
        ]

    @property
    def spoken(self) -> str:
        """The number as it is printed and read out: "123-456-789"."""
        return grouped(self.number)
