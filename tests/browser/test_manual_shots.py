"""Takes the pictures of the staff manual from the running product (`make manual`). Everyone in them is fictional."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import Page

from tests.browser import test_kiosk as kiosk
from tests.browser.books import at_the_books
from tests.browser.counter import at_the_counter
from tests.browser.people import Desk
from tests.browser.skilled import skills_of
from tests.browser.working import work_off
from tests.browser.world import MOMENT, World, person
from tests.encounters import planning
from tests.encounters.cast import write
from tests.interop.importing import csv_of
from tests.interop.residents import HEADERS, family, row
from tests.interop.rosters import family as family_of
from tests.makers import scope
from tsunagari.base import clock
from tsunagari.demo import rosters as demo_rosters
from tsunagari.encounters.models import AssessmentTool
from tsunagari.encounters.operations import circulation, guide, official, sorting
from tsunagari.encounters.queries import guide as guide_queries
from tsunagari.families.models import LinkageRun
from tsunagari.families.operations import households
from tsunagari.families.rules import AddressInput

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "manual" / "images"
SIZE = {"width": 1280, "height": 800}
LIMIT = 120_000
pytestmark = pytest.mark.skipif(
    os.environ.get("TSUNAGARI_MANUAL_SHOTS") != "1", reason="skipped: pictures are taken by `make manual`"
)

Shoot = Callable[..., None]


@pytest.fixture
def shoot(desk: Desk) -> Shoot:
    """shoot(page, name): the window as people see it, 1280 px wide, at most 120 KB."""
    desk.site.moment = MOMENT
    IMAGES.mkdir(parents=True, exist_ok=True)

    def take(page: Page, name: str, *, height: int = 800, top: int = 0) -> None:
        page.set_viewport_size({"width": SIZE["width"], "height": height})
        page.mouse.move(0, 0)
        page.evaluate("(top) => window.scrollTo(0, top)", top)
        path = IMAGES / f"{name}.png"
        page.screenshot(path=path, animations="disabled", caret="hide")
        _shrink(path)
        assert path.stat().st_size < LIMIT, f"{path.name} is too large"

    return take


def _shrink(path: Path) -> None:
    """Fewer colours where pngquant is at hand; without it the picture stays as it is."""
    if shutil.which("pngquant"):
        subprocess.run(
            ["pngquant", "--force", "--skip-if-larger", "--ext", ".png", "128", str(path)], check=False
        )


def test_signing_in(desk: Desk, world: World, shoot: Shoot) -> None:
    cache.clear()
    page = desk.device(viewport=SIZE).new_page()
    page.goto("/accounts/login/")
    shoot(page, "sign-in", height=640)
    desk.sign_in(page.context, world.town.counselor)
    page.goto("/accounts/2fa/")
    shoot(page, "two-factors", height=560)
    page.goto("/")
    shoot(page, "today")


def test_old_rosters(desk: Desk, world: World, shoot: Shoot) -> None:
    town = world.town
    family_of(town, ("星架", "みどり"), number=9_001)
    page = desk.sit(town.manager, viewport=SIZE)
    page.goto("/imports/rosters/new/")
    shoot(page, "roster-new", height=560)
    content = demo_rosters.visit_book(
        demo_rosters.made_up_families(MOMENT.date()), MOMENT.date().replace(month=10)
    )
    page.get_by_label("名簿のファイル").set_input_files(
        [{"name": "来所簿.xlsx", "mimeType": "application/octet-stream", "buffer": content}]
    )
    page.get_by_role("button", name="送って、列をえらぶ").click()
    page.locator("#roster-preview").wait_for()
    shoot(page, "roster-columns", height=900)
    page.get_by_role("button", name="この読み方で、家庭とつきあわせる").click()
    work_off()
    page.get_by_role("link", name="決める（あと").wait_for(timeout=20_000)
    page.get_by_role("link", name="決める（あと").click()
    page.get_by_role("link", name="はじめから決める").click()
    shoot(page, "roster-decide", height=760)


def test_families(desk: Desk, world: World, shoot: Shoot) -> None:
    page = desk.sit(world.town.counselor, viewport=SIZE)
    page.get_by_role("searchbox").press_sequentially("きむら")
    page.locator("#search-results a").first.wait_for()
    shoot(page, "search", height=420)
    page.goto("/families/")
    shoot(page, "families")
    page.goto("/families/nickname/")
    shoot(page, "nickname", height=620)
    page.goto(f"/families/{world.kimura.pk}/")
    shoot(page, "family", height=900)
    page.goto(f"/families/{world.kimura.pk}/registrations/new/")
    shoot(page, "registration", height=720)
    page.goto(f"/families/{world.kimura.pk}/card/")
    shoot(page, "card", height=900)
    page.goto("/cards/")
    shoot(page, "cards", height=900)
    page.goto(f"/families/{world.protected.pk}/")
    shoot(page, "protected", height=620)
    manager = desk.sit(world.town.manager, f"/families/{world.protected.pk}/unmask/", viewport=SIZE)
    shoot(manager, "unmask", height=480)


def test_visits_and_records(desk: Desk, world: World, shoot: Shoot) -> None:
    page = desk.sit(world.town.counselor, f"/families/{world.kimura.pk}/visit/", viewport=SIZE)
    shoot(page, "check-in", height=560)
    page.goto("/visits/")
    shoot(page, "roster", height=900)
    page.goto("/visits/tallies/new/")
    shoot(page, "tally", height=900)
    page.goto(f"/drafts/{world.draft.pk}/")
    _guide_beside(page)
    shoot(page, "record", height=1000)
    shoot(page, "record-next", height=760, top=1000)
    page.goto(f"/drafts/{world.split.pk}/compare/{world.split_off.pk}/")
    shoot(page, "compare", height=760)
    page.goto(f"/records/{world.record.pk}/")
    shoot(page, "record-read", height=640)
    page.goto("/records/?view=all")
    shoot(page, "records", height=760)


def _guide_beside(page: Page) -> None:
    """It comes a moment after the form."""
    page.locator("#guide-beside > *").first.wait_for()


def test_keeping_records(desk: Desk, world: World, shoot: Shoot) -> None:
    """記録のしかた: what the city and the agency decided, the views, and the record form with all of it."""
    sheet = at_the_books(world)
    page = desk.sit(world.town.counselor, f"/drafts/{world.draft.pk}/", viewport=SIZE)
    _guide_beside(page)
    shoot(page, "record-marks", height=900)
    page.goto(f"/records/?view=day&day={clock.today().isoformat()}")
    shoot(page, "records-day", height=760, top=420)
    page.goto("/records/groups/new/")
    page.get_by_role("button", name="書きはじめる").click()
    page.get_by_label("家庭をさがす").fill("きむら")
    page.get_by_role("button", name="家庭をさがす").click()
    page.get_by_text("見つかった家庭は上に足しました").wait_for()
    shoot(page, "group", height=1000, top=300)
    page.goto(f"/s/{sheet.code}/")
    shoot(page, "sheet-entry", height=760)
    shoot(desk.sit(world.town.manager, "/keeping/", viewport=SIZE), "keeping", height=900)
    shoot(desk.sit(world.town.officer, "/keeping/marks/new/", viewport=SIZE), "mark", height=900)


def test_circulation_and_search(desk: Desk, world: World, shoot: Shoot) -> None:
    with scope(world.town):
        record = write(world.town.colleague, content="ことばがゆっくりで心配と母より。", concern=2)
        people = [one.user_id or 0 for one in (world.town.counselor, world.town.manager)]
        circulation.ask(record, people, actor=world.town.colleague)
    page = desk.sit(world.town.counselor, "/circulation/", viewport=SIZE)
    shoot(page, "circulation", height=500)
    page.goto(f"/records/{record.pk}/")
    page.get_by_role("button", name="読みました").click()
    shoot(page, "seals", height=700, top=page.locator("#round").bounding_box()["y"] - 200)  # type: ignore[index]
    page.goto("/records/search/")
    page.get_by_label("記録の中のことば").fill("ことば")
    page.get_by_role("button", name="さがす", exact=True).click()
    page.locator("mark").first.wait_for()
    shoot(page, "record-search", height=600)


def test_guide_and_sorting(desk: Desk, world: World, shoot: Shoot) -> None:
    town = world.town
    with scope(town, town.lead.user_id):
        draft = guide.fill_with_default(actor=town.lead)
        seen = guide_queries.stamp(guide_queries.entries(draft))
        guide.publish(draft, actor=town.lead, note="はじめの版", seen=seen)
        sorting.add_detail(actor=town.officer, category=5, label="ことばの教室", from_year=2026)
        table = official.add_default("fukushi", actor=town.officer, fiscal_year=2026)
    page = desk.sit(town.counselor, "/guide/?category=4&concern=2", viewport=SIZE)
    shoot(page, "guide", height=1000)
    page.goto(f"/drafts/{world.draft.pk}/")
    page.get_by_role("complementary", name="手引き").get_by_role("heading", level=3).first.wait_for()
    shoot(page, "guide-beside")
    lead = desk.sit(town.lead, "/partners/", viewport=SIZE)
    shoot(lead, "partners", height=760)
    lead.get_by_role("link", name="手引き", exact=True).first.click()
    lead.get_by_role("button", name="直す").click()
    shoot(lead, "guide-edit", height=760)
    lead.goto(f"/categories/official/{table.pk}/")
    shoot(lead, "official", height=1000)


def test_imports_places_staff_and_trail(desk: Desk, world: World, shoot: Shoot) -> None:
    page = desk.sit(world.town.officer, "/imports/new/", viewport=SIZE)
    shoot(page, "import-new", height=760)
    page.get_by_text("住民の抽出データ", exact=True).click()
    code = world.town.municipality.code
    wrong = row(99, 9, "架空　のぞみ", "カクウ　ノゾミ", "2026-02-31", "20", 市区町村コード=code)
    people = csv_of([*family(市区町村コード=code), wrong], HEADERS)
    sent = {"name": "juki-20261124.csv", "mimeType": "text/csv", "buffer": people.encode()}
    page.get_by_label("ファイル", exact=False).set_input_files(sent)  # type: ignore[arg-type]
    page.get_by_role("button", name="送って確かめる").click()
    work_off()
    page.get_by_role("button", name="この内容で取り込む").wait_for()
    shoot(page, "import-preview", height=900)
    for name, address in {
        "places": "/places/",
        "agency": f"/places/{world.town.aoba.pk}/",
        "site": f"/places/sites/{world.hall.pk}/",
        "staff": "/staff/",
        "staff-new": "/staff/new/",
    }.items():
        page.goto(address)
        shoot(page, name)
    auditor = desk.sit(world.town.auditor, "/trail/", viewport=SIZE)
    shoot(auditor, "trail")


def test_renewals_forms_policy_and_benefits(desk: Desk, world: World, shoot: Shoot) -> None:
    at_the_counter(world)
    page = desk.sit(world.town.counselor, "/renewals/?document=licence", viewport=SIZE)
    shoot(page, "renewals", height=760)
    page.goto("/forms/")
    shoot(page, "forms", height=900)
    page.goto(f"/families/{world.kimura.pk}/")
    shoot(page, "benefits", height=700, top=page.locator("#benefits").bounding_box()["y"] - 300)  # type: ignore[index]
    page = desk.sit(world.town.officer, "/policy/edit/", viewport=SIZE)
    shoot(page, "policy", height=900)


def test_the_tablet_at_the_door(desk: Desk, world: World, shoot: Shoot) -> None:
    page = desk.sit(world.town.counselor, "/devices/unlock/", viewport=SIZE)
    page.get_by_label("端末の名前", exact=False).fill("入口のタブレット")
    shoot(page, "device-unlock", height=800)
    page.get_by_role("button", name="受付をはじめる").click()
    page.locator("body[data-ready=kept]").wait_for()
    shoot(page, "kiosk")
    page.locator("#go-new").click()
    page.locator("#new-send").click()
    page.locator("#thanks [data-home]").click()
    kiosk.hold(page, kiosk.family(world.town, "颯太", "そうた"))
    page.locator("#thanks .child").first.wait_for()
    shoot(page, "kiosk-thanks")
    staff = desk.sit(world.town.counselor, "/scans/", viewport=SIZE)
    shoot(staff, "scans", height=420)


def test_families_that_are_alike(desk: Desk, world: World, shoot: Shoot) -> None:
    _twice(world)
    page = desk.sit(world.town.nurse, "/families/same/", viewport=SIZE)
    page.get_by_role("button", name="いま、さがす").click()
    work_off()
    with scope(world.town):
        LinkageRun.objects.update(finished_at=MOMENT)  # the worker's own clock says another day each time
    page.goto("/families/same/")
    shoot(page, "same-families", height=600)
    page.locator("main .list a.cover").first.click()
    page.get_by_role("heading", name="同じ家庭ですか").wait_for()
    shoot(page, "same-family", height=1000)
    form = page.locator("main form").last.bounding_box()
    assert form
    shoot(page, "same-decide", height=700, top=int(form["y"]) - 90)


def _twice(world: World) -> None:
    """One family entered by two people: once with the kanji a document shows, once as it was heard."""
    actor, place = world.town.counselor, AddressInput(address="架空県つながり市あおば町5-6-7")
    with scope(world.town, actor.user_id), clock.stopped_at(MOMENT):
        for name, child, born, phone in (
            ("渡辺 美咲", "渡辺 芽依", date(2026, 2, 3), "090-0000-5151"),
            ("渡邊 美咲", "渡邊 芽衣", date(2026, 2, 8), ""),
        ):
            mother = person(name, "わたなべ みさき", relation="母", phone=phone)
            baby = person(child, "わたなべ めい", kind="child", birth_date=born)
            households.create_household(actor=actor, people=[mother, baby], address=place)


def test_charts(desk: Desk, world: World, shoot: Shoot) -> None:
    page = desk.sit(world.town.manager, viewport=SIZE)
    page.goto(f"/families/{world.nickname.pk}/charts/new/")
    shoot(page, "chart-new", height=900)
    page.goto(f"/charts/{world.chart.pk}/")
    shoot(page, "chart", height=900)
    page.goto(f"/charts/{world.chart.pk}/hand-over/")
    shoot(page, "chart-handover")


def test_skills(desk: Desk, world: World, shoot: Shoot) -> None:
    skills_of(world.town)
    page = desk.sit(world.town.manager, viewport=SIZE)
    for path, name in (
        ("/skills/", "skills"),
        ("/skills/training/", "training-day"),
        (f"/skills/{world.town.counselor.user_id}/", "skill-person"),
    ):
        page.goto(path)
        shoot(page, name, height=900)
    shoot(desk.sit(world.town.officer, "/skills/courses/", viewport=SIZE), "courses", height=800)


def test_reports(desk: Desk, world: World, shoot: Shoot) -> None:
    page = desk.sit(world.town.manager, "/reports/", viewport=SIZE)
    shoot(page, "reports", height=900)
    page.get_by_role("region", name="月報").get_by_role("button").first.click()
    shoot(page, "report", height=1100)
    shoot(desk.sit(world.town.officer, "/reports/city/", viewport=SIZE), "reports-city", height=900)


def test_assessment_and_plan(desk: Desk, world: World, shoot: Shoot) -> None:
    town = world.town
    with scope(town, town.counselor.user_id):
        tool = AssessmentTool.objects.first() or planning.in_force(town.officer)
        for ago, value in ((120, 2), (60, 1), (0, 1)):
            day = clock.today() - timedelta(days=ago)
            planning.assessed(town.counselor, world.kimura, tool, value=value, assessed_on=day)
        made = planning.plan(town.counselor, world.kimura)
    page = desk.sit(town.counselor, f"/families/{world.kimura.pk}/assessments/")
    shoot(page, "assessment-picture", height=760)
    page.goto(f"/plans/{made.pk}/")
    shoot(page, "support-plan", height=760)
