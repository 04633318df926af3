"""The pages of registration never read a whole town for one agency's list, nor all uses for one family."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import makers
from tests.architecture import test_plans
from tests.architecture.test_plans import GROWING, _whole_reads
from tests.doors.counter import make_counter
from tests.makers import Town, scope

from tsunagari.families.models import Household
from tsunagari.families.operations import households, policies, registrations
from tsunagari.families.queries.policies import policy_of, values_of
from tsunagari.families.rules import PersonInput

ALSO_GROWING = ("families_homechange", "families_renewal", "families_benefituse")


@pytest.fixture
def family(town: Town) -> Household:
    """A registered family with a renewal, a benefit and a change of home not seen yet."""
    with scope(town, town.counselor.user_id):
        mother = PersonInput(family_name="木村", given_name="綾", family_kana="きむら")
        child = PersonInput(kind="child", given_name="颯太", birth_date=date(2014, 8, 9))
        household = households.create_household(actor=town.counselor, people=[mother, child])
        row = registrations.register(
            household,
            town.aoba,
            actor=town.counselor,
            is_home=True,
            source="counter",
            starts_on=date(2026, 1, 5),
        )
        make_counter(town, household, row)
        policy = policy_of(town.municipality.pk)
        values = replace(values_of(policy), renewal="fiscal_year")
        policies.change_policy(actor=town.officer, values=values, expected_version=policy.version)
    return household


@pytest.mark.parametrize(
    "path", ["/", "/renewals/", "/renewals/?show=done", "/grown-out/", "/families/{id}/"]
)
def test_a_page_of_one_agency_never_needs_a_whole_table(
    town: Town, family: Household, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(test_plans, "GROWING", (*GROWING, *ALSO_GROWING))
    client = makers.client_of(town.counselor)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path.format(id=family.pk)).status_code == 200
    assert _whole_reads([query["sql"] for query in caught]) == []
