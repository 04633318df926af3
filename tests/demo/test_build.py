"""Small towns built through the operations people use."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.models import F, Q

from tests.makers import scope
from tsunagari.accounts.models import Membership, User
from tsunagari.audit.models import Entry
from tsunagari.base import clock
from tsunagari.demo import build, founding
from tsunagari.demo.days import Calendar
from tsunagari.demo.people import start_of
from tsunagari.demo.towns import TONARI, TOWNS, TSUNAGARI
from tsunagari.encounters.models import Consultation, ConsultationRevision, Draft, Visit
from tsunagari.families.models import Household, HouseholdJoin, Person, Registration, SearchEntry, SecondHome
from tsunagari.places.models import Agency, Municipality
from tsunagari.places.operations import municipalities

TODAY = date(2026, 11, 20)
SCALE = 0.05

pytestmark = pytest.mark.slow


def town() -> Municipality:
    return Municipality.objects.get(code=TSUNAGARI.code)


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> object:
    """Both towns at a twentieth, built once for this module and rolled back after it."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        atomic = transaction.atomic()
        atomic.__enter__()
        reports = build.build(today=TODAY, scale=SCALE)
        yield reports
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


@pytest.fixture
def in_built(built: object, django_db_blocker: pytest.FixtureRequest) -> object:
    with django_db_blocker.unblock(), scope(town()):  # type: ignore[attr-defined]
        yield built


def digest() -> str:
    """What matters of all rows, without the numbers the database and the card register draw."""
    parts = [
        list(Person.objects.order_by("pk").values_list("family_name", "given_kana", "birth_date", "life")),
        list(Visit.objects.order_by("pk").values_list("arrived_at", "adults", "children", "key")),
        list(Consultation.objects.order_by("pk").values_list("occurred_at", "content", "key", "version")),
        list(Registration.objects.order_by("pk").values_list("starts_on", "source", "is_home")),
        list(Entry.objects.order_by("seq").values_list("at", "action", "role")),
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def test_the_towns_are_whole_and_marked(built: object, django_db_blocker: pytest.FixtureRequest) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        assert build.is_built()
        said: list[str] = []
        build.build_if_missing(said.append)
    assert said == []


def test_every_account_signs_in_with_the_password_of_the_table(in_built: object) -> None:
    names = {person.username for plan in TOWNS for person in plan.staff}
    users = User.objects.filter(username__in=names)
    assert users.count() == len(names)
    assert all(user.check_password(founding.PASSWORD) and not user.must_change_password for user in users)
    assert all(name in build.accounts_table() for name in {*names, founding.PASSWORD})
    assert Membership.objects.filter(municipality=town(), valid_from__lte=TODAY).count() >= 14


def test_visits_are_on_open_days_only(in_built: object) -> None:
    keys = {plan.identifier: plan for plan in TSUNAGARI.agencies}
    days = {
        agency.pk: Calendar(keys[agency.identifier], start_of(TODAY), TODAY)
        for agency in Agency.objects.filter(municipality=town())
    }
    for agency_id, day in Visit.objects.values_list("agency_id", "visited_on").distinct():
        assert days[agency_id].span(day) is not None


def test_nothing_lies_in_the_future(in_built: object) -> None:
    end = clock.at(TODAY, 18)
    assert not Visit.objects.filter(Q(arrived_at__gt=end) | Q(created_at__gt=end)).exists()
    assert not Consultation.objects.filter(Q(occurred_at__gt=end) | Q(next_done_at__gt=end)).exists()
    assert not Entry.objects.filter(municipality_id=town().pk, at__gt=end).exists()
    assert not Person.objects.filter(life="living", birth_date__gt=TODAY).exists()
    assert not Registration.objects.filter(starts_on__gt=TODAY).exists()


def test_no_record_and_no_visit_comes_before_the_family_was_known(in_built: object) -> None:
    for model in (Visit, Consultation):
        moment = "arrived_at" if model is Visit else "occurred_at"
        early = model.objects.filter(household__isnull=False, **{f"{moment}__lt": F("household__created_at")})
        assert not early.exists()


def test_ages_on_records_fit_births(in_built: object) -> None:
    children = Consultation.objects.filter(people__person__kind="child", people__person__life="living")
    for born, due, day in children.values_list(
        "people__person__birth_date", "people__person__due_date", "occurred_on"
    ):
        assert born is None or born <= day or (due is not None and day >= due - timedelta(days=290))


def test_everybody_can_be_found_and_one_agency_is_home(in_built: object) -> None:
    listed = SearchEntry.objects.filter(listed=True).count()
    assert listed == Household.objects.filter(joined_into__isnull=True).count()
    homes = Registration.objects.filter(is_home=True, ends_on__isnull=True).values_list(
        "household_id", flat=True
    )
    assert len(homes) == len(set(homes)) > 0.4 * Household.objects.count()
    assert not Household.objects.filter(registrations__isnull=False, cards__isnull=True).exists()


def test_special_stories_are_there(in_built: object) -> None:
    assert HouseholdJoin.objects.exists()
    assert Household.objects.filter(kind="nickname", joined_into__isnull=True).exists()
    assert Household.objects.filter(protected=True).exists()
    assert SecondHome.objects.exists()
    assert Draft.objects.filter(version__gt=1).count() == 3
    assert ConsultationRevision.objects.exists()
    assert Visit.objects.filter(household__isnull=True).exists()
    assert Person.objects.filter(life="expected").exists()


def test_the_first_visit_to_an_agency_is_marked_once(in_built: object) -> None:
    firsts = Visit.objects.filter(first_time=True).values_list("household_id", "agency_id")
    pairs = Visit.objects.filter(household__isnull=False).values_list("household_id", "agency_id").distinct()
    joined = set(HouseholdJoin.objects.values_list("target_id", flat=True))
    assert sorted(pair for pair in firsts if pair[0] not in joined) == sorted(
        pair for pair in pairs if pair[0] not in joined
    )


def test_the_small_town_stays_behind_its_wall(in_built: object) -> None:
    other = Municipality.objects.get(code=TONARI.code)
    assert not Household.objects.filter(municipality=other).exists()
    with pytest.raises(RuntimeError), scope(other):
        pass


@pytest.mark.slow
@pytest.mark.django_db
def test_the_same_day_makes_the_same_towns() -> None:
    assert _built_once() == _built_once()


def _built_once() -> str:
    with transaction.atomic():
        build.build(today=TODAY, scale=0.01)
        with scope(town()):
            found = digest()
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
def test_a_build_broken_off_is_told_from_a_whole_one() -> None:
    assert build.state() == "none"
    municipalities.ensure_municipality(TSUNAGARI.code, name="途中の町", fictional=True)
    assert build.state() == "half"
    with pytest.raises(build.HalfBuilt):
        build.build_if_missing(lambda _: None)
