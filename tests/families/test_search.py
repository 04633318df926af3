"""Finding families (X3): what is typed, who is found, who is not, at what cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.families.people import AYA, SOTA, make_family, trail
from tests.makers import Town, scope
from tsunagari.base.japanese.text import to_hiragana
from tsunagari.families import queries, rules
from tsunagari.families.models import SearchEntry
from tsunagari.families.operations import cards, households, joins, links, people, search
from tsunagari.families.queries.terms import read_terms

KANA = st.text(st.characters(min_codepoint=0x30A1, max_codepoint=0x30F4), min_size=1, max_size=8)
KANJI = st.text(st.sampled_from("髙高橋渡邉辺﨑崎齋斎藤佐々木綾颯太國国"), min_size=1, max_size=6)
WAYS = [
    "髙橋",
    "高橋",
    "高橋綾",
    "髙橋 綾",
    "髙橋　綾",
    "橋",
    "颯太",
    "高橋颯",
    "たかはし",
    "タカハシ",
    "ﾀｶﾊｼ",
    "だがばじ",
    "たかはしあや",
    "タカハシ　アヤ",
    "そうた",
    "はしあ",
    "ｿｳﾀ",
    "たかはしさん",
    "高橋さん",
    "1992/5/10",
    "H4.5.10",
    "平成4年5月10日",
    "令和6年8月9日",
    "Ｒ６．８．９",
    "20240809",
    "090-1234-5678",
    "09012345678",
    "０９０－１２３４－５６７８",
    "+81 90-1234-5678",
    "090ー1234ー5678",
    "5678",
    "1234-5678",
    "たかはし 2024/8/9",
    "髙橋\U000e0101 綾",
    "た",
]


@pytest.mark.parametrize("text", WAYS)
def test_one_family_is_found_however_it_is_typed(in_town: Town, text: str) -> None:
    family = make_family(in_town.counselor)
    make_family(
        in_town.counselor,
        replace(
            AYA,
            family_name="森",
            given_name="蘭",
            family_kana="もり",
            given_kana="らん",
            phone="",
            birth_date=date(1990, 1, 1),
        ),
    )
    assert [hit.household_id for hit in queries.find(in_town.counselor, text).own] == [family.pk]


@pytest.mark.parametrize(
    "text", ["", "　", "ん", "佐藤", "たかはしらん", "1992/5/11", "090-1234-5679", "5670", "%", "_", "'"]
)
def test_nobody_else_is_found(in_town: Town, text: str) -> None:
    make_family(in_town.counselor)
    assert queries.find(in_town.counselor, text).own == []


def test_a_card_is_found(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    card = cards.issue_card(family, actor=in_town.counselor)
    for text in (
        card.number,
        rules.grouped(card.number),
        card.token,
        card.token.lower(),
        f"髙橋 {card.number}",
    ):
        assert [hit.household_id for hit in queries.find(in_town.counselor, text).own] == [family.pk]


def test_hits_are_ranked_exact_then_family_name_then_given_name_then_inside(in_town: Town) -> None:
    made = {}
    for family_kana, given_kana in [("オオヤマ", "ハナ"), ("ハラ", "ヤマ"), ("ヤマダ", "ハナ"), ("ヤマ", "")]:
        person = replace(AYA, family_kana=family_kana, given_kana=given_kana, phone="", birth_date=None)
        made[family_kana] = make_family(in_town.counselor, person).pk
    found = [hit.household_id for hit in queries.find(in_town.counselor, "やま").own]
    assert found == [made["ヤマ"], made["ヤマダ"], made["ハラ"], made["オオヤマ"]]


def test_no_more_than_the_limit_and_the_page_says_what_to_type(in_town: Town) -> None:
    for number in range(5):
        make_family(in_town.counselor, replace(AYA, given_kana="アイウエオ"[number], phone=""))
    found = queries.find(in_town.counselor, "たかはし", limit=3)
    assert (len(found.own), found.more) == (3, True)
    assert "生年月日" in found.hint
    assert not queries.find(in_town.counselor, "たかはし", limit=5).more


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("髙橋綾", 0),
        ("髙橋 綾 1992/5/10", 1),
        ("たかはしあや 090-1234-5678", 1),
        ("2024/8/9 09012345678", 1),
        ("高橋 1992/5/10", 0),
        ("高橋綾 5678", 0),
        ("たかはしあや 高橋綾", 0),
    ],
)
def test_a_family_of_another_agency_needs_two_exact_terms(in_town: Town, text: str, shown: int) -> None:
    make_family(in_town.stranger)
    found = queries.find(in_town.counselor, text)
    assert (len(found.own), len(found.outside)) == (0, shown)


def test_an_outside_hit_shows_name_reading_and_ages_only(in_town: Town) -> None:
    family = make_family(in_town.stranger)
    (hit,) = queries.find(in_town.counselor, "髙橋綾 1992/5/10").outside
    assert (str(hit), hit.kana, hit.home, hit.flags) == ("髙橋さん家庭", "たかはし", "", ())
    assert "颯太" not in hit.children
    assert "歳" in hit.children
    assert queries.reach(in_town.counselor, family.pk) is None
    assert queries.reach(in_town.counselor, family.pk, hit.ticket) == family
    assert queries.reach(in_town.colleague, family.pk, hit.ticket) is None


def test_an_outside_hit_of_a_protected_family_is_its_name_alone(in_town: Town) -> None:
    """X2"""
    family = make_family(in_town.stranger)
    households.protect(family, actor=in_town.stranger, protected=True)
    (hit,) = queries.find(in_town.counselor, "髙橋綾 1992/5/10").outside
    assert (str(hit), hit.kana, hit.children, hit.home, hit.flags) == ("髙橋さん家庭", "", "", "", ())


def test_meeting_a_family_opens_it(in_town: Town) -> None:
    family = make_family(in_town.stranger)
    met = {"agency_id": in_town.aoba.pk, "reason": "check_in", "on": date(2026, 5, 1)}
    links.meet(family, actor=in_town.counselor, **met)
    assert queries.find(in_town.counselor, "たかはし").own[0].household_id == family.pk
    links.meet(family, actor=in_town.counselor, **{**met, "on": date(2026, 4, 1)})
    assert family.links.get(agency=in_town.aoba).last_met_on == date(2026, 5, 1)
    assert [line.agency_id for line in trail("family.open")] == [in_town.midori.pk, in_town.aoba.pk]


def test_the_centre_and_the_city_find_everybody_and_auditors_nobody(in_town: Town) -> None:
    make_family(in_town.stranger)
    for actor in (in_town.nurse, in_town.lead, in_town.officer):
        assert len(queries.find(actor, "たかはし").own) == 1
    assert not queries.find(in_town.auditor, "髙橋綾 1992/5/10").own


def test_another_town_finds_nothing(town: Town, other_town: Town) -> None:
    """X1: even by an actor of the other town in this town's scope."""
    with scope(town):
        make_family(town.counselor)
        for actor in (other_town.counselor, other_town.officer):
            found = queries.find(actor, "髙橋綾 1992/5/10 090-1234-5678")
            assert (found.own, found.outside) == ([], [])


