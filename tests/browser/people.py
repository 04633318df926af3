"""A person at a browser: pages that are watched, and the few moves every story needs."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from tests import makers
from tests.browser.site import Site
from tsunagari.base.actor import Actor

WIDE, TABLET, PHONE = (
    {"width": 1280, "height": 900},
    {"width": 820, "height": 1180},
    {"width": 390, "height": 844},
)
PATIENCE = 45_000  # milliseconds; waits end as soon as they can, and a machine may be busy
HOME = {"127.0.0.1", "localhost"}


class Watch:
    """Keeps what must never happen in a page: errors, refused scripts and styles, requests to elsewhere."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.expected: list[str] = []

    def follow(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.seen.append(f"page error: {error.error}"))
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.seen.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in HOME:
            self.seen.append(f"request left the machine: {request.url}")

    def expect(self, text: str) -> None:
        """Console lines with this text are part of the story (a refusal, a lost connection)."""
        self.expected.append(text)

    @property
    def complaints(self) -> list[str]:
        return [line for line in self.seen if not any(text in line for text in self.expected)]


class Desk:
    """Opens browsers for people and remembers them. One of these per test."""

    def __init__(self, browser: Browser, site: Site, watch: Watch) -> None:
        self.browser, self.site, self.watch = browser, site, watch
        self.contexts: list[BrowserContext] = []

    def device(self, **options: Any) -> BrowserContext:
        """A browser without cookies: another person, or the same one at another machine."""
        given = {"locale": "ja-JP", "timezone_id": "Asia/Tokyo", "viewport": WIDE, "base_url": self.site.url}
        context = self.browser.new_context(**(given | options))  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        self.watch.follow(context)
        self.contexts.append(context)
        return context

    def sit(self, actor: Actor, path: str = "/", **options: Any) -> Page:
        """The actor at a machine of their own, signed in, at `path`."""
        context = self.device(**options)
        self.sign_in(context, actor)
        page = context.new_page()
        page.goto(path)
        return page

    def sign_in(self, context: BrowserContext, actor: Actor) -> None:
        """Signed in without the sign-in pages, which have a story of their own."""
        self.take_over(context, makers.client_of(actor))

    def take_over(self, context: BrowserContext, client: Client) -> None:
        """Let the browser go on with this client's session and no other."""
        context.clear_cookies()
        context.add_cookies(
            [
                {"name": name, "value": morsel.value, "url": self.site.url}
                for name, morsel in client.cookies.items()
            ]
        )

    def leave(self) -> None:
        for context in self.contexts:
            context.close()


def menu(page: Page, name: str) -> None:
    """Open the person's menu and press one of its lines."""
    page.locator("header .menu > summary").click()
    page.locator(".menu-list").get_by_text(name).click()
