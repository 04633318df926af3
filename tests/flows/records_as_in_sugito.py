"""杉戸町: 日ごとの相談は単発で相談ノートに、続く家庭は1家庭に1つのファイルに。どちらも施設の中で回覧する。"""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.flows.day import in_order
from tests.makers import Town


@pytest.fixture
def day(town: Town, people: SimpleNamespace) -> SimpleNamespace:
    staff, colleague, officer = people.counselor, people.colleague, people.officer
    officer.keeps(town.aoba, "hybrid", circulate_all="on")
    officer.keeps(town.midori, "hybrid", circulate_all="on")
    continues = officer.marks("続", "続けて支える家庭", follow="on")

    # 利用の登録票で名前が分かっている家庭が2つ、名前を言わない人が1人。
    mori = staff.family("森", "もり", agency=str(town.aoba.pk))
    hara = staff.family("原", "はら", agency=str(town.aoba.pk))
    once = staff.writes(mori, "離乳食をいつから始めるかきかれた。", "10:10")
    nobody = staff.writes(None, "園の見学のしかたをきかれた。", "11:20", who_hint="はじめての親子")
    first = staff.writes(hara, "健診で発達が気がかりと言われた。", "13:40", mark=continues)
    file = staff.follows(hara, "健診のあと、続けて様子を見る。", first)
    second = colleague.writes(hara, "帰りぎわに、少し安心したと話した。", "15:05", mark=continues)
    return SimpleNamespace(once=once, nobody=nobody, first=first, second=second, file=file)


def test_a_day_in_the_notebook_and_in_the_familys_file(
    town: Town, people: SimpleNamespace, day: SimpleNamespace
) -> None:
    staff, colleague = people.counselor, people.colleague
    # 夕方: 相談ノートには、その日の相談が時刻の順に並ぶ。
    notebook = staff.see("/records/")
    assert in_order(notebook, "離乳食を", "園の見学の", "発達が気がかり", "少し安心した")
    # 続く家庭のファイルには、その家庭の相談だけがある。単発のものは入らない。
    papers = staff.see(day.file)
    assert in_order(papers, "少し安心した", "発達が気がかり")
    assert "離乳食を" not in papers

    # 単発も継続も回覧される。読んだ人の印がつく。書いた人には回らない。
    assert set(colleague.waiting()) == {day.once, day.nobody, day.first}
    colleague.seals(day.first)
    assert set(colleague.waiting()) == {day.once, day.nobody}
    assert day.second in staff.waiting()
    assert colleague.actor.name in staff.see(day.first)

    # もう1つのセンターは、べつのファイルに書いている。
    assert "離乳食を" not in people.stranger.see("/records/")
    assert people.stranger.sees_not(day.second)
    # 会議に持っていく個別の相談記録を、紙にできる。
    assert "発達が気がかり" in staff.see(f"{day.file}chart.pdf")
