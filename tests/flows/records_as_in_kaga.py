"""加賀市: 記録の項はない。だれに伝えるか――離乳食や入園は園の中で終わり、親のこころのことは応援ステーションへ連絡する。

支援プランとハイリスクの家庭は、園（マイ保育園）がステーション（基幹センター）と共有する。
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.flows.day import in_order
from tests.makers import Town


@pytest.fixture
def day(town: Town, people: SimpleNamespace) -> SimpleNamespace:
    nursery, officer = people.counselor, people.officer
    officer.keeps(town.aoba, "family")
    # こころのことは、ステーションの保健師が1日以内に読む。
    officer.sends_round("nurse", category="9", within_days="1", kind="confirm")

    mori = nursery.family("森", "もり", agency=str(town.aoba.pk), source="handbook")
    hara = nursery.family("原", "はら", agency=str(town.aoba.pk), source="handbook")
    nursery.writes(mori, "離乳食の固さ。", "10:00")
    nursery.writes(mori, "入園の申し込みの時期。", "10:30", categories=["1"])
    worry = nursery.writes(hara, "つらくて駆けこんだと話す。", "11:00", categories=["9"], consent="given")
    return SimpleNamespace(hara=hara, worry=worry)


def test_who_is_told_follows_from_what_it_is_about(
    town: Town, people: SimpleNamespace, day: SimpleNamespace
) -> None:
    nursery, station = people.counselor, people.nurse
    # 園では家庭ごとに並ぶ。
    book = nursery.see("/records/")
    assert in_order(book, "原", "森")
    # ステーションに届くのは1つだけ。園の中で終わる相談は行かない。
    assert station.waiting() == [day.worry]

    # 保健師は確かめて、園に返事をする。家庭への連絡はステーションからする。
    station.seals(day.worry)
    station.says(day.worry, "きょうの夕方、こちらから電話します。", advice="on")
    assert "こちらから電話します" in nursery.see(day.worry)
    assert station.waiting() == []

    # 配慮の要る家庭は、同意を得て個別記録ごと共有する。同意のない記録は、ステーションからも読めない。
    shared = nursery.follows(day.hara, "一人で抱えている。", day.worry, shared="on")
    assert "一人で抱えている" in station.see(shared)
    quiet = nursery.writes(day.hara, "まだ話さないでほしいと言われた話。", "16:00", consent="refused")
    assert station.sees_not(quiet)
