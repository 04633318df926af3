"""A town in the middle of a working day, for looking at pages: plainly fictional families of every kind.

It is 24 November 2026, twenty to eleven, at あおば子育て支援センター.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from tests.doors.secret import make_secret
from tests.interop import rosters
from tests.makers import Town, make_agency, scope
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.forms.plans import fields_of
from tsunagari.encounters.models import AssessmentTool, Chart, Consultation, Draft, SupportPlan, Visit
from tsunagari.encounters.operations import charts, drafts, plans, records, tallies, tools, visits
from tsunagari.encounters.queries import of_family
from tsunagari.encounters.rules import RecordInput
from tsunagari.encounters.rules.charts import ChartInput
from tsunagari.families.models import Household, Person, Registration
from tsunagari.families.operations import households, people, registrations
from tsunagari.families.rules import AddressInput, PersonInput
from tsunagari.places.models import Agency, Site
from tsunagari.places.operations import agencies, sites
from tsunagari.places.rules import ChannelInput, HourInput, PeriodInput, SiteInput, SiteTimeInput

DAY = date(2026, 11, 24)
MOMENT = clock.at(DAY, 10, 40)
CHILD = "child"


@dataclass(frozen=True)
class World:
    """What a story or a picture may want to open."""

    town: Town
    kimura: Household
    protected: Household
    expecting: Household
    nickname: Household
    visit: Visit
    record: Consultation
    draft: Draft
    correction: Draft
    split: Draft
    split_off: Draft
    closed: Agency
    hall: Site
    chart: Chart

    def ids(self) -> list[dict[str, int]]:
        """Ids for the parameters of addresses, the richest families first; later ones open what those cannot."""
        spare = make_secret(self.town).ids
        begun = self._begun(spare)
        mother = _members(self.kimura, "guardian")[0]
        unborn = _members(self.expecting, "child")[0]
        standing = Registration.objects.filter(household=self.kimura)[0]
        return [
            spare
            | begun
            | {"household_id": self.kimura.pk, "person_id": mother, "registration_id": standing.pk}
            | {"card_id": self.kimura.cards.get().pk}
            | {"chart_id": self.chart.pk, "entry_id": self.chart.entries.latest("pk").pk}
            | {"visit_id": self.visit.pk, "record_id": self.record.pk, "draft_id": self.draft.pk}
            | {"site_id": self.hall.pk, "time_id": self.hall.times.get(day__isnull=False).pk},
            spare | {"household_id": self.expecting.pk, "person_id": unborn},
            spare | {"household_id": self.protected.pk},
            spare | {"household_id": self.nickname.pk},
            spare,
            spare | {"draft_id": self.split.pk, "other_id": self.split_off.pk, "agency_id": self.closed.pk},
            spare | {"draft_id": self.correction.pk},
            spare | {"draft_id": drafts.open_form("group", actor=self.town.counselor).pk},
            spare | rosters.unmapped(self.town),
        ]

    def _begun(self, spare: dict[str, int]) -> dict[str, int]:
        """The next version of the tool in preparation, and a draft of a plan's next version."""
        tool = tools.next_version(AssessmentTool.objects.get(pk=spare["tool_id"]), actor=self.town.officer)
        plan = SupportPlan.objects.get(pk=spare["plan_id"])
        fields = fields_of(plan, plans.version_of(plan), of_family.actions_of(plan)) | {"plan": str(plan.pk)}
        about = {"actor": self.town.counselor, "fields": fields, "household": plan.household}
        return {"tool_id": tool.pk, "plan_draft_id": drafts.open_form(f"plan:{plan.pk}", **about).pk}


def person(name: str, kana: str, *, kind: str = "guardian", relation: str = "", **more: Any) -> PersonInput:
    """「木村 綾」「きむら あや」 as an input."""
    family, given = name.split()
    family_kana, given_kana = kana.split()
    words = {"family_name": family, "given_name": given, "family_kana": family_kana, "given_kana": given_kana}
    return PersonInput(kind=kind, relation=relation, **words, **more)


