"""C6: a resident extract makes households, guardians, children, and what became of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.interop.residents import bring, counts, family, row
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.families.models import AgencyLink, Household, HouseholdRevision, Person, SearchEntry
from tsunagari.families.operations import households, joins, links
from tsunagari.families.rules import PersonInput

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 10, tzinfo=clock.TOKYO)


@pytest.fixture(autouse=True)
def _stopped() -> object:
    with clock.stopped_at(NOW):
        yield


def person(number: int) -> Person:
    return Person.objects.select_related("household").get(resident_no=f"{number:015}")


def home(number: int) -> Household:
    return Household.objects.get(resident_no=f"{number:015}")


def test_a_family_becomes_a_household_with_guardians_and_child(town: Town) -> None:
    assert counts(bring(town, *family())) == (3, 0, 0, 0)
    with scope(town):
        made = home(1)
        assert made.address == "架空県つながり市あおば町一丁目2番3号"
        assert (made.postal_code, made.moved_in_on, made.protected) == ("9990011", date(2020, 4, 1), False)
        people = [
            (p.kind, p.family_name, p.given_name, p.given_kana, p.relation)
            for p in made.people.order_by("pk")
        ]
        assert people == [
            ("guardian", "架空", "太郎", "タロウ", "父"),
            ("guardian", "架空", "花子", "ハナコ", "母"),
            ("child", "架空", "あおい", "アオイ", ""),
        ]
        assert "b:2024-07-03" in SearchEntry.objects.get(pk=made.pk).grams


def test_the_same_extract_again_changes_nothing(town: Town) -> None:
    gone = family(2, 住民状態="2")
    bring(town, *family(), *family(2))
    bring(town, *family(), *gone)
    assert counts(bring(town, *family(), *gone)) == (0, 0, 6, 0)


def test_households_without_children_are_not_made(town: Town) -> None:
    plan = bring(town, *family()[:2])
    assert counts(plan) == (0, 0, 2, 0)
    assert "対象外" in plan.notes[-1]
    with scope(town):
        assert not Household.objects.exists()


def test_who_is_missing_from_the_extract_has_not_moved(town: Town) -> None:
    bring(town, *family())
    bring(town, *family(2))
    with scope(town):
        assert person(13).left_on is None
        assert home(1).status == "active"


def test_grandparents_at_the_head_leave_the_parents_guardians(town: Town) -> None:
    bring(
        town,
        row(1, 1, "架空　一郎", "カクウ　イチロウ", "1955-01-01", "02"),
        row(2, 1, "架空　次郎", "カクウ　ジロウ", "1985-01-01", "20"),
        row(3, 1, "架空　春", "カクウ　ハル", "1986-01-01", "20-12"),
        row(4, 1, "架空　月", "カクウ　ツキ", "2025-01-01", "20-20"),
    )
    with scope(town):
        assert [person(n).kind for n in (1, 2, 3, 4)] == ["relative", "guardian", "guardian", "child"]
        assert person(4).relation_code == "20-20"


def test_a_wifes_child_is_a_child_of_the_house(town: Town) -> None:
    bring(town, *family(), row(14, 1, "別姓　海", "ベッセイ　ウミ", "2018-01-01", "12-20"))
    with scope(town):
        assert (person(14).kind, person(14).relation_code) == ("child", "12-20")


def test_a_move_out_ends_the_household_when_nobody_remains(town: Town) -> None:
    bring(town, *family())
    father = {**family()[0], "住民状態": "2", "転出年月日（確定）": "2026-10-01"}
    assert counts(bring(town, father, *family()[1:])) == (0, 1, 2, 0)
    with scope(town):
        assert (person(11).left_on, home(1).status) == (date(2026, 10, 1), "active")
    bring(town, *family(住民状態="2", **{"転出年月日（確定）": "2026-11-01"}))
    with scope(town):
        assert (home(1).status, home(1).moved_out_on) == ("moved", date(2026, 11, 1))


def test_a_family_that_comes_back_lives_here_again(town: Town) -> None:
    bring(town, *family())
    bring(town, *family(住民状態="2", **{"転出年月日（確定）": "2026-06-01"}))
    back = bring(town, *family(住民となった年月日="2026-11-10"))
    assert counts(back) == (0, 3, 0, 0)
    with scope(town):
        made = home(1)
        assert (made.status, made.moved_out_on, made.moved_in_on) == ("active", None, date(2026, 11, 10))
        assert person(13).left_on is None


def test_a_death_is_kept_quietly(town: Town) -> None:
    bring(town, *family())
    dead = {**family()[2], "住民状態": "3", "消除の異動年月日": "2026-09-09"}
    assert counts(bring(town, dead)) == (0, 1, 0, 0)
    with scope(town):
        assert (person(13).life, person(13).ended_on) == ("deceased", date(2026, 9, 9))
        assert "b:2024-07-03" not in SearchEntry.objects.get(pk=home(1).pk).grams


def test_an_expected_child_becomes_the_newborn_in_the_same_row(town: Town) -> None:
    bring(town, *family())
    with scope(town):
        expected = Person.objects.create(
            municipality=town.municipality,
            household=home(1),
            kind="child",
            life="expected",
            due_date=date(2026, 11, 10),
        )
    born = row(14, 1, "架空　みなと", "カクウ　ミナト", "2026-10-20", "20")
    assert counts(bring(town, *family(), born)) == (0, 1, 3, 0)
    with scope(town):
        child = person(14)
        assert (child.pk, child.life, child.given_name) == (expected.pk, "living", "みなと")
        assert child.due_date == date(2026, 11, 10)


def test_twins_take_both_expected_rows(town: Town) -> None:
    bring(town, *family())
    with scope(town):
        for order in (1, 2):
            Person.objects.create(
                municipality=town.municipality, household=home(1), kind="child", life="expected",
                due_date=date(2026, 12, 1), birth_order=order,
            )  # fmt: skip
    twins = [row(14 + n, 1, f"架空　ふたご{n}", "カクウ　フタゴ", "2026-11-01", "20") for n in (0, 1)]
    assert counts(bring(town, *family(), *twins)) == (0, 2, 3, 0)
    with scope(town):
        assert Person.objects.filter(life="expected").count() == 0
        assert [person(14).birth_order, person(15).birth_order] == [1, 2]


def test_a_birth_far_from_the_due_date_is_another_child(town: Town) -> None:
    bring(town, *family())
    with scope(town):
        Person.objects.create(
            municipality=town.municipality,
            household=home(1),
            kind="child",
            life="expected",
            due_date=date(2027, 5, 1),
        )
    assert counts(bring(town, row(14, 1, "架空　空", "カクウ　ソラ", "2026-10-20", "20"))) == (1, 0, 0, 0)


def test_a_new_address_forgets_the_old_point_and_keeps_what_it_said(town: Town) -> None:
    bring(town, *family())
    with scope(town):
        Household.objects.update(latitude=36.05, longitude=139.05, area=town.area)
    assert counts(bring(town, *family(住所_番地号表記="9番9号"))) == (0, 3, 0, 0)
    with scope(town):
        made = home(1)
        assert made.address.endswith("9番9号")
        assert (made.latitude, made.area_id, made.version) == (None, None, 2)
        before = HouseholdRevision.objects.get(household=made).before
        assert before["address"].endswith("2番3号")


def test_mother_and_child_move_to_a_household_of_their_own(town: Town) -> None:
    bring(town, *family())
    with scope(town):
        links.meet(
            home(1), actor=town.counselor, agency_id=town.aoba.pk, reason="check_in", on=date(2026, 11, 1)
        )
        child_pk = person(13).pk
    moved = [{**family()[1], "世帯番号": "9", "続柄コード1": "02"}, {**family()[2], "世帯番号": "9"}]
    assert counts(bring(town, family()[0], *moved)) == (0, 2, 1, 0)
    with scope(town):
        new = Household.objects.get(resident_no="9")
        assert {p.pk for p in new.people.all()} >= {child_pk}
        assert AgencyLink.objects.filter(household=new, agency=town.aoba).exists()
        assert HouseholdRevision.objects.filter(household=home(1), person_id=child_pk).exists()
        assert home(1).status == "active"


def test_a_protected_household_does_not_take_the_former_agencies_along(town: Town) -> None:
    bring(town, *family())
    with scope(town):
        links.meet(
            home(1), actor=town.counselor, agency_id=town.aoba.pk, reason="check_in", on=date(2026, 11, 1)
        )
    moved = [{**r, "世帯番号": "9", "他業務参照不可フラグ": "1"} for r in family()[1:]]
    bring(town, *moved)
    with scope(town):
        new = Household.objects.get(resident_no="9")
        assert new.protected
        assert not AgencyLink.objects.filter(household=new).exists()


def test_a_whole_family_under_a_new_number_keeps_its_household(town: Town) -> None:
    bring(town, *family())
    with scope(town):
        pk = home(1).pk
    bring(town, *(r | {"世帯番号": "77"} for r in family()))
    with scope(town):
        assert Household.objects.get(resident_no="77").pk == pk
        assert Household.objects.count() == 1


def test_protection_is_set_by_the_file_and_never_lifted_by_it(town: Town) -> None:
    assert "支援措置" in " ".join(bring(town, *family(他業務参照不可フラグ="1")).notes)
    bring(town, *family(他業務参照不可フラグ="0"))
    with scope(town):
        assert home(1).protected


def test_the_address_of_a_protected_family_is_covered_in_the_preview(town: Town) -> None:
    bring(town, *family(他業務参照不可フラグ="1"))
    plan = bring(town, *family(他業務参照不可フラグ="1", 住所_番地号表記="9番9号"))
    shown = str([sample.as_dict() for sample in plan.samples])
    assert "●●●" in shown
    assert "9番9号" not in shown


def test_a_family_entered_by_hand_is_linked_when_child_and_guardian_agree(town: Town) -> None:
    with scope(town):
        by_hand = households.create_household(
            actor=town.counselor,
            people=[
                PersonInput(family_name="架空", given_name="花子", phone="090-0000-0001"),
                PersonInput(kind="child", family_name="架空", given_name="アオイ", birth_date=date(2024, 7, 3),
                            family_kana="かくう", given_kana="あおい"),
            ],
        )  # fmt: skip
    assert counts(bring(town, *family())) == (1, 2, 0, 0)
    with scope(town):
        assert home(1).pk == by_hand.pk
        assert (person(12).phone, person(12).birth_date) == ("09000000001", date(1991, 6, 2))
        assert home(1).people.count() == 3


def test_a_family_that_only_looks_alike_is_left_and_named(town: Town) -> None:
    with scope(town):
        other = households.create_household(
            actor=town.counselor,
            people=[
                PersonInput(
                    kind="child", family_name="架空", given_name="あおい", birth_date=date(2024, 7, 3)
                )
            ],
        )
    plan = bring(town, *family())
    assert counts(plan) == (3, 0, 0, 0)
    assert any("同じ家庭かもしれません" in note and str(other.pk) in note for note in plan.notes)


def test_a_father_alone_in_a_new_household_has_left_the_family(town: Town) -> None:
    bring(town, *family())
    alone = {**family()[0], "世帯番号": "55"}
    assert counts(bring(town, alone, *family()[1:])) == (0, 1, 2, 0)
    assert counts(bring(town, alone, *family()[1:])) == (0, 0, 3, 0)
    with scope(town):
        assert person(11).left_on == clock.today()


def test_old_forms_foreign_names_and_unknown_birth_dates_are_kept(town: Town) -> None:
    bring(
        town,
        row(1, 1, "髙﨑　󠄀辻", "タカサキ　ツジ", "1990-01-01", "02"),
        row(2, 1, "", "", "0", "12", 氏名_外国人ローマ字="SAMPLE MARIA ANA", 通称="見本　マリア"),
        row(3, 1, "髙﨑　麟", "タカサキ　リン", str(NOW.date() - timedelta(days=40)), "20"),
    )
    with scope(town):
        assert person(1).family_name == "髙﨑"
        foreign = person(2)
        assert (foreign.family_name, foreign.given_name) == ("SAMPLE", "MARIA　ANA")
        assert foreign.nickname == "見本　マリア"
        assert foreign.birth_date is None


def test_the_family_of_a_refused_child_is_taken_so_that_the_mended_row_can_follow(town: Town) -> None:
    broken = family()[2] | {"生年月日": "2024-13-40"}
    assert counts(bring(town, *family()[:2], broken)) == (2, 0, 0, 1)
    assert counts(bring(town, family()[2])) == (1, 0, 0, 0)
    with scope(town):
        assert home(1).people.count() == 3


def test_a_household_that_was_joined_is_found_under_its_number(town: Town) -> None:
    bring(town, *family())
    with scope(town):
        by_hand = households.create_household(
            actor=town.counselor, people=[PersonInput(family_name="架空", given_name="花子")]
        )
        old, mother = home(1), person(12)
        same = {mother.pk: by_hand.people.get().pk}
        joins.join(old, by_hand, actor=town.counselor, same=same)
    assert counts(bring(town, *family(住所_番地号表記="9番9号"))) == (0, 3, 0, 0)
    with scope(town):
        assert Household.objects.filter(joined_into__isnull=True).get().pk == by_hand.pk
        assert Household.objects.get(pk=by_hand.pk).address.endswith("9番9号")
        assert person(12).pk == same[mother.pk]


def test_a_joined_family_is_nobody_more_in_the_register_and_leaves_with_it(town: Town) -> None:
    given = [
        PersonInput(family_name="架空", given_name="花子", birth_date=date(1991, 6, 2)),
        PersonInput(kind="child", family_name="架空", given_name="あおい", birth_date=date(2024, 7, 3)),
    ]
    with scope(town):
        one, other = (households.create_household(actor=town.counselor, people=given) for _ in range(2))
        pairs = zip(one.people.order_by("pk"), other.people.order_by("pk"), strict=True)
        joins.join(one, other, actor=town.counselor, same={mine.pk: theirs.pk for mine, theirs in pairs})
    bring(town, *family())
    with scope(town):
        assert Person.objects.filter(household=other, same_as__isnull=True).count() == 3
    bring(town, *family(住民状態="2", **{"転出年月日（確定）": "2026-11-01"}))
    with scope(town):
        assert Household.objects.get(pk=other.pk).status == "moved"


def test_two_numbers_of_a_joined_family_lead_to_the_one_that_stands(town: Town) -> None:
    bring(town, *family(), *family(2))
    with scope(town):
        kept = home(1).pk
        joins.join(home(2), home(1), actor=town.counselor, same={})
    bring(town, *family(2))
    with scope(town):
        assert Household.objects.filter(joined_into__isnull=True).get().pk == kept
        assert home(1).pk == kept
        assert person(22).household_id == kept
