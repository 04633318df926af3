"""A town with very many partners: the form offers some, the others are looked for, the choice is checked at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import makers
from tests.asked import cost
from tests.encounters.cast import NOON, said, write
from tests.encounters.test_pages import begin, typed
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import DomainError
from tsunagari.encounters import queries
from tsunagari.encounters.models import Consultation, Draft, Partner
from tsunagari.encounters.operations import filling, records
from tsunagari.encounters.queries.partners import FOUND, OFFERED, USED

ClientOf = Callable[[Actor], Client]
MANY = 10_000


def add(town: Town, number: int, name: str = "窓口", **more: object) -> list[Partner]:
    rows = [
        Partner(municipality=town.municipality, kind=1, name=f"{name}{one}", position=one, **more)
        for one in range(number)
    ]
    return Partner.objects.bulk_create(rows)


@pytest.fixture
def many(town: Town) -> list[Partner]:
    with makers.scope(town):
        return add(town, MANY)


def test_the_form_stays_small_and_asks_no_more(town: Town, client_of: ClientOf) -> None:
    client = client_of(town.counselor)
    address = begin(client, None)
    seen = []
    for number, name in ((OFFERED + 1, "はじめ"), (MANY, "あと")):
        with makers.scope(town):
            add(town, number, name)
        seen.append(cost(client, address))
    few, many = seen
    assert few.statements == many.statements
    assert many.size < few.size + 500 < 90_000
    assert many.text.count('name="told"') == USED


def test_few_partners_are_all_offered_in_their_order_and_none_is_looked_for(
    town: Town, client_of: ClientOf
) -> None:
    with makers.scope(town):
        add(town, OFFERED)
        found = queries.choices(town.counselor, clock.today())
    assert [one.name for one in found.partners] == [f"窓口{one}" for one in range(OFFERED)]
    assert not found.more_partners
    client = client_of(town.counselor)
    assert "find_told" not in client.get(begin(client, None)).content.decode()


def test_of_many_those_named_and_the_most_used_come_first(in_town: Town) -> None:
    rows = add(in_town, 200)
    for pk in (rows[150].pk, rows[160].pk, rows[160].pk):
        write(in_town.counselor, told=(pk,))
    Partner.objects.filter(pk=rows[190].pk).update(ended_on=NOON.date())
    found = queries.choices(in_town.counselor, clock.today(), [rows[190].pk])
    assert [one.id for one in found.partners[:4]] == [rows[at].pk for at in (190, 160, 150, 0)]
    assert (len(found.partners), found.more_partners, found.partners[0].ended) == (USED, True, True)


def test_whom_an_agency_uses_is_its_own(in_town: Town) -> None:
    rows = add(in_town, 200)
    write(in_town.stranger, told=(rows[150].pk,))
    found = queries.choices(in_town.counselor, clock.today())
    assert rows[150].pk not in {one.id for one in found.partners}


def test_a_partner_is_found_by_its_words(town: Town, many: list[Partner], client_of: ClientOf) -> None:
    with makers.scope(town):
        Partner.objects.filter(pk=many[9_876].pk).update(name="架空相談室", place="駅の北")
        Partner.objects.filter(pk=many[9_877].pk).update(name="架空の会", ended_on=NOON.date())
    client = client_of(town.counselor)
    url = begin(client, None) + "partners/"
    asked = {"headers": {"HX-Request": "true"}}
    page = client.get(url, {"find_linked": "架空 北"}, **asked).content.decode()
    assert page.count('type="checkbox"') == 1
    assert f'name="linked" value="{many[9_876].pk}"' in page
    wide = client.get(url, {"find_told": "窓口"}, **asked).content.decode()
    assert (wide.count('name="told"'), "ことばを足すと" in wide) == (FOUND, True)
    assert "合う連携先はありません" in client.get(url, {"find_told": "ない"}, **asked).content.decode()
    assert "checkbox" not in client.get(url, {"find_told": " "}, **asked).content.decode()


def test_without_scripts_what_was_typed_is_kept_and_the_found_ones_are_offered(
    town: Town, many: list[Partner], client_of: ClientOf
) -> None:
    client, far = client_of(town.counselor), many[9_876]
    address = begin(client, None)
    sent = typed(town, None, content="ねつが出た。", find_told="窓口9876", look="told")
    answer = client.post(address + "partners/", sent)
    with makers.scope(town):
        assert Draft.objects.get().fields["content"] == "ねつが出た。"
    page = client.get(answer["Location"].partition("#")[0]).content.decode()
    assert f'name="told" value="{far.pk}"' in page
    assert f'name="linked" value="{far.pk}"' not in page
    with makers.scope(town):
        draft = Draft.objects.get()
    own = {"key": str(draft.key), "draft_version": str(draft.version)}
    assert client.post(address, sent | own | {"told": [str(far.pk)]}).status_code == 303
    with makers.scope(town):
        assert Consultation.objects.get().told == [far.pk]


def test_enter_in_the_words_looks_and_saves_no_record(
    town: Town, many: list[Partner], client_of: ClientOf
) -> None:
    client = client_of(town.counselor)
    address = begin(client, None)
    looked = client.post(address, typed(town, None, enter="1", find_linked="窓口77"))
    assert "find_linked=" in looked["Location"]
    with makers.scope(town):
        assert not Consultation.objects.exists()
    saved = client.post(address, typed(town, None, enter="1", find_linked=""))
    assert saved["Location"].startswith("/records/")


def test_the_choice_is_checked_in_one_statement(
    in_town: Town, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first, second = add(in_town, 2)
    given = said(None, told=(first.pk,), linked=(second.pk,))
    with django_assert_num_queries(1):
        filling.filled(given, actor=in_town.counselor)
    with pytest.raises(DomainError, match="つないだ先") as refused, django_assert_num_queries(1):
        filling.filled(replace(given, linked=(999_999,)), actor=in_town.counselor)
    assert refused.value.field == "linked"


def test_former_texts_name_partners_that_are_not_offered(in_town: Town) -> None:
    rows = add(in_town, 200)
    saved = write(in_town.counselor, told=(rows[150].pk,))
    later = replace(queries.record_input(saved), told=(rows[151].pk,))
    records.correct_record(saved, later, actor=in_town.counselor, expected_version=1)
    Consultation.objects.exclude(pk=saved.pk).delete()
    saved.refresh_from_db()
    words = queries.words_ever(in_town.counselor, saved, clock.today())
    assert (words.partners[rows[150].pk], words.partners[rows[151].pk]) == ("窓口150", "窓口151")
