"""Pairs of households that may be one: who sees them, in which order, what is decided (D8)."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.encounters.cast import at_once, until_somebody_waits
from tests.families.people import AYA, SOTA, make_family, trail
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.families.models import CandidatePair, Household
from tsunagari.families.operations import decisions, joins, links
from tsunagari.families.queries import pairs


def make_pair(
    town: Town, left: Household, right: Household, weight: float = 10.0, **more: object
) -> CandidatePair:
    """A pair as a search would leave it, the smaller id first."""
    first, second = sorted((left, right), key=lambda family: family.pk)
    return CandidatePair.objects.create(
        municipality=town.municipality, left=first, right=second, weight=weight, found_at=clock.now(), **more
    )


def two(actor: Actor) -> tuple[Household, Household]:
    return make_family(actor), make_family(actor)


def seen(actor: Actor, **how: object) -> list[int]:
    return [line.pair_id for line in pairs.review_list(actor, **how).lines]  # type: ignore[arg-type]


def test_an_agency_sees_pairs_of_families_it_both_knows(in_town: Town) -> None:
    own = make_pair(in_town, *two(in_town.counselor))
    half = make_pair(in_town, make_family(in_town.counselor), make_family(in_town.stranger), 12.0)
    assert seen(in_town.counselor) == [own.pk]
    assert seen(in_town.nurse) == [half.pk, own.pk]
    assert seen(in_town.auditor) == []
    assert pairs.open_count(in_town.nurse) == 2


def test_a_pair_with_a_protected_family_needs_the_right_to_unmask(in_town: Town) -> None:
    left, right = two(in_town.counselor)
    Household.objects.filter(pk=right.pk).update(protected=True)
    pair = make_pair(in_town, left, right)
    assert seen(in_town.counselor) == []
    assert not pairs.pairs_for(in_town.counselor).exists()
    assert seen(in_town.nurse) == [pair.pk]


def test_pages_go_on_where_the_last_ended(in_town: Town) -> None:
    made = [make_pair(in_town, *two(in_town.counselor), weight).pk for weight in (3.0, 5.0, 5.0, 9.0)]
    first = pairs.review_list(in_town.counselor, limit=3)
    assert [line.pair_id for line in first.lines] == [made[3], made[1], made[2]]
    assert seen(in_town.counselor, after=first.after) == [made[0]]
    assert seen(in_town.counselor, after="word") == seen(in_town.counselor)


def test_the_number_of_statements_does_not_grow_with_the_pairs(in_town: Town) -> None:
    counts = []
    for _ in range(2):
        make_pair(in_town, *two(in_town.counselor))
        make_pair(in_town, *two(in_town.counselor))
        with CaptureQueriesContext(
            connection,
        ) as taken:
            pairs.review_list(in_town.counselor)
        counts.append(len(taken))
    assert counts[0] == counts[1] <= 7


def test_different_is_not_asked_again_and_can_be_taken_back(in_town: Town) -> None:
    pair = make_pair(in_town, *two(in_town.counselor))
    decisions.decide(pair, "different", actor=in_town.counselor)
    assert seen(in_town.counselor) == []
    assert seen(in_town.counselor, show="decided") == [pair.pk]
    with pytest.raises(Conflict):
        decisions.decide(pair, "later", actor=in_town.manager)
    decisions.decide(pair, "open", actor=in_town.counselor)
    assert seen(in_town.counselor) == [pair.pk]
    assert len(trail("linkage.review")) == 4


def test_later_waits_in_its_own_list(in_town: Town) -> None:
    pair = make_pair(in_town, *two(in_town.counselor))
    decisions.decide(pair, "later", actor=in_town.counselor)
    assert (seen(in_town.counselor), seen(in_town.counselor, show="later")) == ([], [pair.pk])
    with pytest.raises(DomainError):
        decisions.decide(pair, "same", actor=in_town.counselor)


@pytest.mark.parametrize("keep_left", [True, False])
def test_joining_a_pair_decides_it_and_parting_asks_again(in_town: Town, keep_left: bool) -> None:
    left, right = two(in_town.counselor)
    pair = make_pair(in_town, left, right)
    same = {left.people.get(kind="child").pk: right.people.get(kind="child").pk}
    kept = left if keep_left else right
    join = decisions.join_pair(left, right, actor=in_town.counselor, keep_id=kept.pk, same=same)
    pair.refresh_from_db()
    assert (join.target_id, pair.decision, pair.join_id) == (kept.pk, "same", join.pk)
    with pytest.raises(Conflict):
        decisions.decide(pair, "different", actor=in_town.counselor)
    joins.part(join, actor=in_town.counselor)
    assert seen(in_town.counselor) == [pair.pk]


def test_a_form_that_keeps_neither_or_doubles_a_person_is_refused(in_town: Town) -> None:
    left, right = two(in_town.counselor)
    people = list(left.people.values_list("pk", flat=True))
    child = right.people.get(kind="child").pk
    for keep, same in ((0, {}), (right.pk, dict.fromkeys(people, child))):
        with pytest.raises(DomainError):
            decisions.join_pair(left, right, actor=in_town.counselor, keep_id=keep, same=same)


def test_side_by_side_says_what_agrees_and_proposes_the_registered_resident(in_town: Town) -> None:
    left, right = two(in_town.counselor)
    Household.objects.filter(pk=right.pk).update(resident_no="R1")
    right.refresh_from_db()
    both = pairs.side_by_side(in_town.counselor, left, right)
    assert (both.left.keep, both.right.keep) == (False, True)
    assert {match.name for match in both.matches if match.suggested} == {"髙橋 綾", "髙橋 颯太"}
    assert {"母のなまえ", "お子さんの生年月日", "母の電話"} <= {fact.label for fact in both.facts}
    assert {fact.state for fact in both.facts} == {"agrees"}


def test_what_is_masked_is_not_compared(in_town: Town) -> None:
    left, right = two(in_town.counselor)
    Household.objects.filter(pk=right.pk).update(protected=True, address="架空町1-2-3")
    right.refresh_from_db()
    both = pairs.side_by_side(in_town.nurse, left, right)
    shown = str(both.facts)
    assert "架空町" not in shown
    assert [fact for fact in both.facts if fact.label == "母の電話" and fact.right] == []


def test_the_machines_pairing_of_people_is_proposed_first(in_town: Town) -> None:
    twin = replace(SOTA, given_name="陽太", given_kana="ようた")
    left, right = (make_family(in_town.counselor, AYA, SOTA, twin) for _ in range(2))
    first, _ = left.people.filter(kind="child").order_by("pk")
    _, other = right.people.filter(kind="child").order_by("pk")
    evidence = [{"left": first.pk, "right": other.pk}]
    links.meet(right, actor=in_town.counselor, agency_id=in_town.aoba.pk, reason="check_in", on=None)
    both = pairs.side_by_side(in_town.counselor, left, right, evidence)
    assert {m.person_id: m.suggested for m in both.matches}[first.pk] == other.pk


def test_the_list_says_of_a_pair_what_its_page_says(in_town: Town) -> None:
    born = replace(SOTA, birth_date=SOTA.birth_date and SOTA.birth_date.replace(year=2019), given_kana="")
    left, right = make_family(in_town.counselor), make_family(in_town.counselor, AYA, born)
    Household.objects.filter(pk=left.pk).update(address="架空町1-2-3")
    one, other = (family.people.get(kind="child").pk for family in (left, right))
    evidence = [{"left": one, "right": other, "who": "child", "levels": {"birth": "same"}}]
    pair = make_pair(in_town, left, right, evidence=evidence)
    [line] = pairs.review_list(in_town.counselor).lines
    pair.refresh_from_db()
    assert line.facts == pairs.side_by_side(in_town.counselor, pair.left, pair.right, pair.evidence).facts
    assert {"お子さんの生年月日：年か、月日の順だけがちがいます", "住所：片方にしかありません"} <= {
        fact.sentence for fact in line.facts
    }


def test_side_by_side_reads_the_people_of_each_family_once(in_town: Town) -> None:
    left, right = two(in_town.counselor)
    with CaptureQueriesContext(connection) as asked:
        pairs.side_by_side(in_town.counselor, left, right)
    people = [query for query in asked.captured_queries if 'FROM "families_person"' in query["sql"]]
    assert len(people) == 2


@pytest.mark.django_db(transaction=True)
def test_a_pair_is_joined_while_a_search_keeps_what_it_found(town: Town) -> None:
    with scope(town, town.counselor.user_id):
        (left, right), other = two(town.counselor), make_family(town.counselor)
        make_pair(town, left, right)
    held = Event()

    def keep() -> str:
        with scope(town):
            list(CandidatePair.objects.select_for_update())
            held.set()
            until_somebody_waits()
            make_pair(town, left, other)
        return "kept"

    def join() -> str:
        held.wait(10)
        with scope(town, town.counselor.user_id):
            decisions.join_pair(left, right, actor=town.counselor, keep_id=right.pk, same={})
        return "joined"

    assert at_once(lambda work: work(), [keep, join]) == ["kept", "joined"]
