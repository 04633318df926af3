"""Every address × nobody, another town's people, another agency, each role: no word of the family gets out (X1, X2).

Generated from the URLconf, so a new page is crawled from the day it exists.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from unittest.mock import patch

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.urls.resolvers import RoutePattern
from django_htmx.middleware import HtmxDetails
from pypdf import PdfReader
from tests import makers
from tests.doors.secret import Secret, make_secret
from tests.encounters.kiosk import client_of as tablet_client
from tests.encounters.kiosk import tablet
from tests.makers import Town

from tsunagari.accounts.devices import COOKIE
from tsunagari.base import clock
from tsunagari.base.checks import walk

pytestmark = pytest.mark.slow  # thousands of requests: part of `make test`, not of `make check`

# Redirects and refusals: what they say is one thing, how htmx is told another.
SAME_WORDS = {"error_page", "go", "_sign_in", "_target"}
FINE = {200, 204, 302, 303, 400, 401, 403, 404, 405, 409, 410, 422, 429}


def _addresses(ids: dict[str, int]) -> Iterator[tuple[str, URLPattern]]:
    for route, pattern in walk(get_resolver()):
        if not isinstance(pattern.pattern, RoutePattern):
            continue
        address = "/" + route
        for name, converter in pattern.pattern.converters.items():
            if name in ids or type(converter).__name__ == "IntConverter":
                address = address.replace(f"<int:{name}>", str(ids[name]))
        if "<" not in address:
            yield address, pattern


@contextmanager
def _noticing_who_asks() -> Iterator[set[str]]:
    """The functions that asked whether htmx asks, but for those that put the same words into a page or a part."""
    asked: set[str] = set()

    def htmx_asks(details: HtmxDetails) -> bool:
        asked.add(sys._getframe(1).f_code.co_name)
        return asks(details)

    asks = HtmxDetails.__bool__
    with patch.object(HtmxDetails, "__bool__", htmx_asks):
        yield asked
    asked -= SAME_WORDS


def _visit_all(client: Client, secret: Secret) -> Iterator[tuple[str, HttpResponse]]:
    for address, _ in _addresses(secret.ids):
        if "logout" in address:
            continue
        with _noticing_who_asks() as asked:
            answer = client.get(address)
        yield f"GET {address}", answer
        if asked:  # else the same code gives the same answer
            yield f"GET+htmx {address}", client.get(address, headers={"HX-Request": "true"})
        yield f"POST {address}", client.post(address, {})


def _text(response: HttpResponse) -> str:
    """What a reader of the answer reads; the words of a PDF without blanks."""
    content = b"".join(response) if response.streaming else response.content
    if response.headers.get("Content-Type") == "application/pdf":
        return "".join("".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())
    return content.decode(errors="replace")


def _leaks(client: Client, secret: Secret) -> list[str]:
    return _leaks_of(_visit_all(client, secret), secret)


def _leaks_of(answers: Iterable[tuple[str, HttpResponse]], secret: Secret) -> list[str]:
    found = []
    for what, response in answers:
        text = _text(response) + str(response.headers)
        leaked = [word for word in secret.words if word in text]
        if leaked or response.status_code not in FINE:
            found.append(f"{what} → {response.status_code} {leaked}")
    return found


@pytest.fixture(autouse=True)
def clock_held() -> Iterator[None]:
    """No midnight comes in the middle of a crawl: a tablet is unlocked for a day."""
    with clock.stopped_at(clock.now()):
        yield


@pytest.fixture
def secret(town: Town) -> Secret:
    return make_secret(town)


def test_every_integer_parameter_of_a_route_is_known_to_the_crawl(secret: Secret) -> None:
    names = {
        name
        for _, pattern in walk(get_resolver())
        if isinstance(pattern.pattern, RoutePattern)
        for name, converter in pattern.pattern.converters.items()
        if type(converter).__name__ == "IntConverter"
    }
    assert names <= secret.ids.keys()


def test_nobody_sees_nothing(secret: Secret) -> None:
    assert _leaks(Client(), secret) == []


@pytest.mark.parametrize("role", ["counselor", "manager", "rounds", "nurse", "lead", "officer", "auditor"])
def test_people_of_another_town_see_nothing(secret: Secret, other_town: Town, role: str) -> None:
    assert _leaks(makers.client_of(other_town.actors[role]), secret) == []


def test_another_agency_that_never_met_the_family_sees_nothing(secret: Secret, town: Town) -> None:
    assert _leaks(makers.client_of(town.stranger), secret) == []


def test_auditors_see_numbers_not_families_and_no_page_breaks(secret: Secret, town: Town) -> None:
    assert _leaks(makers.client_of(town.auditor), secret) == []


def test_a_tablet_passes_its_own_doors_alone_and_sees_no_word(secret: Secret, town: Town) -> None:
    """Nobody opens any more with a tablet's key than without, outside /kiosk/, whatever path the cookie is sent to."""
    with makers.scope(town, town.counselor.user_id):
        client = tablet_client(*tablet(town.counselor, until_locked=True))  # also past midnight
    client.cookies[COOKIE]["path"] = "/"
    answers = list(_visit_all(client, secret))
    assert _leaks_of(answers, secret) == []
    for what, with_key in answers:
        method, address = what.split(" ")
        if method == "GET" and not address.startswith("/kiosk/"):
            without = Client().get(address)
            assert (with_key.status_code, with_key.headers.get("Location")) == (
                without.status_code,
                without.headers.get("Location"),
            )
    assert client.get("/kiosk/").status_code == 200


def test_the_own_agency_does_see_the_family(secret: Secret, town: Town) -> None:
    page = makers.client_of(town.counselor).get(f"/families/{secret.ids['household_id']}/").content.decode()
    assert "碓氷" in page


@pytest.mark.parametrize("role", ["counselor", "manager", "rounds", "nurse", "lead", "officer"])
def test_no_page_breaks_for_any_role(secret: Secret, town: Town, role: str) -> None:
    client = makers.client_of(town.actors[role])
    broken = [what for what, response in _visit_all(client, secret) if response.status_code not in FINE]
    assert broken == []


def test_one_word_does_not_find_a_family_of_another_agency(secret: Secret, town: Town) -> None:
    client = makers.client_of(town.stranger)
    for words in ("碓氷", "うすい", "碓氷瑠璃子", "090-0000-9876", "ルリコ"):
        page = client.post("/search/", {"q": words}).content.decode()
        number = secret.ids["household_id"]
        assert f"/families/{number}/" not in page
        assert f'value="{number}"' not in page
        assert "合う家庭は見つかりません" in page
