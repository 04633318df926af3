"""Municipalities, areas, agencies and how each was at any time.

An Agency is an identity that lasts; what can change (name, operator, address, hours …) stands in
AgencyPeriod,
one row for each span of days, so an old record still says where it was made. Periods are days inclusive; an
open
end is NULL.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tsunagari.base.walls import OfTownQuerySet, PeriodQuerySet


class Municipality(models.Model):
    """One city, town or village: the wall between tenants."""

    class HistoryScope(models.TextChoices):
        ALL = "all", "すべての機関の利用を見せる"
        HOME_AND_USED = "home_and_used", "かかりつけと、利用のある機関に見せる"
        OWN = "own", "自分の機関の利用だけを見せる"

    code = models.CharField("全国地方公共団体コード", max_length=6, unique=True)
    name = models.CharField("名称", max_length=60)
    kana = models.CharField("ふりがな", max_length=120, blank=True)
    prefecture = models.CharField("都道府県", max_length=10, blank=True)
    history_scope = models.CharField(
        "ほかの機関の利用", max_length=20, choices=HistoryScope, default=HistoryScope.HOME_AND_USED
    )
    valid_from = models.DateField("開始日", null=True, blank=True)
    valid_to = models.DateField("終了日", null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Area(models.Model):
    """A district (区域) with its polygon, valid for a period."""

    class Kind(models.TextChoices):
        SCHOOL = "school", "中学校区"
        NURSE = "nurse", "地区担当"
        OTHER = "other", "その他"

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("種類", max_length=10, choices=Kind, default=Kind.SCHOOL)
    code = models.CharField("区域コード", max_length=60)
    name = models.CharField("区域名", max_length=80)
    polygon = models.JSONField(
        "区域の形", null=True, blank=True, help_text="GeoJSON Polygon or MultiPolygon, WGS84"
    )
    min_lon = models.FloatField(null=True)
    min_lat = models.FloatField(null=True)
    max_lon = models.FloatField(null=True)
    max_lat = models.FloatField(null=True)
    valid_from = models.DateField("開始日")
    valid_to = models.DateField("終了日", null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "kind", "code", "valid_from"], name="area_code_period"
            )
        ]
        indexes = [models.Index(fields=["municipality", "kind", "min_lat", "min_lon"], name="area_box")]

    def __str__(self) -> str:
        return self.name


class Agency(models.Model):
    """A place where families are met, or the こども家庭センター. `name` is the current period's name."""

    class Kind(models.TextChoices):
        AGENCY = "agency", "相談機関・施設"
        CENTRE = "centre", "こども家庭センター"

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("区分", max_length=10, choices=Kind, default=Kind.AGENCY)
    identifier = models.CharField(
        "ID", max_length=60, help_text="unique in the municipality; from the city's list"
    )
    name = models.CharField("名称", max_length=120)
    opened_on = models.DateField("開設日", null=True, blank=True)
    closed_on = models.DateField("廃止日", null=True, blank=True)

    objects = OfTownQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "identifier"], name="agency_identifier"),
        ]
        indexes = [models.Index(fields=["municipality", "name"], name="agency_by_name")]

    def __str__(self) -> str:
        return self.name


class OperatorKind(models.TextChoices):
    """運営主体: 質問5(3) of the study."""

    DIRECT = "1", "自治体（直営）"
    COUNCIL = "2", "社会福祉協議会"
    WELFARE = "3", "社会福祉法人（社会福祉協議会を除く）"
    SCHOOL = "4", "学校法人"
    NPO = "5", "NPO法人"
    GROUP = "6", "任意団体"
    OTHER = "7", "その他"


class PlaceKind(models.TextChoices):
    """事業実施場所: 質問5(4) of the study, and three of its chapter 4."""

    OFFICE = "1", "市役所、役場等"
    HEALTH = "2", "保健（福祉）センター"
    CHILDREN = "3", "児童館"
    PUBLIC = "4", "公共施設・公民館"
    NURSERY = "5", "保育所"
    CERTIFIED = "6", "認定こども園"
    KINDERGARTEN = "7", "幼稚園"
    SHOP = "8", "ビル・商業施設・空き店舗等"
    OWN = "9", "専用施設"
    OTHER = "10", "その他"
    UNIVERSITY = "11", "大学"
    MEDICAL = "12", "医療機関"
    MALL = "13", "商業施設"


