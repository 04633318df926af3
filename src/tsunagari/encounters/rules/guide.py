"""The guide at hand (E12): for a category, a concern and an age, whom to turn to; what changed between two books."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from tsunagari.encounters.rules.codes import CATEGORY, CONCERNS
from tsunagari.encounters.rules.record import Problem

LONGEST = {"title": 80, "how": 2_000, "say": 1_000}
MOST_ENTRIES, OLDEST = 400, 12 * 18
#: What makes an entry's words; with its place they are what two books are compared by.
WORDS = (
    "category",
    "concern_from",
    "age_from",
    "age_to",
    "title",
    "partner_id",
    "how",
    "say",
    "urgent",
)


@dataclass(frozen=True, slots=True)
class EntryInput:
    """An entry as typed. From that level of concern (0 to 3) on; ages in months, both ends included, None: any."""

    category: int
    title: str
    how: str = ""
    say: str = ""
    partner_id: int | None = None
    concern_from: int = 0
    age_from: int | None = None
    age_to: int | None = None
    urgent: bool = False


class Told(Protocol):
    """What the rules know of an entry."""

    @property
    def key(self) -> UUID: ...
    @property
    def category(self) -> int: ...


T = TypeVar("T", bound=Told)


@dataclass(frozen=True)
class Changes(Generic[T]):
    """From one book to the next, in the order of the books; `changed` and `moved` as they are now."""

    added: tuple[T, ...] = ()
    changed: tuple[T, ...] = ()
    moved: tuple[T, ...] = ()
    removed: tuple[T, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.moved or self.removed)


def entry_problems(given: EntryInput) -> Iterator[Problem]:
    """What keeps an entry from being saved."""
    if given.category not in CATEGORY:
        yield Problem("category", "分類をえらんでください。")
    if not given.title.strip():
        yield Problem("title", "見出しを入れてください。")
    for name, longest in LONGEST.items():
        if len(getattr(given, name).strip()) > longest:
            yield Problem(name, f"{longest}文字までで書いてください。")
    if not given.how.strip() and given.partner_id is None:
        yield Problem("how", "どうするかを書くか、連携先をえらんでください。")
    if not 0 <= given.concern_from < len(CONCERNS):
        yield Problem("concern_from", "気がかりの度合いをえらんでください。")
    for name in ("age_from", "age_to"):
        value = getattr(given, name)
        if value is not None and not 0 <= value <= OLDEST:
            yield Problem(name, f"0か月から{OLDEST}か月（18歳）までで入れてください。")
    if given.age_from is not None and given.age_to is not None and given.age_from > given.age_to:
        yield Problem("age_to", "「から」より後の月齢を入れてください。")


def words_of(entry: object) -> object:
    """What an entry says, as two books are compared by."""
    return tuple(getattr(entry, name) for name in WORDS)


def changes(before: Sequence[T], after: Sequence[T], said: Callable[[T], object] = words_of) -> Changes[T]:
    """What one book has that the other has not, by the keys of entries; `said` tells two texts apart. An entry moved
    when the order of those that stand in both books of its category is another."""
    old, new = {one.key: one for one in before}, {one.key: one for one in after}
    changed = [one for one in after if one.key in old and said(one) != said(old[one.key])]
    return Changes(
        tuple(one for one in after if one.key not in old),
        tuple(changed),
        tuple(_moved(before, after, {one.key for one in changed})),
        tuple(one for one in before if one.key not in new),
    )


def _moved(before: Sequence[T], after: Sequence[T], changed: set[UUID]) -> Iterator[T]:
    category = {one.key: one.category for one in before}
    common = {one.key for one in after if category.get(one.key) == one.category}
    for code in CATEGORY:
        was = [one.key for one in before if one.category == code and one.key in common]
        now = [one for one in after if one.category == code and one.key in common]
        for place, one in enumerate(now):
            if was[place] != one.key and one.key not in changed:
                yield one


def age_words(age_from: int | None, age_to: int | None) -> str:
    """「6か月から2歳11か月まで」; "" for any age."""
    since = f"{_months(age_from)}から" if age_from is not None else ""
    until = f"{_months(age_to)}まで" if age_to is not None else ""
    return since + until


def _months(months: int) -> str:
    years, rest = divmod(months, 12)
    return "".join((f"{years}歳" if years else "", f"{rest}か月" if rest or not years else ""))
