"""Prepared querysets find what the plain ones find, whatever the form of the arguments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.models import F, Model, Q, QuerySet
from django.test.utils import CaptureQueriesContext
from tests.makers import Town

from tsunagari.accounts.models import Membership, User
from tsunagari.audit import operations as audit
from tsunagari.audit.models import Entry
from tsunagari.base import clock, tenancy
from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared
from tsunagari.places.models import Agency, AgencyPeriod, Municipality

LOOK = "test.prepared"
pytestmark = pytest.mark.django_db


@prepared
def _agencies(actor: Actor, ids: list[int], *, first: bool = False) -> QuerySet[Agency, Agency]:
    rows = Agency.objects.filter(municipality_id=actor.municipality_id, pk__any_of=ids).order_by("pk")
    return rows.select_related("municipality")[:1] if first else rows.select_related("municipality")


@prepared
def _under(agency: int | None) -> QuerySet[AgencyPeriod, int]:
    return AgencyPeriod.objects.filter(Q(agency=agency)).values_list("agency_id", flat=True)


@prepared
def _looks(actor: Actor) -> QuerySet[Entry, Entry]:
    return Entry.objects.filter(user_id=actor.user_id or 0, agency_id=actor.agency_id, action=LOOK)


@prepared
def _within(part: str) -> QuerySet[Agency, Agency]:
    return Agency.objects.filter(name__contains=part)


@prepared
def _nobody(day: date) -> QuerySet[Municipality, Municipality]:
    return Municipality.objects.none()


@prepared
def _forgetful(name: str) -> QuerySet[AgencyPeriod, AgencyPeriod]:
    return AgencyPeriod.objects.filter(name=name, valid_from__lte=clock.today())


def test_values_travel_and_the_form_stays(in_town: Town) -> None:
    ids = [in_town.aoba.pk, in_town.centre.pk]
    for wanted in ([], ids[:1], ids, [*ids, 0]):
        plain = Agency.objects.filter(pk__in=wanted).order_by("pk")
        assert _agencies(in_town.counselor, wanted) == list(plain)
    assert len(_agencies(in_town.counselor, ids, first=True)) == 1


def test_another_town_finds_its_own_with_the_same_statement(in_town: Town) -> None:
    ids = [in_town.aoba.pk]
    assert [row.pk for row in _agencies(in_town.counselor, ids)] == ids
    assert (
        _agencies(replace(in_town.counselor, municipality_id=in_town.counselor.municipality_id + 1), ids)
        == []
    )


def test_what_is_joined_is_not_asked_again(in_town: Town) -> None:
    with CaptureQueriesContext(connection) as asked:
        rows = _agencies(in_town.counselor, [in_town.aoba.pk])
        assert rows[0].municipality.pk == in_town.counselor.municipality_id
    assert len(asked) == 1


def test_none_is_a_form_of_its_own(in_town: Town) -> None:
    assert (
        _under(in_town.aoba.pk)
        == [in_town.aoba.pk] * AgencyPeriod.objects.filter(agency=in_town.aoba).count()
    )
    assert _under(None) == []
    assert _nobody(clock.today()) == []


def test_numbers_that_the_driver_is_told_the_size_of_travel_too(in_town: Town) -> None:
    mine, theirs = in_town.counselor, in_town.colleague
    for actor in (mine, theirs):
        audit.record(LOOK, actor=actor)
    tenancy.current().before_commit[0]()
    assert [(row.user_id, row.agency_id) for row in _looks(mine)] == [(mine.user_id, mine.agency_id)]
    assert [(row.user_id, row.agency_id) for row in _looks(theirs)] == [(theirs.user_id, theirs.agency_id)]


def test_an_argument_that_is_changed_on_its_way_is_refused(in_town: Town) -> None:
    with pytest.raises(TypeError, match="_within"):
        _within("あお")


def test_a_day_of_its_own_is_refused(in_town: Town) -> None:
    with pytest.raises(TypeError, match="_forgetful"):
        _forgetful("あおば")


def test_an_argument_that_would_be_written_into_the_statement_is_refused(db: None) -> None:
    @prepared
    def cut(most: int) -> QuerySet[Agency, Agency]:
        return Agency.objects.order_by("pk")[:most]

    @prepared
    def two(ids: list[int]) -> QuerySet[Agency, Agency]:
        return Agency.objects.filter(pk__any_of=[*ids, 1])

    for wrong, given in ((cut, 3), (two, [1, 2])):
        with pytest.raises(TypeError):
            wrong(given)  # type: ignore[operator]


def _kinds(agency: int) -> list[QuerySet[Any, Any]]:
    """One agency in every shape that a prepared queryset may give: joined, in part, with more, as plain rows."""
    rows = Agency.objects.filter(pk=agency)
    periods = AgencyPeriod.objects.filter(agency=agency).order_by("pk")
    return [
        rows,
        rows.select_related("municipality"),
        rows.only("name"),
        rows.defer("name").annotate(twice=F("pk") * 2),
        periods.select_related("agency__municipality"),
        periods.only("name", "agency__name").select_related("agency"),
        Membership.objects.select_related("user", "agency__municipality").order_by("pk"),  # some at no agency
        User.objects.filter(memberships__agency=agency).order_by("pk"),
        rows.values("pk", "name", town=F("municipality__name")),
        rows.values_list("name", "pk"),
        rows.values_list("name", flat=True),
        rows.annotate(twice=F("pk") * 2).values_list("twice", "name", named=True),
    ]


def _seen(row: Any) -> Any:
    """Everything an instance holds, with what is joined to it."""
    if not isinstance(row, Model):
        return type(row).__name__, row
    held = {name: value for name, value in vars(row).items() if name != "_state"}
    joined = {name: other and _seen(other) for name, other in row._state.fields_cache.items()}
    return type(row), held, joined, row._state.adding, row._state.db


@pytest.mark.parametrize("kind", range(12))
def test_rows_are_what_the_plain_queryset_gives(in_town: Town, kind: int) -> None:
    @prepared
    def rows(agency: int) -> QuerySet[Any, Any]:
        return _kinds(agency)[kind]

    found = rows(in_town.aoba.pk)
    assert [_seen(row) for row in found] == [_seen(row) for row in _kinds(in_town.aoba.pk)[kind]]
    assert found
    if kind == 2:
        assert found[0].identifier == in_town.aoba.identifier  # read when asked for


def test_an_order_by_what_is_not_read_is_refused(db: None) -> None:
    @prepared
    def names() -> QuerySet[Agency, Any]:
        return Agency.objects.values_list("name", flat=True).distinct().order_by("pk")

    with pytest.raises(TypeError, match="names"):
        names()
