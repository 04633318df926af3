"""X2: the officer keeps the staff; others see what their role sees."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from tests.makers import Town, make_actor, scope

from tsunagari.accounts import queries
from tsunagari.accounts.models import Membership, User
from tsunagari.accounts.operations import staff as operations
from tsunagari.accounts.rules import MembershipInput, StaffInput, one_time_password
from tsunagari.audit.models import Entry
from tsunagari.base import clock
from tsunagari.base.access import Role
from tsunagari.base.errors import DomainError

TODAY = date(2026, 11, 1)


def form(town: Town, **changes: object) -> dict[str, object]:
    return {
        "name": "新 架空",
        "kana": "しん かくう",
        "username": "shin.kaku",
        "role": "counselor",
        "agency": town.aoba.pk,
        "valid_from": "2026-11-01",
    } | changes


def test_a_new_person_gets_a_password_shown_once_and_signs_in_with_it(town: Town, client_of: Any) -> None:
    client = client_of(town.officer)
    page = client.post("/staff/new/", form(town)).content.decode()
    shown = re.search(r">([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})<", page)
    assert shown is not None
    user = User.objects.get(username="shin.kaku")
    assert user.must_change_password
    assert shown[1] not in client.get(f"/staff/{user.pk}/").content.decode()
    came = Client().post("/accounts/login/", {"login": user.username, "password": shown[1]})
    assert came.status_code == 302


@pytest.mark.parametrize("taken", ["SHIN.kaku", "shin.kaku"])
def test_a_login_name_of_another_town_is_refused_without_a_word_about_it(
    town: Town, other_town: Town, client_of: Any, taken: str
) -> None:
    User.objects.filter(pk=other_town.counselor.user_id).update(username=taken, name="秘密 太郎")
    answer = client_of(town.officer).post("/staff/new/", form(town))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "このログイン名は使えません" in text
    assert "秘密" not in text
    assert "となり町" not in text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"agency": ""}, "場所をえらんでください"),
        ({"valid_to": "2026-10-01"}, "開始日より前"),
        ({"username": "ﾈｺ"}, "英小文字と数字"),
        ({"name": ""}, "入れてください"),
        ({"role": "king"}, "選択"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    town: Town, client_of: Any, changes: dict[str, str], message: str
) -> None:
    answer = client_of(town.officer).post("/staff/new/", form(town, **changes))
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not User.objects.filter(username="shin.kaku").exists()


def test_an_agency_of_another_town_cannot_be_named(town: Town, other_town: Town, client_of: Any) -> None:
    answer = client_of(town.officer).post("/staff/new/", form(town, agency=other_town.aoba.pk))
    assert answer.status_code == 422


def test_the_manager_sees_the_own_agency_only(town: Town, client_of: Any) -> None:
    client = client_of(town.manager)
    page = client.get("/staff/").content.decode()
    assert "三浦 架空" in page
    assert "森 架空" not in page
    assert client.get(f"/staff/{town.stranger.user_id}/").status_code == 404
    assert client.get(f"/staff/{town.colleague.user_id}/").status_code == 200


@pytest.mark.parametrize("role", [Role.COUNSELOR, Role.ROUNDS, Role.NURSE])
def test_others_do_not_see_staff(town: Town, client_of: Any, role: Role) -> None:
    assert client_of(town.actors[role]).get("/staff/").status_code == 403


@pytest.mark.parametrize("role", [Role.MANAGER, Role.LEAD, Role.AUDITOR])
def test_readers_change_nothing(town: Town, client_of: Any, role: Role) -> None:
    client, target = client_of(town.actors[role]), town.counselor.user_id
    assert client.get("/staff/new/").status_code == 403
    for path in ("active", "reset"):
        assert client.post(f"/staff/{target}/{path}/").status_code == 403
    assert "職員を登録する" not in client.get("/staff/").content.decode()


def test_staff_of_another_town_do_not_exist(town: Town, other_town: Town, client_of: Any) -> None:
    client, theirs = client_of(town.officer), other_town.counselor
    paths = ("", "edit/", "memberships/", f"memberships/{theirs.membership_id}/end/")
    for path in paths:
        assert client.get(f"/staff/{theirs.user_id}/{path}").status_code == 404, path
    for path in ("active/", "reset/"):
        assert client.post(f"/staff/{theirs.user_id}/{path}").status_code == 404, path


def test_a_stopped_person_is_out_at_once(town: Town, client_of: Any) -> None:
    manager, officer = client_of(town.manager), client_of(town.officer)
    assert manager.get("/staff/").status_code == 200
    officer.post(f"/staff/{town.manager.user_id}/active/", {"active": "0"})
    assert manager.get("/staff/").status_code == 302
    officer.post(f"/staff/{town.manager.user_id}/active/", {"active": "1"})
    assert User.objects.get(pk=town.manager.user_id).is_active


def test_a_new_password_ends_sessions_and_forgets_factors(town: Town, client_of: Any) -> None:
    manager, user = client_of(town.manager), User.objects.get(pk=town.manager.user_id)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    page = client_of(town.officer).post(f"/staff/{user.pk}/reset/", {"second_factor": "1"})
    assert "この画面でだけ見られます" in page.content.decode()
    assert manager.get("/staff/").url.startswith("/accounts/login/")
    assert not Authenticator.objects.filter(user=user).exists()
    with scope(town):
        assert Entry.objects.get(action="staff.manage").detail == '{"change":"reset-all"}'


def test_who_also_works_elsewhere_is_not_taken_over(town: Town, other_town: Town) -> None:
    user = User.objects.get(pk=town.counselor.user_id)
    with scope(other_town):
        make_actor(other_town.municipality, Role.NURSE, other_town.centre, user.name, user=user)
    with scope(town):
        with pytest.raises(DomainError, match="ほかの自治体"):
            operations.reset_sign_in(user, actor=town.officer, second_factor=True)
        with pytest.raises(DomainError, match="ほかの自治体"):
            operations.set_active(user, actor=town.officer, active=False)


def test_nobody_locks_themselves_out(in_town: Town) -> None:
    officer = User.objects.get(pk=in_town.officer.user_id)
    mine = Membership.objects.get(pk=in_town.officer.membership_id)
    with pytest.raises(DomainError):
        operations.set_active(officer, actor=in_town.officer, active=False)
    with pytest.raises(DomainError):
        operations.end_membership(mine, actor=in_town.officer, ends_on=TODAY)
    with pytest.raises(DomainError):
        operations.reset_sign_in(officer, actor=in_town.officer, second_factor=False)


def test_the_last_officer_stays(in_town: Town) -> None:
    second = make_actor(in_town.municipality, Role.OFFICER, None, "次 架空")
    mine = Membership.objects.get(pk=in_town.officer.membership_id)
    operations.end_membership(mine, actor=second, ends_on=TODAY)
    other = Membership.objects.get(pk=second.membership_id)
    with pytest.raises(DomainError, match="担当がいなくなります"):
        operations.end_membership(other, actor=in_town.officer, ends_on=date(2026, 12, 31))


def test_the_same_role_at_the_same_place_does_not_overlap(in_town: Town) -> None:
    user = User.objects.get(pk=in_town.counselor.user_id)
    again = MembershipInput("counselor", in_town.aoba.pk, TODAY)
    with pytest.raises(DomainError) as refused:
        operations.add_membership(user, again, actor=in_town.officer)
    assert refused.value.field == "valid_from"
    elsewhere = MembershipInput("counselor", in_town.midori.pk, TODAY)
    assert operations.add_membership(user, elsewhere, actor=in_town.officer).agency_id == in_town.midori.pk


def test_the_list_shows_current_former_and_filters(in_town: Town) -> None:
    yesterday = clock.today() - timedelta(days=1)
    Membership.objects.filter(pk=in_town.stranger.membership_id).update(valid_to=yesterday)

    def names(**filters: Any) -> set[str]:
        return {user.name for user in queries.staff(in_town.officer, queries.StaffFilters(**filters))}

    assert names(state="former") == {"森 架空"}
    assert "森 架空" not in names()
    assert len(names(state="all")) == 9
    assert names(role="nurse") == {"保 架空"}
    assert names(agency_id=in_town.aoba.pk, text="原") == {"原 架空"}


def test_a_long_list_costs_no_more_questions(in_town: Town, django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        make_actor(in_town.municipality, Role.COUNSELOR, in_town.aoba, f"人{number}")
    with django_assert_max_num_queries(3):
        lines = queries.staff_lines(queries.staff(in_town.officer))
        assert [len(line.memberships) for line in lines] == [1] * 39


def test_a_page_of_people_reads_its_own_alone_and_counts_all(
    town: Town, client_of: Any, django_assert_num_queries: Any
) -> None:
    with scope(town):
        for number in range(60):
            make_actor(town.municipality, Role.COUNSELOR, town.aoba, f"人{number:02}")
    client = client_of(town.officer)
    first, second = (client.get(f"/staff/?page={number}").context for number in (1, 2))
    assert (first["page"].paginator.count, len(first["lines"]), len(second["lines"])) == (69, 50, 19)
    people = [line.user.pk for page in (first, second) for line in page["lines"]]
    assert len(set(people)) == 69
    with scope(town), django_assert_num_queries(3):
        assert len(queries.staff_lines(queries.staff(town.officer)[50:100])) == 19


def test_adding_leaves_trail_with_ids_only(town: Town) -> None:
    given = StaffInput("kari.name", "仮 架空", "", MembershipInput("officer", None, TODAY))
    with scope(town):
        user, _ = operations.add_staff(given, actor=town.officer)
    with scope(town):
        entry = Entry.objects.get(action="staff.manage")
    assert (entry.object_type, entry.object_id) == ("user", user.pk)
    assert "kari" not in entry.detail
    assert "仮" not in entry.detail


def test_one_time_passwords_differ_and_have_no_doubtful_letters() -> None:
    made = {one_time_password() for _ in range(200)}
    assert len(made) == 200
    assert not set("".join(made)) & set("ilo01")


def test_the_officer_ends_a_membership_from_the_page(town: Town, client_of: Any) -> None:
    client, person = client_of(town.officer), town.stranger
    path = f"/staff/{person.user_id}/memberships/{person.membership_id}/end/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"ends_on": "2019-01-01"}).status_code == 422
    assert client.post(path, {"ends_on": "2026-12-31"}).status_code == 303
    with scope(town):
        assert str(Membership.objects.get(pk=person.membership_id).valid_to) == "2026-12-31"


def test_a_name_is_corrected(town: Town, client_of: Any) -> None:
    client, target = client_of(town.officer), town.counselor.user_id
    client.post(f"/staff/{target}/edit/", {"name": "三浦 かくう", "kana": "みうら かくう"})
    assert User.objects.get(pk=target).name == "三浦 かくう"
