"""Areas of a town that has very many: the page of some reads no other outlines than those beside them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from tests.asked import cost
from tests.makers import Town, scope
from tests.places.test_areas import square

from tsunagari.base.actor import Actor
from tsunagari.places import queries, shapes
from tsunagari.places.models import Area
from tsunagari.places.views.answers import PAGE

ClientOf = Callable[[Actor], Client]
SIDE = 60


def grid(town: Town, rows: int, start: int = 0) -> None:
    """Squares that share their edges, SIDE in each row, and in the middle of every tenth row one too many."""
    found = []
    for down in range(start, start + rows):
        places = [(f"{down:03}-{across:02}", across * 0.01, down * 0.01) for across in range(SIDE)]
        if down % 10 == 5:
            places.append((f"{down:03}-99", 0.305, down * 0.01))
        for code, east, north in places:
            polygon = square(140 + east, 35 + north, 0.01)
            columns = shapes.box(polygon).columns()
            found.append(
                Area(
                    municipality=town.municipality,
                    kind="school",
                    code=code,
                    name=f"区域{code}",
                    polygon=polygon,
                    valid_from=date(2020, 4, 1),
                    **columns,
                )
            )
    Area.objects.bulk_create(found, batch_size=1_000)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every outline that is read."""
    found: list[object] = []
    real = shapes.polygon_of

    def told(geojson: object) -> object:
        found.append(geojson)
        return real(geojson)  # type: ignore[arg-type]

    monkeypatch.setattr(shapes, "polygon_of", told)
    return found


def test_the_page_reads_the_outlines_beside_its_own(
    town: Town, client_of: ClientOf, read: list[object]
) -> None:
    client, outlines, seen = client_of(town.officer), [], []
    for rows, start in ((10, 0), (SIDE - 10, 10)):
        with scope(town):
            grid(town, rows, start)
        seen.append(cost(client, "/places/areas/"))
        read.clear()
        client.get("/places/areas/")
        outlines.append(len(read))
    assert seen[0].statements == seen[1].statements
    assert outlines[1] == outlines[0] <= 5 * PAGE
    assert seen[1].size < seen[0].size + 1_000


def test_a_page_tells_of_its_own_overlaps_wherever_the_other_is_listed(in_town: Town) -> None:
    grid(in_town, 12)
    whole = queries.overlaps(in_town.officer, kind="school")
    assert len(whole) == 2
    rows = list(queries.areas(in_town.officer, kind="school"))
    told = set()
    for first in range(0, len(rows), PAGE):
        page = rows[first : first + PAGE]
        asked = {area.pk for area in page}
        found = queries.overlaps(in_town.officer, kind="school", among=page)
        pairs = [pair for pair in whole if {pair.one.pk, pair.other.pk} & asked]
        assert [(one.one.pk, one.other.pk) for one in found] == [(one.one.pk, one.other.pk) for one in pairs]
        told |= {(one.one.pk, one.other.pk) for one in found}
    assert len(told) == 2


def test_areas_without_an_outline_are_beside_nothing(in_town: Town) -> None:
    Area.objects.all().update(polygon=None, **dict.fromkeys(shapes.BOX_COLUMNS))
    rows = list(queries.areas(in_town.officer, kind="school"))
    assert queries.overlaps(in_town.officer, kind="school", among=rows) == []
