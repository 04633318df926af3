"""Are these two one? What agrees and what differs, in words, and who is probably whom. Pure.

The one place where it is said: the list of pairs and the page of one pair show the same facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tsunagari.base.japanese.dates import format_wareki
from tsunagari.base.japanese.text import fold_kana, phone_digits, to_hiragana
from tsunagari.families.rules.keys import name_key

AGREES, SIMILAR, DIFFERS, ONE_SIDED = "agrees", "similar", "differs", "one_sided"
_ONLY_ONE = ("母", "父")


@dataclass(frozen=True, slots=True)
class One:
    """A person to compare; empty texts and None where nothing is known."""

    id: int
    kind: str
    relation: str = ""
    family_name: str = ""
    given_name: str = ""
    family_kana: str = ""
    given_kana: str = ""
    nickname: str = ""
    birth_date: date | None = None
    due_date: date | None = None
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the comparison: `state` is AGREES, SIMILAR, DIFFERS or ONE_SIDED, `words` says it."""

    label: str
    left: str
    right: str
    state: str
    words: str

    @property
    def sentence(self) -> str:
        """ "お子さんの生年月日：同じです"."""
        return f"{self.label}：{self.words}"


def pair_people(left: Sequence[One], right: Sequence[One]) -> dict[int, int]:
    """Left id → right id of those who are probably one person; everybody at most once, the surest first."""
    scored = sorted(
        (
            (_likeness(one, other), one.id, other.id)
            for one in left
            for other in right
            if one.kind == other.kind
        ),
        key=lambda found: (-found[0], found[1], found[2]),
    )
    pairs: dict[int, int] = {}
    for score, mine, theirs in scored:
        if score >= 2 and mine not in pairs and theirs not in pairs.values():
            pairs[mine] = theirs
    return pairs


def _likeness(one: One, other: One) -> int:
    """Points for what agrees; a birth date that differs takes two away."""
    score = 2 * _agree(one.birth_date, other.birth_date) + 2 * _agree(one.due_date, other.due_date)
    score += 2 * _agree(name_key(one.given_name), name_key(other.given_name))
    score += 2 * _agree(fold_kana(one.given_kana), fold_kana(other.given_kana))
    score += _agree(one.relation, other.relation) + bool(set(one.phones) & set(other.phones))
    if one.birth_date and other.birth_date and one.birth_date != other.birth_date:
        score -= 2
    return score


def _agree(one: object, other: object) -> bool:
    return bool(one) and one == other


def compare_families(left: Sequence[One], right: Sequence[One], pairs: Mapping[int, int]) -> list[Fact]:
    """The facts about everybody who is paired (`pairs`: left id → right id), then of whom each side has another."""
    theirs = {one.id: one for one in right}
    children = [one for one in left if one.kind == "child" and one.id in pairs]
    facts: list[Fact] = []
    for one in left:
        if one.id in pairs:
            number = f"（{children.index(one) + 1}）" if one in children and len(children) > 1 else ""
            label = f"お子さん{number}" if one in children else one.relation or "保護者"
            facts += compare_people(one, theirs[pairs[one.id]], label)
    alone = [one for one in right if one.id not in pairs.values()]
    return facts + [
        Fact(one.relation, _full(one), _full(other), DIFFERS, "別の人のようです")
        for one in left
        for other in alone
        if one.id not in pairs and one.relation in _ONLY_ONE and one.relation == other.relation
    ]


def compare_people(one: One, other: One, label: str) -> list[Fact]:
    """The facts about one person as two households have them; what neither knows is left out."""
    facts = [
        _name(f"{label}のなまえ", one, other),
        _reading(f"{label}のよみ", one, other),
        _date(f"{label}の生年月日", one.birth_date, other.birth_date),
        _phones(f"{label}の電話", one.phones, other.phones),
    ]
    if not (one.birth_date and other.birth_date):  # once both are born nobody asks when they were due
        facts.insert(3, _date(f"{label}の予定日", one.due_date, other.due_date))
    return [fact for fact in facts if fact.left or fact.right]


def compare_text(label: str, left: str, right: str) -> Fact:
    """A text both may have (an address, a caution), compared without spaces and widths."""
    return _text(label, left, right, (name_key(left), name_key(right)))


