"""Rows of a random month, for the tests that count it in several ways."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from hypothesis import strategies as st

from tests.makers import Town
from tsunagari.base import clock
from tsunagari.encounters.models import (
    Chart,
    Consultation,
    ConsultationPerson,
    Partner,
    RecordMark,
    Tally,
    Visit,
    VisitPerson,
)
from tsunagari.encounters.rules.codes import CHANNELS, KINDS, RESPONSES
from tsunagari.families.models import Household, Person, Registration

FIRST = date(2027, 2, 1)  # a February, so that birthdays on the 29th matter
MONTH = st.integers(-2, 29).map(lambda number: FIRST + timedelta(days=number))
FEW = st.integers(0, 3)
CODES = st.lists(st.integers(1, 13), max_size=3, unique=True)


@dataclass(frozen=True)
class World:
    """What stands before the month: families with people, partners, a mark."""

    town: Town
    families: list[Household]
    people: list[list[Person]]
    partners: list[Partner]
    mark: RecordMark


def make_world(town: Town) -> World:
    """Three families; in each a mother, a child born on 29 February, one about this old, and one expected."""
    families, people = [], []
    for number in range(3):
        family = Household.objects.create(municipality=town.municipality, created_at=clock.now())
        given: list[dict[str, Any]] = [
            {"kind": "guardian", "relation": ("母", "父", "")[number]},
            {"kind": "child", "birth_date": date(2024, 2, 29)},
            {"kind": "child", "age_hint_months": 10 + number, "age_hint_on": date(2027, 1, 31)},
            {"kind": "child", "life": "expected", "due_date": date(2027, 5, 1)},
        ]
        families.append(family)
        people.append(
            [Person.objects.create(municipality=town.municipality, household=family, **one) for one in given]
        )
    partners = [
        Partner.objects.create(municipality=town.municipality, kind=1, name=f"架空の窓口{number}")
        for number in range(2)
    ]
    mark = RecordMark.objects.create(municipality=town.municipality, symbol="●", name="記録を残す")
    return World(town, families, people, partners, mark)


RECORD = st.fixed_dictionaries(
    {
        "day": MONTH,
        "agency": st.integers(0, 1),
        "family": st.none() | st.integers(0, 2),
        "main": st.integers(1, 13),
        "more": CODES,
        "channel": st.sampled_from(list(CHANNELS)),
        "kind": st.sampled_from(list(KINDS)),
        "responses": st.lists(st.sampled_from(list(RESPONSES)), max_size=3, unique=True),
        "told": st.lists(st.integers(0, 1), max_size=2, unique=True),
        "linked": st.lists(st.integers(0, 1), max_size=2, unique=True),
        "concern": st.none() | st.integers(0, 3),
        "marked": st.booleans(),
        "step": st.sampled_from(["none", "open", "done"]),
        "ages": st.lists(st.none() | st.integers(0, 90) | st.just("妊娠8か月（30週）"), max_size=3),
        "mother": st.booleans(),
    }
)
VISIT = st.fixed_dictionaries(
    {
        "day": MONTH,
        "hour": st.integers(9, 16),
        "agency": st.integers(0, 1),
        "family": st.none() | st.integers(0, 2),
        "adults": FEW,
        "children": FEW,
        "first": st.booleans(),
        "other_town": st.booleans(),
        "kids": st.sets(st.integers(1, 3)),
        "undone": st.booleans(),
    }
)
TALLY = st.fixed_dictionaries(
    {
        "day": MONTH,
        "agency": st.integers(0, 1),
        "families": FEW,
        "adults": FEW,
        "newcomers": FEW,
        "other_town": FEW,
    }
    | {"children": st.lists(FEW, min_size=8, max_size=8), "undone": st.booleans()}
)
# One or two registrations of a family with an agency, one after the other; the last may be open.
REGISTERED = st.fixed_dictionaries(
    {"agency": st.integers(0, 1), "day": MONTH, "days": st.lists(st.integers(1, 20), min_size=1, max_size=2)}
    | {"open": st.booleans()}
)
CHART = st.fixed_dictionaries(
    {"agency": st.integers(0, 1), "day": MONTH, "days": st.none() | st.integers(0, 40)}
)


def months(records: int, visits: int, most: int = 8) -> st.SearchStrategy[dict[str, Any]]:
    """Months with at least so many records and visits."""
    return st.fixed_dictionaries(
        {
            "records": st.lists(RECORD, min_size=records, max_size=max(records, most)),
            "visits": st.lists(VISIT, min_size=visits, max_size=max(visits, most)),
            "tallies": st.lists(TALLY, max_size=2),
            "registered": st.dictionaries(st.integers(0, 2), REGISTERED, max_size=3),
            "charts": st.dictionaries(st.integers(0, 2), CHART, max_size=3),
        }
    )


MONTHS, FULL_MONTHS = months(0, 0), months(12, 10, 16)


def fill(world: World, month: dict[str, Any]) -> None:
    """Write the month's rows."""
    for one in month["records"]:
        _record(world, one)
    for one in month["visits"]:
        _visit(world, one)
    for one in month["tallies"]:
        given = {
            name: one[name] for name in ("day", "families", "adults", "newcomers", "other_town", "children")
        }
        Tally.objects.create(**_where(world, one), at="10:00", **_stamps(one), **given)
    for family, one in month["registered"].items():
        _registered(world, world.families[family], one)
    for family, one in month["charts"].items():
        _chart(world, world.families[family], one)