class AgencyPeriod(models.Model):
    """How an agency is or was in one span of days.

    Two spans of one agency never overlap (database constraint).
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="periods")
    valid_from = models.DateField("開始日")
    valid_to = models.DateField("終了日", null=True, blank=True)
    name = models.CharField("名称", max_length=120)
    kana = models.CharField("名称（カナ）", max_length=200, blank=True)
    operator_kind = models.CharField("運営主体", max_length=2, choices=OperatorKind, blank=True)
    operator_name = models.CharField("運営者", max_length=120, blank=True)
    operator_number = models.CharField("法人番号", max_length=13, blank=True)
    place_kind = models.CharField("場所の種類", max_length=2, choices=PlaceKind, blank=True)
    facility_type = models.CharField(
        "種別", max_length=60, blank=True, help_text="as the city's list says it"
    )
    ages = models.JSONField("対象", default=list, blank=True, help_text="codes of rules.ACCEPTED_AGES")
    ages_note = models.CharField("受入年齢", max_length=120, blank=True)
    programmes = models.JSONField("事業", default=list, blank=True, help_text="codes of rules.PROGRAMMES")
    postal_code = models.CharField("郵便番号", max_length=7, blank=True)
    address = models.CharField("所在地", max_length=200, blank=True)
    address_detail = models.CharField("建物名等", max_length=120, blank=True)
    latitude = models.FloatField("緯度", null=True, blank=True)
    longitude = models.FloatField("経度", null=True, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    phone = models.CharField("電話番号", max_length=60, blank=True)
    fax = models.CharField("FAX番号", max_length=30, blank=True)
    email = models.CharField("メールアドレス", max_length=120, blank=True)
    url = models.CharField("URL", max_length=300, blank=True)
    channels = models.JSONField(
        "連絡方法",
        default=list,
        blank=True,
        help_text="list of {kind, value, hours}; kinds in rules.CHANNELS",
    )
    hours_note = models.TextField("利用日時の特記", blank=True)
    capacity = models.PositiveIntegerField("定員", null=True, blank=True)
    private_room = models.BooleanField("個室での相談", null=True, blank=True)
    parking = models.CharField("駐車場", max_length=200, blank=True)
    access = models.CharField("行き方", max_length=300, blank=True)
    languages = models.JSONField("対応する言語", default=list, blank=True, help_text="ISO 639-1 codes")
    temporary_care = models.BooleanField("一時預かり", null=True, blank=True)
    note = models.TextField("備考", blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["agency", "valid_from"], name="period_by_agency")]

    def __str__(self) -> str:
        return self.name


class OpeningHour(models.Model):
    """A weekly opening of one period. Weekday 0 is Monday, 6 Sunday, 7 public holidays."""

    class Kind(models.TextChoices):
        OPEN = "open", "開所"
        CONSULT = "consult", "相談"
        PHONE = "phone", "電話"
        MAIL = "mail", "メール"
        ONLINE = "online", "オンライン"

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(AgencyPeriod, on_delete=models.CASCADE, related_name="hours")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.OPEN)
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        indexes = [models.Index(fields=["period", "kind", "weekday"], name="hours_by_period")]
        constraints = [models.CheckConstraint(condition=Q(weekday__lte=7), name="hours_weekday")]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}-{self.closes}"


class OpeningException(models.Model):
    """Days on which an agency is closed, or open at other hours."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="exceptions")
    first_day = models.DateField("はじめの日")
    last_day = models.DateField("おわりの日")
    opens = models.TimeField("開所", null=True, blank=True, help_text="NULL: closed all day")
    closes = models.TimeField("閉所", null=True, blank=True)
    reason = models.CharField("理由", max_length=120, blank=True)

    objects = OfTownQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["agency", "first_day"], name="exception_by_agency")]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=models.F("first_day")), name="exception_period")
        ]

    def __str__(self) -> str:
        return f"{self.first_day}-{self.last_day}"


class Designation(models.Model):
    """指定 of an agency as 地域子育て相談機関 (Child Welfare Act art. 10-3) for a period."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="designations")
    valid_from = models.DateField("指定日")
    valid_to = models.DateField("終了日", null=True, blank=True)
    basis = models.CharField("根拠", max_length=200, blank=True)
    note = models.CharField("備考", max_length=200, blank=True)
    end_reason = models.CharField("終了の理由", max_length=200, blank=True)

    objects = PeriodQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.valid_from}-{self.valid_to or ''}"


class Site(models.Model):
    """A place an agency goes to: a mobile site (出張ひろば) with a schedule, or an outing (Hello Work, a park). A4, C5."""

    class Kind(models.TextChoices):
        MOBILE = "mobile", "出張ひろば"
        OUTING = "outing", "出張相談・出前保育など"

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="sites")
    kind = models.CharField("種類", max_length=10, choices=Kind, default=Kind.MOBILE)
    name = models.CharField("名前", max_length=80)
    address = models.CharField("所在地", max_length=200, blank=True)
    latitude = models.FloatField("緯度", null=True, blank=True)
    longitude = models.FloatField("経度", null=True, blank=True)
    note = models.CharField("備考", max_length=200, blank=True)
    valid_from = models.DateField("開始日")
    valid_to = models.DateField("終了日", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["agency", "valid_from"], name="site_by_agency")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="site_period",
            )
        ]

    def __str__(self) -> str:
        return self.name


class SiteTime(models.Model):
    """When a site is open: on a weekday (of certain weeks of the month) from one day to another, or on one day."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="times")
    weekday = models.PositiveSmallIntegerField("曜日", null=True, blank=True, help_text="0 is Monday")
    weeks = models.JSONField(
        "第何週", default=list, blank=True, help_text="[1, 3], 9 is the last; empty: every week"
    )
    day = models.DateField("日", null=True, blank=True)
    opens = models.TimeField("開始")
    closes = models.TimeField("終了")
    valid_from = models.DateField("開始日", null=True, blank=True, help_text="NULL: since the site began")
    valid_to = models.DateField("終了日", null=True, blank=True, help_text="NULL: as long as the site")

    class Meta:
        indexes = [models.Index(fields=["site", "weekday"], name="site_time_by_site")]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__isnull=True, day__isnull=False) | Q(weekday__lte=6, day__isnull=True),
                name="site_time_weekday_or_day",
            ),
            models.CheckConstraint(condition=Q(closes__gt=models.F("opens")), name="site_time_order"),
        ]

    def __str__(self) -> str:
        return f"{self.opens}-{self.closes}"


class TimeSlot(models.Model):
    """A time of day the roster of an agency counts by; an agency without slots has 午前 and 午後."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="slots")
    name = models.CharField("名前", max_length=20)
    starts = models.TimeField("開始")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "starts"], name="slot_once")]

    def __str__(self) -> str:
        return self.name
