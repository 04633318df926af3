"""The counter of the town in the middle of its day: it renews, gives a book and half-days of care, and has forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

from tests.browser.world import MOMENT, World
from tests.makers import scope
from tsunagari.base import clock
from tsunagari.families.models import Benefit
from tsunagari.families.operations import benefits, forms_paper, policies
from tsunagari.families.queries.policies import policy_of, values_of
from tsunagari.families.rules.benefits import BenefitRule

SINCE = date(2026, 4, 1)
BOOK = BenefitRule(
    name="はじめての絵本",
    description="0歳のお子さんに絵本を1冊",
    each="child",
    unit="冊",
    until_months=12,
    valid_from=SINCE,
)
CARE = BenefitRule(name="一時預かり（半日無料）", quantity=3, months_from_registration=12, valid_from=SINCE)


def at_the_counter(world: World) -> Benefit:
    """Set it all up once; the benefit with tickets."""
    town = world.town
    with scope(town, town.counselor.user_id), clock.stopped_at(MOMENT):
        if made := Benefit.objects.filter(name=CARE.name).first():
            return made
        policy = policy_of(town.municipality.pk)
        values = replace(values_of(policy), renewal="fiscal_year", renewal_opens_month=11)
        policies.change_policy(actor=town.officer, values=values, expected_version=policy.version)
        benefits.define_benefit(BOOK, actor=town.officer)
        care = benefits.define_benefit(CARE, actor=town.officer)
        benefits.use_benefit(care, world.kimura, actor=town.counselor, person=None, count=1, key=uuid4())
        forms_paper.print_forms(20, actor=town.counselor, agency=town.aoba)
    return care
