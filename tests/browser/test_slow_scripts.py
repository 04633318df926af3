"""On a slow line the page stands there before its scripts do: what was typed by then counts as if typed after."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.browser.people import Desk
from tests.browser.test_kiosk import cut, end, family, hold, unlock
from tests.browser.world import person
from tests.makers import Town, scope
from tsunagari.encounters.models import Draft, Visit
from tsunagari.encounters.operations import drafts
from tsunagari.families.models import Household
from tsunagari.families.operations import households

WORDS = "夜に何度も起きて眠れない。"
SAVED = "下書き保存ずみ"
STATE = "[data-draft-state]"


def _family(town: Town) -> Household:
    with scope(town, town.counselor.user_id):
        mother = person("木村 綾", "きむら あや", relation="母")
        return households.create_household(actor=town.counselor, people=[mother])


def _draft(town: Town) -> Draft:
    family = _family(town)
    with scope(town, town.counselor.user_id):
        return drafts.open_draft(actor=town.counselor, household=family)


def _hold_scripts(page: Page) -> Callable[[], None]:
    """Scripts stay under way; what is given back lets them arrive, and those they ask for themselves."""
    waiting: list[Route] | None = []

    def meet(route: Route) -> None:
        if waiting is None:
            route.continue_()
        else:
            waiting.append(route)

    def arrive() -> None:
        nonlocal waiting
        held, waiting = waiting or [], None
        for route in held:
            route.continue_()
        page.wait_for_load_state()

    page.route("**/*.js", meet)
    return arrive


def _without_its_scripts(page: Page, path: str, shown: str) -> Callable[[], None]:
    """The page as it is while its scripts are under way, once `shown` is there; what is given back lets them arrive."""
    arrive = _hold_scripts(page)
    page.goto(path, wait_until="commit")
    expect(page.locator(shown)).to_be_attached()
    return arrive


def test_words_typed_before_the_script_are_saved(desk: Desk, town: Town) -> None:
    page = desk.sit(town.counselor)
    page.clock.install()
    arrive = _without_its_scripts(page, f"/drafts/{_draft(town).pk}/", STATE)
    page.locator("textarea[name=content]").fill(WORDS)
    page.locator(".cat").filter(has_text="養育者のこころ").click()
    arrive()
    expect(page.locator(".cat.main")).to_contain_text("養育者のこころ")
    page.clock.fast_forward("00:04")
    expect(page.locator(STATE)).to_contain_text(SAVED)
    page.reload()
    expect(page.locator("textarea[name=content]")).to_have_value(WORDS)
    expect(page.locator(".cat.main")).to_contain_text("養育者のこころ")


def test_a_page_nobody_touched_sends_nothing(desk: Desk, town: Town) -> None:
    """Neither the choice of a main category by the script nor the form's own defaults are somebody's words."""
    draft = _draft(town)
    with scope(town, town.counselor.user_id):
        typed = dict(draft.fields) | {"content": "2行の\r\n文。", "categories": ["4"]}
        drafts.save_draft(draft, actor=town.counselor, fields=typed, version=draft.version, client="pc")
    page = desk.sit(town.counselor)
    page.clock.install()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto(f"/drafts/{draft.pk}/")
    expect(page.locator(".cat.main")).to_be_visible()
    page.clock.fast_forward("00:10")
    page.goto("/")
    assert sent == []


def test_what_is_searched_for_before_the_scripts_is_found(desk: Desk, town: Town) -> None:
    _family(town)
    page = desk.sit(town.counselor)
    arrive = _without_its_scripts(page, "/", "main h1")
    page.get_by_role("searchbox").fill("きむら")
    arrive()
    expect(page.locator("#search-results .hit")).to_contain_text("木村")


def test_the_summary_of_mistakes_takes_nobody_from_a_field(desk: Desk, town: Town) -> None:
    """Its focus is for those who have not begun to mend."""
    desk.watch.expect("422 (Unprocessable")
    page = desk.sit(town.counselor, f"/drafts/{_draft(town).pk}/")
    arrive = _hold_scripts(page)
    page.get_by_role("button", name="保存する").click(no_wait_after=True)
    expect(page.locator(".errors")).to_be_visible()
    page.locator("textarea[name=content]").press_sequentially("夜に")
    arrive()
    expect(page.locator("textarea[name=content]")).to_be_focused()
    expect(page.locator("textarea[name=content]")).to_have_value("夜に")


SLOW_STORE = "navigator.storage.persist = () => new Promise((go) => setTimeout(go, 600))"


def test_a_card_read_while_a_tablet_starts_is_kept(desk: Desk, town: Town) -> None:
    desk.watch.expect("Failed to load resource")
    desk.watch.expect("ERR_INTERNET_DISCONNECTED")
    card = family(town, "颯太", "そうた")
    page = unlock(desk, town)
    page.add_init_script(SLOW_STORE)
    cut(page.context, page, True)
    page.reload()
    hold(page, card)
    expect(page.locator("#later")).to_be_visible()
    cut(page.context, page, False)
    end(page)
    expect(page.locator("#line")).to_be_empty()
    with scope(town):
        assert Visit.objects.get().household_id == card.household_id
