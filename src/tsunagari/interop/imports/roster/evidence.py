"""What speaks for a family of a file being a household that is known, and what against it. Pure.

Sure needs a person's whole name (written or read) and at least one more independent thing: that child's birth date,
a phone, or the address with its number; nothing against it; and no second household of which the same can be said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tsunagari.base.japanese.text import fold_kanji
from tsunagari.interop.imports.roster.folding import fold_kana, name_key
from tsunagari.interop.imports.roster.profile import Profile

#: Code → words for a person, in the order in which they are said.
AGREES = {
    "guardian": "保護者の氏名",
    "child": "児の氏名",
    "kana": "よみがな",
    "birth": "児の生年月日",
    "phone": "電話番号",
    "address": "住所",
    "near": "名前がよく似ている",
    "nickname": "呼び名",
}
DIFFERS = {
    "guardian": "保護者の氏名",
    "child": "児の氏名",
    "birth": "児の生年月日",
    "phone": "電話番号",
    "address": "住所",
}
_POINTS = {
    "guardian": 3.0,
    "child": 3.0,
    "kana": 2.0,
    "birth": 3.0,
    "phone": 3.0,
    "address": 2.0,
    "near": 1.0,
    "nickname": 2.0,
}


@dataclass(frozen=True, slots=True)
class Known:
    """A person of a household, folded. `child` tells children from adults."""

    child: bool
    name: str
    given: str
    kana: str
    given_kana: str
    nickname: str
    birth: str
    phones: frozenset[str]


@dataclass(frozen=True, slots=True)
class Home:
    """A household that may be the one: its people, nickname and address."""

    household_id: int
    people: tuple[Known, ...]
    nickname: str = ""
    address: str = ""
    protected: bool = False
    own: bool = False


@dataclass(slots=True)
class Weighed:
    """The evidence about one household. `whole` says that a person's whole name agrees."""

    household_id: int
    agrees: list[str] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)
    whole: bool = False

    @property
    def score(self) -> float:
        return sum(_POINTS[code] for code in self.agrees) - 2.0 * len(self.differs)

    @property
    def pieces(self) -> int:
        """Independent things that agree: a whole name counts once however many names do."""
        names = self.whole
        return int(names) + sum(code in self.agrees for code in ("birth", "phone", "address"))

    @property
    def sure(self) -> bool:
        return self.whole and self.pieces >= 2 and not {"birth", "child"} & set(self.differs)

    @property
    def worth_asking(self) -> bool:
        """Whether a person should look at it at all."""
        return (
            self.whole
            or self.pieces >= 2
            or bool({"phone", "nickname"} & set(self.agrees))
            or ("birth" in self.agrees and "near" in self.agrees)
        )


def weigh(profile: Profile, home: Home) -> Weighed:
    """What agrees and differs between the rows of a family and a household."""
    found = Weighed(home.household_id)
    _guardians(found, profile, [one for one in home.people if not one.child])
    _children(found, profile, [one for one in home.people if one.child])
    _phones(found, profile, home)
    _address(found, profile, home)
    if not profile.full and profile.called and name_key(profile.called) == home.nickname:
        found.agrees.append("nickname")
    found.agrees = [code for code in AGREES if code in found.agrees]
    found.differs = [code for code in DIFFERS if code in found.differs and code not in found.agrees]
    return found


def _guardians(found: Weighed, profile: Profile, known: Sequence[Known]) -> None:
    for one in profile.guardians:
        name, kana = name_key(one.family + one.given), fold_kana(one.family_kana + one.given_kana)
        if (one.given or len(one.family) > 2) and any(name == person.name for person in known if person.name):
            found.agrees.append("guardian")
            found.whole = True
        elif one.given_kana and any(kana == person.kana for person in known if person.kana):
            found.agrees.append("kana")
            found.whole = True
        elif name and any(near(name, person.name) for person in known if person.name):
            found.agrees.append("near")
    if profile.guardians and known and not {"guardian", "kana", "near"} & set(found.agrees):
        found.differs.append("guardian")


def _children(found: Weighed, profile: Profile, known: Sequence[Known]) -> None:
    met = False
    for one in profile.children:
        given, kana = name_key(one.given), fold_kana(one.given_kana)
        twins = [person for person in known if given and given in (person.given, person.given_kana)]
        twins = twins or [person for person in known if kana and kana == person.given_kana]
        family = name_key(one.family or profile.family)
        if twins:
            met = True
            if family and any(person.name == family + given or family in person.name for person in twins):
                found.agrees.append("child")
                found.whole = True
            _birth(found, one.birth, twins)
        elif one.birth and any(person.birth == one.birth for person in known):
            met = True
            found.agrees.append("birth")
            if any(near(given or kana, person.given or person.given_kana) for person in known):
                found.agrees.append("near")
    named = [person for person in known if person.given or person.given_kana]
    if named and any(one.given for one in profile.children) and not met:
        found.differs.append("child")


def _birth(found: Weighed, birth: str, twins: Sequence[Known]) -> None:
    born = [person.birth for person in twins if person.birth]
    if birth and born:
        (found.agrees if birth in born else found.differs).append("birth")


def _phones(found: Weighed, profile: Profile, home: Home) -> None:
    theirs = frozenset().union(*(person.phones for person in home.people)) if home.people else frozenset()
    if profile.phones and theirs:
        (found.agrees if theirs & set(profile.phones) else found.differs).append("phone")


def _address(found: Weighed, profile: Profile, home: Home) -> None:
    ours, theirs = folded_address(profile.address), home.address
    if not ours or not theirs:
        return
    if (
        re.search(r"\d", ours)
        and len(ours) >= 5
        and (ours == theirs or theirs.endswith(ours) or ours.endswith(theirs))
    ):
        found.agrees.append("address")
    elif re.search(r"\d", ours) and re.search(r"\d", theirs):
        found.differs.append("address")


def folded_address(address: str) -> str:
    """An address for comparing: widths, kinds of hyphen, 丁目・番・号 levelled."""
    plain = re.sub("[\u2010-\u2015\u2212\u30fc\uff0d\uff70]", "-", fold_kanji(address))
    plain = re.sub(r"(?<=\d)(?:丁目|番地の?|番|号|の)(?=\d)", "-", plain)
    return re.sub(r"(?<=\d)(?:番地|号|番)$", "", plain)


def near(left: str, right: str) -> bool:
    """Whether two folded names of three characters or more differ by one character added, lost, changed or swapped."""
    if min(len(left), len(right)) < 2 or abs(len(left) - len(right)) > 1 or left == right:
        return False
    if max(len(left), len(right)) < 3:
        return False
    start = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), None)
    if start is None:
        return True
    a, b = left[start:], right[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])
