"""The pages of tools, assessments and plans, as a browser without JavaScript uses them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from tests import makers
from tests.encounters.cast import kimura, trail
from tests.encounters.planning import assessed, days, in_force, plan
from tests.makers import Town
from tsunagari.accounts.models import User
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import (
    Assessment,
    AssessmentTool,
    Draft,
    PlanAction,
    PlanVersion,
    SupportPlan,
)
from tsunagari.encounters.operations import plans
from tsunagari.encounters.rules.first_tool import FIRST_TOOL
from tsunagari.encounters.rules.plans import Goal
from tsunagari.families.models import Household

ClientOf = Callable[[Actor], Client]


@pytest.fixture
def family(town: Town) -> Household:
    with makers.scope(town):
        return kimura(town.counselor)


@pytest.fixture
def tool(town: Town) -> AssessmentTool:
    with makers.scope(town):
        return in_force(town.officer)


@pytest.fixture
def made(town: Town, family: Household) -> SupportPlan:
    with makers.scope(town):
        return plan(town.counselor, family)


def pressed(value: str = "1", **more: str) -> dict[str, str]:
    """An assessment with every question answered alike."""
    answers = {f"answer-{item.key}": value for item in FIRST_TOOL.items}
    return answers | {"assessed_on": days(0).isoformat(), "concern": "2", "findings": "夜泣き。"} | more


def typed(town: Town, **more: str) -> dict[str, str]:
    """A plan with one goal and one thing to do."""
    given = {
        "wishes": "眠りたい。",
        "issues": "夜の世話。",
        "supports": "一時預かり。",
        "goal_0": "5時間ねむる",
        "what_0_0": "申し込む",
        "whom_0_0": "お母さん",
        "review_on": days(30).isoformat(),
        "owner": str(town.counselor.user_id),
        "base_version": "0",
    }
    return given | more


def of_draft(client: Client, address: str, **more: str) -> dict[str, str]:
    """What the page of a draft sends besides what is typed."""
    pk = address.rstrip("/").rpartition("/")[2]
    draft = Draft.objects.get(pk=pk)
    return {"draft_version": str(draft.version), "client_id": "a", "key": str(draft.key)} | more


def text_of(content: bytes) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


SMALL_TOOL = {
    "name": "市の見立て",
    "source": "",
    "item-0-key": "c1",
    "item-0-group": "子ども",
    "item-0-label": "からだ",
    "item-0-point-0-label": "よい",
    "item-0-point-0-value": "0",
    "item-0-point-1-label": "心配",
    "item-0-point-1-value": "0",
    "item-0-place": "1",
}


def test_a_city_begins_with_the_tool_that_ships_and_changes_it(town: Town, client_of: ClientOf) -> None:
    client = client_of(town.officer)
    assert "国や県の公式のものではありません" in client.get("/tools/").content.decode()
    edit = client.post("/tools/begin/")["Location"]
    assert 'value="からだの育ちと健康"' in client.get(edit).content.decode()
    kept = client.post(edit, SMALL_TOOL | {"stay": "1"}, follow=True)
    assert "点の同じ答え" in kept.content.decode()
    answer = client.post(edit, SMALL_TOOL | {"item-0-point-1-value": "4"})
    with makers.scope(town):
        assert AssessmentTool.objects.get().items[0]["scale"][1]["value"] == 4
    client.post(answer["Location"] + "start/", {"starts_on": days(0).isoformat()})
    assert "いま使っている" in client.get("/tools/").content.decode()
    tried = client.get(answer["Location"] + "?try=1&answer-c1=4").content.decode()
    assert "<b data-sum>4</b>" in tried


def test_saving_goes_on_at_the_item_whose_button_was_pressed(town: Town, client_of: ClientOf) -> None:
    client = client_of(town.officer)
    edit = client.post("/tools/begin/")["Location"]
    more = {"item-1-label": "ことば", "item-1-group": "子ども", "item-1-place": "1", "item-0-place": "2"}
    assert 'formaction="#item-0"' in client.get(edit).content.decode()
    for pressed, goes_on in (("item-0", "item-1"), ("item-1", "item-0"), ("1", "keep"), ("item-99", "keep")):
        seen = client.get(edit).context["seen"]
        answer = client.post(edit, SMALL_TOOL | more | {"stay": pressed, "seen": seen})
        assert answer["Location"] == f"{edit}#{goes_on}"
    assert 'id="keep"' in client.get(edit).content.decode()


def test_nobody_else_sees_or_changes_what_is_prepared(town: Town, client_of: ClientOf) -> None:
    edit = client_of(town.officer).post("/tools/begin/")["Location"]
    for actor in (town.counselor, town.manager, town.auditor):
        client = client_of(actor)
        assert client.get(edit).status_code in (403, 404)
        assert client.get(edit.replace("edit/", "")).status_code in (403, 404)


def test_assessing_is_one_page_that_says_what_is_left_open(
    town: Town, family: Household, tool: AssessmentTool, client_of: ClientOf
) -> None:
    client = client_of(town.counselor)
    page = client.post(f"/families/{family.pk}/assessments/new/", {"person": "0"})["Location"]
    with makers.scope(town):
        frame = of_draft(client, page, person="0", chart="0", tool=str(tool.pk))
    open_ones = {name: value for name, value in pressed().items() if name != "answer-c2"}
    answer = client.post(page, open_ones | frame)
    assert answer.status_code == 422
    assert answer.content.decode().count("どれかを押してください") == 1
    first, second = (client.post(page, pressed("unknown", **frame)) for _ in range(2))
    assert (first.status_code, first["Location"]) == (303, second["Location"])
    with makers.scope(town):
        assert Assessment.objects.get().total is None
        assert not Draft.objects.exists()
    assert "分からない" in client.get(first["Location"]).content.decode()


def test_put_right_the_former_stays_beside_it(
    town: Town, family: Household, tool: AssessmentTool, client_of: ClientOf
) -> None:
    with makers.scope(town):
        row = assessed(town.counselor, family, tool)
    client = client_of(town.counselor)
    page = client.post(f"/assessments/{row.pk}/replace/")["Location"]
    assert "夜に眠れていない。" in client.get(page).content.decode()
    with makers.scope(town):
        frame = of_draft(client, page, tool=str(tool.pk), replaces=str(row.pk))
    later = client.post(page, pressed("3", concern="3", **frame))["Location"]
    assert "直す前" in client.get(later).content.decode()
    assert "あとで直されています" in client.get(f"/assessments/{row.pk}/").content.decode()
    assert client.post(f"/assessments/{row.pk}/replace/").status_code == 409


def test_the_picture_stands_beside_its_table_and_on_paper(
    town: Town, family: Household, tool: AssessmentTool, client_of: ClientOf
) -> None:
    with makers.scope(town):
        assessed(town.counselor, family, tool, value=2)
    client = client_of(town.counselor)
    page = client.get(f"/families/{family.pk}/assessments/").content.decode()
    assert f'src="/families/{family.pk}/assessments/picture.svg' in page
    assert ">6/9</td>" in page
    svg = client.get(f"/families/{family.pk}/assessments/picture.svg")
    assert (svg["Content-Type"], svg["Cache-Control"]) == ("image/svg+xml; charset=utf-8", "no-store")
    assert b"6/9" in svg.content
    paper = text_of(client.get(f"/families/{family.pk}/assessments/results.pdf").content)
    assert "6/9" in paper
    assert "木村さん" in paper
    assert client_of(town.stranger).get(f"/families/{family.pk}/assessments/picture.svg").status_code == 404


@pytest.mark.parametrize("address", ["/families/{f}/assessments/", "/families/{f}/plans/"])
def test_the_lists_need_as_many_statements_however_long_they_are(
    town: Town,
    family: Household,
    tool: AssessmentTool,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    address: str,
) -> None:
    with makers.scope(town):
        for _ in range(12):
            assessed(town.counselor, family, tool)
            plan(town.counselor, family)
    client = client_of(town.counselor)
    client.get(address.format(f=family.pk))
    with django_assert_max_num_queries(22):
        assert client.get(address.format(f=family.pk)).status_code == 200


def begun(town: Town, family: Household, client: Client) -> tuple[str, dict[str, str]]:
    """The page of a new plan and what it sends by itself."""
    page = client.post(f"/families/{family.pk}/plans/new/", {"person": "0"})["Location"]
    with makers.scope(town):
        return page, of_draft(client, page, person="0", chart="0")


def test_a_plan_is_made_on_one_page_and_two_clicks_make_one(
    town: Town, family: Household, client_of: ClientOf
) -> None:
    client = client_of(town.counselor)
    page, frame = begun(town, family, client)
    wrong = client.post(page, typed(town, whom_0_0="", **frame))
    assert wrong.status_code == 422
    assert "だれがするかを書いてください" in wrong.content.decode()
    with makers.scope(town):
        frame = of_draft(client, page, person="0", chart="0")
    first, second = (client.post(page, typed(town, **frame)) for _ in range(2))
    assert (first.status_code, first["Location"]) == (303, second["Location"])
    with makers.scope(town):
        assert (SupportPlan.objects.count(), PlanAction.objects.get().what) == (1, "申し込む")
    shown = client.get(first["Location"]).content.decode()
    assert "5時間ねむる" in shown
    assert "見とどける人" in shown


def test_what_was_typed_survives_a_closed_browser_and_a_session_that_ended(
    town: Town, family: Household, client_of: ClientOf
) -> None:
    client = client_of(town.counselor)
    page, frame = begun(town, family, client)
    long = "あ" * 20_000
    pk = page.rstrip("/").rpartition("/")[2]
    saved = client.post(f"/drafts/{pk}/save/", typed(town, issues=long, goal_1="もう一つ", **frame))
    assert saved.json()["conflict"] is False
    client.logout()
    assert client.post(page, typed(town, **frame)).status_code in (302, 303, 403)
    later = client_of(town.counselor)
    assert "支援プラン" in later.get("/").content.decode()
    assert later.get(f"/drafts/{pk}/")["Location"] == page
    shown = later.get(page).content.decode()
    assert long in shown
    assert "もう一つ" in shown
    assert later.post(f"/families/{family.pk}/plans/new/", {"person": "0"})["Location"] == page
    assert client_of(town.colleague).get(page).status_code == 404


def test_two_pages_of_one_draft_lose_nothing(town: Town, family: Household, client_of: ClientOf) -> None:
    client = client_of(town.counselor)
    page, frame = begun(town, family, client)
    pk = page.rstrip("/").rpartition("/")[2]
    save = f"/drafts/{pk}/save/"
    client.post(save, typed(town, issues="はじめの画面", **frame))
    other = client.post(save, typed(town, issues="べつの画面", **(frame | {"client_id": "b"}))).json()
    assert other["conflict"] is True
    assert "べつの画面" in client.get(other["conflict_url"]).content.decode()
    assert "はじめの画面" in client.get(page).content.decode()


def test_more_rows_without_losing_a_word(town: Town, family: Household, client_of: ClientOf) -> None:
    client = client_of(town.counselor)
    page, frame = begun(town, family, client)
    shown = client.post(page, typed(town, more="1", review_on="", **frame)).content.decode()
    assert ("直すと保存できます" in shown, " autofocus>目標と" in shown) == (False, True)
    assert 'name="what_0_2"' in shown
    assert "申し込む" in shown


def test_a_stale_version_shows_the_difference_and_keeps_the_words(
    town: Town, family: Household, made: SupportPlan, client_of: ClientOf
) -> None:
    client = client_of(town.counselor)
    page = client.post(f"/plans/{made.pk}/next/")["Location"]
    with makers.scope(town):
        frame = of_draft(client, page, plan=str(made.pk))
        said = plans.input_of(plans.version_of(made))
        other = replace(said, others="先に変えた。", review_on=days(9))
        plans.next_version(made, other, actor=town.colleague, expected_version=1)
    mine = typed(town, wishes="わたしの文。", base_version="1", key_0="g1", **frame)
    answer = client.post(page, {name: value for name, value in mine.items() if "_0_0" not in name})
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "先に変えた。" in shown
    assert "わたしの文。" in shown
    assert 'name="base_version" value="2"' in shown
    with makers.scope(town):
        again = mine | {"base_version": "2"} | of_draft(client, page)
    assert client.post(page, {k: v for k, v in again.items() if "_0_0" not in k}).status_code == 303
    with makers.scope(town):
        assert PlanVersion.objects.filter(plan=made).count() == 3
        assert PlanAction.objects.get().what == "一時預かりを申し込む"


def test_a_thing_done_and_the_end_of_a_plan(town: Town, made: SupportPlan, client_of: ClientOf) -> None:
    client = client_of(town.counselor)
    with makers.scope(town):
        action = PlanAction.objects.get()
    assert client.post(f"/plans/actions/{action.pk}/", {"result": ""}).status_code == 422
    assert client.post(f"/plans/actions/{action.pk}/", {"result": "申し込めた"}).status_code == 303
    assert client.post(f"/plans/actions/{action.pk}/", {"result": "x"}).status_code == 422
    page = client.post(f"/plans/{made.pk}/end/")["Location"]
    with makers.scope(town):
        frame = of_draft(client, page, plan=str(made.pk), base_version="1")
    assert client.post(page, frame | {"outcome": ""}).status_code == 422
    assert client.post(page, frame | {"outcome": "眠れるようになった。"}).status_code == 303
    assert client.post(page, frame | {"outcome": "眠れるようになった。"}).status_code == 303
    shown = client.get(f"/plans/{made.pk}/").content.decode()
    assert "眠れるようになった。" in shown
    assert "次の版を書く" not in shown


def test_another_agency_finds_nothing(town: Town, made: SupportPlan, client_of: ClientOf) -> None:
    client = client_of(town.stranger)
    for address in ("", "versions/", "plan.pdf", "family.pdf", "review/", "actions/new/"):
        assert client.get(f"/plans/{made.pk}/{address}").status_code == 404
    for address in ("next/", "end/"):
        assert client.post(f"/plans/{made.pk}/{address}").status_code == 404


def test_reading_is_on_the_trail_without_a_word(town: Town, made: SupportPlan, client_of: ClientOf) -> None:
    client_of(town.rounds).get(f"/plans/{made.pk}/")
    with makers.scope(town):
        line = trail("plan.read")[-1]
    assert (line.household_id, "眠" in str(line.detail)) == (made.household_id, False)


def test_the_familys_sheet_has_no_words_of_the_trade_nor_an_address(
    town: Town, family: Household, client_of: ClientOf
) -> None:
    with makers.scope(town):
        Household.objects.filter(pk=family.pk).update(protected=True, address="架空県雪割町1-1")
        good = plan(town.counselor, family, issues="ネグレクトの心配。", plain_words="いっしょに考えました。")
        bad = plan(town.counselor, family, supports="見立てにもとづく支援。")
    client = client_of(town.counselor)
    for address in (f"/plans/{good.pk}/family.pdf", f"/plans/{good.pk}/family.pdf?ruby=1"):
        words = text_of(client.get(address).content)
        assert "いっしょに" in words
        for hidden in ("ネグレクト", "見立て", "気になる", "雪割町", "支援措置"):
            assert hidden not in words
    assert "雪割町" not in text_of(client.get(f"/plans/{good.pk}/plan.pdf").content)
    refused = client.get(f"/plans/{bad.pk}/family.pdf")
    assert refused.status_code == 409
    assert "見立て" in refused.content.decode()


@pytest.mark.parametrize("address", ["/plans/blank.pdf", "/tools/{tool}/blank.pdf"])
def test_blank_sheets(town: Town, tool: AssessmentTool, client_of: ClientOf, address: str) -> None:
    words = text_of(client_of(town.counselor).get(address.format(tool=tool.pk)).content)
    assert "解決すべき課題" in words or "からだの育ちと健康" in words


def test_the_plan_says_which_kanji_the_familys_sheet_prints_without_furigana(
    town: Town, family: Household, client_of: ClientOf
) -> None:
    with makers.scope(town):
        User.objects.filter(pk=town.counselor.user_id).update(kana="みうら かくう")
        goals = {"goals": (Goal("g1", "週に3日は5時間ねむる"),)}
        read = plan(town.counselor, family, **goals)
        bare = plan(town.counselor, family, plain_words="薔薇園で話す。", **goals)
    client = client_of(town.counselor)
    assert "ふりがなのつかない漢字" not in client.get(f"/plans/{read.pk}/").content.decode()
    assert "ふりがなのつかない漢字：薔薇園（" in client.get(f"/plans/{bare.pk}/").content.decode()