def _registered(world: World, family: Household, one: dict[str, Any]) -> None:
    starts_on = one["day"]
    for number, days in enumerate(one["days"], start=1):
        goes_on = one["open"] and number == len(one["days"])
        ends_on = None if goes_on else starts_on + timedelta(days=days)
        Registration.objects.create(
            **_where(world, one),
            household=family,
            starts_on=starts_on,
            ends_on=ends_on,
            created_at=clock.now(),
        )
        starts_on += timedelta(days=days + 1)


def _chart(world: World, family: Household, one: dict[str, Any]) -> None:
    closed_on = None if one["days"] is None else one["day"] + timedelta(days=one["days"])
    now = clock.now()
    Chart.objects.create(
        **_where(world, one),
        household=family,
        number=f"R8-{family.pk}",
        why="架空",
        opened_on=one["day"],
        closed_on=closed_on,
        created_at=now,
        updated_at=now,
    )


def _where(world: World, one: dict[str, Any]) -> dict[str, Any]:
    town = world.town
    return {"municipality": town.municipality, "agency": (town.aoba, town.midori)[one["agency"]]}


def _stamps(one: dict[str, Any]) -> dict[str, Any]:
    now = clock.now()
    return {"key": uuid4(), "created_at": now, "undone_at": now if one.get("undone") else None}


def _record(world: World, one: dict[str, Any]) -> Consultation:
    family = None if one["family"] is None else world.families[one["family"]]
    at = clock.at(one["day"], 10)
    record = Consultation.objects.create(
        **_where(world, one),
        household=family,
        occurred_on=one["day"],
        occurred_at=at,
        main_category=one["main"],
        categories=[one["main"], *(code for code in one["more"] if code != one["main"])],
        channel=one["channel"],
        kind=one["kind"],
        responses=one["responses"],
        told=[world.partners[number].pk for number in one["told"]],
        linked=[world.partners[number].pk for number in one["linked"]],
        concern=one["concern"],
        mark=world.mark if one["marked"] else None,
        next_on=None if one["step"] == "none" else one["day"],
        next_done_at=at if one["step"] == "done" else None,
        content="話をきいた。",
        author_name="試験",
        key=uuid4(),
        created_at=at,
        updated_at=at,
    )
    if family is not None:
        _people(world, record, one)
    return record


def _people(world: World, record: Consultation, one: dict[str, Any]) -> None:
    mother, *children = world.people[one["family"]]
    about: list[tuple[Person, Any]] = list(zip(children, one["ages"], strict=False))
    if one["mother"]:
        about.append((mother, None))
    for person, age in about:
        told = isinstance(age, str)
        ConsultationPerson.objects.create(
            municipality=world.town.municipality,
            consultation=record,
            person=person,
            consulting=person is mother,
            age_text=age if told else "",
            age_months=None if told else age,
        )


def _visit(world: World, one: dict[str, Any]) -> None:
    family = None if one["family"] is None else world.families[one["family"]]
    at: datetime = clock.at(one["day"], one["hour"])
    visit = Visit.objects.create(
        **_where(world, one),
        household=family,
        visited_on=one["day"],
        arrived_at=at,
        adults=one["adults"],
        children=one["children"],
        first_time=one["first"],
        other_town=one["other_town"],
        **_stamps(one),
    )
    if one["family"] is not None:
        for number in one["kids"]:
            person = world.people[one["family"]][number]
            VisitPerson.objects.create(municipality=world.town.municipality, visit=visit, person=person)


@contextmanager
def rolled_back() -> Iterator[None]:
    """What is written inside is gone afterwards."""
    with suppress(_Undo), transaction.atomic():
        yield
        raise _Undo


class _Undo(Exception):
    """Ends a block whose rows must not stay."""
