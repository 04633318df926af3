"""A4, C5: a family comes to a mobile site or an outing as it does to the agency."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests import makers
from tests.encounters.cast import children, kimura, visit
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.base.errors import DomainError
from tsunagari.encounters.models import Visit
from tsunagari.encounters.operations import visits
from tsunagari.encounters.operations.bulk import Arrival, check_in_many
from tsunagari.families.models import Household
from tsunagari.families.operations import households
from tsunagari.places.models import Agency, Site
from tsunagari.places.operations import sites
from tsunagari.places.rules import SiteInput, SiteTimeInput

ALL_DAY = (time(0), time(23, 59))


def site_of(town: Town, name: str, *, agency: Agency | None = None, days: int = 0) -> Site:
    """A site open `days` from today alone."""
    today = clock.today()
    times = (SiteTimeInput(*ALL_DAY, day=today + timedelta(days=days)),)
    given = SiteInput(name, times=times)
    return sites.add_site(
        agency or town.aoba, given, actor=town.officer, valid_from=today - timedelta(days=30)
    )


def test_a_visit_says_where_it_was(in_town: Town) -> None:
    site, family = site_of(in_town, "東公民館"), kimura(in_town.counselor)
    seen = visit(in_town.counselor, family, site=site)
    nameless = visits.check_in_anonymous(
        actor=in_town.counselor, adults=1, children=1, key=uuid4(), site=site
    )
    other = households.create_nickname_family(actor=in_town.counselor, nickname="すみれさん")
    named = visits.name_visit(nameless, other, actor=in_town.counselor, person_ids=[])
    assert {seen.site_id, nameless.site_id, named.site_id} == {site.pk}
    assert visit(in_town.stranger, family).site_id is None


@pytest.mark.parametrize("days", [-31, 31])
def test_a_site_that_was_not_there_that_day_is_refused(in_town: Town, days: int) -> None:
    site = site_of(in_town, "東公民館")
    sites.end_site(site, actor=in_town.manager, ends_on=clock.today() + timedelta(days=20))
    site.refresh_from_db()
    moment = clock.now() + timedelta(days=days)
    with clock.stopped_at(max(clock.now(), moment)), pytest.raises(DomainError) as refused:
        visit(in_town.counselor, kimura(in_town.counselor), site=site, at=moment)
    assert refused.value.field == "site"
    assert not Visit.objects.exists()


def test_a_site_of_another_agency_is_refused(in_town: Town) -> None:
    site = site_of(in_town, "西公民館", agency=in_town.midori)
    with pytest.raises(DomainError):
        visit(in_town.counselor, kimura(in_town.counselor), site=site)
    with pytest.raises(DomainError):
        visits.check_in_anonymous(actor=in_town.counselor, adults=1, children=0, key=uuid4(), site=site)


def test_many_at_once_keep_their_site(in_town: Town) -> None:
    site, family = site_of(in_town, "東公民館"), kimura(in_town.counselor)
    at = clock.now() - timedelta(days=2)
    arrivals = [
        Arrival(at, uuid4(), family.pk, tuple(children(family)), site=site),
        Arrival(at, uuid4(), children=3),
    ]
    made = check_in_many(arrivals, actor=in_town.counselor)
    assert [row.site_id for row in made] == [site.pk, None]
    strange = site_of(in_town, "西公民館", agency=in_town.midori)
    with pytest.raises(DomainError):
        check_in_many([Arrival(at, uuid4(), site=strange)], actor=in_town.counselor)


@pytest.fixture
def family(town: Town) -> Household:
    with makers.scope(town):
        return kimura(town.counselor)


def sent(**more: Any) -> dict[str, Any]:
    return {"key": str(uuid4()), "adults": "1"} | more


def test_an_agency_that_goes_nowhere_is_not_asked_where(
    town: Town, family: Household, client_of: Any
) -> None:
    page = client_of(town.counselor).get(f"/families/{family.pk}/visit/").content.decode()
    assert "どこで" not in page
    assert "今日は開いていない場所で" not in page


def test_open_sites_are_offered_and_the_last_choice_stays(
    town: Town, family: Household, client_of: Any
) -> None:
    with makers.scope(town):
        site, closed = site_of(town, "東公民館"), site_of(town, "西公民館", days=1)
    client, url = client_of(town.counselor), f"/families/{family.pk}/visit/"
    page = client.get(url).content.decode()
    assert page.index("東公民館") < page.index("今日は開いていない場所で") < page.index("西公民館")
    assert 'value="" id="id_site_0" checked' in page
    assert client.post(url, sent(site=str(site.pk))).status_code == 303
    assert f'value="{site.pk}" id="id_site_1" checked' in client.get("/visits/anonymous/").content.decode()
    late = sent(elsewhere=str(closed.pk), day=(clock.today() - timedelta(days=1)).isoformat(), children="1")
    assert client.post("/visits/anonymous/", late).status_code == 303
    assert f'value="{site.pk}" id="id_site_1" checked' in client.get(url).content.decode()
    with makers.scope(town):
        assert set(Visit.objects.values_list("site_id", flat=True)) == {site.pk, closed.pk}


def test_yesterdays_choice_is_forgotten(town: Town, family: Household, client_of: Any) -> None:
    with makers.scope(town):
        site = site_of(town, "東公民館", days=0)
        today = clock.today()
        day = today + timedelta(days=1)
        sites.add_day(site, actor=town.officer, day=day, opens=ALL_DAY[0], closes=ALL_DAY[1])
    client, url = client_of(town.counselor), f"/families/{family.pk}/visit/"
    client.post(url, sent(site=str(site.pk)))
    session = client.session
    session["came_to"] = [(today - timedelta(days=1)).isoformat(), site.pk]
    session.save()
    assert 'value="" id="id_site_0" checked' in client.get(url).content.decode()


@pytest.mark.parametrize(("site", "status"), [("x", 422), ("999999999", 404), ("9" * 30, 422)])
def test_a_site_nobody_has_is_refused(
    town: Town, family: Household, client_of: Any, site: str, status: int
) -> None:
    answer = client_of(town.counselor).post(f"/families/{family.pk}/visit/", sent(site=site))
    assert answer.status_code == status
    with makers.scope(town):
        assert not Visit.objects.exists()


def test_the_form_asks_for_sites_once(
    town: Town, family: Household, client_of: Any, django_assert_max_num_queries: Any
) -> None:
    with makers.scope(town):
        for number in range(4):
            site_of(town, f"公民館{number}")
    client = client_of(town.counselor)
    with django_assert_max_num_queries(14):
        client.get(f"/families/{family.pk}/visit/")


def test_the_other_town_cannot_name_it(town: Town, other_town: Town, client_of: Any) -> None:
    with makers.scope(town):
        site = site_of(town, "東公民館")
    answer = client_of(other_town.counselor).post("/visits/anonymous/", sent(site=str(site.pk), children="1"))
    assert answer.status_code == 404
