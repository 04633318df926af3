"""What a page is built of, without its words and numbers: which pages look like ones that were looked at."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

NEVER_CLOSED = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
HEADING = re.compile(r"h[1-6]")
ASKED_FOR = re.compile(r'\s(?:for|aria-(?:controls|describedby|labelledby|owns))="([^"]+)"')
GIVEN = re.compile(r'\sid="([^"]+)"')


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: set[str] = set()
        self._within: list[str] = []
        self._heading = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = {name: value for name, value in attrs if name in ("class", "role", "type")}
        one = f"{tag} {kept}"
        self.parts.add(" > ".join([*self._within, one]))
        if HEADING.fullmatch(tag):
            self.parts.add(f"{self._heading} before {tag}")
            self._heading = tag
        if tag not in NEVER_CLOSED:
            self._within.append(one)

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop().split(" ", 1)[0] != tag:
            pass


def parts(html: str) -> frozenset[str]:
    """Every element (tag, class, role, type) with all it lies in, and which heading follows which."""
    reader = _Reader()
    reader.feed(html)
    return frozenset(reader.parts)


def given_twice(html: str) -> set[str]:
    """Ids that a label or another element asks for and more than one element has."""
    asked = {one for found in ASKED_FOR.findall(html) for one in found.split()}
    return {one for one, times in Counter(GIVEN.findall(html)).items() if times > 1} & asked
