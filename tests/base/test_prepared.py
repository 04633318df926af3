"""Prepared querysets find what the plain ones find, whatever the form of the arguments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext
from tests.makers import Town

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
