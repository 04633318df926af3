"""Whoever works with the keys sees where they are: nothing cuts the ring of what has the focus (X4)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import PHONE, WIDE, Desk
from tests.browser.world import MOMENT, World

CUT = """() => {
  const found = [];
  const stops = [...document.querySelectorAll("a[href], button, summary, input, select, textarea, [tabindex='0']")];
  for (const one of stops.filter((stop) => stop.getClientRects().length && !stop.disabled)) {
    one.focus({ focusVisible: true });
    const style = getComputedStyle(one);
    if (document.activeElement !== one || style.outlineStyle === "none") continue;  // its ring is drawn by a neighbour
    const wide = parseFloat(style.outlineWidth) + parseFloat(style.outlineOffset) - 0.5;
    const at = one.getBoundingClientRect();
    for (let box = one.parentElement; box !== document.body; box = box.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(box);
      if (overflowX === "visible" && overflowY === "visible") continue;
      const left = box.getBoundingClientRect().left + box.clientLeft;
      const top = box.getBoundingClientRect().top + box.clientTop;
      const cut = left - at.left + wide > 0 || top - at.top + wide > 0
        || at.right + wide > left + box.clientWidth || at.bottom + wide > top + box.clientHeight;
      if (cut) found.push(`${box.tagName}.${box.className} cuts ${one.outerHTML.slice(0, 120)}`);
    }
  }
  return found;
}"""


def _cut(page: Page, address: str) -> list[str]:
    page.goto(address)
    expect(page.locator("h1")).to_be_visible()
    found: list[str] = page.evaluate(CUT)
    return [f"{address} {page.viewport_size['width'] if page.viewport_size else 0}: {one}" for one in found]


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
def test_no_ring_is_cut(
    desk: Desk, world: World, world_ids: list[dict[str, int]], size: dict[str, int]
) -> None:
    desk.site.moment = MOMENT
    page = desk.sit(world.town.manager, "/records/?view=day", viewport=size)
    ids = world_ids[0]
    pages = [
        "/records/?view=day",
        f"/families/{ids['household_id']}/",
        f"/reports/{ids['report_id']}/",
    ]
    complaints = [line for address in pages for line in _cut(page, address)]
    assert not complaints, "\n".join(complaints)


def test_the_guide_beside_a_record_keeps_its_rings_whole(desk: Desk, world: World) -> None:
    desk.site.moment = MOMENT
    page = desk.sit(world.town.counselor, f"/drafts/{world.draft.pk}/")
    expect(page.get_by_role("link", name="手引きをすべて見る")).to_be_visible()
    assert [line for line in _cut(page, f"/drafts/{world.draft.pk}/") if "guide-beside" in line] == []
