"""A small browser without pictures: cookies, forms as the page gives them, and a stop-watch around one request."""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

CSRF = "b" * 32
TIMING = "Server-Timing"  # of benchmarks.served


@dataclass
class Form:
    """One form of a page with the values a browser would send untouched."""

    action: str = ""
    fields: list[tuple[str, str]] = field(default_factory=list)

    def with_values(self, **values: str | list[str]) -> str:
        """The body to POST, with some fields replaced."""
        kept = [(name, value) for name, value in self.fields if name not in values]
        return urlencode(
            kept
            + [(k, v) for k, given in values.items() for v in ([given] if isinstance(given, str) else given)]
        )


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._area: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
        if not self.forms:
            return
        form, name = self.forms[-1], given.get("name", "")
        if tag == "input" and name:
            kind = given.get("type", "text")
            if kind in {"checkbox", "radio"} and "checked" not in given:
                return
            if kind not in {"submit", "button", "file"}:
                form.fields.append((name, given.get("value", "on" if kind == "checkbox" else "")))
        elif tag == "textarea" and name:
            form.fields.append((name, ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            form.fields.append((self._select, given.get("value", "")))


class Browser:
    """One keep-alive connection of one signed-in person."""

    def __init__(self, port: int, session: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.served = 0.0  # seconds the server itself took for the last answer
        self.headers = {
            "Cookie": f"sessionid={session}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def request(self, method: str, path: str, body: str = "", **extra: str) -> tuple[int, bytes, float, str]:
        """(status, body, seconds, Location)."""
        started = time.perf_counter()
        self.connection.request(method, path, body or None, self.headers | extra)
        response = self.connection.getresponse()
        data = response.read()
        seconds = time.perf_counter() - started
        self.served = float(response.getheader(TIMING, "dur=0").rpartition("=")[2]) / 1000
        return response.status, data, seconds, response.getheader("Location", "")

    def form(self, path: str, holding: str, body: str = "") -> Form:
        """The form with the field `holding` on a page (a POST's answer when there is a `body`)."""
        status, data, _, _ = self.request("POST" if body else "GET", path, body)
        parser = _Forms()
        parser.feed(data.decode())
        for form in parser.forms:
            if any(name == holding for name, _ in form.fields):
                return form
        raise LookupError(f"{path} ({status}) has no form with {holding}")
