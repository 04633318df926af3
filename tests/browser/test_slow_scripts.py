"""On a slow line the page stands there before its scripts do: what was typed or pressed by then counts."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.browser.people import Desk
from tests.browser.world import person
from tests.makers import Town, scope
from tsunagari.encounters.models import Draft
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


def _without_its_scripts(page: Page, path: str, shown: str) -> Callable[[], None]:
    """The page as it is while its scripts are under way, once `shown` is there; what is given back lets them arrive."""
    waiting: list[Route] | None = []

    def meet(route: Route) -> None:
        if waiting is None:
            route.continue_()
        else:
            waiting.append(route)

    page.route("**/*.js", meet)
    page.goto(path, wait_until="commit")
    expect(page.locator(shown)).to_be_attached()

    def arrive() -> None:
        nonlocal waiting
        held, waiting = waiting or [], None
        for route in held:
            route.continue_()
        page.wait_for_load_state()

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


def test_a_draft_nobody_touched_is_not_saved_anew(desk: Desk, town: Town) -> None:
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