def make_world(town: Town) -> World:
    """Everything, through the product's own operations, on the days it happened."""
    actor = town.counselor
    with scope(town, actor.user_id):
        _place(town)
        with clock.stopped_at(_days_ago(150)):
            kimura, others = _kimura(actor), _others(actor)
            protected, expecting = _protected(town, actor), _expecting(actor)
            nickname = households.create_nickname_family(
                actor=actor, nickname="きいろい帽子の子のお母さん", age_hint_months=18
            )
            for family in (kimura, expecting):
                registrations.register(family, town.aoba, actor=actor, is_home=True, source="counter")
        record = _months_of(kimura, town)
        visit = _this_morning([kimura, *others, nickname], actor)
        correction = _correction(record, actor)
        split, split_off = _two_tabs(others[1], actor)
        drafts_of = (_draft(others[0], actor), correction, split, split_off)
        hall, chart = _going_out(town), _followed(kimura, town)
        return World(
            town,
            kimura,
            protected,
            expecting,
            nickname,
            visit,
            record,
            *drafts_of,
            _closed(town),
            hall,
            chart,
        )


def _followed(family: Household, town: Town) -> Chart:
    """The family is followed since its second talk; what came before was put in, and the review is due."""
    with clock.stopped_at(_days_ago(45)):
        chart = charts.open_chart(
            family,
            actor=town.counselor,
            head=ChartInput(
                "下の子の授乳と夜泣きで、お母さんが眠れていない。ことばのことも気にしている。",
                concern=2,
                review_on=DAY - timedelta(days=1),
            ),
            draw_in=list(Consultation.objects.filter(household=family, agency=town.aoba)),
        )
    with clock.stopped_at(_days_ago(30)):
        given = {"expected_version": chart.version, "owner_id": town.colleague.user_id}
        head = ChartInput(chart.why, concern=2, review_on=chart.review_on, shared=True)
        return charts.change_chart(chart, actor=town.manager, head=head, reason="産休に入るため", **given)


def _place(town: Town) -> None:
    """Hours, kind and designation of あおば, as the city's officer has entered them."""
    hours = tuple(HourInput(day, time(9, 30), time(16)) for day in range(5))
    period = PeriodInput(
        name=town.aoba.name, kana="アオバコソダテシエンセンター", operator_kind="1", operator_name="つながり市", place_kind="9",
        ages=("1", "2", "3", "4", "5"), programmes=("kyoten", "5"), postal_code="9999999", address="架空県つながり市あおば町1-2-3",
        latitude=36.05, longitude=139.05, area_id=town.area.pk, phone="0800-000-0000", private_room=True,
        parking="あり（8台）", languages=("en", "vi"), temporary_care=True, capacity=30, hours=hours,
        channels=(ChannelInput("phone", "0800-000-0000", "月～金 9:30～16:00"),),
    )  # fmt: skip
    agencies.change_agency(town.aoba, period, actor=town.officer, effective_on=date(2020, 4, 1))


def _going_out(town: Town) -> Site:
    """A mobile site on Tuesdays and on one Saturday, a park, and who came there, by name and by figures."""
    times = (
        SiteTimeInput(time(10), time(12), weekday=1),
        SiteTimeInput(time(10), time(11, 30), day=date(2026, 12, 5)),
    )
    since, actor = date(2026, 4, 1), town.counselor
    given = SiteInput("東公民館", address="架空県つながり市東町1-1", note="2階の和室", times=times)
    hall = sites.add_site(town.aoba, given, actor=town.manager, valid_from=since)
    outing = SiteInput("中央公園", kind="outing")
    park = sites.add_site(town.aoba, outing, actor=town.manager, valid_from=since)
    with clock.stopped_at(MOMENT):
        for days in (1, 4, 7, 14, 18):
            visits.check_in_anonymous(
                actor=actor, adults=1, children=2, key=uuid4(), at=_days_ago(days), site=hall
            )
        tallies.add_tally(
            actor=actor, families=5, adults=6, children=[2, 3, 1, *[0] * 5], newcomers=1, key=uuid4(), site=park,
            at=MOMENT - timedelta(minutes=20), note="秋のおさんぽ",
        )  # fmt: skip
    return hall


