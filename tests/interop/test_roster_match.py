"""Whose row it is: sure, maybe or new; never by the name alone; of protected families nothing to who may not see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.interop.rosters import TODAY, book, brought_in, family, sent
from tests.makers import Town, client_of, scope
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError
from tsunagari.families.models import AgencyLink, Household
from tsunagari.interop import operations, queries
from tsunagari.interop.imports.roster.evidence import near
from tsunagari.interop.models import Import, RosterRow

pytestmark = pytest.mark.django_db

HANAKO = ("2026/10/1", "架空 花子", "はる", "2024/4/1", "090-0000-1111", 1, 1, "")


@pytest.fixture(autouse=True)
def _on_this_day() -> Iterator[None]:
    with clock.stopped_at(clock.at(TODAY, 12)):
        yield


def matched(
    town: Town, *rows: tuple[object, ...], actor: Actor | None = None
) -> tuple[Import, list[RosterRow]]:
    """The roster, and the first rows of its families in order."""
    row = sent(town, book(rows), actor=actor)
    assert row.status == "preview", row.message
    with scope(town):
        leads = RosterRow.objects.filter(source=row).order_by("number")
        return row, [lead for lead in leads if lead.group == lead.number]


@pytest.mark.parametrize(
    ("phone", "birth", "given", "match"),
    [
        ("09000001111", "", "はる", "sure"),  # name and phone
        ("", "2024-04-01", "はる", "sure"),  # name and the child's birth date
        ("", "", "はる", "maybe"),  # names alone, both of them
        ("09000001111", "2023-03-03", "はる", "maybe"),  # the same child, born on another day
        ("09000002222", "", "なつ", "maybe"),  # the guardian's name alone
    ],
)
def test_sure_needs_two_things_and_nothing_against_it(
    town: Town, phone: str, birth: str, given: str, match: str
) -> None:
    home = family(town, ("架空", "花子"), (given, birth), phone=phone)
    _, (lead,) = matched(town, HANAKO)
    assert lead.match == match
    assert lead.candidates[0]["household"] == home.pk
    assert lead.household_id == (home.pk if match == "sure" else None)


def test_old_forms_widths_and_readings_meet(town: Town) -> None:
    home = family(town, ("渡邉", "髙子"), ("はる", "2024-04-01"))
    _, (lead,) = matched(town, ("2026/10/1", "渡辺　高子", "ハル", "R6.4.1", "", 1, 1, ""))
    assert (lead.match, lead.household_id) == ("sure", home.pk)


def test_two_households_of_which_the_same_can_be_said_are_asked_about(town: Town) -> None:
    family(town, ("架空", "花子"), ("はる", "2024-04-01"), number=1)
    family(town, ("架空", "花子"), ("はる", "2024-04-01"), number=2)
    _, (lead,) = matched(town, HANAKO)
    assert (lead.match, len(lead.candidates)) == ("maybe", 2)


def test_nobody_alike_is_new_and_somebody_of_the_same_family_name_too(town: Town) -> None:
    family(town, ("架空", "幸子"), ("うみ", "2020-01-01"), phone="09099999999")
    _, (lead,) = matched(town, HANAKO)
    assert (lead.match, lead.candidates) == ("new", [])


def test_a_slip_of_the_pen_beside_the_same_birth_date_is_asked_about(town: Town) -> None:
    home = family(town, ("架空", "花江"), ("はると", "2024-04-01"))
    _, (lead,) = matched(town, ("2026/10/1", "架空 花恵", "はるき", "2024/4/1", "", 1, 1, ""))
    assert lead.match == "maybe"
    assert (lead.candidates[0]["household"], "birth" in lead.candidates[0]["agrees"]) == (home.pk, True)


def test_families_of_other_agencies_need_two_things_for_a_manager_to_learn_of_them(town: Town) -> None:
    family(town, ("架空", "花子"), at=town.midori.pk, number=1)
    known = family(town, ("星川", "みどり"), ("そら", "2023-05-05"), at=town.midori.pk, number=2)
    other = ("2026/10/1", "星川 みどり", "そら", "2023/5/5", "", 1, 1, "")
    _, leads = matched(town, HANAKO, other)
    assert [(lead.match, lead.household_id) for lead in leads] == [("new", None), ("sure", known.pk)]
    _, leads = matched(town, HANAKO, other, actor=town.lead)
    assert [lead.match for lead in leads] == ["maybe", "sure"]


def protected_family(town: Town) -> Household:
    return family(town, ("架空", "花子"), ("はる", "2024-04-01"), at=town.midori.pk, protected=True)


def test_a_protected_family_is_never_shown_to_a_manager_who_has_not_met_it(town: Town) -> None:
    home = protected_family(town)
    row, (lead,) = matched(town, HANAKO)
    assert (lead.match, lead.household_id) == ("maybe", None)
    page = client_of(town.manager).get(reverse("roster_import_decide", args=[row.pk, lead.number]))
    assert "センターか市の担当が確かめる組です" in page.content.decode()
    assert f'value="{home.pk}"' not in page.content.decode()
    with scope(town), pytest.raises(DomainError):
        operations.decide(row, lead.number, actor=town.manager, household_id=home.pk)
    for actor in (town.lead, town.officer):
        page = client_of(actor).get(reverse("roster_import_decide", args=[row.pk, lead.number]))
        assert f'value="{home.pk}"' in page.content.decode()


def test_by_its_name_alone_a_protected_family_is_as_if_it_were_not_there(town: Town) -> None:
    protected_family(town)
    _, (lead,) = matched(town, ("2026/10/1", "架空 花子", "", "", "", 1, 0, ""))
    assert (lead.match, lead.candidates) == ("new", [])


def test_without_the_right_to_unmask_nobody_sees_a_protected_candidate(town: Town) -> None:
    home = protected_family(town)
    _, (lead,) = matched(town, HANAKO)
    with scope(town):
        AgencyLink.objects.create(municipality=town.municipality, household=home, agency=town.aoba,
                                  reason="check_in", since=clock.now())  # fmt: skip
        assert queries.rosters.shown_candidates(lead, town.manager)[1] is False
        without = replace(town.manager, actions=town.manager.actions - {"family.unmask"})
        assert queries.rosters.shown_candidates(lead, without) == ([], True)


def test_a_manager_who_does_not_wait_gets_a_family_known_by_name_only(town: Town) -> None:
    protected_family(town)
    row, _ = matched(town, HANAKO)
    brought_in(town, row)
    with scope(town):
        made = Household.objects.latest("pk")
        assert (made.kind, made.nickname, made.address) == ("nickname", "架空 花子", "")
        assert [(p.birth_date, p.phone, p.given_name) for p in made.people.all()] == [(None, "", "")]


def test_matching_costs_no_query_a_row(town: Town) -> None:
    from tsunagari.interop.imports.roster.match import asker, match_all

    def cost(count: int) -> int:
        names = [f"架空 花{chr(0x3042 + n)}" for n in range(count)]
        row, _ = matched(town, *[("2026/10/1", name, "はる", "2024/4/1", "", 1, 1, "") for name in names])
        with scope(town), CaptureQueriesContext(connection) as found:
            match_all(row, who=asker(town.manager, town.aoba.pk), total=1, progress=lambda done, total: None)
        return len(found)

    assert cost(60) == cost(3)


@pytest.mark.parametrize(
    ("left", "right", "alike"),
    [("架空花子", "架空華子", True), ("ハルト", "ハルキ", True), ("ハルト", "ハト", True), ("アオイ", "アイオ", True),
     ("はる", "なつ", False), ("架空花子", "架空花子", False), ("架空花子", "星川花", False)],
)  # fmt: skip
def test_near_is_one_slip_of_the_pen(left: str, right: str, alike: bool) -> None:
    assert near(left, right) is alike
    assert near(right, left) is alike
