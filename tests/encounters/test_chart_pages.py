"""The pages of charts, as a browser without JavaScript uses them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from tests import makers
from tests.encounters.cast import NOON, kimura, said, write
from tests.encounters.charting import WHY, follow, inside
from tests.encounters.test_pages import typed
from tests.makers import Town
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Chart, ChartHandover, Consultation
from tsunagari.encounters.operations.bulk import Written, write_many
from tsunagari.encounters.operations.chart_entries import draw_in
from tsunagari.encounters.operations.charts import close_chart
from tsunagari.families.models import Household

ClientOf = Callable[[Actor], Client]


@pytest.fixture
def family(town: Town) -> Household:
    with makers.scope(town):
        return kimura(town.counselor)


@pytest.fixture
def chart(town: Town, family: Household) -> Chart:
    with makers.scope(town):
        return follow(town.counselor, family, write(town.counselor, family))


def head(town: Town, **more: Any) -> dict[str, Any]:
    given = {"person": "0", "why": WHY, "concern": "2", "owner": str(town.counselor.user_id)}
    return given | more


def test_opening_puts_in_what_was_ticked_and_twice_is_once(
    town: Town, family: Household, client_of: ClientOf
) -> None:
    with makers.scope(town):
        known, nobody = write(town.counselor, family), write(town.counselor, who_hint="木村さん")
    client, url = client_of(town.counselor), f"/families/{family.pk}/charts/new/"
    page = client.get(url).content.decode()
    assert "「木村」が同じ" in page
    sent = head(town, records=[str(known.pk), str(nobody.pk)])
    first, second = client.post(url, sent), client.post(url, sent)
    assert (first.status_code, first["Location"]) == (303, second["Location"])
    with makers.scope(town):
        assert inside(Chart.objects.get()) == [known.pk, nobody.pk]
    assert "お名前なしから" in client.get(first["Location"]).content.decode()


def test_a_refused_head_keeps_what_was_typed(town: Town, family: Household, client_of: ClientOf) -> None:
    answer = client_of(town.counselor).post(
        f"/families/{family.pk}/charts/new/", head(town, why="", review_on="2020-01-01")
    )
    assert answer.status_code == 422
    assert "追うことにした理由を書いてください" in answer.content.decode()
    assert 'value="2020-01-01"' in answer.content.decode()


def test_an_empty_chart_says_what_to_do(town: Town, family: Household, client_of: ClientOf) -> None:
    with makers.scope(town):
        empty = follow(town.counselor, family)
    page = client_of(town.counselor).get(f"/charts/{empty.pk}/").content.decode()
    assert "まだ記録が入っていません" in page


def test_a_record_written_from_the_chart_stands_in_it(town: Town, chart: Chart, client_of: ClientOf) -> None:
    client = client_of(town.colleague)
    answer = client.post(f"/charts/{chart.pk}/write/")
    sent = typed(town, chart.household, content="きょうは笑顔だった。")
    assert client.post(answer["Location"], sent).status_code == 303
    page = client.get(f"/charts/{chart.pk}/").content.decode()
    assert "きょうは笑顔だった。" in page
    assert "様子をきく" in page


def test_a_stale_change_shows_both_and_keeps_what_was_typed(
    town: Town, chart: Chart, client_of: ClientOf
) -> None:
    url = f"/charts/{chart.pk}/edit/"
    sent = head(town, version="1") | {"why": "はじめの人の理由"}
    assert client_of(town.colleague).post(url, sent).status_code == 303
    stale = client_of(town.counselor).post(url, sent | {"why": "あとの人の理由"})
    page = stale.content.decode()
    assert (stale.status_code, "はじめの人の理由" in page, "あとの人の理由" in page) == (409, True, True)
    assert 'name="version" value="2"' in page


def test_a_chart_goes_from_hand_to_hand_and_ends(town: Town, chart: Chart, client_of: ClientOf) -> None:
    mine, theirs = client_of(town.counselor), client_of(town.stranger)
    sent = {"to": f"{town.midori.pk}-0", "note": "引っ越しのため。", "consent": "not_asked"}
    assert "同意" in mine.post(f"/charts/{chart.pk}/hand-over/", sent).content.decode()
    assert mine.post(f"/charts/{chart.pk}/hand-over/", sent | {"consent": "given"}).status_code == 303
    with makers.scope(town):
        url = f"/handovers/{ChartHandover.objects.get().pk}/"
    assert "引っ越しのため。" in theirs.get(url).content.decode()
    assert theirs.get(f"/charts/{chart.pk}/").status_code == 404
    assert theirs.post(url, {"do": "take"}).status_code == 303
    assert "ことば" not in theirs.get(f"/charts/{chart.pk}/").content.decode().split("2語文")[0][-20:]
    assert mine.get(f"/charts/{chart.pk}/").status_code == 404
    assert "わたしたもの" in mine.get("/charts/?list=given").content.decode()
    end = {"reason": "moved", "summary": "転居先の窓口に話した。", "version": "2"}
    assert theirs.post(f"/charts/{chart.pk}/close/", end).status_code == 303
    assert "転居先の窓口に話した。" in theirs.get(f"/charts/{chart.pk}/").content.decode()


def test_the_list_opens_with_own_charts_else_with_the_agencys(
    town: Town, family: Household, client_of: ClientOf
) -> None:
    def opened(actor: Actor, address: str = "/charts/") -> tuple[bool, bool, str]:
        page = client_of(actor).get(address).content.decode()
        chosen = page.split('aria-current="true">')[1].split("<")[0]
        return chart.number in page, "担当の個別記録はないので" in page, chosen

    assert "個別記録をはじめる" in client_of(town.counselor).get("/charts/").content.decode()
    with makers.scope(town):
        chart = follow(town.counselor, family)
    assert opened(town.counselor) == (True, False, "自分の担当")
    assert opened(town.colleague) == (True, True, "この機関")
    assert opened(town.colleague, "/charts/?list=agency") == (True, False, "この機関")
    assert opened(town.colleague, "/charts/?list=mine") == (False, False, "自分の担当")
    assert opened(town.stranger) == (False, False, "この機関")


def test_a_record_is_put_in_and_taken_out(town: Town, chart: Chart, client_of: ClientOf) -> None:
    with makers.scope(town):
        nobody = write(town.counselor, who_hint="木村さん")
    client = client_of(town.counselor)
    url = f"/charts/{chart.pk}/records/"
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"records": [nobody.pk]}).status_code == 303
    with makers.scope(town):
        entry = chart.entries.get(consultation=nobody)
    out = f"{url}{entry.pk}/out/"
    assert "お名前なしの記録にもどります" in client.get(out).content.decode()
    assert client.post(out, {"reason": ""}).status_code == 422
    assert client.post(out, {"reason": "ちがう人だった"}).status_code == 303
    with makers.scope(town):
        assert Consultation.objects.get(pk=nobody.pk).household_id is None
    assert "ちがう人だった" in client.get(f"/charts/{chart.pk}/history/").content.decode()


def test_the_family_page_tells_of_the_chart(town: Town, chart: Chart, client_of: ClientOf) -> None:
    page = client_of(town.counselor).get(f"/families/{chart.household_id}/").content.decode()
    assert "個別記録 R8-001" in page
    assert page.count('<span class="chip quiet">個別記録</span>') == 1
    centre = client_of(town.nurse).get(f"/families/{chart.household_id}/").content.decode()
    assert "R8-001" not in centre


def test_family_chart_assessments_and_plans_are_one_press_from_each_other(
    town: Town, chart: Chart, client_of: ClientOf
) -> None:
    client, home = client_of(town.counselor), f"/families/{chart.household_id}/"
    tabs = [home, f"{home}charts/", f"{home}assessments/", f"{home}plans/"]
    assert client.get(tabs[1]).headers["Location"] == f"/charts/{chart.pk}/"  # the only one opens at once
    for here, address in enumerate([home, f"/charts/{chart.pk}/", *tabs[2:]]):
        page = client.get(address).content.decode()
        bar = page.split('aria-label="この家庭のページ"')[1].split("</nav>")[0]
        assert re.findall('href="([^"]+)"', bar) == tabs
        assert f'href="{tabs[here]}" aria-current="page"' in bar


def test_a_familys_charts_stand_in_one_list_open_ones_first(
    town: Town, family: Household, client_of: ClientOf
) -> None:
    client, address = client_of(town.counselor), f"/families/{family.pk}/charts/"
    assert "個別記録は、まだありません" in client.get(address).content.decode()
    with makers.scope(town):
        ended = follow(town.counselor, family)
        close_chart(
            ended,
            actor=town.counselor,
            reason="settled",
            summary="落ちついた。",
            expected_version=ended.version,
        )
        open_one = follow(town.counselor, family)
    page = client.get(address).content.decode()
    numbers = re.findall(r"個別記録 (R8-\d+)", page)
    assert numbers == [open_one.number, ended.number]
    assert ended.number not in client_of(town.nurse).get(address).content.decode()


def test_three_hundred_records_ask_as_little_as_one(
    town: Town, chart: Chart, client_of: ClientOf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with makers.scope(town):
        days = [NOON - timedelta(days=number) for number in range(299)]
        items = [
            Written(said(chart.household, occurred_at=day, content="眠れない。" * 60), key=_key(n))
            for n, day in enumerate(days)
        ]
        write_many(items, actor=town.counselor)
    client = client_of(town.counselor)
    page = client.get(f"/charts/{chart.pk}/").content.decode()
    assert ("300件" in page, page.count('class="rec"')) == (True, 20)
    with django_assert_max_num_queries(24):
        client.get(f"/charts/{chart.pk}/")


def _key(number: int) -> Any:
    from uuid import UUID

    return UUID(int=number + 1)


def test_on_paper_stands_everything(town: Town, chart: Chart, client_of: ClientOf) -> None:
    answer = client_of(town.counselor).get(f"/charts/{chart.pk}/chart.pdf")
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).replace("\n", "")
    for words in ("相談記録（連携・継続）", "R8-001", "木村さん家庭", WHY, "2語文がまだ出ない。", "取扱注意"):
        assert words in text


def test_a_record_that_runs_over_pages_says_on_each_whose_it_is(
    town: Town, chart: Chart, client_of: ClientOf
) -> None:
    with makers.scope(town):
        long = write(town.counselor, chart.household, content="夜に眠れない。" * 900)
        draw_in(chart, [long], actor=town.counselor)
    answer = client_of(town.counselor).get(f"/charts/{chart.pk}/chart.pdf")
    pages = [page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages]
    full = [text for text in pages if "夜に眠れない。" in text]
    assert len(full) > 2
    assert [("つづき" in text, "三浦 架空" in text) for text in full[1:]] == [(True, True)] * (len(full) - 1)


def test_the_manager_hands_all_of_a_person_over(town: Town, chart: Chart, client_of: ClientOf) -> None:
    client = client_of(town.manager)
    url = f"/owners/{town.aoba.pk}/{town.counselor.user_id}/"
    assert "三浦 架空" in client.get("/owners/").content.decode()
    assert client.post(url, {"to": str(town.colleague.user_id)}).status_code == 303
    with makers.scope(town):
        assert Chart.objects.get().owner_id == town.colleague.user_id
    assert client.get(url).status_code == 404
    assert client_of(town.counselor).get("/owners/").status_code == 403


def test_ending_a_membership_tells_what_is_still_owned(town: Town, chart: Chart, client_of: ClientOf) -> None:
    client = client_of(town.officer)
    url = f"/staff/{town.counselor.user_id}/memberships/{town.counselor.membership_id}/end/"
    page = client.get(url).content.decode()
    assert "個別記録1件" in page
    assert "木村" not in page
    assert client.post(url, {"ends_on": clock.today().isoformat()}).status_code == 303
    with makers.scope(town):
        assert Chart.objects.get().owner_id == town.manager.user_id


def test_blank_sheets_of_charts_are_front_and_back_with_a_number(town: Town, client_of: ClientOf) -> None:
    answer = client_of(town.counselor).post("/sheets/", {"form": "chart", "count": "2"})
    pages = PdfReader(BytesIO(answer.content)).pages
    text = [page.extract_text() for page in pages]
    assert len(pages) == 4
    assert all("続けて見ていくことにした理由" in text[number] for number in (0, 2))
    assert all("終わりのまとめ" in text[number] for number in (1, 3))
