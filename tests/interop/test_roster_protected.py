"""A household that comes under 支援措置 between matching and bringing in stays closed to those without the right."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.interop.rosters import TODAY, book, brought_in, family, reread, sent, taken_out
from tests.makers import Town, scope
from tsunagari.audit.models import Entry
from tsunagari.base import clock
from tsunagari.encounters.models import Visit, VisitPerson
from tsunagari.families.models import AgencyLink, Household, Person
from tsunagari.families.operations import households
from tsunagari.interop import operations
from tsunagari.interop.jobs import rosters as jobs
from tsunagari.interop.models import Import, RosterRow

pytestmark = pytest.mark.django_db

ROW = ("2026/10/1", "架空 花子", "はる", "R6.4.1", "090-0000-1111", 1, 1, "花子さんと来た")
REGISTER = ("登録日", "保護者氏名", "ふりがな", "児の氏名", "生年月日", "住所", "電話")


@pytest.fixture(autouse=True)
def _on_this_day() -> Iterator[None]:
    with clock.stopped_at(clock.at(TODAY, 12)):
        yield


def known_elsewhere(town: Town, *, at: int | None = None) -> Household:
    """架空 花子 and はる of みどり児童館, whom あおば has not met."""
    phone = "09000001111"
    return family(town, ("架空", "花子"), ("はる", "2024-04-01"), phone=phone, at=at or town.midori.pk)


def protected(town: Town, home: Household) -> None:
    with scope(town, town.lead.user_id):
        households.protect(home, actor=town.lead, protected=True)


def closed_to_aoba(town: Town, home: Household) -> bool:
    return not AgencyLink.objects.filter(household=home, agency=town.aoba).exists()


def test_a_sure_household_protected_since_is_not_opened_and_nothing_of_it_is_kept(town: Town) -> None:
    home = known_elsewhere(town)
    row = sent(town, book([ROW]))
    with scope(town):
        assert RosterRow.objects.get(source=row).match == "sure"
    protected(town, home)
    done = brought_in(town, row)
    with scope(town):
        assert closed_to_aoba(town, home)
        assert not Visit.objects.filter(household=home).exists()
        made = Household.objects.exclude(pk=home.pk).get()
        assert (made.kind, made.address, made.visits.count()) == ("nickname", "", 1)
        [child] = Person.objects.filter(household=made).values("given_name", "birth_date", "phone")
        assert child == {"given_name": "", "birth_date": None, "phone": ""}
        assert made.visits.get().note == ""
        line = RosterRow.objects.get(source=row)
        assert (line.match, line.household_id, line.values["nameless"]) == ("maybe", made.pk, True)
        assert Entry.objects.filter(household_id=home.pk, action="family.open").count() == 1  # to みどり
    assert done.notes == [jobs.HELD.format(1)]


def test_it_is_taken_out_as_any_other(town: Town) -> None:
    home = known_elsewhere(town)
    row = sent(town, book([ROW]))
    protected(town, home)
    assert taken_out(town, brought_in(town, row)).status == "undone"
    with scope(town):
        assert list(Household.objects.values_list("pk", flat=True)) == [home.pk]


def test_a_register_opens_and_registers_nothing_of_it(town: Town) -> None:
    home = known_elsewhere(town)
    lines = [("R7.4.1", "架空 花子", "かくう はなこ", "はる", "R6.4.1", "", "090-0000-1111")]
    row = sent(town, book(lines, REGISTER), "登録簿.xlsx")
    protected(town, home)
    assert brought_in(town, row).status == "done"
    with scope(town):
        assert closed_to_aoba(town, home)
        assert not home.registrations.exists()


@pytest.mark.parametrize("who", ["own", "lead"])
def test_whoever_may_see_it_still_brings_it_in(town: Town, who: str) -> None:
    home = known_elsewhere(town, at=town.aoba.pk if who == "own" else None)
    actor = town.manager if who == "own" else town.lead
    row = sent(town, book([ROW]), actor=actor)
    protected(town, home)
    assert brought_in(town, row, actor=actor).notes == []
    with scope(town):
        assert Visit.objects.get().household_id == home.pk
        assert VisitPerson.objects.count() == 2


def test_what_the_centre_decided_stands_when_an_agency_brings_it_in(town: Town) -> None:
    home = known_elsewhere(town)
    protected(town, home)
    row = sent(town, book([ROW]))
    with scope(town, town.lead.user_id):
        lead = RosterRow.objects.get(source=row)
        operations.decide(row, lead.number, actor=town.lead, household_id=home.pk)
    brought_in(town, row, rest_new=False)
    with scope(town):
        assert Visit.objects.get().household_id == home.pk
    assert reread(town, row.pk).status == Import.Status.DONE
