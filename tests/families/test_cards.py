"""利用カード (D2): one that works for each household, replaced and stopped at once, found by whatever is read of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.encounters.cast import at_once
from tests.families.people import AYA, make_family, trail
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.families import queries, rules
from tsunagari.families.models import Card, Household
from tsunagari.families.operations import cards, households, links, registrations, search
from tsunagari.families.queries import cards as card_queries
from tsunagari.families.queries.finding import NO_CARD, STOPPED, STOPPED_HINT


def test_a_card_says_nothing_about_the_family(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    card = cards.issue_card(family, actor=in_town.counselor)
    assert rules.is_card_number(card.number)
    assert rules.is_token(card.token)
    assert str(family.pk) not in (card.number, card.token)
    assert card.spoken == rules.grouped(card.number)


def test_issuing_again_is_the_same_card_and_leaves_one_line(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    made = [cards.issue_card(family, actor=in_town.counselor) for _ in range(2)]
    assert made[0] == made[1]
    lines = trail("card.print")
    assert [(line.household_id, line.object_id, line.detail) for line in lines] == [
        (family.pk, made[0].pk, '{"did":"issue"}')
    ]


def test_a_household_has_one_standing_main_card(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    card = cards.issue_card(family, actor=in_town.counselor)
    values = {"municipality_id": card.municipality_id, "household": family, "issued_at": clock.now()}
    with pytest.raises(IntegrityError, match="card_main"), transaction.atomic():
        Card.objects.create(number=rules.new_number(), token=rules.new_token(), **values)
    Card.objects.create(number=rules.new_number(), token=rules.new_token(), main=False, **values)
    with pytest.raises(IntegrityError, match="card_number_once"), transaction.atomic():
        Card.objects.create(number=card.number, token=rules.new_token(), main=False, **values)


def test_reissuing_stops_the_old_card_at_once(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    old = cards.issue_card(family, actor=in_town.counselor)
    new = cards.reissue_card(family, actor=in_town.counselor, reason="lost")
    old.refresh_from_db()
    assert (old.state, old.reason, old.revoked_by) == ("revoked", "lost", in_town.counselor.user_id)
    assert new.token != old.token
    assert card_queries.main_card(family.pk) == new
    assert [line.detail for line in trail("card.revoke")] == ['{"did":"revoke","reason":"lost"}']
    assert [line.object_id for line in trail("card.print")] == [old.pk, new.pk]


def test_a_second_click_does_not_stop_the_new_card(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    old = cards.issue_card(family, actor=in_town.counselor)
    new = cards.reissue_card(family, actor=in_town.counselor, reason="lost", instead_of=old)
    with pytest.raises(Conflict):
        cards.reissue_card(family, actor=in_town.counselor, reason="lost", instead_of=old)
    assert card_queries.main_card(family.pk) == new


def test_a_stopped_card_is_stopped_once_and_a_reason_is_needed(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    card = cards.issue_card(family, actor=in_town.counselor)
    with pytest.raises(DomainError) as refused:
        cards.revoke_card(card, actor=in_town.counselor, reason="because")
    assert refused.value.field == "reason"
    cards.revoke_card(card, actor=in_town.counselor, reason="ended")
    with pytest.raises(Conflict):
        cards.revoke_card(card, actor=in_town.counselor, reason="ended")
    assert card_queries.main_card(family.pk) is None
    assert cards.issue_card(family, actor=in_town.counselor) != card


def test_families_that_left_get_no_card(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    households.move_out(family, actor=in_town.counselor, moved_on=clock.today())
    for issue in (cards.issue_card, lambda family, actor: cards.issue_many([family], actor=actor)):
        with pytest.raises(DomainError):
            issue(family, actor=in_town.counselor)
    assert not Card.objects.exists()


def test_many_are_issued_in_as_many_statements_as_one(in_town: Town, django_assert_num_queries: Any) -> None:
    families = [make_family(in_town.counselor) for _ in range(6)]
    first = cards.issue_card(families[0], actor=in_town.counselor)
    with django_assert_num_queries(7):
        one = cards.issue_many(families[1:2], actor=in_town.counselor)
    with django_assert_num_queries(7):
        made = cards.issue_many(families, actor=in_town.counselor)
    assert [card.household_id for card in made] == [family.pk for family in families]
    assert made[:2] == [first, *one]
    assert queries.find(in_town.counselor, made[5].number).own[0].household_id == families[5].pk


def test_cards_carry_the_day_they_were_written_down(in_town: Town) -> None:
    families = [make_family(in_town.counselor) for _ in range(2)]
    day = datetime(2025, 4, 1, 10, tzinfo=clock.TOKYO)
    made = cards.issue_many(families, actor=in_town.counselor, entered={families[0].pk: day})
    assert made[0].issued_at == day
    assert made[1].issued_at.date() == clock.today()
    assert sorted(line.at for line in trail("card.print"))[0] == day


def test_printing_is_noted_and_stopped_cards_are_refused(in_town: Town) -> None:
    families = [make_family(in_town.counselor) for _ in range(2)]
    made = cards.issue_many(families, actor=in_town.counselor)
    cards.revoke_card(made[1], actor=in_town.counselor, reason="lost")
    with pytest.raises(DomainError):
        cards.printed(made, actor=in_town.counselor)
    assert not Card.objects.filter(printed_at__isnull=False).exists()
    cards.printed(made[:1], actor=in_town.counselor)
    assert Card.objects.get(printed_at__isnull=False) == made[0]
    assert trail("card.print")[-1].detail == '{"did":"print"}'


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_card(town: Town) -> None:
    with scope(town, town.counselor.user_id):
        family = make_family(town.counselor)

    def click(_: int) -> None:
        with scope(town, town.counselor.user_id):
            cards.issue_card(family, actor=town.counselor)

    at_once(click, [1, 2, 3])
    with scope(town):
        assert Card.objects.filter(household=family).count() == 1


def test_a_card_is_found_by_its_qr_and_by_its_number(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    card = cards.issue_card(family, actor=in_town.counselor)
    assert card_queries.by_token(f"{card.token.lower()}\r\n") == card
    assert card_queries.by_number(card.spoken) == card
    assert card_queries.by_number(card.token) is card_queries.by_token(card.number) is None
    assert card_queries.by_text(card.number) == card_queries.by_text(card.token) == card


def test_a_card_of_another_town_is_no_card_here(town: Town, other_town: Town) -> None:
    with scope(other_town, other_town.counselor.user_id):
        card = cards.issue_card(make_family(other_town.counselor), actor=other_town.counselor)
    with scope(town, town.counselor.user_id):
        assert card_queries.by_text(card.token) is card_queries.by_text(card.number) is None
        assert queries.find(town.counselor, card.token).hint == NO_CARD


def test_a_card_in_hand_finds_its_family_at_another_agency(in_town: Town) -> None:
    family = make_family(in_town.stranger)
    card = cards.issue_card(family, actor=in_town.stranger)
    by_number = queries.find(in_town.counselor, card.number)
    assert (by_number.own, by_number.outside) == ([], [])
    found = queries.find(in_town.counselor, card.token)
    assert ([hit.household_id for hit in found.outside], found.own) == ([family.pk], [])
    assert queries.find(in_town.nurse, card.number).own[0].household_id == family.pk
    assert queries.find(in_town.auditor, card.token).own == []


def test_a_stopped_card_finds_the_own_family_and_says_so(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    card = cards.issue_card(family, actor=in_town.counselor)
    cards.reissue_card(family, actor=in_town.counselor, reason="lost")
    for text in (card.number, card.token):
        found = queries.find(in_town.counselor, text)
        assert [hit.flags[0] for hit in found.own] == [STOPPED]
        assert found.hint == STOPPED_HINT
    elsewhere = queries.find(in_town.stranger, card.token)
    assert (elsewhere.own, elsewhere.outside, elsewhere.hint) == ([], [], STOPPED_HINT)


def test_a_token_is_not_among_the_words_a_family_is_found_by(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    card = cards.issue_card(family, actor=in_town.counselor)
    search.refresh([family])
    family = Household.objects.select_related("search_entry").get(pk=family.pk)
    assert f"c:{card.number}" in family.search_entry.grams
    assert card.token not in " ".join(family.search_entry.grams)


def test_a_name_and_a_card_number_together_find_a_family_elsewhere(in_town: Town) -> None:
    family = make_family(in_town.stranger)
    card = cards.issue_card(family, actor=in_town.stranger)
    found = queries.find(in_town.counselor, f"髙橋綾 {card.spoken}")
    assert [hit.household_id for hit in found.outside] == [family.pk]


def register(town: Town, *names: str) -> list[Household]:
    """Families with these family names (kana alike), registered at あおば."""
    made = []
    for name in names:
        person = rules.PersonInput(family_name=name, given_name="綾", family_kana=name, given_kana="アヤ")
        made.append(make_family(town.counselor, person))
        registrations.register(made[-1], town.aoba, actor=town.counselor, is_home=True, source="counter")
    return made


def test_cards_wait_in_order_of_kana_until_they_are_printed(in_town: Town) -> None:
    watanabe, abe = register(in_town, "ワタナベ", "アベ")
    page = card_queries.waiting_to_print(in_town.counselor)
    assert [row.family.household_id for row in page.rows] == [abe.pk, watanabe.pk]
    cards.printed([card_queries.main_card(abe.pk)], actor=in_town.counselor)  # type: ignore[list-item]
    page = card_queries.waiting_to_print(in_town.counselor)
    assert [row.family.household_id for row in page.rows] == [watanabe.pk]
    cards.reissue_card(abe, actor=in_town.counselor, reason="lost")
    assert len(card_queries.waiting_to_print(in_town.counselor).rows) == 2


def test_an_agency_prints_for_those_registered_with_it(in_town: Town) -> None:
    (family,) = register(in_town, "アベ")
    links.meet(
        family, actor=in_town.stranger, agency_id=in_town.midori.pk, reason="check_in", on=clock.today()
    )
    waiting = card_queries.waiting_to_print
    assert waiting(in_town.stranger).rows == waiting(in_town.stranger, agency_id=in_town.aoba.pk).rows == []
    assert (
        len(waiting(in_town.officer).rows)
        == len(waiting(in_town.officer, agency_id=in_town.aoba.pk).rows)
        == 1
    )
    assert waiting(in_town.officer, agency_id=in_town.midori.pk).rows == []
    assert waiting(in_town.officer, area_id=in_town.area.pk).rows == []
    assert waiting(in_town.auditor).rows == []


def test_the_list_goes_on_where_it_ended_at_the_same_cost(
    in_town: Town, django_assert_max_num_queries: Any
) -> None:
    families = register(in_town, "カトウ", "アベ", "サトウ", "イトウ", "ウエダ")
    seen, after = [], None
    while True:
        with django_assert_max_num_queries(6):
            page = card_queries.waiting_to_print(in_town.counselor, after=after, limit=2)
        seen += [row.family.household_id for row in page.rows]
        after = page.after
        if after is None:
            break
    assert seen == [families[place].pk for place in (1, 3, 4, 0, 2)]


def test_only_standing_cards_of_visible_families_are_printed(in_town: Town) -> None:
    own, stopped = register(in_town, "アベ", "イトウ")
    foreign = cards.issue_card(make_family(in_town.stranger, AYA), actor=in_town.stranger)
    ids = [card_queries.main_card(family.pk).pk for family in (own, stopped)]  # type: ignore[union-attr]
    cards.reissue_card(stopped, actor=in_town.counselor, reason="damaged")
    found = card_queries.to_print(in_town.counselor, [*ids, foreign.pk])
    assert [card.household_id for card in found] == [own.pk]
