"""A search from asking to the list: read behind the walls, kept without asking again what people decided (D8)."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.families.people import AYA, SOTA, make_family, trail
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.base.errors import Conflict
from tsunagari.families import jobs, schedule
from tsunagari.families.linkage.households import Found
from tsunagari.families.linkage.town import of_town
from tsunagari.families.models import CandidatePair, Household, LinkageRun, Person, SecondHome
from tsunagari.families.operations import decisions, joins, pairs

Decision = CandidatePair.Decision
MOVED = replace(SOTA, birth_date=date(2024, 8, 6), phone="")
OTHER = replace(
    AYA, given_name="節子", given_kana="セツコ", phone="080-1111-2222", birth_date=date(1990, 1, 2)
)
ELSE = replace(SOTA, given_name="小夜", given_kana="サヨ", birth_date=date(2023, 4, 5))


def search(town: Town) -> LinkageRun:
    """What the worker does, for a run asked for by the centre."""
    with scope(town):
        run = pairs.start_run(actor=town.lead)
    jobs.find_pairs(run.pk, town.municipality.pk)
    with scope(town):
        run.refresh_from_db()
        return run


def two(town: Town) -> tuple[Household, Household]:
    with scope(town):
        return make_family(town.counselor), make_family(town.counselor, AYA, MOVED)


def on_list(town: Town) -> list[tuple[int, int, str]]:
    with scope(town):
        return list(CandidatePair.objects.order_by("pk").values_list("left_id", "right_id", "decision"))


def keep(town: Town, *pairs_found: tuple[Household, Household], weight: float = 9.0) -> int:
    """What a search keeps that found these pairs; how many were new."""
    with scope(town):
        run = LinkageRun.objects.create(
            municipality=town.municipality, state=LinkageRun.State.DONE, created_at=clock.now()
        )
        found = [Found(one.pk, other.pk, weight, [{"left": 1, "right": 2}]) for one, other in pairs_found]
        return pairs.keep_found(found, run=run)


def decide(town: Town, decision: str) -> None:
    with scope(town):
        decisions.decide(CandidatePair.objects.get(), decision, actor=town.nurse)


def test_a_family_entered_twice_comes_on_the_list_without_its_names(town: Town) -> None:
    one, other = two(town)
    with scope(town):
        make_family(town.stranger, OTHER, ELSE)
    run = search(town)
    assert on_list(town) == [(one.pk, other.pk, Decision.OPEN)]
    assert (run.state, run.people, run.households, run.pairs) == (LinkageRun.State.DONE, 6, 3, 1)
    with scope(town):
        pair = CandidatePair.objects.get()
        assert {entry["left"] for entry in pair.evidence} == set(one.people.values_list("pk", flat=True))
        assert not {"橋", "アヤ", "あや", "1234"} & set(str(pair.evidence).split("'"))


def test_a_second_search_gives_new_weight_and_keeps_what_waits_for_later(town: Town) -> None:
    both = two(town)
    assert keep(town, both) == 1
    decide(town, Decision.LATER)
    assert keep(town, both, weight=12.5) == 0
    with scope(town):
        pair = CandidatePair.objects.get()
        assert (pair.decision, pair.weight, pair.run_id) == (
            Decision.LATER,
            12.5,
            LinkageRun.objects.latest("pk").pk,
        )


def test_what_is_different_is_never_asked_again(town: Town) -> None:
    one, other = two(town)
    keep(town, (one, other))
    decide(town, Decision.DIFFERENT)
    with scope(town):
        assert of_town(town.municipality.pk).apart == {(one.pk, other.pk)}
    assert keep(town, (one, other), weight=99.0) == 0
    assert on_list(town) == [(one.pk, other.pk, Decision.DIFFERENT)]
    with scope(town):
        assert CandidatePair.objects.get().weight == 9.0


def test_different_holds_for_the_family_one_of_them_was_joined_into(town: Town) -> None:
    one, other = two(town)
    keep(town, (one, other))
    decide(town, Decision.DIFFERENT)
    with scope(town):
        into = make_family(town.counselor)
        joins.join(one, into, actor=town.nurse, same={})
        assert of_town(town.municipality.pk).apart == {(other.pk, into.pk)}


def test_an_open_pair_that_is_not_found_again_leaves_the_list(town: Town) -> None:
    keep(town, two(town))
    keep(town)
    assert on_list(town) == []


def test_a_joined_household_is_not_compared(town: Town) -> None:
    one, other = two(town)
    with scope(town):
        joins.join(other, one, actor=town.nurse, same={})
        assert of_town(town.municipality.pk).households == 1
    search(town)
    assert on_list(town) == []


def test_two_homes_of_one_child_are_known_to_be_apart(town: Town) -> None:
    one, other = two(town)
    with scope(town):
        child = one.people.get(kind="child")
        SecondHome.objects.create(
            municipality=town.municipality, person=child, household=other, valid_from=date(2026, 1, 1)
        )
        assert of_town(town.municipality.pk).apart == {(one.pk, other.pk)}


@pytest.mark.parametrize("change", [{"left_on": date(2026, 1, 1)}, {"life": "deceased"}])
def test_who_left_or_died_is_no_sign(town: Town, change: dict[str, object]) -> None:
    _, other = two(town)
    with scope(town):
        Person.objects.filter(household=other).update(**change)
        assert of_town(town.municipality.pk).households == 1


def test_a_pair_with_a_protected_family_is_marked(town: Town) -> None:
    one, other = two(town)
    keep(town, (one, other))
    with scope(town):
        Household.objects.filter(pk=other.pk).update(protected=True)
    keep(town, (one, other))
    with scope(town):
        assert CandidatePair.objects.get().protected


def test_another_town_is_another_search(town: Town, other_town: Town) -> None:
    with scope(town):
        make_family(town.counselor)
    with scope(other_town):
        make_family(other_town.counselor)
        assert of_town(town.municipality.pk).households == 0
    assert search(town).households == 1
    assert on_list(town) == []


def test_an_empty_town_is_searched_in_no_time(town: Town) -> None:
    run = search(town)
    assert (run.state, run.people, run.pairs) == (LinkageRun.State.DONE, 0, 0)


def test_households_joined_while_the_search_ran_are_passed_over(in_town: Town) -> None:
    one, other = make_family(in_town.counselor), make_family(in_town.counselor)
    run = pairs.start_run(actor=in_town.lead)
    joins.join(other, one, actor=in_town.nurse, same={})
    assert pairs.keep_found([Found(one.pk, other.pk, 9.0, [])], run=run) == 0
    assert not CandidatePair.objects.exists()


def test_one_search_at_a_time_and_the_trail_says_who_asked(in_town: Town) -> None:
    run = pairs.start_run(actor=in_town.lead)
    with pytest.raises(Conflict, match="さがしています"):
        pairs.start_run(actor=in_town.officer)
    assert pairs.start_by_calendar(in_town.municipality.pk) is None
    assert pairs.going_on(in_town.municipality.pk) == run
    assert [entry.object_id for entry in trail("linkage.run")] == [run.pk]
    assert ProcrastinateJob.objects.get(task_name="families.find_pairs").args["run_id"] == run.pk


def test_the_calendar_asks_in_every_town(town: Town, other_town: Town) -> None:
    schedule.find_pairs_weekly(0)
    for each in (town, other_town):
        with scope(each):
            assert LinkageRun.objects.get().asked_by is None


def test_a_failure_is_told_and_the_list_stays(
    town: Town, settings: object, caplog: pytest.LogCaptureFixture
) -> None:
    """A folder for what does not fit in memory that cannot be made: the search cannot run."""
    keep(town, two(town))
    before = on_list(town)
    settings.LINKAGE_SPILL = Path("/dev/null/spill")  # type: ignore[attr-defined]
    run = search(town)
    assert (run.state, run.message) == (LinkageRun.State.FAILED, jobs.FAILED)
    assert on_list(town) == before
    assert "NotADirectoryError" in caplog.text


def test_nothing_stays_in_the_folder_for_what_does_not_fit(
    town: Town, settings: object, tmp_path: Path
) -> None:
    settings.LINKAGE_SPILL = tmp_path / "spill"  # type: ignore[attr-defined]
    two(town)
    assert search(town).state == LinkageRun.State.DONE
    assert list((tmp_path / "spill").iterdir()) == []
    assert (tmp_path / "spill").stat().st_mode & 0o077 == 0


def test_what_a_killed_search_left_is_removed_and_a_running_one_is_not(tmp_path: Path, settings: Any) -> None:
    settings.LINKAGE_SPILL = tmp_path
    for name, age in (("linkage-old", 7 * 3600), ("linkage-new", 60)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "names").write_text("架空")
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    assert jobs._spill() == tmp_path
    assert [path.name for path in tmp_path.iterdir()] == ["linkage-new"]


def test_a_search_given_up_says_so_and_a_finished_one_is_left_alone(town: Town) -> None:
    with scope(town):
        run = pairs.start_run(actor=town.lead)
    pairs.stop_stalled(run.pk, town.municipality.pk)
    jobs.find_pairs(run.pk, town.municipality.pk)
    with scope(town):
        run.refresh_from_db()
        assert (run.state, run.message) == (LinkageRun.State.FAILED, jobs.STALLED)
