"""Rules of circulation: who can be asked, what a rule says in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tsunagari.encounters.rules.codes import CATEGORY
from tsunagari.encounters.rules.keeping import READERS

KINDS: dict[str, str] = {"read": "既読", "confirm": "確認"}
LONGEST_NOTE = 200
LONGEST_COMMENT = 2_000
MOST_DAYS = 90


@dataclass(frozen=True, slots=True)
class RuleInput:
    """A rule as typed: records for which all of it holds go to all who have these roles."""

    readers: tuple[str, ...]
    kind: str = "read"
    agency_id: int | None = None
    mark_id: int | None = None
    category: int | None = None
    concern_from: int | None = None
    within_days: int | None = None


def condition(rule: RuleInput, *, agency: str, marks: Mapping[int, str], concerns: Sequence[str]) -> str:
    """Which records a rule means: "あおばの、印が「● 気になる」、気がかりが「気になる」以上の記録"."""
    said = []
    if rule.mark_id is not None:
        said.append(f"印が「{marks.get(rule.mark_id, '')}」")
    if rule.category is not None:
        said.append(f"分類が「{CATEGORY[rule.category].short}」")
    if rule.concern_from is not None and rule.concern_from < len(concerns):
        said.append(f"気がかりが「{concerns[rule.concern_from]}」以上")
    if not said:
        return f"{agency}のすべての記録" if agency else "どの機関でも、すべての記録"
    return f"{agency or 'どの機関'}{'の' if agency else 'でも'}、{'、'.join(said)}の記録"


def demand(rule: RuleInput) -> str:
    """What a rule asks of whom: "施設長・センター保健師が、3日以内に確認"."""
    who = "・".join(READERS[role] for role in READERS if role in rule.readers)
    when = (
        ""
        if rule.within_days is None
        else "その日のうちに"
        if not rule.within_days
        else f"{rule.within_days}日以内に"
    )
    return f"{who}が、{when}{KINDS.get(rule.kind, '')}"


def surname(name: str) -> str:
    """What a seal shows: the family name, or the first four characters where no blank parts it."""
    return name.split()[0][:4] if name.split() else ""
