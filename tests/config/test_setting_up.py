"""A real town from nothing: `tsunagari municipality add`, `staff add`, `staff list`, `staff unlock`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.test import Client

from tests.makers import PASSWORD, Town, scope
from tsunagari.accounts.models import Membership, User
from tsunagari.audit.models import Entry
from tsunagari.base import tenancy
from tsunagari.config import cli, running
from tsunagari.places.models import Municipality

pytestmark = pytest.mark.django_db
OFFICER = ["--role", "officer", "--username", "tantou"]


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command in the test's own transaction: Django is set up already."""

    @contextmanager
    def ready(role: str | None = None, *, demo: bool = False) -> Iterator[None]:
        yield

    monkeypatch.setattr(running, "django_ready", ready)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> pytest.CaptureFixture[str]:
    return capsys


def refused(said: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line of an attempt that must fail."""
    assert cli.main(arguments) == 1
    told = said.readouterr().err
    assert told.count("\n") == 1
    return told


def trail(municipality_id: int) -> list[tuple[str, str, str]]:
    with tenancy.municipality(municipality_id):
        entries = Entry.objects.filter(via="command").order_by("seq")
        return list(entries.values_list("action", "object_type", "detail"))


def test_a_town_and_its_first_officer_are_made_from_nothing(said: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["municipality", "add", "37201"]) == 0
    assert "香川県高松市（372013）を登録しました" in said.readouterr().out
    assert cli.main(["staff", "add", "--municipality", "372013", *OFFICER, "--name", "架空 太郎"]) == 0
    shown = re.search(r"はじめのパスワード: ([a-z2-9-]{14})\n", said.readouterr().out)
    assert shown is not None
    client = Client()
    assert client.post("/accounts/login/", {"login": "tantou", "password": shown[1]}).status_code == 302
    assert client.get("/workplace/").url.startswith("/accounts/password/change/")


def test_a_town_is_taken_up_once_with_trail(said: pytest.CaptureFixture[str]) -> None:
    for word in ("を登録しました", "もう登録されています"):
        assert cli.main(["municipality", "add", "372013"]) == 0
        assert word in said.readouterr().out
    assert Municipality.objects.filter(code="372013").count() == 1
    assert trail(0) == [("places.manage", "municipality", '{"change":"municipality"}')]


@pytest.mark.parametrize("code", ["372014", "999999", "kagawa"])
def test_a_code_of_no_town_is_refused_in_one_line(said: pytest.CaptureFixture[str], code: str) -> None:
    assert "tsunagari: " in refused(said, "municipality", "add", code)
    assert not Municipality.objects.exists()


def test_a_town_that_is_no_more_is_warned_of(said: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["municipality", "add", "22131"]) == 0
    assert "注意：この市区町村は 2023年12月31日 まで" in said.readouterr().out


def test_who_works_elsewhere_gets_a_place_here_and_keeps_the_password(
    town: Town, other_town: Town, said: pytest.CaptureFixture[str]
) -> None:
    user = User.objects.get(pk=other_town.counselor.user_id)
    place = ["--role", "counselor", "--agency", town.aoba.identifier]
    assert cli.main(["staff", "add", "--municipality", "999999", *place, "--username", user.username]) == 0
    told = said.readouterr().out
    assert "今のパスワードで入れます" in told
    assert "はじめのパスワード" not in told
    with scope(town):
        made = Membership.objects.get(user=user, municipality=town.municipality)
    assert (made.agency_id, made.role) == (town.aoba.pk, "counselor")
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_each_membership_leaves_trail_in_its_town(town: Town, said: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["staff", "add", "--municipality", "99999", *OFFICER, "--name", "架空 太郎"]) == 0
    [(action, kind, detail)] = trail(town.municipality.pk)
    assert (action, kind) == ("staff.manage", "user")
    assert '"role":"officer"' in detail
    assert "tantou" not in detail


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["999999", "--role", "officer", "--username", "new.one"], "氏名を入れてください"),
        (["999999", "--role", "officer", "--username", "ﾈｺ", "--name", "架空"], "英小文字と数字"),
        (["999999", "--role", "counselor", "--username", "new.one"], "--agency でIDを"),
        (
            ["999999", "--role", "nurse", "--username", "new.one", "--agency", "なし"],
            "がありません（つながり市の場所",
        ),
        (["999999", "--role", "auditor", "--username", "new.one", "--agency", "x"], "--agency は要りません"),
        (["372013", "--role", "officer", "--username", "new.one"], "999999 つながり市"),
    ],
)
def test_what_is_wrong_is_one_japanese_line(
    town: Town, said: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    people = User.objects.count()
    assert words in refused(said, "staff", "add", "--municipality", *arguments)
    assert User.objects.count() == people


def test_an_agency_of_another_town_is_not_found(
    town: Town, other_town: Town, said: pytest.CaptureFixture[str]
) -> None:
    theirs = ["--agency", other_town.aoba.identifier, "--username", "new.one", "--name", "架空"]
    told = refused(said, "staff", "add", "--municipality", "999999", "--role", "manager", *theirs)
    assert "がありません" in told
    assert other_town.aoba.identifier not in told.partition("（")[2]


def test_a_login_name_of_another_person_is_not_taken_for_them(
    town: Town, other_town: Town, said: pytest.CaptureFixture[str]
) -> None:
    user = User.objects.get(pk=other_town.counselor.user_id)
    given = ["--role", "officer", "--username", user.username.upper(), "--name", "別人 架空"]
    assert "三浦 架空さんが使っています" in refused(said, "staff", "add", "--municipality", "999999", *given)
    User.objects.filter(pk=user.pk).update(is_active=False)
    given[-1] = "三浦架空"
    assert "利用を止められています" in refused(said, "staff", "add", "--municipality", "999999", *given)


def test_the_same_place_twice_is_refused(town: Town, said: pytest.CaptureFixture[str]) -> None:
    given = ["staff", "add", "--municipality", "999999", *OFFICER, "--name", "架空 太郎"]
    assert cli.main(given) == 0
    said.readouterr()
    assert "期間が重なっています" in refused(said, *given)


def test_the_list_shows_this_town_only_and_leaves_trail(
    town: Town, other_town: Town, said: pytest.CaptureFixture[str]
) -> None:
    User.objects.filter(pk=other_town.lead.user_id).update(name="隣町 架空")
    assert cli.main(["staff", "list", "--municipality", "999999"]) == 0
    told = said.readouterr().out
    assert len(told.splitlines()) == 9
    assert re.search(r"市 架空 +自治体担当 +市全体 +2020-04-01〜 +二要素なし", told)
    assert "隣町" not in told
    assert trail(town.municipality.pk) == [("staff.read", "", '{"list":9}')]


def test_a_lock_out_is_lifted(town: Town, said: pytest.CaptureFixture[str]) -> None:
    user = User.objects.get(pk=town.counselor.user_id)
    right = {"login": user.username, "password": PASSWORD}
    for number in range(5):
        Client().post("/accounts/login/", right | {"password": f"wrong-{number}"})
    assert Client().post("/accounts/login/", right).status_code == 429
    assert cli.main(["staff", "unlock", user.username]) == 0
    assert "すぐにログインできます" in said.readouterr().out
    assert Client().post("/accounts/login/", right).status_code == 302
    assert trail(0) == [("staff.manage", "user", '{"change":"unlock","locked":true}')]


def test_lifting_what_was_not_locked_says_so(town: Town, said: pytest.CaptureFixture[str]) -> None:
    user = User.objects.get(pk=town.counselor.user_id)
    assert cli.main(["staff", "unlock", user.username]) == 0
    assert "止まっていませんでした" in said.readouterr().out
    assert "nobody" in refused(said, "staff", "unlock", "nobody")