def test_inside_the_other_towns_scope_nothing_is_there(town: Town, other_town: Town) -> None:
    """X1: even the question without a filter."""
    with scope(town):
        make_family(town.counselor)
    with scope(other_town):
        assert queries.find(other_town.officer, "たかはし").own == []
        assert not SearchEntry.objects.exists()


def test_a_joined_family_is_found_once_by_its_nickname_too(in_town: Town) -> None:
    nick = households.create_nickname_family(actor=in_town.counselor, nickname="きいろい帽子の子")
    family = make_family(in_town.counselor)
    joins.join(nick, family, actor=in_town.counselor, same={})
    assert [h.household_id for h in queries.find(in_town.counselor, "きいろい").own] == [family.pk]


def test_a_search_leaves_its_trail_without_words(in_town: Town) -> None:
    family = make_family(in_town.stranger)
    search.look_up("髙橋綾 1992/5/10", actor=in_town.counselor)
    (line,) = trail("family.find")
    assert line.detail == f'{{"hits":0,"outside":[{family.pk}]}}'


def test_a_search_costs_six_queries_however_many_families(
    in_town: Town, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        make_family(in_town.counselor, replace(AYA, given_kana="アイウエオカキクケコサシ"[number]), SOTA)
    with django_assert_max_num_queries(6):
        found = queries.find(in_town.counselor, "たかはし")
    assert len(found.own) == 12
    with django_assert_max_num_queries(6):
        queries.find(in_town.counselor, "たかはしあや 1992/5/10")


def test_refreshing_costs_the_same_for_one_and_for_many(
    in_town: Town, django_assert_num_queries: Any
) -> None:
    families = [make_family(in_town.counselor) for _ in range(6)]
    for some in (families[:1], families):
        with django_assert_num_queries(5):
            search.refresh(some)


def test_refreshing_again_changes_nothing(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    before = SearchEntry.objects.values().get(pk=family.pk)
    search.refresh([family.pk])
    assert SearchEntry.objects.values().get(pk=family.pk) == before


@given(KANA, KANA)
def test_every_piece_of_a_reading_finds_the_grams_of_the_whole(family: str, given_name: str) -> None:
    words = rules.Words(family_kana=family, given_kana=given_name)
    whole = set(rules.grams([words]))
    for text in (family, to_hiragana(family), given_name, family + given_name):
        terms = read_terms(text)
        assert set(terms.grams()) <= whole
        if terms.kana:
            assert terms.rank([words.kana_key], []) is not None


@given(KANJI, KANJI, st.integers(0, 5), st.integers(1, 4))
def test_every_piece_of_a_written_name_finds_it(family: str, given_name: str, start: int, size: int) -> None:
    words = rules.Words(family_name=family, given_name=given_name)
    piece = (family + given_name)[start : start + size].lstrip("々")
    terms = read_terms(piece)
    if piece and not piece.startswith("々"):
        assert set(terms.grams()) <= set(rules.grams([words])) or "々" in family + given_name


@given(st.text(max_size=120))
def test_no_text_breaks_the_reading_of_a_search(text: str) -> None:
    terms = read_terms(text)
    assert all(gram for gram in terms.grams())


def test_a_person_who_left_is_no_longer_found(in_town: Town) -> None:
    family = make_family(in_town.counselor)
    child = family.people.get(kind="child")
    people.leave(child, actor=in_town.counselor, left_on=date(2026, 4, 1))
    assert not queries.find(in_town.counselor, "そうた").own
