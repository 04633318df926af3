"""A day on which fifteen hundred families came and were written about: cut on the screen, complete in figures and on
paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from pypdf import PdfReader

from tests import makers
from tests.asked import cost
from tests.families.people import make_family
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Consultation, Visit, VisitPerson
from tsunagari.encounters.views.books import LINES_SHOWN as RECORDS_SHOWN
from tsunagari.encounters.views.rosters import LINES_SHOWN
from tsunagari.families.models import Household, Person

ClientOf = Callable[[Actor], Client]
MANY = 1_500


def like(row: Household | Person, **more: object) -> dict[str, object]:
    return {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields[1:]} | more


def come(town: Town, number: int, **more: object) -> Sequence[Visit]:
    """So many families with a child each, who came today one second after the other."""
    model = make_family(town.counselor)
    child = model.people.get(kind="child")
    homes = Household.objects.bulk_create([Household(**like(model)) for _ in range(number)], batch_size=1_000)
    children = [Person(**like(child, household_id=home.pk)) for home in homes]
    children = Person.objects.bulk_create(children, batch_size=1_000)
    day, given = clock.today(), {"municipality": town.municipality, "agency": town.aoba}
    visits = [
        Visit(
            household=home,
            visited_on=day,
            arrived_at=clock.at(day) + timedelta(seconds=at),
            adults=1,
            children=1,
            key=uuid4(),
            created_at=clock.now(),
            **given,
            **more,
        )
        for at, home in enumerate(homes)
    ]
    visits = Visit.objects.bulk_create(visits, batch_size=1_000)
    came = [
        VisitPerson(municipality=town.municipality, visit=visit, person=child)
        for visit, child in zip(visits, children, strict=True)
    ]
    VisitPerson.objects.bulk_create(came, batch_size=1_000)
    return visits


def write(town: Town, visits: Sequence[Visit]) -> None:
    """A record of each visit's family, long enough to be cut on the screen."""
    rows = [
        Consultation(
            municipality=town.municipality,
            agency=town.aoba,
            household_id=visit.household_id,
            occurred_on=visit.visited_on,
            occurred_at=visit.arrived_at,
            main_category=5,
            categories=[5],
            content="お話をうかがいました。" * 30,
            author_id=town.counselor.user_id,
            author_name="三浦 架空",
            key=uuid4(),
            created_at=clock.now(),
            updated_at=clock.now(),
        )
        for visit in visits
    ]
    Consultation.objects.bulk_create(rows, batch_size=500)


@pytest.mark.parametrize(
    ("url", "shown", "mark", "most"),
    [
        ("/visits/", LINES_SHOWN, "/undo/", 130_000),
        ("/records/?view=day", RECORDS_SHOWN, 'class="said"', 110_000),
    ],
)
def test_the_day_on_screen_does_not_grow(
    town: Town, client_of: ClientOf, url: str, shown: int, mark: str, most: int
) -> None:
    client, seen = client_of(town.counselor), []
    for number in (shown + 20, MANY):
        with makers.scope(town, town.counselor.user_id):
            write(town, come(town, number))
        seen.append(cost(client, url))
    assert seen[0].statements == seen[1].statements
    assert seen[1].text.count(mark) == shown
    assert seen[1].size < seen[0].size + 2_000 < most
    assert f"{MANY + shown + 20:,}" in seen[1].text or str(MANY + shown + 20) in seen[1].text


def test_the_figures_and_the_papers_of_the_day_are_complete(town: Town, client_of: ClientOf) -> None:
    with makers.scope(town, town.counselor.user_id):
        visits = come(town, 120)
        write(town, visits)
    client = client_of(town.counselor)
    counts = client.get("/visits/?page=2").context["book"].counts
    assert (counts.families, counts.adults, counts.children) == (120, 120, 120)
    pages = PdfReader(BytesIO(client.get("/visits/roster.pdf").content)).pages
    numbers = {int(word) for page in pages for word in page.extract_text().split() if word.isdecimal()}
    assert set(range(1, 121)) <= numbers
    text = "".join(
        page.extract_text() for page in PdfReader(BytesIO(client.get("/records/day.pdf").content)).pages
    )
    assert "".join(text.split()).count("三浦架空") >= 120


def test_what_was_taken_back_is_counted_and_cut(town: Town, client_of: ClientOf) -> None:
    with makers.scope(town, town.counselor.user_id):
        come(town, 120, undone_at=clock.now())
    page = client_of(town.counselor).get("/visits/").content.decode()
    assert (page.count("/restore/"), "120件" in page) == (50, True)
    assert "50件ずつ" in page
