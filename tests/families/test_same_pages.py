"""似ている家庭: the pages on which people decide (D8)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.families.people import make_family, trail
from tests.families.test_pairs import make_pair
from tests.makers import Town, scope
from tsunagari.base.actor import Actor
from tsunagari.families.models import CandidatePair, Household, HouseholdJoin, LinkageRun

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Actor], Client]


@pytest.fixture
def pair(town: Town) -> CandidatePair:
    with scope(town, town.counselor.user_id):
        left, right = (make_family(town.counselor) for _ in range(2))
        child = {"left": left.people.get(kind="child").pk, "right": right.people.get(kind="child").pk}
        evidence = [{**child, "who": "child", "levels": {"given": "same", "birth": "digit"}}]
        return make_pair(town, left, right, evidence=evidence)


def decision(town: Town, pair: CandidatePair) -> str:
    with scope(town):
        return CandidatePair.objects.get(pk=pair.pk).decision


def test_the_list_says_why_two_families_are_alike(
    town: Town, pair: CandidatePair, client_of: ClientOf
) -> None:
    page = client_of(town.counselor).get(reverse("same_families")).content.decode()
    assert "お子さんのなまえ：同じです" in page
    assert "お子さんの生年月日：同じです" in page  # whatever the search saw when they were written otherwise
    assert "いま、さがす" not in page


def test_both_families_are_read_with_trail(town: Town, pair: CandidatePair, client_of: ClientOf) -> None:
    page = client_of(town.counselor).get(reverse("same_family", args=[pair.pk])).content.decode()
    assert "お子さんの生年月日" in page
    with scope(town):
        seen = {line.household_id for line in trail("family.read")}
    assert {pair.left_id, pair.right_id} <= seen


@pytest.mark.parametrize("answer", ["different", "later"])
def test_an_answer_is_kept_and_leads_back_to_the_list(
    town: Town, pair: CandidatePair, client_of: ClientOf, answer: str
) -> None:
    client, address = client_of(town.counselor), reverse("same_family", args=[pair.pk])
    assert client.post(address, {"decision": answer}).url == reverse("same_families")
    assert decision(town, pair) == answer
    assert client.get(reverse("same_families")).content.decode().count("見くらべる") == 0
    shown = client.get(reverse("same_families"), {"show": {"different": "decided"}.get(answer, answer)})
    assert reverse("same_family", args=[pair.pk]) in shown.content.decode()


def test_the_same_family_is_joined_once_however_often_one_presses(
    town: Town, pair: CandidatePair, client_of: ClientOf
) -> None:
    client, address = client_of(town.counselor), reverse("same_family", args=[pair.pk])
    data = {"join": "1", "keep": pair.left_id}
    assert client.post(address, data).url == reverse("family", args=[pair.left_id])
    assert client.post(address, data).status_code == 422
    with scope(town):
        assert HouseholdJoin.objects.get().source_id == pair.right_id
    assert decision(town, pair) == "same"


def test_without_a_family_to_keep_nothing_is_joined(
    town: Town, pair: CandidatePair, client_of: ClientOf
) -> None:
    for keep in ("", "0", "x", "999999999"):
        answer = client_of(town.counselor).post(
            reverse("same_family", args=[pair.pk]), {"join": "1", "keep": keep}
        )
        assert answer.status_code == 422
        assert "のこす家庭をえらんでください" in answer.content.decode()


def test_nobody_else_finds_the_pair(town: Town, pair: CandidatePair, client_of: ClientOf) -> None:
    address = reverse("same_family", args=[pair.pk])
    assert client_of(town.stranger).get(address).status_code == 404
    assert client_of(town.officer).get(address).status_code == 403
    with scope(town):
        Household.objects.filter(pk=pair.left_id).update(protected=True)
    assert client_of(town.counselor).get(address).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_centre_asks_for_a_search_and_pressing_twice_asks_once(town: Town, client_of: ClientOf) -> None:
    client = client_of(town.nurse)
    for _ in range(2):
        assert client.post(reverse("same_run")).url == reverse("same_families")
    with scope(town):
        assert LinkageRun.objects.count() == 1
    assert "いま、さがしています" in client.get(reverse("same_families")).content.decode()
    assert client_of(town.counselor).post(reverse("same_run")).status_code == 403
