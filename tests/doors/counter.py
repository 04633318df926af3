"""What a family has at the counter: a change of home to be seen, a renewal, a benefit with a use, a paper form."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

from tests.makers import Town

from tsunagari.base import clock
from tsunagari.families.models import HomeChange, Household, Registration
from tsunagari.families.operations import benefits, forms_paper, policies, renewals
from tsunagari.families.queries.policies import policy_of, values_of
from tsunagari.families.rules.benefits import BenefitRule


def make_counter(town: Town, household: Household, registration: Registration) -> dict[str, int]:
    """Needs the town's open scope; ids by route parameter. The town renews from then on."""
    actor, policy = town.counselor, policy_of(town.municipality.pk)
    values = replace(values_of(policy), renewal="fiscal_year")
    policies.change_policy(actor=town.officer, values=values, expected_version=policy.version)
    renewal = renewals.renew(registration, actor=actor, document="known")
    book = BenefitRule(name="はじめての絵本", unit="冊", valid_from=date(2020, 4, 1))
    benefit = benefits.define_benefit(book, actor=town.officer)
    use = benefits.use_benefit(benefit, household, actor=actor, person=None, count=1, key=uuid4())
    [form] = forms_paper.print_forms(1, actor=actor, agency=town.aoba)
    forms_paper.enter(form, household, actor=actor)
    change = HomeChange.objects.create(
        municipality=town.municipality,
        household=household,
        former=town.midori,
        new=town.aoba,
        changed_on=clock.today(),
        changed_at=clock.now(),
    )
    return {
        "change_id": change.pk,
        "renewal_id": renewal.pk,
        "benefit_id": benefit.pk,
        "use_id": use.pk,
    }
