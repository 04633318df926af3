"""町田市: 日ごとの相談者と内容、利用の統計。見守る家庭は個人別の経過記録にし、5か所のセンターが共有する。

5か所は1つの機関の5つの場所として置く。マイ保育園の登録は、紙の申込用紙を集めて入れる。
"""

from __future__ import annotations

from types import SimpleNamespace
from uuid import uuid4

import pytest

from tests.flows.day import AFTER, Seat, evening_of, in_order
from tests.makers import Town

CENTRES = [f"第{number}地域子育て相談センター" for number in "12345"]


@pytest.fixture
def day(town: Town, people: SimpleNamespace) -> SimpleNamespace:
    first, second, officer = people.counselor, people.colleague, people.officer
    officer.keeps(town.aoba, "hybrid")
    watch = officer.marks("見守", "継続して見守る", follow="on")

    # 保育園で集めた申込用紙を、相談センターがシステムに登録する。
    mori = first.family("森", "もり", child="海", agency=str(town.midori.pk), source="paper")
    assert town.midori.name in first.see(f"/families/{mori}/")

    # 第1センターで話し、経過記録をはじめる。別の日に別のセンターへ行ってもつづきが読める。
    talk = first.writes(mori, "夜に一人で不安になる。", "10:20", place=CENTRES[0], mark=watch)
    course = first.follows(mori, "夜の不安が続くため。", talk)
    first.send(f"/families/{mori}/visit/", key=uuid4(), adults="1")
    assert "夜に一人で不安" in second.see(course)
    calm = second.writes(mori, "きょうは落ち着いていた。", "14:30", place=CENTRES[1], mark=watch)
    second.writes(
        None, "ひろばの時間をきかれた。", "15:00", place=CENTRES[1], who_hint="電話の人", channel="phone"
    )
    return SimpleNamespace(talk=talk, course=course, calm=calm)


def test_five_centres_share_one_course_of_a_family(
    town: Town, people: SimpleNamespace, day: SimpleNamespace
) -> None:
    first = people.counselor
    # 夕方: 日ごとには、氏名と内容が並ぶ。経過記録には、その家庭の2つのセンターでの話だけ。
    assert in_order(first.see("/records/?view=day"), "夜に一人で", "きょうは落ち着い", "ひろばの時間")
    shared = first.see(day.course)
    assert in_order(shared, "きょうは落ち着いていた", "夜に一人で") or in_order(
        shared, "夜に一人で", "きょうは落ち着いていた"
    )
    assert CENTRES[1] in first.see(day.calm)
    assert "ひろばの時間" not in shared
    # 登録先の保育園には、相談の中身は見えない。
    assert people.stranger.sees_not(day.talk)

    # 利用者と相談者の統計。
    with evening_of(AFTER):
        manager = Seat(town.manager)
        month = manager.reports("monthly")
        assert manager.figure(month, "consult.total") == 3
        assert manager.figure(month, "consult.different") == 1
