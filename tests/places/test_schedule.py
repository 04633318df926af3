"""A1: a new name that was entered ahead is the agency's name from its day on, without anybody's doing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from procrastinate.contrib.django import app
from tests.makers import Town, make_agency, scope

from tsunagari.audit.models import Entry
from tsunagari.base import clock
from tsunagari.places.models import Agency
from tsunagari.places.operations import agencies
from tsunagari.places.queries import period_input
from tsunagari.places.schedule import refresh_names

TODAY, NEW_DAY = date(2027, 3, 31), date(2027, 4, 1)


def rename_ahead(town: Town, agency: Agency, name: str) -> None:
    with scope(town), clock.stopped_at(clock.at(TODAY)):
        given = replace(period_input(agency.periods.prefetch_related("hours").get()), name=name)
        agencies.change_agency(agency, given, actor=town.officer, effective_on=NEW_DAY)


def names(town: Town) -> set[str]:
    with scope(town):
        return set(Agency.objects.values_list("name", flat=True))


def run_on(day: date) -> None:
    with clock.stopped_at(clock.at(day, 0, 1)):
        refresh_names(timestamp=0)


def test_names_change_on_their_day_in_every_town(town: Town, other_town: Town) -> None:
    rename_ahead(town, town.aoba, "あおばテラス")
    rename_ahead(other_town, other_town.midori, "みどりの家")
    run_on(TODAY)
    assert "あおば子育て支援センター" in names(town)
    run_on(NEW_DAY)
    assert "あおばテラス" in names(town)
    assert "あおば子育て支援センター" not in names(town)
    assert "みどりの家" in names(other_town)
    assert "みどり児童館" not in names(other_town)


def test_the_trail_says_once_that_the_system_did_it(town: Town) -> None:
    rename_ahead(town, town.aoba, "あおばテラス")
    run_on(NEW_DAY)
    run_on(NEW_DAY)
    with scope(town):
        kept = Entry.objects.get(action="places.manage", via="job")
    assert (kept.user_id, kept.detail) == (None, f'{{"agencies":[{town.aoba.pk}],"change":"names"}}')


def test_an_agency_without_a_new_name_is_left_alone(town: Town) -> None:
    with scope(town):
        make_agency(town.municipality, "かわらない広場")
    run_on(NEW_DAY)
    with scope(town):
        assert not Entry.objects.filter(via="job").exists()


def test_the_worker_knows_the_job_and_runs_it_by_itself() -> None:
    found = [
        task
        for task in app.periodic_registry.periodic_tasks.values()
        if task.task.name == "places.refresh_names"
    ]
    assert [task.cron for task in found] == ["1 * * * *"]
