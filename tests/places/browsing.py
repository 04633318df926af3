"""What a browser would post of a page's form, untouched."""

from __future__ import annotations

from html.parser import HTMLParser


class _Form(HTMLParser):
    """Names and values of the controls of the page's main form."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.open: tuple[str, str] | None = None
        self.text = ""
        self.first: str | None = None  # of the options of a list: what a browser sends when none is selected

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name, value = found.get("name") or "", found.get("value") or ""
        if tag == "input" and found.get("type") in ("checkbox", "radio"):
            if "checked" in found:
                self._put(name, value)
        elif tag == "input":
            self._put(name, value)
        elif tag in ("select", "textarea"):
            self.open, self.text, self.first = (tag, name), "", None
        elif tag == "option" and self.open:
            self.first = value if self.first is None else self.first
            if "selected" in found:
                self._put(self.open[1], value)

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if self.open and tag == self.open[0] == "textarea":
            lines = self.text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\n")
            self._put(self.open[1], lines.replace("\n", "\r\n"))
        if self.open and tag == self.open[0]:
            if self.first is not None and self.open[1] not in self.values:
                self._put(self.open[1], self.first)
            self.open = None

    def _put(self, name: str, value: str) -> None:
        if name and name != "csrfmiddlewaretoken":
            self.values.setdefault(name, []).append(value)


def untouched(page: str, start: str = '<form class="stack"') -> dict[str, list[str]]:
    """The values a press on 保存する sends, by name; line ends as browsers send them. `start`: how its form begins."""
    form = _Form()
    form.feed(page.partition(start)[2].partition("</form>")[0])
    return form.values
