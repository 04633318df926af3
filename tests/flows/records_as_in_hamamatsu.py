"""浜松市: 記録の項はない。委託のひろばがそれぞれのやり方で記録し、不安の強い家庭は区役所の保健師につなぐ。

発達の不安は、ひろばの中の発達支援のプログラムで受けることもある。そのあとの支えは区役所が中心になる。
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.flows.day import AFTER, Seat, evening_of, in_order
from tests.makers import Town


@pytest.fixture
def day(town: Town, people: SimpleNamespace) -> SimpleNamespace:
    hiroba, other, officer = people.counselor, people.stranger, people.officer
    officer.keeps(town.aoba, "day")
    officer.keeps(town.midori, "family")
    officer.sends_round("nurse", concern_from="2", within_days="3")
    officer.asks(item_3="not_asked", item_4="not_asked")
    own = officer.turns_to(19, "ひろばの発達支援プログラム")
    centre = officer.turns_to(12, "架空発達相談支援センター")

    mori, kato = hiroba.family("森", "もり"), other.family("加藤", "かとう")
    hiroba.writes(mori, "ことばがゆっくりで、プログラムにさそった。", "10:00", categories=["5"], told=[own])
    strong = {"concern": "2", "consent": "given", "categories": ["9"]}
    handed = hiroba.writes(mori, "不安が強く、保健師につないだ。", "14:00", linked=[centre], **strong)
    other.writes(kato, "出張ひろばで体重のこと。", "11:00", channel="outing", categories=["5"])
    return SimpleNamespace(own=own, centre=centre, mori=mori, handed=handed)


def test_each_place_its_own_way_and_the_nurse_goes_on(
    town: Town, people: SimpleNamespace, day: SimpleNamespace
) -> None:
    hiroba, other, ward = people.counselor, people.stranger, people.nurse
    # 同じ町で、一方は日ごと、一方は家庭ごと。
    assert in_order(hiroba.see("/records/"), "ことばがゆっくり", "不安が強く")
    assert in_order(other.see("/records/"), "家庭ごと", "加藤")
    # 区役所の保健師には、不安の強い家庭だけが届き、つづきを引き受ける。
    assert ward.waiting() == [day.handed]
    chart = hiroba.follows(day.mori, "不安が強い。", day.handed)
    centre_post = f"{town.centre.pk}-{town.nurse.user_id}"
    hiroba.send(f"{chart}hand-over/", to=centre_post, note="つづきをお願いします。", consent="given")
    [waiting] = ward.links("/charts/?list=waiting", "/handovers/")
    ward.send(waiting, do="take")
    assert "不安が強く" in ward.see(chart)
    # 書いたひろばは、自分の記録を読みつづける。
    assert "不安が強く" in hiroba.see(day.handed)

    with evening_of(AFTER):
        manager = Seat(town.manager)
        month = manager.reports("monthly")
        assert manager.figure(month, f"partner.{day.own}.told") == 1
        paper = manager.see(f"{month}report.pdf")
        assert "情報提供と連携の件数" in paper
        assert not any(title in paper for title in ("相談した人", "分類と子どもの年齢"))
