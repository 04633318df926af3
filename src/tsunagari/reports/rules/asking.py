"""What a city asks its agencies to report: the six items of 質問4(1) and how each is asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

#: The items of 質問4(1), by code.
ITEMS: dict[str, str] = {
    "1": "相談件数",
    "2": "相談内容別件数",
    "3": "相談者の属性",
    "4": "相談者の子どもの属性",
    "5": "対応・支援方針",
    "6": "つないだ連携先・依頼先",
}
REGULAR, AT_ONCE, NOT_ASKED, DIFFERS = "regular", "at_once", "not_asked", "differs"
WORDS = {
    REGULAR: "定期的に報告",
    AT_ONCE: "そのつど共有",
    NOT_ASKED: "求めていない",
    DIFFERS: "施設により異なる",
}
DEFAULT_DUE_DAY = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """What one agency is asked: how for each item, whether a daily report, and until which day of the next month."""

    items: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(ITEMS, REGULAR))
    daily: bool = False
    due_day: int = DEFAULT_DUE_DAY

    def how(self, item: str) -> str:
        return self.items.get(item, REGULAR)

    def wants(self, items: Collection[str]) -> bool:
        """Whether all of the items are asked for in some way."""
        return all(self.how(item) != NOT_ASKED for item in items)

    @property
    def at_once(self) -> tuple[str, ...]:
        """Items to be told as they happen."""
        return tuple(item for item in ITEMS if self.how(item) == AT_ONCE)


def shown_asking(answers: Collection[str]) -> str:
    """The city's answer to 質問4(1) for one item, from what its agencies are asked: "differs" when they differ."""
    found = set(answers)
    return found.pop() if len(found) == 1 else DIFFERS if found else NOT_ASKED
