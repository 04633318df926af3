"""吉野ヶ里町: 相談内容を日報に残し、月に1回の定例会議で、こども・保健課と共有する。

特に気がかりな人は、書面でこども・保健課に対応をたのむ。
"""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from tests.flows.day import AFTER, DAY, Officer, Seat, evening_of
from tests.makers import Town

DAYS = (DAY, date(2026, 11, 13))


@pytest.fixture
def day(town: Town, people: SimpleNamespace) -> SimpleNamespace:
    officer = people.officer
    officer.keeps(town.aoba, "day")
    officer.asks(town.aoba, daily="on")
    section = officer.turns_to(4, "こども・保健課")
    mori = people.counselor.family("森", "もり")

    reports = []
    for day in DAYS:
        with evening_of(day):
            staff, manager = Seat(town.counselor), Seat(town.manager)
            staff.writes(None, "トレーニングの帰りに立ち寄る。", "10:00", who_hint="学齢の子の母")
            worry = {"categories": ["6"], "concern": "2", "linked": [section], "responses": ["connected"]}
            staff.writes(mori, "暮らしのことが苦しい。", "15:00", **worry)
            # 日報: その日の相談が、読める人には中身まで並ぶ。
            reports.append(manager.reports("daily", day, note=f"{day.day}日。経済のことが気がかり。"))
            own = manager.see(reports[-1])
            assert "トレーニングの帰りに" in own
            assert "暮らしのことが苦しい" in own
    return SimpleNamespace(section=section, reports=reports)


def test_daily_reports_lie_on_the_table_of_the_monthly_meeting(
    town: Town, people: SimpleNamespace, day: SimpleNamespace
) -> None:
    # 定例会議: 課は、1か月の日報と月報を机に並べる。中身の記録は渡らず、数と所見が渡る。
    with evening_of(AFTER):
        manager, section_desk = Seat(town.manager), Officer(town.officer)
        month = manager.reports("monthly", note="会議で話します。")
        for report in day.reports:
            page = section_desk.see(report)
            assert "経済のことが気がかり" in page
            assert "暮らしのことが苦しい" not in page
            assert section_desk.figure(report, "consult.total") == 2
            section_desk.send(f"{report}receive/")
        # 月の数は、日報の数の合計。課につないだ数も合う。
        assert section_desk.figure(month, "consult.total") == 2 * len(DAYS)
        assert section_desk.figure(month, f"partner.{day.section}.linked") == len(DAYS)
        section_desk.send(f"{month}receive/")
        assert "受け取りずみ" in manager.see(day.reports[0])
