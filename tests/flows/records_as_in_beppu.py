"""別府市: 年度ごとに登録届を書いてもらい、身分証で本人を確かめて、利用カードを渡す。

住所・電話番号・氏名・生年月日を登録する。発達の気がかりは、施設の保健師が健診につなぐかを見分ける。
"""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace

import pytest

from tests.flows.day import Officer, Seat, evening_of
from tests.makers import Town

LAST_YEAR, SPRING = date(2026, 5, 14), date(2027, 3, 10)
HOME = {
    "postal_code": "999-0001",
    "address": "架空町1-2",
    "phone": "090-0000-0001",
    "birth_date": "平成4年5月10日",
}


@pytest.fixture
def day(town: Town, people: SimpleNamespace) -> SimpleNamespace:
    with evening_of(LAST_YEAR):
        Officer(town.officer).registers(
            renewal="fiscal_year", renewal_opens_month="3", card_note="受付にかざしてください"
        )
        staff = Seat(town.counselor)
        # 登録届: 住所、電話、氏名、生年月日。カードに名前は書かない。
        mori = staff.family("森", "もり", agency=str(town.aoba.pk), **HOME)
        page = staff.see(f"/families/{mori}/").replace(" ", "")
        assert all(word in page for word in ("架空町1-2", "090-0000-0001", "平成4年5月10日"))
        [card] = staff.links(f"/families/{mori}/card/", "/print/")
        printed = staff.posted(card, layout="card")
        assert "受付にかざしてください" in printed
        assert "森" not in printed
    return SimpleNamespace(mori=mori)


def test_registered_each_year_with_an_identity_check_and_a_card(
    town: Town, people: SimpleNamespace, day: SimpleNamespace
) -> None:
    # ふだんの日: カードで受け付け、発達の話は保健師の目を通す。
    staff, nurse, officer = people.counselor, people.nurse, people.officer
    number = re.findall(r"\d{3}-\d{3}-\d{3}", staff.see(f"/families/{day.mori}/card/"))[0]
    officer.sends_round("nurse", category="5", within_days="7", kind="confirm")
    assert "森" in staff.posted("/search/", q=number)
    words = staff.writes(day.mori, "ことばの遅れを気にしている。", "11:00", categories=["5"], consent="given")
    assert nurse.waiting() == [words]
    nurse.seals(words)
    nurse.says(words, "1歳6か月健診の発達相談会につなぎます。", advice="on")
    assert "発達相談会" in staff.see(words)

    # 年度がかわる前: まだの家庭が一覧に出る。書類の種類だけを残して更新する。
    with evening_of(SPRING):
        staff = Seat(town.counselor)
        assert "森" in staff.see("/renewals/")
        [renew] = staff.links("/renewals/", "/renew/")
        staff.send(renew, document="licence")
        assert "森" not in staff.see("/renewals/")
        assert "運転免許証" in staff.see(f"/families/{day.mori}/")
        # 記録は年度をまたいで残る。
        assert "ことばの遅れ" in staff.see(f"/records/?view=family&family={day.mori}")
