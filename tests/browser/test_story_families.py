"""Protection and its reason (X2), a family by nickname joined and parted (C6, D8), a visit taken back (D2)."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.looking import axe_finds, sticks_out
from tests.browser.people import Desk
from tests.browser.world import person
from tests.makers import Town, scope
from tsunagari.audit.models import Entry
from tsunagari.families.models import Household
from tsunagari.families.operations import households
from tsunagari.families.rules import AddressInput

ADDRESS, PHONE = "架空県つながり市みどり町9-9", "090-0000-7777"


def _family(town: Town, *, protected: bool = False) -> Household:
    with scope(town, town.manager.user_id):
        members = [
            person("佐伯 ひとみ", "さえき ひとみ", relation="母", phone=PHONE),
            person("佐伯 蓮", "さえき れん", kind="child"),
        ]
        address = AddressInput(address=ADDRESS)
        family = households.create_household(actor=town.manager, people=members, address=address)
        return households.protect(family, actor=town.manager, protected=True) if protected else family


def _shows_nothing(page: Page) -> None:
    text = page.content()
    assert "9-9" not in text
    assert "7777" not in text
    assert "●●●" in text


def test_a_protected_family_is_masked_until_somebody_gives_a_reason(desk: Desk, town: Town) -> None:
    """X2: masked on screen and paper; a typed reason shows it once and stays on the trail."""
    family = _family(town, protected=True)
    for actor in (town.counselor, town.manager):
        page = desk.sit(actor, f"/families/{family.pk}/")
        expect(page.get_by_text("支援措置の家庭です")).to_be_visible()
        _shows_nothing(page)
    page.get_by_role("link", name="理由を書いて見る").click()
    page.get_by_label("理由", exact=False).fill("家庭訪問の前に住所を確かめる")
    page.get_by_role("button", name="理由を残して見る").click()
    expect(page.get_by_text(ADDRESS)).to_be_visible()
    expect(page.get_by_text(PHONE)).to_be_visible()
    assert axe_finds(page) == []
    page.get_by_role("link", name="閉じる").click()
    _shows_nothing(page)
    page.goto(f"/families/{family.pk}/print/")
    assert "9-9" not in page.content()
    with scope(town):
        assert Entry.objects.filter(action="family.unmask", household_id=family.pk).count() == 1


def test_a_nickname_family_is_joined_into_a_household_and_parted_again(desk: Desk, town: Town) -> None:
    """C6, D8: begun with a nickname, joined by a human's decision, reversibly."""
    family = _family(town)
    page = desk.sit(town.counselor, "/families/nickname/")
    page.get_by_label("呼び名").fill("きいろい帽子の子のお母さん")
    page.get_by_role("button", name="この呼び名で書く").click()
    page.locator(".fam").get_by_role("link", name="来所").click()
    page.get_by_role("button", name="受け付ける").click()
    page.get_by_role("link", name="きいろい帽子の子のお母さん").click()
    page.get_by_role("link", name="同じ家庭をまとめる").click()
    page.get_by_label("同じだと思う家庭").fill("さえき")
    page.get_by_role("button", name="さがす").click()
    page.get_by_role("button", name="見くらべる").click()
    assert axe_finds(page) == []
    page.get_by_label("左のきいろい帽子の子のお母さん").select_option(label="右の佐伯 蓮（お子さん）と同じ人")
    page.get_by_role("button", name="同じ家庭（まとめる）").click()
    page.wait_for_url(f"**/families/{family.pk}/")
    expect(page.locator("ol.tl")).to_contain_text("来所")
    page.get_by_role("link", name="もとにもどす").click()
    page.get_by_role("button", name="もとにもどす").click()
    page.goto(f"/families/{family.pk}/")
    expect(page.locator("#main")).not_to_contain_text("まとめた家庭")


def test_a_visit_is_taken_back_and_brought_back(desk: Desk, town: Town) -> None:
    """D2: a slip of the finger costs one press."""
    family = _family(town)
    page = desk.sit(town.counselor, f"/families/{family.pk}/visit/")
    page.get_by_role("button", name="受け付ける").dblclick()
    expect(page.locator(".list").get_by_role("link")).to_have_count(1)
    page.locator("#toast").get_by_role("button", name="元にもどす").click()
    expect(page.get_by_text("来所を取り消しました")).to_be_visible()
    expect(page.get_by_role("heading", name="取り消したもの")).to_be_visible()
    page.locator("#toast").get_by_role("button", name="元にもどす").click()
    expect(page.get_by_text("来所をもどしました")).to_be_visible()
    expect(page.get_by_role("heading", name="取り消したもの")).to_be_hidden()


def test_search_results_are_clean_open_and_as_a_page(desk: Desk, town: Town) -> None:
    """X3, X4: what one types is answered in place and announced; nothing of it stands in an address."""
    _family(town)
    page = desk.sit(town.counselor)
    page.get_by_role("searchbox").press_sequentially("ｻｴｷ")
    expect(page.locator("#search-results .hit")).to_contain_text("佐伯")
    expect(page.locator("#live")).to_contain_text("1件見つかりました")
    assert axe_finds(page) == []
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_url("**/search/")
    assert axe_finds(page) == []
    assert sticks_out(page) == []
    page.get_by_role("searchbox").fill("だれもいない")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("#main").get_by_text("合う家庭は見つかりません")).to_be_visible()
