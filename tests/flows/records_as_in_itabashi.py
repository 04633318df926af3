"""板橋区: 相談日ごとに受けた順ですべて記録し、個人ごとに追うものは別紙カルテに。ひと月ごとに区へ報告する。

図表31のように、情報提供（家庭に伝えた）と連携（先につないだ）は別々に数える。
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.flows.day import AFTER, Seat, evening_of, in_order
from tests.makers import Town

HOW = ("told", "linked")


@pytest.fixture
def day(town: Town, people: SimpleNamespace) -> SimpleNamespace:
    staff, officer = people.counselor, people.officer
    officer.keeps(town.aoba, "day")
    separate = officer.marks("別紙", "カルテをつくる", follow="on")
    health = officer.turns_to(7, "健康福祉センター")
    nursery = officer.turns_to(13, "架空保育園")
    mori, hara = staff.family("森", "もり"), staff.family("原", "はら")

    # 受けたものは、軽いものもすべて記録する。
    staff.writes(None, "年齢別プログラムの申し込み方。", "10:05", who_hint="はじめての人", categories=["12"])
    staff.writes(mori, "園の空きをきかれた。", "10:40", categories=["1"], told=[nursery])
    known = {"categories": ["9"], "mark": separate}
    said = staff.writes(hara, "眠れない日が続く。", "11:30", consent="refused", told=[health], **known)
    agreed = {"consent": "given", "linked": [health], "responses": ["connected"]}
    later = staff.writes(
        hara, "話してよいと言われ、センターにつないだ。", "16:10", told=[nursery], **known, **agreed
    )
    return SimpleNamespace(partners=(health, nursery), hara=hara, said=said, later=later)


def test_all_by_the_day_a_separate_chart_and_the_month(
    town: Town, people: SimpleNamespace, day: SimpleNamespace
) -> None:
    staff = people.counselor
    # 相談状況記録: 日ごとに、受け付けた順。印刷しても同じ順。
    order = ("年齢別プログラム", "園の空き", "眠れない日", "話してよい")
    assert in_order(staff.see("/records/?view=day"), *order)
    assert in_order(staff.see(f"/records/day.pdf?day={AFTER.replace(month=11, day=12)}"), *order)
    # 個人ごとに追うものだけが別紙（カルテ）になり、つないだ先まで読める。
    assert "園の空き" not in staff.see("/records/?view=marked")
    chart = staff.follows(day.hara, "眠れず、続けて話をきく。", day.said, day.later)
    assert "健康福祉センター" in staff.see(f"{chart}chart.pdf")
    # ひと月の終わりに、館長が区に出す。区は受け取る。
    with evening_of(AFTER):
        manager, city = Seat(town.manager), Seat(town.officer)
        month = manager.reports("monthly", note="プログラムの前後の相談が多い月でした。")
        assert manager.figure(month, "consult.total") == 4
        told, linked = (
            [manager.figure(month, f"partner.{where}.{how}") for where in day.partners] for how in HOW
        )
        assert (told, linked) == ([1, 2], [1, 0])
        assert "プログラムの前後" in city.see(month)
        city.send(f"{month}receive/")
        # 記録そのものは渡さない。
        assert city.sees_not(day.said)