def _name(label: str, one: One, other: One) -> Fact:
    keys = (name_key(one.family_name), name_key(one.given_name))
    theirs = (name_key(other.family_name), name_key(other.given_name))
    return _parts(
        _text(label, _full(one), _full(other), (name_key(_full(one)), name_key(_full(other)))), keys, theirs
    )


def _reading(label: str, one: One, other: One) -> Fact:
    keys = (fold_kana(one.family_kana), fold_kana(one.given_kana))
    theirs = (fold_kana(other.family_kana), fold_kana(other.given_kana))
    whole = (fold_kana(_kana(one)), fold_kana(_kana(other)))
    return _parts(_text(label, _kana(one), _kana(other), whole), keys, theirs)


def _parts(fact: Fact, mine: tuple[str, str], theirs: tuple[str, str]) -> Fact:
    """A difference said more exactly: which part of the name it is in."""
    if fact.state not in (SIMILAR, DIFFERS) or fact.words == "書き方だけがちがいます":
        return fact
    (family, given), (their_family, their_given) = mine, theirs
    if family and given and (family, given) == (their_given, their_family):
        return replace(fact, state=SIMILAR, words="氏と名が入れかわっています")
    if given and given == their_given:
        missing = not family or not their_family
        return replace(
            fact,
            state=SIMILAR,
            words="片方は名だけです" if missing else "氏だけがちがいます（結婚などで変わったかもしれません）",
        )
    if family and family == their_family:
        if not given or not their_given:
            return replace(fact, state=SIMILAR, words="片方は氏だけです")
        return fact if fact.state == SIMILAR else replace(fact, words="名がちがいます")
    return fact


def _text(label: str, left: str, right: str, keys: tuple[str, str]) -> Fact:
    if not left or not right:
        return _one_sided(label, left, right)
    if left == right:
        return Fact(label, left, right, AGREES, "同じです")
    if keys[0] == keys[1]:
        return Fact(label, left, right, SIMILAR, "書き方だけがちがいます")
    if sorted(keys[0]) == sorted(keys[1]) or _near(*keys):
        return Fact(label, left, right, SIMILAR, "よく似ています")
    return Fact(label, left, right, DIFFERS, "ちがいます")


def _one_sided(label: str, left: str, right: str) -> Fact:
    return Fact(label, left, right, ONE_SIDED, "片方にしかありません" if left or right else "")


def _date(label: str, left: date | None, right: date | None) -> Fact:
    texts = (format_wareki(left) if left else "", format_wareki(right) if right else "")
    if left is None or right is None:
        return _one_sided(label, *texts)
    if left == right:
        return Fact(label, *texts, AGREES, "同じです")
    if (left.month, left.day) in ((right.month, right.day), (right.day, right.month)):
        return Fact(label, *texts, SIMILAR, "年か、月日の順だけがちがいます")
    if _near(left.strftime("%Y%m%d"), right.strftime("%Y%m%d")):
        return Fact(label, *texts, SIMILAR, "1文字だけちがいます")
    return Fact(label, *texts, DIFFERS, "ちがいます")


def _phones(label: str, left: Iterable[str], right: Iterable[str]) -> Fact:
    mine, theirs = {phone_digits(phone) for phone in left}, {phone_digits(phone) for phone in right}
    texts = ("・".join(left), "・".join(right))
    if not mine or not theirs:
        return _one_sided(label, *texts)
    if mine & theirs:
        return Fact(label, *texts, AGREES, "同じ番号があります")
    return Fact(label, *texts, DIFFERS, "ちがいます")


def _full(one: One) -> str:
    return " ".join(filter(None, (one.family_name, one.given_name))) or one.nickname


def _kana(one: One) -> str:
    return to_hiragana(" ".join(filter(None, (one.family_kana, one.given_kana))))


def _near(left: str, right: str) -> bool:
    """Whether one slip (a character more, fewer or other) leads from one to the other; not for texts of two."""
    short, long = sorted((left, right), key=len)
    if len(short) < 3 or len(long) - len(short) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    rest = short[at + 1 :] if len(short) == len(long) else short[at:]
    return rest == long[at + 1 :]
