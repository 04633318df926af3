"""静岡市: 記録の項はない。外へ出て相談を受け、深刻なものは子育て支援課がハブになって行政機関につなぐ。

会議では、名前の出ない形にした話だけを共有する。
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.flows.day import AFTER, Seat, evening_of, in_order
from tests.makers import Town


@pytest.fixture
def day(town: Town, people: SimpleNamespace) -> SimpleNamespace:
    supporter, officer = people.counselor, people.officer
    officer.keeps(town.aoba, "day")
    officer.sends_round("lead", concern_from="3", within_days="0", kind="confirm")
    welfare = officer.turns_to(7, "架空保健福祉センター")

    # ハローワーク、公園、健診会場。名前は聞かない。
    outside = {"channel": "outing", "categories": ["11"]}
    supporter.writes(
        None, "仕事をさがす間の預け先。", "10:00", place="ハローワーク", who_hint="1歳の子の母", **outside
    )
    supporter.writes(
        None, "遊べる場所をきかれた。", "11:30", place="中央公園", who_hint="2人連れの人", **outside
    )
    mori = supporter.family("森", "もり")
    grave = {"categories": ["5", "9"], "concern": "3", "consent": "given", "responses": ["connected"]}
    record = supporter.writes(mori, "発達のことで思いつめている。", "15:00", linked=[welfare], **grave)
    mild = supporter.writes(mori, "夜の寝かしつけ。", "16:00", concern="1", consent="given")
    return SimpleNamespace(welfare=welfare, record=record, mild=mild)


def test_outreach_is_kept_and_the_hub_hears_of_what_is_grave(
    town: Town, people: SimpleNamespace, day: SimpleNamespace
) -> None:
    supporter, hub = people.counselor, people.lead
    # 夕方: 外で受けたものも中で受けたものも、日ごとに1つの並びになる。
    sheet = supporter.see("/records/")
    assert in_order(sheet, "仕事をさがす間", "遊べる場所", "思いつめている", "夜の寝かしつけ")
    # ハブにはその日のうちに届く。軽いものは行かない。
    assert hub.waiting() == [day.record]
    hub.seals(day.record)
    hub.says(day.record, "保健福祉センターに電話しました。")
    assert "電話しました" in supporter.see(day.record)
    assert "電話しました" not in supporter.see(day.mild)

    # 連携会議に持っていく月のまとめには、名前がない。
    with evening_of(AFTER):
        manager = Seat(town.manager)
        month = manager.reports("monthly")
        assert manager.figure(month, "channel.outing") == 2
        assert manager.figure(month, f"partner.{day.welfare}.linked") == 1
        paper = manager.see(f"{month}report.pdf")
        assert "架空保健福祉センター" in paper
        assert not any(word in paper for word in ("森", "もり", "思いつめ", "ハローワーク"))
