"""Every address of the URLconf that shows a page, with real ids in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import RoutePattern

from tsunagari.base.checks import walk


@dataclass(frozen=True, order=True)
class Route:
    """One line of the URLconf: `group` is the app that answers, `text` the pattern with its parameters."""

    group: str
    text: str
    parameters: tuple[str, ...]

    def filled(self, ids: Mapping[str, int]) -> str:
        address = "/" + self.text
        for name in self.parameters:
            address = address.replace(f"<int:{name}>", str(ids[name]))
        return address


def routes() -> Iterator[Route]:
    """All routes that need nothing but integers, by the app they belong to."""
    for text, pattern in walk(get_resolver()):
        if not isinstance(pattern.pattern, RoutePattern):
            continue
        parts = pattern.callback.__module__.split(".")
        group = parts[1] if parts[0] == "tsunagari" else parts[0]
        route = Route(group, text, tuple(pattern.pattern.converters))
        if "<" not in route.filled(dict.fromkeys(route.parameters, 1)):
            yield route


def page_of(client: Client, route: Route, *worlds: Mapping[str, int]) -> tuple[str, str] | None:
    """(address, HTML) of the first ids that open a page for this client; None when nobody answers with one."""
    for address in dict.fromkeys(route.filled(ids) for ids in worlds):
        response = client.get(address)
        if response.status_code in (401, 403, 405) or _elsewhere(response):
            return None
        if response.status_code == 200 and response.headers["Content-Type"].startswith("text/html"):
            return address, response.content.decode()
    return None


def _elsewhere(response: Any) -> bool:
    """Whether somebody who is not signed in, or not yet wholly, is sent there, as for every other id."""
    return response.status_code == 302 and response.headers["Location"].startswith("/accounts/")
