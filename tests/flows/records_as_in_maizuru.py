"""舞鶴市: 時系列の利用者履歴に、相談の記録が要るものは●、要らないものは○。施設は基幹センターに報告する。

●は基幹センターが見る。利用者の同意を取っていないので、だれのことか分からない形で伝える。
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.flows.day import Seat, in_order
from tests.makers import Town

NAMES = ("森", "もり", "原", "はら")


@pytest.fixture
def day(town: Town, people: SimpleNamespace) -> SimpleNamespace:
    staff, officer = people.counselor, people.officer
    black = officer.marks("●", "相談の記録が要る", "manager", within_days="0")
    white = officer.marks("○", "記録は要らない")
    officer.keeps(town.aoba, "day", mark_required="on")
    officer.asks(daily="on")
    mori, hara = staff.family("森", "もり"), staff.family("原", "はら")

    # 利用者履歴は時刻の順。印のないものは保存できない。
    staff.writes(mori, "ひろばで遊んで帰る。", "10:00", kind="note", mark=white)
    heavy = staff.writes(
        hara, "育てにくさがつらいと話す。", "11:00", mark=black, categories=["9"], concern="3"
    )
    staff.writes(None, "手づかみ食べのこと。", "13:00", mark=white, channel="message", who_hint="夜のメール")
    history = staff.see("/records/?view=day")
    assert in_order(history, "ひろばで遊んで", "育てにくさ", "手づかみ食べ")
    assert (history.count("●"), history.count("○")) == (1, 2)
    assert "印をえらんでください" in staff.refused(mori, "印を忘れた。", "14:00")
    return SimpleNamespace(black=black, white=white, heavy=heavy)


def test_black_and_white_dots_reach_the_base_centre_without_names(
    town: Town, people: SimpleNamespace, day: SimpleNamespace
) -> None:
    manager, base = people.manager, people.lead
    # ●はその日のうちに施設長が読む。
    assert manager.waiting() == [day.heavy]
    manager.seals(day.heavy)

    # 市の様式（日報）で報告する。基幹センターには、●の数と、名前のない所見が届く。
    daily = manager.reports("daily", note="●1件。2歳の子の育てにくさ。母の疲れが強い。")
    assert [base.figure(daily, f"mark.{mark}") for mark in (day.black, day.white)] == [1, 2]
    page, paper = base.see(daily), base.see(f"{daily}report.pdf")
    assert "母の疲れが強い" in page
    assert not any(name in text for name in NAMES for text in (page, paper))
    # もとの記録は、同意がないので基幹センターには開かない。あることだけが分かる。
    assert base.sees_not(day.heavy)
    behind = base.see(f"{daily}cells/mark.{day.black}/")
    assert "1件" in behind
    assert not any(name in behind for name in NAMES)
    base.send(f"{daily}receive/")
    assert "受け取りずみ" in Seat(town.manager).see(daily)
