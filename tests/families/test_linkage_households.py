"""What several people of two households say together."""

from __future__ import annotations

import pyarrow as pa
import pytest

from tsunagari.families.linkage import households
from tsunagari.families.linkage.frames import SCHEMA, Frame
from tsunagari.families.linkage.households import Met

HOMES = 1_000


def town(apart: frozenset[tuple[int, int]] = frozenset()) -> Frame:
    rows = [{"unique_id": number, "household": number} for number in range(HOMES)]
    return Frame(pa.Table.from_pylist(rows, schema=SCHEMA), apart)


def met(
    left: int, right: int, personal: float, *, who: str = "child", name: str = "same", **more: object
) -> Met:
    births = (more.get("birth"), more.get("other_birth"))
    levels = (name, "same", "same", "same", "same", "same")
    shared = more.get("shared", (6.0, 0.0, 0.0))
    people = (left, right, who, str(more.get("other", who)))
    return Met(1, 2, *people, *births, personal, shared, levels)  # type: ignore[arg-type]


def weight(*mets: Met, **how: frozenset[tuple[int, int]]) -> float | None:
    found = list(households.weigh(mets, of=town(**how)))
    return found[0].weight if found else None


def test_people_add_up_and_the_household_counts_once() -> None:
    child = weight(met(10, 20, 18.0))
    both = weight(met(10, 20, 18.0), met(11, 21, 12.0, who="mother"))
    assert child is not None
    assert both == pytest.approx(child + 12.0)


def test_relatives_share_everything_but_the_people() -> None:
    shared = (6.0, 15.0, 12.0)
    assert weight(met(10, 20, 1.5, shared=shared)) == pytest.approx(1.5 + households.KIN)


def test_another_mother_speaks_against_and_another_father_beside_her_too() -> None:
    child = met(10, 20, 25.0)
    mothers = met(11, 21, -9.0, who="mother", name="differs")
    fathers = met(12, 22, 3.0, who="father", name="differs")
    alone = weight(child)
    assert alone is not None
    assert weight(child, mothers) == pytest.approx(alone + households.OTHER_PARENT)
    assert weight(child, fathers) == pytest.approx(alone + households.ANOTHER_NAME)


def test_mother_here_and_father_there_say_nothing() -> None:
    child = met(10, 20, 25.0)
    assert weight(child, met(11, 21, -9.0, who="mother", other="father", name="differs")) == weight(child)


def test_twins_with_other_names_are_not_one_person() -> None:
    assert weight(met(10, 20, 12.0, name="differs")) is None
    assert weight(met(10, 20, 12.0, name="text_alike")) is None
    assert weight(met(10, 20, 12.0, who="mother", name="text_alike")) is not None


def test_everybody_is_matched_once_the_best_first() -> None:
    mets = [met(10, 20, 20.0), met(10, 21, 5.0), met(11, 20, 5.0), met(11, 21, 18.0)]
    found = next(iter(households.weigh(mets, of=town())))
    assert [(entry["left"], entry["right"]) for entry in found.evidence] == [(10, 20), (11, 21)]


def test_who_could_be_either_of_two_is_worth_half() -> None:
    one, two = weight(met(10, 20, 20.0)), weight(met(10, 20, 20.0), met(10, 21, -9.0, name="differs"))
    assert one is not None
    assert two == pytest.approx(one - 1.0)


def test_children_born_too_close_together_have_not_one_mother() -> None:
    mother = met(11, 21, 25.0, who="mother")
    years = met(10, 20, -9.0, name="differs", birth="20220301", other_birth="20240301")
    months = met(10, 20, -9.0, name="differs", birth="20220301", other_birth="20220601")
    twins = met(10, 20, -9.0, name="differs", birth="20220301", other_birth="20220301")
    assert weight(mother, months) == pytest.approx((weight(mother, years) or 0) + households.BORN_TOO_CLOSE)
    assert weight(mother, twins) == weight(mother, years)


def test_a_grandparent_alone_is_no_evidence() -> None:
    assert weight(met(10, 20, 30.0, who="relative")) is None
    assert weight(met(10, 20, 30.0, who="relative"), met(11, 21, 20.0)) is not None


def test_households_known_to_be_apart_are_passed_over() -> None:
    assert weight(met(10, 20, 30.0), apart=frozenset({(1, 2)})) is None
