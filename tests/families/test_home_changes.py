"""A change of home agency (D1): at most one home on any day, both ends told until each has seen it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import makers
from tests.families.people import make_family, trail
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError
from tsunagari.families.models import HomeChange, Household, Registration
from tsunagari.families.operations import home_changes, households, registrations
from tsunagari.families.queries import home_changes as told
from tsunagari.families.queries.registrations import home_on, homes
from tsunagari.places.models import Agency

ClientOf = Callable[[Actor], Client]
DAY = timedelta(days=1)
FIRST = date(2026, 4, 1)
LAST, AHEAD = 16, 24


def register(town: Town, family: Household, agency: Agency, **more: object) -> Registration:
    given: dict[str, object] = {"actor": town.counselor, "is_home": True, "source": "counter"}
    return registrations.register(family, agency, **{**given, **more})  # type: ignore[arg-type]


def test_a_first_home_tells_the_agency_and_nobody_else(in_town: Town) -> None:
    family = make_family(in_town.officer)
    register(in_town, family, in_town.aoba, actor=in_town.nurse)
    [line] = told.unseen(in_town.counselor)
    assert (line.family.name, line.came, line.other) == ("髙橋", True, "")
    assert told.unseen(in_town.stranger) == []


def test_both_ends_of_a_change_are_told_each_in_its_own_words(in_town: Town) -> None:
    family = make_family(in_town.officer)
    for agency in (in_town.aoba, in_town.midori):
        register(in_town, family, agency, actor=in_town.nurse)
    assert (
        told.unseen(in_town.stranger)[0].text
        == f"この機関が、かかりつけになりました。前は{in_town.aoba.name}でした。"
    )
    words = [line.text for line in told.unseen(in_town.counselor)]
    assert words[0] == f"かかりつけが、{in_town.midori.name}に変わりました。"


def test_who_did_it_knows_already(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    register(in_town, family, in_town.aoba)
    assert told.unseen(in_town.counselor) == []
    register(in_town, family, in_town.midori)
    assert told.unseen(in_town.counselor) == []
    assert len(told.unseen(in_town.stranger)) == 1


def test_seen_at_one_end_still_waits_at_the_other(in_town: Town) -> None:
    family = make_family(in_town.officer)
    register(in_town, family, in_town.aoba, actor=in_town.nurse)
    register(in_town, family, in_town.midori, actor=in_town.nurse)
    change = HomeChange.objects.get(former=in_town.aoba)
    for _ in range(2):
        home_changes.seen(change, actor=in_town.counselor)
    assert [line.came for line in told.unseen(in_town.colleague)] == [True]
    assert len(told.unseen(in_town.stranger)) == 1
    assert sum("home_change_seen" in line.detail for line in trail("family.register")) == 1


def test_an_agency_in_between_can_not_see_it_for_others(in_town: Town) -> None:
    family = make_family(in_town.officer)
    register(in_town, family, in_town.aoba, actor=in_town.officer)
    with pytest.raises(DomainError):
        home_changes.seen(HomeChange.objects.get(), actor=in_town.stranger)


def test_a_home_that_ends_is_told_to_it(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    row = register(in_town, family, in_town.aoba, starts_on=FIRST)
    registrations.end_registration(row, actor=in_town.nurse, ends_on=clock.today(), reason="wish")
    [line] = told.unseen(in_town.counselor)
    assert (line.text, line.changed_on) == ("かかりつけの登録が終わりました。", clock.today() + DAY)


def test_a_registration_that_is_no_home_tells_nobody(in_town: Town) -> None:
    family = make_family(in_town.officer)
    row = register(in_town, family, in_town.aoba, actor=in_town.nurse, is_home=False)
    registrations.end_registration(row, actor=in_town.nurse, ends_on=clock.today(), reason="wish")
    assert HomeChange.objects.count() == 0


def test_a_protected_family_names_no_other_agency(in_town: Town) -> None:
    """X2"""
    family = make_family(in_town.officer)
    for agency in (in_town.aoba, in_town.midori):
        register(in_town, family, agency, actor=in_town.nurse)
    family = households.protect(family, actor=in_town.lead, protected=True)
    words = [line.text for actor in (in_town.counselor, in_town.stranger) for line in told.unseen(actor)]
    assert words
    assert not any(in_town.aoba.name in text or in_town.midori.name in text for text in words)
    assert all(span.agency == "●●●" for span in homes(family))


def test_today_shows_it_until_it_was_seen(town: Town, client_of: ClientOf) -> None:
    with scope(town):
        family = make_family(town.officer)
        register(town, family, town.aoba, actor=town.nurse)
        change = HomeChange.objects.get()
    client = client_of(town.counselor)
    seen = reverse("home_change_seen", args=[family.pk, change.pk])
    assert seen in client.get("/").content.decode()
    assert client_of(town.stranger).post(seen).status_code == 404
    assert client_of(town.rounds).post(seen).status_code == 403
    assert client.post(seen).status_code == 303
    assert seen not in client.get("/").content.decode()


def test_an_agency_registers_a_family_elsewhere_on_its_behalf(town: Town, client_of: ClientOf) -> None:
    with scope(town):
        family = make_family(town.counselor)
    data = {"agency": town.midori.pk, "source": "counter", "starts_on": "", "is_home": "on"}
    answer = client_of(town.counselor).post(reverse("registration_new", args=[family.pk]), data)
    assert answer.status_code == 303
    with scope(town):
        assert Registration.objects.get().source == "agency"
        assert [line.came for line in told.unseen(town.stranger)] == [True]


def test_crossing_areas_is_not_remarked_upon(town: Town, client_of: ClientOf) -> None:
    with scope(town):
        away = makers.make_agency(
            town.municipality, "とおくの広場", makers.make_area(town.municipality, "北")
        )
        family = make_family(town.counselor)
    address = reverse("registration_new", args=[family.pk])
    data = {"agency": away.pk, "source": "phone", "starts_on": "", "is_home": "on"}
    answer = client_of(town.counselor).post(address, data, follow=True).content.decode()
    assert "登録しました" in answer
    assert "区域" not in answer.split("<main", 1)[1]


def test_the_registration_page_tells_who_was_home(town: Town, client_of: ClientOf) -> None:
    with scope(town):
        family = make_family(town.counselor)
        register(town, family, town.aoba, starts_on=FIRST)
        register(town, family, town.midori, starts_on=date(2026, 9, 1))
    page = client_of(town.counselor).get(reverse("registration_new", args=[family.pk])).content.decode()
    assert "令和8年4月1日から令和8年8月31日まで" in page
    assert "令和8年9月1日から" in page


days = st.integers(0, LAST)
steps = st.one_of(
    st.tuples(st.just("register"), st.integers(0, 2), days, st.booleans()),
    st.tuples(st.just("end"), st.integers(0, 9), days, st.just(False)),
    st.tuples(st.just("reopen"), st.integers(0, 9), days, st.just(False)),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=st.lists(steps, min_size=1, max_size=12))
def test_whatever_is_done_there_is_at_most_one_home_a_day_and_we_know_which(
    in_town: Town, plan: list[tuple[str, int, int, bool]]
) -> None:
    """D1: the rows are compared with a calendar kept by hand, one home a day."""
    family = make_family(in_town.counselor)
    calendar: dict[int, int] = {}
    with clock.stopped_at(clock.at(FIRST + 8 * DAY, 10)):
        for step in plan:
            try:
                with transaction.atomic():
                    calendar = _do(in_town, family, step, dict(calendar))
            except DomainError:
                pass  # refused, so nothing may have changed: the calendar stays as it was
        found = {day: home_on(family, FIRST + day * DAY) for day in range(AHEAD)}
    assert {day: home.pk for day, home in found.items() if home} == calendar
    rows = list(family.registrations.filter(is_home=True))
    assert all(sum(_inside(row, day, row.ends_on) for row in rows) <= 1 for day in range(AHEAD))


def _do(
    town: Town, family: Household, step: tuple[str, int, int, bool], calendar: dict[int, int]
) -> dict[int, int]:
    """Do one step, and the same on a calendar of day → home."""
    did, which, number, is_home = step
    day, whole = FIRST + number * DAY, range(AHEAD)
    if did == "register":
        agency = (town.aoba, town.midori, town.centre)[which]
        made = register(town, family, agency, is_home=is_home, starts_on=day)
        if is_home:
            until = (made.ends_on - FIRST).days if made.ends_on else AHEAD
            calendar = {d: a for d, a in calendar.items() if d < number} | {
                d: agency.pk for d in whole if number <= d <= until
            }
        return calendar
    rows = list(Registration.objects.filter(household=family).order_by("pk"))
    if not rows:
        return calendar
    row = rows[which % len(rows)]
    before, home = row.ends_on, row.is_home
    if did == "end":
        registrations.end_registration(row, actor=town.counselor, ends_on=day, reason="wish")
        if not home:
            return calendar
        kept = {d: a for d, a in calendar.items() if not _inside(row, d, before)}
        return kept | {d: row.agency_id for d in whole if row.starts_on <= FIRST + d * DAY <= day}
    again = registrations.reopen(row, actor=town.counselor)
    if before is not None and again.is_home:
        calendar |= {d: row.agency_id for d in whole if before < FIRST + d * DAY}
    return calendar


def _inside(row: Registration, day: int, until: date | None) -> bool:
    on = FIRST + day * DAY
    return row.starts_on <= on and (until is None or on <= until)
