"""Pages of 記録のしかた and of the guide's entries in a town with very many agencies, texts and partners."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests import makers
from tests.asked import cost
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import GuideEntry, Partner, RecordKeeping, RecordMark, Snippet
from tsunagari.encounters.operations import guide
from tsunagari.places.models import Agency

ClientOf = Callable[[Actor], Client]
MANY = 10_000


def agencies(town: Town, number: int, start: int = 0) -> None:
    rows = [
        Agency(municipality=town.municipality, name=f"架空{one:05}", identifier=str(one))
        for one in range(start, start + number)
    ]
    found = Agency.objects.bulk_create(rows, batch_size=2_000)
    RecordKeeping.objects.bulk_create(
        RecordKeeping(
            municipality=town.municipality,
            agency=one,
            style="day",
            circulate_all=True,
            changed_at=clock.now(),
        )
        for one in found
    )


def texts(town: Town, number: int, start: int = 0) -> None:
    Snippet.objects.bulk_create(
        Snippet(
            municipality=town.municipality,
            agency=town.aoba,
            title=f"文{one}",
            text="お話をうかがいました。",
            position=one,
        )
        for one in range(start, start + number)
    )


def marks(town: Town, number: int, start: int = 0) -> None:
    RecordMark.objects.bulk_create(
        batch_size=2_000,
        objs=[
            RecordMark(
                municipality=town.municipality,
                symbol="●",
                name=f"印{one}",
                position=one,
                ended_on=clock.today(),
            )
            for one in range(start, start + number)
        ],
    )


@pytest.mark.parametrize(
    ("url", "who", "add"),
    [
        ("/keeping/", "lead", agencies),
        ("/circulation/rules/", "manager", agencies),
        ("/keeping/snippets/", "manager", texts),
        ("/keeping/", "manager", texts),
        ("/keeping/", "lead", marks),
    ],
)
def test_a_page_does_not_grow(
    town: Town, client_of: ClientOf, url: str, who: str, add: Callable[..., None]
) -> None:
    client, seen = client_of(getattr(town, who)), []
    for number, start in ((130, 0), (MANY - 130, 130)):
        with makers.scope(town):
            add(town, number, start)
        seen.append(cost(client, url))
    assert seen[0].statements == seen[1].statements
    assert seen[1].size < seen[0].size + 1_500 < 60_000


def test_an_agencys_way_is_found_on_a_later_page_and_changed(town: Town, client_of: ClientOf) -> None:
    with makers.scope(town):
        agencies(town, 120)
        last = Agency.objects.get(name="架空00119")
    client = client_of(town.lead)
    pages = [client.get(f"/keeping/?page={page}").content.decode() for page in (1, 2, 3)]
    assert [f"/keeping/agencies/{last.pk}/" in page for page in pages] == [False, False, True]
    form = cost(client, f"/keeping/agencies/{last.pk}/")
    assert "架空00119の記録のしかた" in form.text


def test_an_entry_names_one_of_very_many_partners_without_scripts(town: Town, client_of: ClientOf) -> None:
    with makers.scope(town, town.lead.user_id):
        guide.begin(actor=town.lead)
        rows = [
            Partner(municipality=town.municipality, kind=1, name=f"窓口{one}", position=one)
            for one in range(MANY)
        ]
        far = Partner.objects.bulk_create(rows)[9_876]
    client, url = client_of(town.lead), "/guide/edit/entries/new/"
    assert cost(client, url).size < 35_000
    typed = {"version": "0", "category": "4", "title": "書きかけ", "how": "書いた文", "concern_from": "0"}
    page = client.post(url, typed | {"look": "1", "find": "窓口9876"})
    said = page.content.decode()
    assert (page.status_code, 'value="書きかけ"' in said, "書いた文" in said) == (200, True, True)
    assert said.count(f'<option value="{far.pk}">') == 1
    assert client.post(url, typed | {"partner": str(far.pk)}).status_code == 303
    with makers.scope(town):
        entry = GuideEntry.objects.get()
    assert entry.partner_id == far.pk
    again = client.get(f"/guide/edit/entries/{entry.pk}/").content.decode()
    assert f'<option value="{far.pk}" selected>' in again
