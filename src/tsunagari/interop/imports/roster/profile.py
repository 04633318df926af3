"""A family as the rows of one file speak of it together: what is matched, shown beside a candidate, and made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tsunagari.interop.imports.roster.folding import fold_kana, name_key
from tsunagari.interop.imports.roster.people import Child, Guardian, Read


@dataclass(slots=True)
class Profile:
    """All that the rows say of one family; of two words for the same thing the fuller one."""

    guardians: list[Guardian] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    address: str = ""
    nickname: str = ""
    other_town: bool = False
    registered: str = ""
    full: bool = False
    called: str = ""
    seen: str = ""  # the day on which the children's ages were true

    @property
    def family(self) -> str:
        """The family name the rows use."""
        lead = next((one.family for one in self.guardians if one.family), "")
        return lead or next((child.family for child in self.children if child.family), "")

    @property
    def title(self) -> str:
        """What the family is called in a list."""
        lead = self.guardians[0] if self.guardians else None
        name = f"{lead.family} {lead.given}".strip() if lead else ""
        return name or self.nickname or self.called


def gather(reads: Iterable[Read]) -> Profile:
    """One profile from the rows of a family, in their order."""
    found = Profile()
    for read in reads:
        _guardian(found, read.guardian)
        for child in read.children:
            _child(found, child, read)
        found.phones += [phone for phone in read.phones if phone not in found.phones]
        found.address = max(found.address, read.address, key=len)
        found.nickname = found.nickname or read.nickname
        found.other_town = found.other_town or read.other_town
        found.registered = min(filter(None, (found.registered, read.registered)), default="")
        found.full = found.full or read.full
        found.called = found.called or read.called
        found.seen = max(found.seen, read.on)
    return found


def _guardian(found: Profile, guardian: Guardian) -> None:
    if not guardian:
        return
    key = name_key(guardian.family + guardian.given)
    for known in found.guardians:
        theirs = name_key(known.family + known.given)
        if key == theirs or (key and theirs.startswith(key) and not guardian.given):
            known.family_kana = known.family_kana or guardian.family_kana
            known.given_kana = known.given_kana or guardian.given_kana
            return
        if theirs and key.startswith(theirs) and not known.given:
            found.guardians[found.guardians.index(known)] = guardian
            return
    found.guardians.append(guardian)


def _child(found: Profile, child: Child, read: Read) -> None:
    key = name_key(child.given)
    twin = next((one for one in found.children if _same(one, child, key)), None)
    if twin is None:
        found.children.append(child)
        return
    twin.family = twin.family or child.family
    twin.given = twin.given or child.given
    twin.given_kana = twin.given_kana or child.given_kana
    twin.birth = twin.birth or child.birth
    if child.months is not None and read.on >= found.seen:
        twin.months = child.months


def _same(known: Child, child: Child, key: str) -> bool:
    if key and known.given:
        return name_key(known.given) == key
    if child.birth and known.birth:
        return child.birth == known.birth
    if child.given_kana and known.given_kana:
        return fold_kana(known.given_kana) == fold_kana(child.given_kana)
    return not key or not known.given
