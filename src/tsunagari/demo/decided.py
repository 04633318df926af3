"""What each town has decided, and puts in force before the two years begin: rules, benefits, sites, times of day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time

from tsunagari.base.japanese.ages import fiscal_year
from tsunagari.demo.ground import Ground
from tsunagari.demo.plan import SitePlan
from tsunagari.demo.towns import TONARI, TSUNAGARI, place
from tsunagari.families.operations import benefits, policies
from tsunagari.families.queries.policies import policy_of, values_of
from tsunagari.families.rules.benefits import CHILD, HOUSEHOLD, BenefitRule
from tsunagari.places.models import Site
from tsunagari.places.operations import sites, slots
from tsunagari.places.rules import SiteInput, SiteTimeInput, Slot

#: the month in which つながり市 begins to renew registrations for the coming fiscal year
RENEWAL_OPENS = 3
BOOK, CARE = "登録のお祝い絵本", "一時預かり無料券（半日）"
CARE_MONTHS = 12

_POLICIES: Mapping[str, Mapping[str, object]] = {
    TSUNAGARI.key: {
        "renewal": "fiscal_year",
        "renewal_opens_month": RENEWAL_OPENS,
        "at_handbook": "propose",
        "at_birth": "set",
        "card_note": "ひろばに来たら、受付にかざしてください（架空の町のカード）",
    },
    TONARI.key: {"renewal": "none", "at_handbook": "none", "at_birth": "propose"},
}
_BENEFITS = {
    TSUNAGARI.key: (
        BenefitRule(
            BOOK, "ひろばで絵本を1冊えらんでもらいます。お名前を書いた札をはさんで渡します。",
            each=CHILD, quantity=1, unit="冊", until_months=12,
        ),
        BenefitRule(
            CARE, "一時預かりのある機関で、半日ずつ使えます。予約のとき無料券を使うことを聞いてください。",
            each=HOUSEHOLD, quantity=3, unit="枚", months_from_registration=CARE_MONTHS,
        ),
    ),
}  # fmt: skip
#: where children are looked after for half a day
CARE_AT = tuple(agency.key for agency in TSUNAGARI.agencies if agency.facts.get("temporary_care"))

_SITES = {
    TSUNAGARI.key: (
        SitePlan(
            "kawabe", "aoba", "出張ひろば かわべ公民館", "つながり市かわべ2-1", "J3", place(4.4, 1.2), weekday=3,
            opens=time(10), closes=time(12), note="和室。ベビーカーは玄関に置けます",
        ),
        SitePlan(
            "mizube", "midori", "出張ひろば 水辺の里集会所", "つながり市水辺の里1-8", "J3", place(5.3, 2.2), weekday=2,
            opens=time(10), closes=time(11, 30), weeks=(1, 3), note="第1・第3水曜だけ",
        ),
        SitePlan(
            "hellowork", "aoba", "ハローワーク相談会", "つながり市駅前2-5（架空の合同庁舎）", "J2", place(3.3, 3.5),
            weekday=4, opens=time(13, 30), closes=time(15), weeks=(2, 4), note="子ども連れの相談の日に、となりの席で", outing=True,
        ),
    ),
}  # fmt: skip
_SLOTS = {
    TSUNAGARI.key: {"aoba": (Slot("午前", time(0)), Slot("午後", time(12)), Slot("夕方", time(15)))},
}


def sites_of(town: str) -> tuple[SitePlan, ...]:
    """The places agencies of the town go to."""
    return _SITES.get(town, ())


def renews(town: str) -> bool:
    """Whether the town renews registrations each fiscal year."""
    return _POLICIES[town]["renewal"] == "fiscal_year"


def site_since(today: date) -> date:
    """The day sites began: the first of the last fiscal year."""
    return date(fiscal_year(today) - 1, 4, 1)


def decide(ground: Ground) -> None:
    """Put everything in force, by the officer, on the day the clock stands on."""
    town = ground.plan.key
    policy = policy_of(ground.municipality_id)
    values = replace(values_of(policy), **_POLICIES[town])  # type: ignore[arg-type]
    policies.change_policy(actor=ground.officer, values=values, expected_version=policy.version)
    since = date(fiscal_year(ground.today) - 3, 4, 1)
    for rule in _BENEFITS.get(town, ()):
        made = benefits.define_benefit(replace(rule, valid_from=since), actor=ground.officer)
        ground.benefits[rule.name] = made
    for site in sites_of(town):
        ground.sites[site.key] = _add(ground, site)
    for key, own in _SLOTS.get(town, {}).items():
        slots.set_slots(ground.agencies[key], own, actor=ground.officer)


def _add(ground: Ground, site: SitePlan) -> Site:
    weekly = SiteTimeInput(site.opens, site.closes, site.weekday, site.weeks)
    kind = Site.Kind.OUTING if site.outing else Site.Kind.MOBILE
    given = SiteInput(
        site.name, kind=kind, address=site.address, longitude=site.point[0], latitude=site.point[1],
        note=site.note, times=(weekly,),
    )  # fmt: skip
    return sites.add_site(
        ground.agencies[site.agency], given, actor=ground.officer, valid_from=site_since(ground.today)
    )
