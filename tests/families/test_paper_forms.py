"""Registration forms on paper (D1): printed with a code each, typed in once, found by nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests.families.people import AYA, make_family, trail
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.families.models import Household, PaperForm, Person
from tsunagari.families.operations import forms_paper
from tsunagari.families.queries import forms_paper as queries
from tsunagari.families.rules.cards import CODE_SIGNS
from tsunagari.families.rules.paper import CODE_LENGTH, new_code, read_code, shown_code

ClientOf = Callable[[Actor], Client]


def printed(town: Town, actor: Actor | None = None) -> PaperForm:
    with scope(town, town.counselor.user_id):
        return forms_paper.print_forms(1, actor=actor or town.counselor, agency=town.aoba)[0]


def entry(form: PaperForm) -> str:
    return reverse("form_entry", args=[form.code])


@given(st.text(CODE_SIGNS, min_size=CODE_LENGTH, max_size=CODE_LENGTH), st.sampled_from(["", "-", " ", "－"]))
def test_a_code_is_read_however_it_was_typed(code: str, between: str) -> None:
    typed = between.join(code[start : start + 4] for start in range(0, CODE_LENGTH, 4))
    assert read_code(typed) == read_code(typed.lower()) == read_code(shown_code(code)) == code


@given(st.text(max_size=80))
def test_whatever_is_typed_a_code_is_whole_or_nothing(text: str) -> None:
    assert read_code(text) == "" or len(read_code(text)) == CODE_LENGTH


def test_codes_are_not_cut_out_of_longer_texts() -> None:
    code = new_code()
    for text in ("", code[:-1], code + "3", f"https://x/f/{code}/", f"{code}！", "あ" * 12):
        assert read_code(text) == ""


def test_each_form_has_a_code_of_its_own_and_printing_is_on_the_trail(in_town: Town) -> None:
    made = forms_paper.print_forms(30, actor=in_town.counselor, agency=in_town.aoba)
    assert len({form.code for form in made}) == 30
    [line] = trail("form.print")
    assert '"count":30' in line.detail
    assert made[0].code not in line.detail


def test_how_many_and_for_whom_is_checked(in_town: Town) -> None:
    for count in (0, 101):
        with pytest.raises(DomainError) as refusal:
            forms_paper.print_forms(count, actor=in_town.officer, agency=None)
        assert refusal.value.field == "count"
    for agency in (None, in_town.midori):
        with pytest.raises(DomainError):
            forms_paper.print_forms(1, actor=in_town.counselor, agency=agency)
    assert forms_paper.print_forms(1, actor=in_town.officer, agency=None)[0].agency is None


def test_a_form_is_typed_in_once(in_town: Town) -> None:
    [form] = forms_paper.print_forms(1, actor=in_town.counselor, agency=in_town.aoba)
    family, other = make_family(in_town.counselor), make_family(in_town.counselor)
    first = forms_paper.enter(form, family, actor=in_town.counselor)
    assert forms_paper.enter(form, family, actor=in_town.colleague).entered_by == first.entered_by
    with pytest.raises(Conflict):
        forms_paper.enter(form, other, actor=in_town.counselor)
    assert len(trail("family.enter_form")) == 1


def test_the_pdf_has_a_page_for_each_form(town: Town, client_of: ClientOf) -> None:
    answer = client_of(town.counselor).post(reverse("forms"), {"count": "2"})
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    with scope(town):
        assert queries.counts(town.counselor) == queries.FormCounts(2, 0, queries.counts(town.counselor).last)
        assert queries.counts(town.stranger).printed == 0
    for wrong in ("0", "101", "たくさん", ""):
        assert client_of(town.counselor).post(reverse("forms"), {"count": wrong}).status_code == 422


def test_the_code_leads_to_a_search_and_then_to_a_form_that_knows_where_it_comes_from(
    town: Town, client_of: ClientOf
) -> None:
    form = printed(town)
    client = client_of(town.counselor)
    assert "まず" in client.get(entry(form)).content.decode()
    found = client.post(entry(form), {"q": "もり らん"}).content.decode()
    assert f'name="paper" value="{form.code}"' in found
    page = client.post(
        reverse("family_new"), {"q": "もり らん", "paper": form.code, "start": "1"}
    ).content.decode()
    assert f'name="paper" value="{form.code}"' in page
    assert 'value="paper" selected' in page
    assert f'value="{town.aoba.pk}" selected' in page


def typed(form: PaperForm, town: Town, **more: str) -> dict[str, str]:
    names = {
        "family_name": "森",
        "given_name": "蘭",
        "family_kana": "もり",
        "given_kana": "らん",
        "relation": "母",
    }
    where = {"address": "架空町1", "agency": str(town.aoba.pk), "source": "paper", "is_home": "on"}
    return {"key": str(uuid4()), "paper": form.code, "count": "1", **names, **where, **more}


def test_a_pregnancy_is_registered_from_a_form_and_the_form_is_used(town: Town, client_of: ClientOf) -> None:
    form, client = printed(town), client_of(town.counselor)
    due = clock.today() + timedelta(days=100)
    sent = typed(form, town, due_date=format_wareki(due))
    for _ in range(2):
        assert client.post(reverse("family_new"), sent).status_code == 303
    with scope(town):
        family = Household.objects.get()
        assert family.people.get(life=Person.Life.EXPECTED).due_date == due
        assert family.registrations.get().source == "paper"
        form.refresh_from_db()
        assert form.household == family


def test_a_form_used_meanwhile_makes_no_second_family(town: Town, client_of: ClientOf) -> None:
    form, client = printed(town), client_of(town.counselor)
    with scope(town, town.counselor.user_id):
        forms_paper.enter(form, make_family(town.counselor), actor=town.colleague)
    answer = client.post(reverse("family_new"), typed(form, town))
    assert answer.status_code == 422
    assert "すでに入力されています" in answer.content.decode()
    with scope(town):
        assert Household.objects.count() == 1


def test_a_known_family_is_registered_from_a_form(town: Town, client_of: ClientOf) -> None:
    form, client = printed(town), client_of(town.counselor)
    with scope(town, town.counselor.user_id):
        family = make_family(town.counselor)
    address = reverse("registration_new", args=[family.pk])
    assert address in client.post(entry(form), {"q": "たかはし"}).content.decode()
    page = client.post(address, {"paper": form.code}).content.decode()
    assert 'value="paper" selected' in page
    sent = {
        "paper": form.code,
        "agency": str(town.aoba.pk),
        "source": "paper",
        "starts_on": "",
        "is_home": "on",
    }
    assert client.post(address, sent).status_code == 303
    with scope(town):
        assert PaperForm.objects.get().household == family


def test_a_used_form_says_when_and_by_whom_to_those_who_may_see_the_family(
    town: Town, client_of: ClientOf
) -> None:
    form = printed(town)
    with scope(town, town.counselor.user_id):
        forms_paper.enter(form, make_family(town.counselor, AYA), actor=town.counselor)
    own = client_of(town.colleague).get(entry(form)).content.decode()
    assert "もう入力されています" in own
    assert "三浦 架空" in own
    assert "髙橋" in own
    theirs = client_of(town.stranger).get(entry(form)).content.decode()
    assert re.search(r"\d+年\d+月\d+日 \d+:\d\d", theirs)
    assert "三浦" not in theirs
    assert "髙橋" not in theirs


def test_an_unknown_code_and_one_of_another_town_are_not_found(
    town: Town, other_town: Town, client_of: ClientOf
) -> None:
    elsewhere = printed(other_town)
    client = client_of(town.counselor)
    for code in (elsewhere.code, "3333", "x", new_code()):
        answer = client.get(reverse("form_entry", args=[code]))
        assert answer.status_code == 404
        assert "この番号の用紙は見つかりません" in answer.content.decode()
    assert client.post(reverse("form_find"), {"code": elsewhere.code}).status_code == 422
    assert client.post(reverse("family_new"), typed(elsewhere, town)).status_code == 303
    with scope(other_town):
        assert PaperForm.objects.get().entered_at is None


def test_the_number_can_be_typed_and_signing_in_comes_first(town: Town, client_of: ClientOf) -> None:
    form = printed(town)
    answer = client_of(town.counselor).post(reverse("form_find"), {"code": shown_code(form.code).lower()})
    assert answer.url == entry(form)
    assert client_of(town.rounds).get(entry(form)).status_code == 403
    away = Client().get(entry(form))
    assert away.status_code == 302
    assert form.code in away.url
