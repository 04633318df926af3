"""玉名市: 記録は自治体と各センターがそれぞれ持つ。外に出すときは、だれのことか分からない形にする。

たまっ子らんど: 自分の仕組みで管理し、担当の職員だけが見る。電話で近況をきき、女性相談室に同行する。
"""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from tests.flows.day import AFTER, Seat, evening_of, in_order
from tests.makers import Town

NEXT_WEEK = date(2026, 11, 19)


@pytest.fixture
def day(town: Town, people: SimpleNamespace) -> SimpleNamespace:
    staff, officer = people.counselor, people.officer
    officer.keeps(town.aoba, "family")
    officer.registers(history_scope="own")
    officer.asks(item_3="not_asked", item_4="not_asked")
    room = officer.turns_to(6, "女性相談室")

    mori = staff.family("森", "もり", child="海", agency=str(town.aoba.pk))
    sleepless = {"categories": ["5", "9"], "concern": "2", "next_step": "電話で近況をきく", "next_when": "1w"}
    first = staff.writes(mori, "眠れておらず、表情の差が大きい。", "10:00", **sleepless)
    care = {"kind": "accompany", "linked": [room], "responses": ["connected"], "categories": ["9"]}
    staff.writes(mori, "女性相談室に同行。話の間、海くんを預かる。", "13:30", place="女性相談室", **care)
    staff.writes(mori, "夕方に電話。眠れそうとのこと。", "17:00", channel="phone", categories=["9"])
    return SimpleNamespace(mori=mori, first=first, room=room)


def test_each_keeps_its_own_and_what_goes_out_names_nobody(
    town: Town, people: SimpleNamespace, day: SimpleNamespace
) -> None:
    staff, officer = people.counselor, people.officer
    # 家庭ごとに管理する。中の人は、つづきを1つの並びで読む。
    assert "森" in staff.see("/records/")
    book = people.colleague.see(f"/records/?view=family&family={day.mori}")
    assert in_order(book, "夕方に電話", "女性相談室に同行", "表情の差")
    with evening_of(NEXT_WEEK):
        assert "電話で近況をきく" in Seat(town.counselor).see("/")
    # 閲覧は担当の職員だけ。ほかの施設にも、自治体にも、センターにも開かない。
    for outsider in (people.stranger, people.nurse, people.lead, officer):
        assert outsider.sees_not(day.first)

    # 利用者支援会議の事例は、だれのことか分からない形。月報に名前も言葉も出ない。
    with evening_of(AFTER):
        manager = Seat(town.manager)
        month = manager.reports("monthly", note="眠れない母への同行が1件。相談室とつながった。")
        for desk, url in ((Seat(town.officer), month), (Seat(town.lead), f"{month}report.pdf")):
            page = desk.see(url)
            assert "同行が1件" in page
            assert not any(word in page for word in ("森", "もり", "海くん", "表情の差"))
        assert manager.figure(month, "kind.accompany") == 1
        assert manager.figure(month, f"partner.{day.room}.linked") == 1
