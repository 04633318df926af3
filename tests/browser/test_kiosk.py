"""D2 at the door: a tablet that is unlocked, read at, cut off from the network, loaded anew and connected again."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Route, expect

from tests.browser.looking import axe_finds, sticks_out
from tests.browser.people import Desk
from tests.browser.world import person
from tests.encounters.kiosk import make_card
from tests.makers import Town, scope
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import KioskScan, Visit
from tsunagari.families.models import Card
from tsunagari.families.operations import households

LANDSCAPE = {"width": 1180, "height": 820}
CONTROLLED = """() => new Promise(resolve => {
  if (navigator.serviceWorker.controller) resolve();
  else navigator.serviceWorker.addEventListener("controllerchange", () => resolve());
})"""
SEEN = """(on) => new Promise(resolve => {
  if (navigator.onLine === on) resolve();
  else addEventListener(on ? "online" : "offline", () => resolve(), {once: true});
})"""

BURST = """(text) => {
  const press = (key, code) => document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", {key, code, bubbles: true, cancelable: true}));
  for (const one of text) press(one, /[0-9]/.test(one) ? `Digit${one}` : `Key${one}`);
  press("Enter", "Enter");
}"""


def family(town: Town, name: str, kana: str) -> Card:
    """A mother and a child of two, with a card."""
    with scope(town, town.stranger.user_id):
        born = clock.today().replace(day=1, year=clock.today().year - 2)
        people = [
            person("木村 綾", "きむら あや", relation="母"),
            person(f"木村 {name}", f"きむら {kana}", kind="child", birth_date=born),
        ]
        made = households.create_household(actor=town.stranger, people=people)
        return Card.objects.filter(household=made).first() or make_card(made)


def unlock(desk: Desk, town: Town, actor: Actor | None = None) -> Page:
    """A member of staff (the counselor of あおば) makes the tablet in hand the one at the door."""
    page = desk.sit(actor or town.counselor, "/devices/", viewport=LANDSCAPE)
    page.get_by_role("link", name="この端末を受付に使う").click()
    page.get_by_label("端末の名前", exact=False).fill("入口のタブレット")
    page.get_by_role("button", name="受付をはじめる").click()
    expect(page.get_by_role("heading", name="受付")).to_be_visible()
    expect(page.locator("body[data-ready=kept]")).to_be_attached()
    page.evaluate(CONTROLLED)
    return page


def scan(page: Page, text: str) -> None:
    """The scanner types the text and Enter, as quickly as scanners do however busy the machine of the tests is."""
    page.evaluate(BURST, text)


def hold(page: Page, card: Card) -> None:
    """A card is held to the scanner."""
    scan(page, card.token)


def counted(town: Town) -> list[int | None]:
    """Households of the visits, by time."""
    with scope(town):
        return list(Visit.objects.order_by("arrived_at").values_list("household_id", flat=True))


def end(page: Page) -> None:
    """Press おわる; on a busy machine the screen may have ended by itself."""
    with suppress(Error):
        page.locator(".screen:not([hidden])").get_by_role("button", name="おわる").click(timeout=9_000)
    expect(page.locator("#start")).to_be_visible()


def cut(context: BrowserContext, page: Page, away: bool) -> None:
    context.set_offline(away)
    page.evaluate(SEEN, not away)


def test_a_card_is_held_to_the_scanner_and_a_child_left_out(desk: Desk, town: Town) -> None:
    card = family(town, "颯太", "そうた")
    page = unlock(desk, town)
    assert [cookie["name"] for cookie in page.context.cookies() if cookie["name"] != "csrftoken"] == [
        "tsunagari_kiosk"
    ]
    hold(page, card)
    child = page.get_by_role("button", name="そうた")
    expect(page.get_by_role("heading", name="うけつけました")).to_be_visible()
    expect(child).to_have_attribute("aria-pressed", "true")
    with page.expect_response("**/kiosk/children/"):
        child.click()
    with scope(town):
        assert Visit.objects.get().children == 0
    end(page)
    hold(page, card)
    page.wait_for_timeout(100)
    assert counted(town) == [card.household_id]


def test_number_newcomer_and_unknown_cards(desk: Desk, town: Town) -> None:
    card = family(town, "凛", "りん")
    page = unlock(desk, town)
    page.get_by_role("button", name=re.compile("番号|ばんごう")).click()
    for digit in card.number:
        page.locator(f"[data-digit='{digit}']").click()
    expect(page.get_by_role("heading", name="うけつけました")).to_be_visible()
    end(page)
    page.get_by_role("button", name="はじめて").click()
    page.get_by_role("button", name="こどもを ふやす").first.click()
    page.locator("#new-send").click()
    expect(page.locator("#thanks").get_by_text("まいります")).to_be_visible()
    end(page)
    scan(page, "X" * 26)
    expect(page.get_by_role("heading", name="このカードは わかりません")).to_be_visible()
    with scope(town):
        told = KioskScan.objects.get()
        assert (told.reason, told.children) == ("newcomer", 2)
    staff = desk.sit(town.counselor, "/scans/")
    expect(staff.get_by_text("はじめて来た人", exact=True)).to_be_visible()


@pytest.fixture
def cut_off(desk: Desk) -> None:
    """A browser complains in its console of a network that is away."""
    desk.watch.expect("Failed to load resource")
    desk.watch.expect("ERR_INTERNET_DISCONNECTED")


@pytest.mark.usefixtures("cut_off")
def test_the_network_goes_and_comes_back(desk: Desk, town: Town) -> None:
    cards = [family(town, "颯太", "そうた"), family(town, "凛", "りん"), family(town, "蓮", "れん")]
    page = unlock(desk, town)
    cut(page.context, page, True)
    for card in cards[:2]:
        hold(page, card)
        expect(page.locator("#later").get_by_text("あとで おくります")).to_be_visible()
        assert "そうた" not in page.content()
        end(page)
    page.reload()
    expect(page.locator("body[data-ready=kept]")).to_be_attached()
    expect(page.get_by_text("送信待ち 2件")).to_be_visible()
    hold(page, cards[2])
    page.locator("#later").get_by_role("button", name="こどもを ふやす").click(click_count=2)
    end(page)
    scan(page, "V" * 26)
    end(page)
    assert counted(town) == []
    cut(page.context, page, False)
    expect(page.get_by_text("送信待ち")).to_have_count(0)
    assert counted(town) == [card.household_id for card in cards]
    with scope(town):
        assert KioskScan.objects.get().reason == "unknown"
        assert Visit.objects.get(household=cards[2].household_id).children == 2


@pytest.mark.usefixtures("cut_off")
def test_a_reading_let_go_while_the_server_is_asked_does_not_wait_for_the_next_minute(
    desk: Desk, town: Town
) -> None:
    card = family(town, "颯太", "そうた")
    page = unlock(desk, town)
    asked: list[Route] = []
    page.context.route("**/kiosk/check-in/", lambda route: route.abort("internetdisconnected"))
    page.context.route("**/kiosk/sync/", lambda route: asked.append(route), times=1)
    with page.expect_request("**/kiosk/sync/"):
        hold(page, card)
        expect(page.locator("#later")).to_be_visible()
    end(page)
    asked[0].continue_()
    expect(page.locator("#line")).to_be_empty()
    assert counted(town) == [card.household_id]


def test_every_screen_is_clean_and_nothing_sticks_out(desk: Desk, town: Town) -> None:
    card = family(town, "颯太", "そうた")
    page = unlock(desk, town)
    found = [*axe_finds(page), *sticks_out(page)]
    page.get_by_role("button", name=re.compile("番号|ばんごう")).click()
    found += [*axe_finds(page), *sticks_out(page)]
    page.locator("#number [data-home]").click()
    page.get_by_role("button", name="はじめて").click()
    found += [*axe_finds(page), *sticks_out(page)]
    hold(page, card)
    expect(page.locator("#thanks")).to_be_visible()
    found += [*axe_finds(page), *sticks_out(page)]
    assert found == []


def test_a_locked_tablet_shows_nothing_and_a_page_of_before_does_not_open_it(desk: Desk, town: Town) -> None:
    desk.watch.expect("403")
    page = unlock(desk, town)
    staff = desk.sit(town.manager, "/devices/")
    staff.get_by_role("button", name="いま止める").click()
    expect(staff.get_by_text("「入口のタブレット」を止めました。")).to_be_visible()
    hold(page, family(town, "颯太", "そうた"))
    expect(page.get_by_role("heading", name=re.compile("使|つか")).last).to_be_visible()
    page.reload()
    expect(page.get_by_text("職員のサインイン")).to_be_visible()
    assert counted(town) == []
