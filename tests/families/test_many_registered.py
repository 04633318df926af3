"""An agency with very many registered families: its lists are pages, and a page costs what the first families did."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import models
from django.test import Client

from tests.asked import cost
from tests.families.people import make_family
from tests.makers import Town, scope
from tsunagari.accounts.models import Device
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import KioskScan
from tsunagari.families.models import (
    AgencyLink,
    Card,
    Household,
    Person,
    Registration,
    RegistrationPolicy,
    SearchEntry,
)
from tsunagari.families.operations import registrations

ClientOf = Callable[[Actor], Client]
MANY = 600  # of 7,218 the planner must have heard first; the pages are the same
KANA = "あかさたなはまやらわ"


def like(row: models.Model, **more: object) -> dict[str, Any]:
    """What another row is made of, all but its own key."""
    return {
        one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields if not one.primary_key
    } | more


def save(rows: Sequence[models.Model]) -> Sequence[Any]:
    return type(rows[0])._default_manager.bulk_create(rows, batch_size=1_000)


def register(town: Town, number: int, *, start: int = 0, **child: object) -> None:
    """So many families like one that the program registered at あおば and all that is theirs; by kana from `start`."""
    model = make_family(town.counselor)
    registrations.register(model, town.aoba, actor=town.counselor, is_home=True, source="counter")
    Registration.objects.update(starts_on=date(2020, 4, 1))
    kid, card = model.people.filter(kind="child").first(), model.cards.get()
    homes = save([Household(**like(model)) for _ in range(number)])
    save([Person(**like(kid, household_id=home.pk) | child) for home in homes])
    save([Registration(**like(model.registrations.get(), household_id=home.pk)) for home in homes])
    link, entry = model.links.get(), model.search_entry
    keys = [f"{KANA[at % 10]}{at:05}" for at in range(start, start + number)]
    pairs = list(zip(homes, keys, strict=True))
    save([AgencyLink(**like(link, household_id=home.pk, sort_kana=key)) for home, key in pairs])
    save([SearchEntry(household_id=home.pk, **like(entry, sort_kana=key)) for home, key in pairs])
    numbers = {"issued_at": clock.now(), "printed_at": None}
    save(
        [
            Card(**like(card, household_id=home.pk, number=f"{start + at:09}", token=uuid4().hex, **numbers))
            for at, home in enumerate(homes)
        ]
    )


def wait(town: Town, number: int) -> None:
    """So many readings at a tablet that somebody has to look at."""
    device = Device.objects.create(
        municipality=town.municipality,
        agency=town.aoba,
        name="入口",
        unlocked_at=clock.now(),
        ends_at=clock.now(),
        token_digest=uuid4().hex,
    )
    now = clock.now()
    save(
        [
            KioskScan(
                municipality=town.municipality,
                agency=town.aoba,
                device=device,
                key=uuid4(),
                scanned_at=now,
                received_at=now,
            )
            for _ in range(number)
        ]
    )


@pytest.mark.parametrize("post", ["counselor", "officer"])
def test_a_page_of_the_agencys_lists_costs_what_the_first_families_did(
    town: Town, client_of: ClientOf, post: str
) -> None:
    with scope(town):
        RegistrationPolicy.objects.create(municipality=town.municipality, renewal="fiscal_year")
    client, seen = client_of(town.actors[post]), []
    urls = ("/families/?show=home", "/cards/", "/grown-out/", f"/renewals/?agency={town.aoba.pk}")
    for number, start in ((60, 0), (MANY, 100)):
        with scope(town, town.counselor.user_id):
            register(town, number, start=start, birth_date=date(2005, 4, 2))
        seen.append([cost(client, url) for url in urls])
    for few, many in zip(*seen, strict=True):
        assert few.statements == many.statements
        assert many.size < few.size + 1_500 < 60_000
        assert 'rel="next"' in many.text


def test_the_last_family_is_reached_and_none_is_shown_twice(town: Town, client_of: ClientOf) -> None:
    with scope(town, town.counselor.user_id):
        register(town, 120)
    client, shown, url = client_of(town.counselor), [], "/cards/"
    for _ in range(5):
        page = client.get(url).context["page"]
        shown += [row.card_id for row in page.rows]
        if page.after is None:
            break
        url = f"/cards/?after={page.after}"
    assert len(shown) == len(set(shown)) == 121


def test_readings_that_wait_are_cut(town: Town, client_of: ClientOf) -> None:
    client, seen = client_of(town.counselor), []
    for number in (210, 1_000):
        with scope(town, town.counselor.user_id):
            wait(town, number)
        seen.append(cost(client, "/scans/"))
    assert seen[0].statements == seen[1].statements
    assert seen[1].size < seen[0].size + 500 < 90_000
    assert "200件以上" in seen[1].text
