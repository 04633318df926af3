"""The list of skills as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tsunagari.accounts.queries.skills import Need, SkillLine
from tsunagari.accounts.rules.skills import LATE, OPEN, SOON
from tsunagari.base.sheets import write_xlsx

MOST = 1000  # people on paper at once
HEADERS = (
    "氏名",
    "ふりがな",
    "場所と役割",
    "はじめの期限",
    "資格",
    "期限のある資格",
    "期限をすぎた研修",
    "期限の近い研修",
    "受けていない研修",
    "受けた研修",
    "前回のスーパービジョン",
    "次回のスーパービジョン",
)


def workbook(lines: Sequence[SkillLine]) -> bytes:
    """One row a person, as on the screen."""
    return write_xlsx(HEADERS, (_row(line) for line in lines), title="資格と研修")


def _row(line: SkillLine) -> list[object]:
    ending = [f"{held.name}（{held.expires_on}まで）" for held in line.held if held.expires_on]
    return [
        line.name,
        line.kana,
        _joined(line.works),
        line.due_on,
        _joined(held.name for held in line.held),
        _joined(ending),
        _joined(_due(need) for need in line.needs if need.state == LATE),
        _joined(_due(need) for need in line.needs if need.state == SOON),
        _joined(_due(need) for need in line.needs if need.state == OPEN),
        _joined(f"{need.name}（{need.taken_on}）" for need in line.needs if need.taken_on),
        line.supervised_on,
        line.next_on,
    ]


def _due(need: Need) -> str:
    return f"{need.name}（{need.due_on}まで）" if need.due_on else need.name


def _joined(parts: Iterable[str]) -> str:
    return "、".join(parts)