def _days_ago(days: int, hour: int = 10, minute: int = 0) -> datetime:
    return clock.at(DAY - timedelta(days=days), hour, minute)


def _kimura(actor: Actor) -> Household:
    return households.create_household(
        actor=actor,
        people=[
            person(
                "木村 綾",
                "きむら あや",
                relation="母",
                birth_date=date(1994, 3, 3),
                phone="090-0000-1234",
                sex="2",
            ),
            person("木村 大輔", "きむら だいすけ", relation="父", birth_date=date(1992, 11, 20), sex="1"),
            person("木村 颯太", "きむら そうた", kind=CHILD, birth_date=date(2024, 8, 9), sex="1"),
            person("木村 凛", "きむら りん", kind=CHILD, birth_date=date(2026, 6, 1), sex="2"),
        ],
        address=AddressInput(
            postal_code="9999999", address="架空県つながり市あおば町2-3", address_detail="ひなた荘201"
        ),
        caution="卵アレルギーあり（颯太さん）。おやつの時間の前に確認する。",
    )


def _others(actor: Actor) -> list[Household]:
    mai = person("グエン ティマイ", "ぐえん てぃまい", relation="母", language="vi", phone="080-0000-2222")
    families = [
        [
            person("勅使河原 茉莉花", "てしがわら まりか", relation="母", phone="070-0000-3456"),
            person(
                "勅使河原 凜太郎ジョセフ",
                "てしがわら りんたろうじょせふ",
                kind=CHILD,
                birth_date=date(2025, 12, 1),
            ),
        ],
        [mai, person("グエン 陽", "ぐえん はる", kind=CHILD, birth_date=date(2025, 4, 18))],
        [
            person(
                "小林 ふみ", "こばやし ふみ", kind="relative", relation="祖母", birth_date=date(1958, 2, 11)
            ),
            person("小林 結衣", "こばやし ゆい", kind=CHILD, birth_date=date(2023, 5, 5)),
        ],
    ]
    return [households.create_household(actor=actor, people=members) for members in families]


def _protected(town: Town, actor: Actor) -> Household:
    family = households.create_household(
        actor=actor,
        people=[
            person("佐伯 ひとみ", "さえき ひとみ", relation="母", phone="090-0000-7777"),
            person("佐伯 蓮", "さえき れん", kind=CHILD, birth_date=date(2025, 2, 2)),
        ],
        address=AddressInput(address="架空県つながり市みどり町9-9"),
    )
    registrations.register(family, town.aoba, actor=actor, is_home=True, source="counter")
    return households.protect(family, actor=town.lead, protected=True)


def _expecting(actor: Actor) -> Household:
    family = households.create_household(
        actor=actor,
        people=[person("伊集院 さくら", "いじゅういん さくら", relation="母", phone="080-0000-8888")],
    )
    with clock.stopped_at(_days_ago(60)):
        people.expect_child(family, actor=actor, due_date=DAY + timedelta(days=83), count=2)
    return family


def _members(family: Household, kind: str) -> list[int]:
    return list(
        Person.objects.filter(household=family, kind=kind).order_by("pk").values_list("pk", flat=True)
    )


