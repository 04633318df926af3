"""Looking at a page as a machine can: axe-core, and whether anything sticks out sideways."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from tests.browser.people import PHONE, TABLET, WIDE

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Of what axe reads ahead only sound and film: style sheets serve one rule, which is none of these.
RUN = """async (tags) => {
  const options = {runOnly: tags, resultTypes: ["violations"], preload: {assets: ["media"]}};
  const found = await axe.run(document, options);
  const where = (one) => one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(" | ");
  return found.violations.map(one => `${one.id}: ${where(one)}`);
}"""
STICKS_OUT = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const out = [...document.body.querySelectorAll("*")].filter(one => one.getBoundingClientRect().right > wide + 1);
  return out.slice(-3).map(one => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 40)}`);
}"""


def axe_finds(page: Page) -> list[str]:
    """What axe-core finds wrong in the page as it stands now; rules of WCAG 2.2 AA and good practice."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN, TAGS)
    return found


def sticks_out(page: Page) -> list[str]:
    """Elements that make the page scroll sideways at 1280, 820 or 390 px."""
    found = []
    for size in (TABLET, PHONE, WIDE):  # ends as wide as it began
        page.set_viewport_size(size)  # type: ignore[arg-type]
        found += [f"{size['width']} px: {element}" for element in page.evaluate(STICKS_OUT)]
    return found
