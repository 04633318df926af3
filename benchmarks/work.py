"""What one client does over HTTP, again and again; only the request that matters is timed."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from urllib.parse import urlencode
from uuid import uuid4

from benchmarks.client import Browser
from benchmarks.town import FAMILY, SYLLABLES

if TYPE_CHECKING:
    from benchmarks.__main__ import Town

HTMX = {"HX-Request": "true", "HX-Target": "search-results"}

Thing = TypeVar("Thing")


class Sample(NamedTuple):
    """Seconds of one request, as its client saw it and in the server."""

    seconds: float
    served: float


class NothingLeft(Exception):
    """Every family or card has been used: the same one again would be another kind of request."""


def work_of(operation: str, port: int, town: Town, number: int) -> Callable[[], Sample]:
    """A function that does `operation` once; raises when the answer is not a success, NothingLeft at the end."""
    client = Client(Browser(port, town.session), town, random.Random(number))
    return getattr(client, operation)


class Client:
    """One worker at a counter."""

    def __init__(self, browser: Browser, town: Town, chance: random.Random) -> None:
        self.browser, self.town, self.chance = browser, town, chance
        self.fresh = chance.sample(town.households, len(town.households))
        self.cards = chance.sample(town.cards, len(town.cards))

    def today(self) -> Sample:
        return self._timed("GET", "/", expect=200)

    def search(self) -> Sample:
        kana = self.chance.choice(FAMILY)[1]
        words = kana[: self.chance.randint(2, min(4, len(kana)))]
        if self.chance.random() < 0.4:
            words = self.chance.choice(FAMILY)[0][:2]
        return self._timed("POST", "/search/", urlencode({"q": words}), expect=200, **HTMX)

    def family(self) -> Sample:
        return self._timed("GET", f"/families/{self.chance.choice(self.town.households)}/", expect=200)

    def check_in(self) -> Sample:
        """Another family each time: the page's own form, sent with a key of its own."""
        path = f"/families/{_next(self.fresh)}/visit/"
        form = self.browser.form(path, "key")
        return self._timed("POST", path, form.with_values(key=str(uuid4())), expect=303)

    def save(self) -> Sample:
        form = self.browser.form(f"/families/{self.chance.choice(self.town.households)}/", "household")
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
        return self._timed("POST", location, body, expect=303)

    def register(self) -> Sample:
        """A guardian, a child and the registration, as after a search that found nobody."""
        form = self.browser.form("/families/new/", "key", body="start=1&q=")
        family, given = self.chance.choice(FAMILY), self.chance.choice(SYLLABLES)
        born = date(2020, 1, 1) + timedelta(days=self.chance.randrange(2000))
        body = form.with_values(
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
        return self._timed("POST", "/families/new/", body, expect=303)

    def kiosk(self) -> Sample:
        """A card held to a tablet, another one each time: the tablet's own request, with its own cookie."""
        body = f'{{"key":"{uuid4()}","text":"{_next(self.cards)}"}}'
        own = {"Cookie": f"tsunagari_kiosk={self.town.tablet}", "Content-Type": "application/json"}
        return self._timed("POST", "/kiosk/check-in/", body, expect=200, **own)

    def _timed(self, method: str, path: str, body: str = "", *, expect: int, **headers: str) -> Sample:
        status, data, seconds, _ = self.browser.request(method, path, body, **headers)
        if status != expect:
            raise RuntimeError(f"{method} {path} answered {status}: {_said(data)}")
        return Sample(seconds, self.browser.served)


def _next(things: list[Thing]) -> Thing:
    if not things:
        raise NothingLeft
    return things.pop()


def _said(page: bytes) -> str:
    """What the page complains of."""
    text = page.decode(errors="replace")
    start = text.find("error")
    return text[start : start + 600] if start >= 0 else text[:600]
