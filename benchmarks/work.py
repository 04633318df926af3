"""What one client does over HTTP, again and again; only the request that matters is timed."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from urllib.parse import urlencode
from uuid import uuid4

from benchmarks.client import Browser, Form
from benchmarks.town import FAMILY, SYLLABLES

if TYPE_CHECKING:
    from benchmarks.__main__ import Town

HTMX = {"HX-Request": "true", "HX-Target": "search-results"}
OPENING_PAGES = ("save", "check_in")  # before the request that is timed

Thing = TypeVar("Thing")


class Sample(NamedTuple):
    """Seconds of one request, as its client saw it and in the server."""

    seconds: float
    served: float


class Ready(NamedTuple):
    """A request that only has to be sent."""

    method: str
    path: str
    body: str
    expect: int
    headers: dict[str, str]


class NothingLeft(Exception):
    """Every family or card has been used (the same one again would be another kind of request), or all was sent."""


class Work:
    """One client and what it does: called, it sends one request and takes the time.

    What leads to the request (the pages a person opens before) is asked for ahead of the clock, where it takes a
    server's time: else saving would be measured under the load of the pages around it.
    """

    def __init__(self, operation: str, port: int, town: Town, number: int) -> None:
        self._client = Client(Browser(port, town.session), town, random.Random(number))
        self._make: Callable[[], Ready] = getattr(self._client, operation)
        self._kept: list[Ready] | None = None
        self._opens_pages = operation in OPENING_PAGES

    def prepare(self, count: int) -> None:
        """Make the next `count` requests ready; then there are no more."""
        if self._opens_pages:
            self._kept = [self._make() for _ in range(count)]

    def __call__(self) -> Sample:
        if self._kept is None:
            return self._client.send(self._make())
        return self._client.send(_next(self._kept))


class Client:
    """One worker at a counter."""

    def __init__(self, browser: Browser, town: Town, chance: random.Random) -> None:
        self.browser, self.town, self.chance = browser, town, chance
        self.fresh = chance.sample(town.households, len(town.households))
        self.cards = chance.sample(town.cards, len(town.cards))

    def today(self) -> Ready:
        return _get("/")

    def search(self) -> Ready:
        kana = self.chance.choice(FAMILY)[1]
        words = kana[: self.chance.randint(2, min(4, len(kana)))]
        if self.chance.random() < 0.4:
            words = self.chance.choice(FAMILY)[0][:2]
        return Ready("POST", "/search/", urlencode({"q": words}), 200, HTMX)

    def family(self) -> Ready:
        return _get(f"/families/{self.chance.choice(self.town.households)}/")

    def check_in(self) -> Ready:
        """Another family each time: the page's own form, sent with a key of its own."""
        path = f"/families/{_next(self.fresh)}/visit/"
        form = self.browser.form(path, "key")
        return _post(path, form.with_values(key=str(uuid4())))

    def save(self) -> Ready:
        """A draft from the family's page, its form filled in."""
        form = self.browser.form(f"/families/{_next(self.fresh)}/", "household")
        _, _, _, location = self.browser.request("POST", form.action, form.with_values())
        written = self.browser.form(location, "content")
        body = written.with_values(
            content="夜に何度も起きる。話をきいた。",
            categories=["5"],
            main_category="5",
            responses=["listened"],
            consent="given",
            channel="visit",
        )
        return _post(location, body)

    def register(self) -> Ready:
        """A guardian, a child and the registration, as after a search that found nobody."""
        family, given = self.chance.choice(FAMILY), self.chance.choice(SYLLABLES)
        born = date(2020, 1, 1) + timedelta(days=self.chance.randrange(2000))
        body = self._new_family.with_values(
            key=str(uuid4()),
            family_name=family[0],
            family_kana=family[1],
            given_name=given[0] * 2,
            given_kana=given[1] * 2,
            phone=f"0900{self.chance.randrange(10**7):07d}",
            agency=str(self.town.agency),
            is_home="on",
            different="1",
            **{
                "child0-given_name": given[0],
                "child0-given_kana": given[1],
                "child0-birth_date": born.isoformat(),
            },
        )
        return _post("/families/new/", body)

    def kiosk(self) -> Ready:
        """A card held to a tablet, another one each time: the tablet's own request, with its own cookie."""
        body = f'{{"key":"{uuid4()}","text":"{_next(self.cards)}"}}'
        own = {"Cookie": f"tsunagari_kiosk={self.town.tablet}", "Content-Type": "application/json"}
        return Ready("POST", "/kiosk/check-in/", body, 200, own)

    def send(self, ready: Ready) -> Sample:
        """Send it and take the time; an answer that is no success is an error."""
        status, data, seconds, _ = self.browser.request(ready.method, ready.path, ready.body, **ready.headers)
        if status != ready.expect:
            raise RuntimeError(f"{ready.method} {ready.path} answered {status}: {_said(data)}")
        return Sample(seconds, self.browser.served)

    @cached_property
    def _new_family(self) -> Form:
        return self.browser.form("/families/new/", "key", body="start=1&q=")


def _get(path: str) -> Ready:
    return Ready("GET", path, "", 200, {})


def _post(path: str, body: str) -> Ready:
    """A form that leads on to a page when all is well."""
    return Ready("POST", path, body, 303, {})


def _next(things: list[Thing]) -> Thing:
    if not things:
        raise NothingLeft
    return things.pop()


def _said(page: bytes) -> str:
    """What the page complains of."""
    text = page.decode(errors="replace")
    start = text.find("error")
    return text[start : start + 600] if start >= 0 else text[:600]
