"""Pages of cards: printed, shown, replaced, stopped, as a browser without JavaScript sees them (D2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from tests.families.people import make_family, trail
from tests.makers import Town, scope
from tsunagari.base.actor import Actor
from tsunagari.families.models import Card, Household, RegistrationPolicy
from tsunagari.families.operations import cards, households, registrations
from tsunagari.families.views.cards import NOTE

ClientOf = Callable[[Actor], Client]
MM = 72 / 25.4


@pytest.fixture
def card(town: Town) -> Card:
    """The card of a family registered at あおば."""
    with scope(town, town.counselor.user_id):
        return make_registered(town)


def make_registered(town: Town) -> Card:
    """The card of one more family registered at あおば."""
    family = make_family(town.counselor)
    registrations.register(family, town.aoba, actor=town.counselor, is_home=True, source="counter")
    return family.cards.get()


def to(name: str, card: Card) -> str:
    return reverse(name, args=[card.household_id, card.pk])


def pages(answer: HttpResponse) -> list[str]:
    """The words of each page of a PDF, without spaces."""
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Cache-Control"] == "no-store"
    return ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(answer.content)).pages]


def many(town: Town, count: int) -> list[Card]:
    with scope(town, town.counselor.user_id):
        return cards.issue_many([make_family(town.counselor) for _ in range(count)], actor=town.counselor)


def test_a_printed_card_has_its_number_and_no_word_of_the_family(
    town: Town, card: Card, client_of: ClientOf
) -> None:
    answer = client_of(town.counselor).post(to("card_print", card), {"layout": "card"})
    (words,) = pages(answer)
    for word in (card.spoken, "つながり市地域子育て相談機関", "利用カード", "なまえ", NOTE[:8]):
        assert word in words
    assert not any(word in words for word in ("髙橋", "たかはし", "颯太", "綾", "あおば"))
    size = PdfReader(BytesIO(answer.content)).pages[0].mediabox
    assert (round(float(size.width) / MM, 1), round(float(size.height) / MM, 1)) == (85.6, 54)
    with scope(town):
        assert Card.objects.get().printed_at is not None
        assert [line.detail for line in trail("card.print")] == ['{"did":"issue"}', '{"did":"print"}']


def test_the_city_chooses_the_words_on_the_card(town: Town, card: Card, client_of: ClientOf) -> None:
    with scope(town):
        RegistrationPolicy.objects.create(municipality=town.municipality, card_note="#panic(いつでもどうぞ)")
    (words,) = pages(client_of(town.counselor).post(to("card_print", card), {"layout": "a4"}))
    assert "#panic(いつでもどうぞ)" in words
    assert NOTE[:8] not in words


def test_a_protected_familys_card_looks_like_any_other(town: Town, card: Card, client_of: ClientOf) -> None:
    client = client_of(town.counselor)
    before = pages(client.post(to("card_print", card), {"layout": "card"}))
    with scope(town, town.counselor.user_id):
        households.protect(card.household, actor=town.officer, protected=True)
    assert pages(client.post(to("card_print", card), {"layout": "card"})) == before


def test_a_half_used_sheet_goes_on_where_it_ended(town: Town, client_of: ClientOf) -> None:
    made = many(town, 12)
    data = {"layout": "sheet", "start": "4", "card": [card.pk for card in made]}
    found = pages(client_of(town.counselor).post(reverse("card_sheet"), data))
    assert [words.count("カード番号") for words in found] == [7, 5]
    assert sorted(card.spoken for card in made if card.spoken in "".join(found)) == sorted(
        card.spoken for card in made
    )


def test_sheets_have_a_limit_and_need_a_choice(town: Town, client_of: ClientOf) -> None:
    client = client_of(town.counselor)
    for chosen, said in (
        ([], "1枚以上"),
        (list(range(1, 103)), "100枚まで"),
        ([999_999], "1枚は、もう使えません"),
    ):
        answer = client.post(
            reverse("card_sheet"), {"layout": "sheet", "start": "1", "card": chosen}, follow=True
        )
        assert said in answer.content.decode()


def test_a_stopped_card_is_not_printed_and_it_is_said_why(
    town: Town, card: Card, client_of: ClientOf
) -> None:
    with scope(town, town.counselor.user_id):
        cards.revoke_card(card, actor=town.counselor, reason="lost")
    client = client_of(town.counselor)
    for answer in (
        client.post(to("card_print", card), {"layout": "card"}),
        client.get(to("card_show", card)),
        client.get(to("card_qr", card)),
    ):
        assert answer.status_code == 409
        assert "このカードは、止められています" in answer.content.decode()
    data = {"layout": "sheet", "start": "1", "card": [card.pk]}
    answer = client.post(reverse("card_sheet"), data)
    assert (answer.status_code, "1枚は、もう使えません" in answer.content.decode()) == (409, True)


def test_one_stopped_card_among_many_leaves_the_choice_as_it_was(town: Town, client_of: ClientOf) -> None:
    with scope(town, town.counselor.user_id):
        stopped, chosen, left_out = (make_registered(town) for _ in range(3))
        cards.revoke_card(stopped, actor=town.counselor, reason="lost")
    client, address = client_of(town.counselor), reverse("card_sheet")
    data = {"layout": "a4", "start": "1", "card": [stopped.pk, chosen.pk]}
    page = client.post(address, data).content.decode()
    assert f'value="{chosen.pk}" checked' in page
    assert f'value="{left_out.pk}">' in page
    with scope(town):
        assert not Card.objects.filter(printed_at__isnull=False).exists()
    assert len(pages(client.post(address, data | {"card": [chosen.pk]}))) == 1


def test_nothing_ticked_keeps_the_page_of_the_list(town: Town, client_of: ClientOf) -> None:
    with scope(town, town.counselor.user_id):
        card = make_registered(town)
    client = client_of(town.officer)
    page = client.get(reverse("cards"), {"agency": town.aoba.pk}).content.decode()
    action = f"{reverse('card_sheet')}?agency={town.aoba.pk}"
    assert f'action="{action}"' in page
    answer = client.post(action, {"layout": "sheet", "start": "1"})
    said = answer.content.decode()
    assert (answer.status_code, "まだ印刷していません" in said, "1枚以上" in said) == (422, True, True)
    assert f'value="{card.pk}">' in said
    assert f'value="{town.aoba.pk}" selected' in said


def test_the_button_of_every_family_that_has_a_card_prints_it(town: Town, client_of: ClientOf) -> None:
    """As the page sends it: its own fields, without scripts; of families without a card there is none."""
    with scope(town, town.counselor.user_id):
        card = make_registered(town)
        bare = make_family(town.counselor)
        households.protect(card.household, actor=town.officer, protected=True)
    for role in ("counselor", "manager", "nurse", "lead", "officer"):
        client = client_of(town.actors[role])
        page = client.get(reverse("card", args=[card.household_id])).content.decode()
        assert f'action="{to("card_print", card)}"' in page
        fields = re.findall(r'<select name="(\w+)".*?<option value="(\w+)" selected', page, re.DOTALL)
        assert [name for name, _ in fields][:1] == ["layout"]
        assert len(pages(client.post(to("card_print", card), dict(fields)))) == 1
    nothing = client_of(town.counselor).get(reverse("card", args=[bare.pk])).content.decode()
    assert ("card_print" in nothing, "/print/" in nothing, "カードをつくる" in nothing) == (
        False,
        False,
        True,
    )


def test_the_qr_is_a_picture_of_its_own_and_is_never_kept(
    town: Town, card: Card, client_of: ClientOf
) -> None:
    client = client_of(town.counselor)
    page = client.get(to("card_show", card)).content.decode()
    assert f'src="{to("card_qr", card)}"' in page
    assert card.spoken in page
    assert not any(word in page for word in ("髙橋", "たかはし", "颯太", card.token))
    picture = client.get(to("card_qr", card))
    assert (picture["Content-Type"], picture["Cache-Control"]) == ("image/svg+xml", "no-store")
    assert b"style" not in picture.content
    with scope(town):
        assert trail("card.print")[-1].detail == '{"did":"show"}'


def test_reissuing_needs_a_reason_and_twice_is_once(town: Town, card: Card, client_of: ClientOf) -> None:
    client, address = client_of(town.counselor), to("card_reissue", card)
    refused = client.post(address, {"reason": ""})
    assert (refused.status_code, "理由をえらんでください" in refused.content.decode()) == (422, True)
    answers = [client.post(address, {"reason": "lost"}, follow=True) for _ in range(2)]
    assert "新しいカードをつくり" in answers[0].content.decode()
    assert "すでに止められています" in answers[1].content.decode()
    with scope(town):
        states = Card.objects.order_by("pk").values_list("state", "reason", "main")
        assert list(states) == [("revoked", "lost", True), ("active", "", True)]


def test_a_card_is_stopped_and_a_new_one_made(town: Town, card: Card, client_of: ClientOf) -> None:
    client = client_of(town.counselor)
    answers = [client.post(to("card_revoke", card), {"reason": "ended"}, follow=True) for _ in range(2)]
    assert "カードを止めました" in answers[0].content.decode()
    assert "すでに止められています" in answers[1].content.decode()
    page = client.get(reverse("card", args=[card.household_id])).content.decode()
    assert "いま使えるカードがありません" in page
    assert "登録を終えた" in page
    client.post(reverse("card_issue", args=[card.household_id]))
    with scope(town):
        assert Card.objects.filter(state="active", main=True).count() == 1


def test_the_family_page_shows_the_card(town: Town, card: Card, client_of: ClientOf) -> None:
    page = client_of(town.counselor).get(reverse("family", args=[card.household_id])).content.decode()
    assert card.spoken in page
    assert reverse("card", args=[card.household_id]) in page
    assert card.token not in page


def test_the_list_of_the_town_is_narrowed_by_agency_and_area(
    town: Town, card: Card, client_of: ClientOf
) -> None:
    client = client_of(town.officer)
    for narrowed, there in (
        ({}, True),
        ({"agency": town.aoba.pk}, True),
        ({"agency": town.midori.pk}, False),
        ({"area": town.area.pk}, False),
        ({"agency": "９" * 30, "area": "x", "after": "-1"}, True),
    ):
        page = client.get(reverse("cards"), narrowed).content.decode()
        assert (card.spoken in page) == there


@pytest.mark.parametrize("role", ["rounds", "auditor"])
def test_roles_without_cards_are_refused(town: Town, card: Card, client_of: ClientOf, role: str) -> None:
    client = client_of(town.actors[role])
    for address in (reverse("cards"), reverse("card", args=[card.household_id]), to("card_qr", card)):
        assert client.get(address).status_code == 403
    for name in ("card_print", "card_reissue", "card_revoke"):
        assert client.post(to(name, card), {"layout": "card", "reason": "lost"}).status_code == 403


def test_another_agency_and_another_town_find_no_card(
    town: Town, other_town: Town, card: Card, client_of: ClientOf
) -> None:
    for actor in (town.stranger, other_town.officer):
        client = client_of(actor)
        for name in ("card_show", "card_qr", "card_reissue", "card_revoke"):
            assert client.get(to(name, card)).status_code == 404
        data = {"layout": "sheet", "start": "1", "card": [card.pk]}
        assert client.post(reverse("card_sheet"), data)["Content-Type"] != "application/pdf"
    with scope(town):
        assert Card.objects.get().printed_at is None


def test_a_card_of_another_family_is_not_reached_through_this_one(
    town: Town, card: Card, client_of: ClientOf
) -> None:
    with scope(town, town.counselor.user_id):
        other: Household = make_family(town.counselor)
    address = reverse("card_show", args=[other.pk, card.pk])
    assert client_of(town.counselor).get(address).status_code == 404
