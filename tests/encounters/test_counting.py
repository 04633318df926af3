"""D2, C5: everybody is counted once, and the times of day make up the day."""

from __future__ import annotations

from datetime import time

from hypothesis import given
from hypothesis import strategies as st

from tsunagari.encounters.rules import AGE_GROUPS, Came, Counts, Tallied, count, count_slots
from tsunagari.places.rules import Slot

FEW = st.integers(0, 4)
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
VISITS = st.lists(
    st.builds(
        Came,
        who=st.sampled_from(["木村", "たんぽぽさん", "visit 1", "visit 2"]),
        at=TIMES,
        adults=FEW,
        children=FEW,
        kids=st.dictionaries(st.integers(1, 5), st.none() | st.integers(0, 100), max_size=3),
        first=st.booleans(),
        other_town=st.booleans(),
        named=st.booleans(),
    ),
    max_size=6,
)
TALLIES = st.lists(
    st.builds(
        Tallied,
        at=TIMES,
        families=FEW,
        adults=FEW,
        children=st.tuples(*[FEW] * len(AGE_GROUPS)),
        newcomers=FEW,
        other_town=FEW,
    ),
    max_size=3,
)
SLOTS = st.lists(TIMES, min_size=1, max_size=5, unique=True).map(
    lambda starts: [Slot(str(start), start) for start in sorted(starts)]
)


@given(VISITS, TALLIES, SLOTS)
def test_the_slots_make_up_the_day(visits: list[Came], tallies: list[Tallied], slots: list[Slot]) -> None:
    parts = count_slots(visits, tallies, slots)
    assert len(parts) == len(slots)
    assert sum(parts, Counts()) == count(visits, tallies)


@given(VISITS, VISITS)
def test_joining_two_families_counts_nobody_twice(one: list[Came], other: list[Came]) -> None:
    apart = count([*one, *other])
    joined = count([*one, *other, *one])
    assert joined == apart
    assert apart.families == len({visit.who for visit in [*one, *other]})


@given(VISITS)
def test_a_familys_children_are_the_most_that_came_or_all_who_are_known(visits: list[Came]) -> None:
    alone = [Came("木村", v.at, v.adults, v.children, v.kids) for v in visits]
    known = {pk for visit in alone for pk in visit.kids}
    most = max((visit.children for visit in alone), default=0)
    assert count(alone).children == max(most, len(known))


def test_a_family_that_came_twice_stands_where_it_came_first() -> None:
    slots = [Slot("午前", time(0)), Slot("午後", time(12))]
    came = [Came("木村", time(14), adults=2), Came("木村", time(9), adults=1)]
    morning, afternoon = count_slots(came, [Tallied(time(13), families=5, adults=6)], slots)
    assert (morning.families, morning.adults) == (1, 2)
    assert (afternoon.families, afternoon.tallied, afternoon.tallied_adults) == (5, 5, 6)
