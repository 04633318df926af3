"""周南市: 受けた職員が相談記録票に手で書く（保護者と子どもの名前、相談内容、助言内容）。施設で回覧し、巡回が集める。

巡回の利用者支援員から地区担当保健師に伝わる。急ぐものはその場で電話する。
"""

from __future__ import annotations

from types import SimpleNamespace
from uuid import uuid4

import pytest

from tests.flows.day import in_order
from tests.makers import Town


@pytest.fixture
def day(town: Town, people: SimpleNamespace) -> SimpleNamespace:
    staff, officer = people.counselor, people.officer
    officer.keeps(town.aoba, "day", circulate_all="on")
    mori = staff.family("森", "もり", child="海")
    hara = staff.family("原", "はら", child="空")

    # 手書きの記録票（QR入り）に書き、あとで書いた人の名前のまま入れる。
    sheet = staff.prints("day")
    staff.send(f"/families/{mori}/visit/", key=uuid4(), adults="1")
    by_hand = {"response_note": "ひとつ前の固さにもどしてよい。", "writer": str(town.counselor.user_id)}
    slip = staff.types_in(sheet, mori, "離乳食を口から出す。", "10:00", **by_hand)
    tired = {"categories": ["9"], "concern": "2", "responses": ["listened"], "consent": "given"}
    worn = staff.writes(
        hara, "子育てに疲れたと話す。", "14:00", response_note="休み方を一緒に考えた。", **tired
    )

    # 記録票には、だれのことか、相談内容、助言内容、書いた人がある。
    for word in ("森", "離乳食を口から出す", "ひとつ前の固さ", town.counselor.name):
        assert word in staff.see(slip)
    return SimpleNamespace(slip=slip, worn=worn)


def test_slips_are_written_go_round_and_are_collected(
    town: Town, people: SimpleNamespace, day: SimpleNamespace
) -> None:
    staff, colleague, rounds = people.counselor, people.colleague, people.rounds
    # センターの中で回覧する。
    assert set(colleague.waiting()) == {day.slip, day.worn}
    colleague.seals(day.slip)
    colleague.seals(day.worn)
    assert colleague.waiting() == []

    # 月に1回の巡回で、記録票を見て集め、対応を助言する。
    collected = rounds.see("/records/?view=day")
    assert in_order(collected, "離乳食を口から", "子育てに疲れた")
    rounds.seals(day.worn)
    rounds.says(day.worn, "次の来所で、保健師に会うことをすすめてください。", advice="on")
    assert "保健師に会うことを" in staff.see(day.worn)
    # 専門の対応が要るものは、地区担当保健師に回す。軽いものは施設に残る。
    staff.asks_to_read(day.worn, people.nurse)
    assert people.nurse.waiting() == [day.worn]
    assert people.nurse.sees_not(day.slip)
