"""Benefits (D6): a book at registration, half-days of care; given once, never overspent, taken back with trail."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.encounters.cast import at_once
from tests.families.people import AYA, SOTA, make_family, trail
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.families.models import Benefit, BenefitUse, Household, Person
from tsunagari.families.operations import benefits, households, joins, people, registrations
from tsunagari.families.queries import benefits as queries
from tsunagari.families.rules import BirthInput
from tsunagari.families.rules.benefits import (
    BenefitRule,
    Child,
    Registered,
    conditions,
    last_day,
    left,
    standing,
)

ClientOf = Callable[[Actor], Client]
DAY = date(2026, 11, 24)
BOOK = BenefitRule(
    name="はじめての絵本", each="child", unit="冊", until_months=12, valid_from=date(2020, 4, 1)
)
CARE = BenefitRule(name="一時預かり", quantity=3, months_from_registration=12, valid_from=date(2020, 4, 1))
YES = Registered(date(2026, 4, 1), True)
BABY = replace(SOTA, given_name="はな", given_kana="はな", birth_date=DAY - timedelta(days=90))


def stands(
    rule: BenefitRule, day: date, *births: date | None, registered: Registered = YES
) -> tuple[str, date | None]:
    children = [Child(number, birth) for number, birth in enumerate(births)]
    found = standing(rule, day, registered=registered, children=children)
    return found.reason_not, found.expires_on


@pytest.mark.parametrize(
    ("birth", "last"),
    [
        (date(2025, 11, 25), date(2026, 11, 24)),
        (date(2024, 2, 29), date(2025, 2, 27)),
        (date(2023, 2, 28), date(2024, 2, 27)),
        (date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_until_one_is_until_the_day_before_the_first_birthday(birth: date, last: date) -> None:
    assert stands(BOOK, last, birth) == ("", last)
    assert stands(BOOK, last + timedelta(days=1), birth) == (f"{format_wareki(last)}まででした", last)


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2026, 4, 1), 12, date(2027, 3, 31)),
        (date(2026, 1, 31), 1, date(2026, 2, 27)),
        (date(2024, 1, 31), 1, date(2024, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
        (date(2026, 8, 31), 6, date(2027, 2, 27)),
    ],
)
def test_months_from_registration_end_the_day_before(first: date, months: int, last: date) -> None:
    rule = replace(CARE, months_from_registration=months)
    assert last_day(first, months) == last
    assert stands(rule, last, registered=Registered(first, True)) == ("", last)
    late = stands(rule, last + timedelta(days=1), registered=Registered(first, True))
    assert late == (f"登録から{months}か月まででした", last)


def test_registered_in_pregnancy_the_book_may_be_given_before_birth_and_until_one() -> None:
    assert stands(BOOK, DAY, None) == ("", None)
    assert stands(replace(BOOK, from_months=0), DAY, None) == ("生まれてから使えます", None)
    assert stands(BOOK, DAY, DAY + timedelta(days=3)) == ("", None)


def test_from_an_age_on_begins_on_that_day() -> None:
    rule = replace(BOOK, from_months=4, until_months=None)
    assert stands(rule, date(2026, 11, 23), date(2026, 7, 24))[0] == "令和8年11月24日からです"
    assert stands(rule, DAY, date(2026, 7, 24)) == ("", None)
    assert stands(rule, date(2026, 6, 29), date(2026, 2, 28))[0] == ""
    assert stands(rule, date(2026, 6, 29), date(2026, 2, 28), registered=Registered(None, True))[0] == ""


def test_a_family_s_benefit_of_an_age_lasts_as_long_as_its_youngest() -> None:
    rule = replace(BOOK, each="household")
    old, young = date(2023, 5, 5), date(2026, 5, 5)
    assert stands(rule, DAY, old, young) == ("", date(2027, 5, 4))
    assert stands(rule, DAY, old)[0] == "令和6年5月4日まででした"
    assert stands(rule, DAY) == ("お子さんの生年月日を書くと使えます", None)


def test_the_period_and_registration_count_first() -> None:
    later = replace(CARE, valid_from=DAY + timedelta(days=1))
    over = replace(CARE, valid_to=DAY - timedelta(days=1))
    assert stands(later, DAY)[0] == "令和8年11月25日からです"
    assert stands(over, DAY)[0] == "令和8年11月23日まででした"
    assert stands(CARE, DAY, registered=Registered(date(2026, 4, 1), False))[0] == "登録すると使えます"
    open_to_all = replace(CARE, needs_registration=False, months_from_registration=None)
    assert stands(open_to_all, DAY, registered=Registered(None, False)) == ("", None)


def test_the_earliest_end_is_the_one_told() -> None:
    rule = replace(BOOK, months_from_registration=2, valid_to=date(2026, 12, 31))
    birth = date(2026, 1, 10)
    assert stands(rule, DAY, birth, registered=Registered(date(2026, 11, 1), True))[1] == date(2026, 12, 31)
    assert stands(rule, DAY, birth, registered=Registered(date(2026, 10, 1), True))[1] == date(2026, 11, 30)


def test_left_is_never_below_nothing_and_conditions_are_words() -> None:
    assert [left(3, given) for given in (0, 2, 3, 5)] == [3, 1, 0, 0]
    assert conditions(BOOK) == "登録している家庭・1歳になる前の日まで"
    assert (
        conditions(replace(BOOK, from_months=0, until_months=18))
        == "登録している家庭・生まれてから・1歳6か月になる前の日まで"
    )


@pytest.fixture
def family(in_town: Town) -> Household:
    """A registered mother with a son of two and a baby of three months, on 24 November 2026."""
    with clock.stopped_at(clock.at(DAY, 10)):
        made = make_family(in_town.counselor, AYA, SOTA, BABY)
        registrations.register(made, in_town.aoba, actor=in_town.counselor, is_home=True, source="counter")
    return made


def give(
    town: Town,
    benefit: Benefit,
    family: Household,
    person: Person | None = None,
    *,
    count: int = 1,
    key: UUID | None = None,
    by: Actor | None = None,
    on: date | None = None,
) -> BenefitUse:
    with clock.stopped_at(clock.at(DAY, 10)):
        return benefits.use_benefit(
            benefit,
            family,
            actor=by or town.counselor,
            person=person,
            count=count,
            key=key or uuid4(),
            used_on=on,
        )


def define(town: Town, rule: BenefitRule) -> Benefit:
    return benefits.define_benefit(rule, actor=town.officer)


def test_a_child_s_benefit_is_that_child_s(in_town: Town, family: Household) -> None:
    book, baby = define(in_town, BOOK), family.people.get(given_name="はな")
    assert [(one.person, one.left) for one in queries.balances(family, DAY)] == [(baby, 1)]
    give(in_town, book, family, baby)
    [balance] = queries.balances(family, DAY)
    assert (balance.left, balance.reason_not) == (0, "渡しました")
    with pytest.raises(DomainError):
        give(in_town, book, family, baby)
    for nobody in (None, family.people.get(kind="guardian")):
        with pytest.raises(DomainError) as refusal:
            give(in_town, book, family, nobody)
        assert refusal.value.field == "person"


def test_tickets_are_spent_one_by_one_and_never_more_than_there_are(in_town: Town, family: Household) -> None:
    care = define(in_town, CARE)
    give(in_town, care, family, count=2)
    with pytest.raises(DomainError) as refusal:
        give(in_town, care, family, count=2)
    assert refusal.value.message == "のこりは1回です。"
    give(in_town, care, family, by=in_town.nurse)
    assert queries.balances(family, DAY)[0].reason_not == "使いきりました"
    found = queries.given(care)
    assert (found.total, found.families, found.months) == (3, 1, [(date(2026, 11, 1), 3)])
    assert found.agencies == [(in_town.aoba.name, 2), (in_town.centre.name, 1)]


def test_the_same_press_twice_is_one_use(in_town: Town, family: Household) -> None:
    care, key = define(in_town, CARE), uuid4()
    assert give(in_town, care, family, key=key) == give(in_town, care, family, key=key)
    assert queries.balances(family, DAY)[0].left == 2
    with pytest.raises(Conflict):
        give(in_town, care, make_family(in_town.counselor), key=key)


def test_taken_back_it_counts_no_longer_and_stays_on_the_trail(in_town: Town, family: Household) -> None:
    use = give(in_town, define(in_town, CARE), family, count=3)
    for _ in range(2):
        benefits.take_back(use, actor=in_town.colleague)
    use.refresh_from_db()
    assert use.undone_by == in_town.colleague.user_id
    assert queries.balances(family, DAY)[0].left == 3
    assert [line.household_id for line in trail("benefit.use")] == [family.pk, family.pk]


def test_yesterday_s_is_judged_by_yesterday(in_town: Town, family: Household) -> None:
    care = define(in_town, CARE)
    with pytest.raises(DomainError) as refusal:
        give(in_town, care, family, on=DAY - timedelta(days=1))
    assert refusal.value.message == "「一時預かり」は登録すると使えます。"
    with pytest.raises(DomainError) as refusal:
        give(in_town, care, family, on=DAY + timedelta(days=1))
    assert refusal.value.field == "used_on"


def test_a_registration_by_mistake_begins_nothing(in_town: Town, family: Household) -> None:
    row = family.registrations.get()
    with clock.stopped_at(clock.at(DAY, 10)):
        registrations.end_registration(row, actor=in_town.counselor, ends_on=DAY, reason="mistake")
    define(in_town, CARE)
    assert queries.balances(family, DAY)[0].reason_not == "登録すると使えます"


def test_a_book_given_before_birth_is_the_same_child_s_afterwards(in_town: Town) -> None:
    """D1, D6: registered in pregnancy."""
    book = define(in_town, BOOK)
    with clock.stopped_at(clock.at(DAY, 10)):
        family = make_family(in_town.counselor, AYA)
        registrations.register(family, in_town.aoba, actor=in_town.counselor, is_home=True, source="handbook")
        [child] = people.expect_child(family, actor=in_town.counselor, due_date=DAY)
        give(in_town, book, family, child)
        people.record_birth(child, [BirthInput(birth_date=DAY)], actor=in_town.counselor)
    assert [(one.person, one.left) for one in queries.balances(family, DAY)] == [(child, 0)]


def test_a_child_that_was_joined_has_one_account_however_often_it_was(
    in_town: Town, family: Household
) -> None:
    book, baby = define(in_town, BOOK), family.people.get(given_name="はな")
    give(in_town, book, family, baby)
    with clock.stopped_at(clock.at(DAY, 10)):
        second, third = (make_family(in_town.counselor, AYA, BABY) for _ in range(2))
    then, now = (one.people.get(given_name="はな") for one in (second, third))
    joins.join(family, second, actor=in_town.counselor, same={baby.pk: then.pk})
    joins.join(second, third, actor=in_town.counselor, same={then.pk: now.pk})
    registered = [(one.person, one.left) for one in queries.balances(third, DAY)]
    assert registered == [(now, 0)]
    baby.refresh_from_db()
    with pytest.raises(DomainError):
        give(in_town, book, third, baby)


@pytest.mark.django_db(transaction=True)
def test_of_presses_at_once_the_second_finds_nothing_left(town: Town) -> None:
    rule = replace(CARE, quantity=2, needs_registration=False, months_from_registration=None)
    with scope(town, town.counselor.user_id):
        care, family = define(town, rule), make_family(town.counselor)

    def press(_: int) -> str:
        try:
            with scope(town, town.counselor.user_id):
                give(town, care, family)
        except DomainError as error:
            return error.message
        return "given"

    assert sorted(at_once(press, [1, 2, 3, 4])) == ["given"] * 2 + ["「一時預かり」は使いきりました。"] * 2
    with scope(town):
        assert BenefitUse.objects.count() == 2


def test_what_is_defined_is_checked_and_a_stale_change_told(in_town: Town) -> None:
    for field, value in (
        ("name", " "),
        ("quantity", 0),
        ("each", "town"),
        ("until_months", 0),
        ("valid_to", date(2019, 1, 1)),
    ):
        with pytest.raises(DomainError) as refusal:
            define(in_town, replace(BOOK, **{field: value}))
        assert refusal.value.field == field
    book = define(in_town, BOOK)
    changed = benefits.change_benefit(
        book, replace(BOOK, quantity=2), actor=in_town.officer, expected_version=1
    )
    assert (changed.quantity, changed.version) == (2, 2)
    with pytest.raises(Conflict):
        benefits.change_benefit(book, BOOK, actor=in_town.officer, expected_version=1)
    assert benefits.end_benefit(book, actor=in_town.officer, ends_on=DAY).valid_to == DAY
    assert len(trail("benefit.manage")) == 3


def test_who_it_is_for_stays_once_some_was_given(in_town: Town, family: Household) -> None:
    care = define(in_town, CARE)
    give(in_town, care, family)
    with pytest.raises(DomainError) as refusal:
        benefits.change_benefit(care, replace(CARE, each="child"), actor=in_town.officer, expected_version=1)
    assert refusal.value.field == "each"


def test_an_ended_benefit_leaves_the_page_but_not_the_counts(in_town: Town, family: Household) -> None:
    care = define(in_town, CARE)
    give(in_town, care, family)
    benefits.end_benefit(care, actor=in_town.officer, ends_on=DAY)
    assert queries.balances(family, DAY + timedelta(days=1)) == []
    assert queries.given(care).total == 1


def test_where_a_protected_family_was_given_something_is_hidden(in_town: Town, family: Household) -> None:
    """X2"""
    give(in_town, define(in_town, CARE), family)
    hidden = households.protect(family, actor=in_town.lead, protected=True)
    assert [(line.agency, line.by) for line in queries.uses(in_town.stranger, hidden)] == [("●●●", "")]
    assert queries.uses(in_town.counselor, hidden)[0].agency == in_town.aoba.name


def test_balances_ask_no_more_for_more(
    in_town: Town, family: Household, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(8):
        define(in_town, replace(BOOK, name=f"絵本{number}", each="household" if number % 2 else "child"))
    with django_assert_max_num_queries(4):  # type: ignore[attr-defined]
        assert len(queries.balances(family, DAY)) == 8


def form(page: str, address: str) -> dict[str, str]:
    """The hidden fields of the form that posts to the address."""
    inside = page.split(f'action="{address}"', 1)[1].split("</form>", 1)[0]
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', inside))


def test_one_press_on_the_family_page_and_one_to_take_it_back(town: Town, client_of: ClientOf) -> None:
    with scope(town, town.counselor.user_id):
        book, family = (
            define(town, replace(BOOK, each="household", until_months=None)),
            make_family(town.counselor),
        )
        registrations.register(family, town.aoba, actor=town.counselor, is_home=True, source="counter")
    client, page = client_of(town.counselor), reverse("family", args=[family.pk])
    give_it = reverse("benefit_use", args=[family.pk, book.pk])
    sent = form(client.get(page).content.decode(), give_it)
    for _ in range(2):
        assert client.post(give_it, sent).status_code == 303
    after = client.get(page).content.decode()
    assert "渡しました" in after
    with scope(town):
        use = BenefitUse.objects.get()
    undo = reverse("benefit_undo", args=[family.pk, use.pk])
    assert undo in after
    assert client.post(undo).status_code == 303
    assert give_it in client.get(page).content.decode()


def test_only_the_city_defines_and_readers_give_nothing(town: Town, client_of: ClientOf) -> None:
    with scope(town, town.counselor.user_id):
        book, family = define(town, BOOK), make_family(town.counselor)
    for role, actor in town.actors.items():
        for name, ids in (
            ("benefits", []),
            ("benefit_new", []),
            ("benefit", [book.pk]),
            ("benefit_edit", [book.pk]),
        ):
            expected = 200 if role == "officer" else 403
            assert client_of(actor).get(reverse(name, args=ids)).status_code == expected
    assert client_of(town.rounds).get(reverse("benefit_use", args=[family.pk, book.pk])).status_code == 403
    assert client_of(town.stranger).get(reverse("benefit_use", args=[family.pk, book.pk])).status_code == 404


def test_the_city_s_pages_take_and_refuse_in_words(town: Town, client_of: ClientOf) -> None:
    client = client_of(town.officer)
    typed = {
        "name": "一時預かり",
        "each": "household",
        "quantity": "3",
        "unit": "回",
        "needs_registration": "on",
        "valid_from": "令和8年4月1日",
    }
    assert client.post(reverse("benefit_new"), typed | {"until_months": "300"}).status_code == 422
    assert client.post(reverse("benefit_new"), typed | {"months_from_registration": "6"}).status_code == 303
    with scope(town):
        made = Benefit.objects.get()
    edit = reverse("benefit_edit", args=[made.pk])
    assert client.post(edit, typed | {"quantity": "5", "version": "1"}).status_code == 303
    stale = client.post(edit, typed | {"quantity": "7", "version": "1"})
    assert (stale.status_code, 'name="version" value="2"' in stale.content.decode()) == (409, True)
    end = reverse("benefit_end", args=[made.pk])
    assert client.post(end, {"ends_on": "平成1年1月9日"}).status_code == 422
    assert "300" not in client.get(reverse("benefits")).content.decode()