def _months_of(family: Household, town: Town) -> Consultation:
    """Months of visits here and one elsewhere, and four talks; the second was corrected."""
    children, mother = _members(family, "child"), _members(family, "guardian")[0]
    for days in (120, 99, 78, 50, 31, 17):
        visits.check_in(
            family, actor=town.counselor, person_ids=children, key=uuid4(), at=_days_ago(days, 10, 15)
        )
    visits.check_in(
        family, actor=town.stranger, person_ids=children[:1], key=uuid4(), at=_days_ago(40, 14, 5)
    )
    last = None
    for days, words in zip((99, 50, 17, 3), _TALKS, strict=True):
        when = _days_ago(days, 10, 50)
        said = RecordInput(
            occurred_at=when,
            household_id=family.pk,
            person_ids=(children[0], mother),
            consulting_ids=(mother,),
            **words,
        )
        with clock.stopped_at(when + timedelta(minutes=20)):
            last = records.write_record(said, actor=town.colleague, key=uuid4())
    assert last is not None
    return last


_TALKS: tuple[dict[str, Any], ...] = (
    {
        "content": "離乳食を口から出してしまう。量もなかなか増えない。",
        "categories": (4,),
        "responses": ("listened", "advised"),
    },
    {
        "content": "2語文がまだ出ない。保育園の友だちとくらべて気になる。父は「そのうち話す」と言い、家で話しづらい。",
        "categories": (5, 7),
        "responses": ("listened", "informed"),
        "consent": "asked",
    },
    {
        "content": "夜に何度も起きて眠れない。母の疲れがみえる。\n下の子の授乳は3時間おき。",
        "assessment": "母の休む時間が足りていない。",
        "categories": (9, 5),
        "responses": ("listened", "proposed"),
        "next_step": "一時預かりの空きを伝える",
        "next_on": DAY - timedelta(days=2),
        "consent": "given",
    },
    {
        "content": "ことばの教室のことをきかれた。見学の日をいっしょに調べた。",
        "categories": (2, 5),
        "responses": ("informed", "introduced"),
        "next_step": "見学のようすをきく",
        "next_on": DAY,
        "consent": "given",
    },
)


def _this_morning(families: list[Household], actor: Actor) -> Visit:
    seen = []
    for minutes, family in enumerate(families):
        with clock.stopped_at(MOMENT - timedelta(minutes=70 - 12 * minutes)):
            seen.append(
                visits.check_in(family, actor=actor, person_ids=_members(family, "child"), key=uuid4())
            )
    with clock.stopped_at(MOMENT):
        visits.check_in_anonymous(actor=actor, adults=1, children=2, key=uuid4(), other_town=True)
    return seen[0]


def _draft(family: Household, actor: Actor) -> Draft:
    with clock.stopped_at(MOMENT - timedelta(minutes=5)):
        draft = drafts.open_draft(actor=actor, household=family)
        typed = dict(draft.fields) | {
            "content": "人見知りが強くなった。朝の支度に時間がかかる。",
            "categories": ["4"],
        }
        return drafts.save_draft(draft, actor=actor, fields=typed, version=draft.version, client="pc").draft


def _correction(record: Consultation, actor: Actor) -> Draft:
    """A correction begun before a colleague's: both texts wait to be compared."""
    with clock.stopped_at(MOMENT - timedelta(minutes=4)):
        return drafts.open_draft(actor=actor, consultation=record)


def _two_tabs(family: Household, actor: Actor) -> tuple[Draft, Draft]:
    """One draft written in two tabs."""
    with clock.stopped_at(MOMENT - timedelta(minutes=3)):
        draft = drafts.open_draft(actor=actor, household=family)
        kept = {"actor": actor, "version": draft.version}
        drafts.save_draft(
            draft, fields=dict(draft.fields) | {"content": "朝、泣いて離れない。"}, client="a", **kept
        )
        saved = drafts.save_draft(
            draft, fields=dict(draft.fields) | {"content": "夜泣きのこと。"}, client="b", **kept
        )
        assert saved.kept is not None
        return draft, saved.kept


def _closed(town: Town) -> Agency:
    agency = make_agency(town.municipality, "ひだまりサロン", town.area)
    return agencies.close_agency(agency, actor=town.officer, closed_on=DAY - timedelta(days=30))
