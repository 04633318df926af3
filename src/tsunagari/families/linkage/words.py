"""What the machine saw of two households, in words a teacher understands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

AGREES, SIMILAR, DIFFERS, MISSING = "agrees", "similar", "differs", "missing"


class Said(NamedTuple):
    """One thing about two households: of whom or what, how it stands, and the sentence."""

    label: str
    state: str
    words: str


_WHO = {
    "child": "お子さん", "mother": "お母さん", "father": "お父さん", "guardian": "保護者", "relative": "ご親族",
}  # fmt: skip
_SAME_READING = "がちがう字で書かれています（読みは同じ）"
_NAME: dict[str, tuple[str, str]] = {
    "same": (AGREES, "が同じ"),
    "same_text": (AGREES, "が同じ（ふりがなは片方だけ）"),
    "same_kana": (AGREES, "の読みが同じ（漢字は片方だけ）"),
    "swapped": (SIMILAR, "が、氏と名の入れかわりで同じ"),
    "crossed": (SIMILAR, "が、氏と名の入れかわりで同じ"),
    "text_alike_kana": (SIMILAR, "の漢字が同じ（ふりがなが1字ちがいます）"),
    "kana_other_text": (SIMILAR, _SAME_READING),
    "text_other_kana": (SIMILAR, "の漢字が同じ（読みがちがいます）"),
    "alike": (SIMILAR, "がよく似ています（書きまちがいかもしれません）"),
    "text_alike": (SIMILAR, "の漢字が1字ちがいます"),
    "nickname": (SIMILAR, "と呼び名が合います"),
    "married": (DIFFERS, "がちがいます（結婚などで変わったかもしれません）"),
    "differs": (DIFFERS, "がちがいます"),
    "missing": (MISSING, "は片方にしかありません"),
}
_BIRTH: dict[str, tuple[str, str]] = {
    "same": (AGREES, "が同じ"),
    "about": (SIMILAR, "と、だいたいの月齢が合います"),
    "hardly": (SIMILAR, "と、だいたいの月齢が近いです"),
    "digit": (SIMILAR, "が1字ちがい（書きまちがいかもしれません）"),
    "turned": (SIMILAR, "の月と日が入れかわっています"),
    "year": (SIMILAR, "の月日が同じで、年がちがいます（和暦の数えちがいかもしれません）"),
    "month": (SIMILAR, "の年と月が同じで、日がちがいます"),
    "digits": (DIFFERS, "が2字ちがいます"),
    "near": (DIFFERS, "が近い日ですが、ちがいます"),
    "differs": (DIFFERS, "がちがいます"),
    "missing": (MISSING, "は片方にしかありません"),
}
_CONTACT: dict[str, tuple[str, str]] = {
    "same": (AGREES, "電話番号かメールアドレスが同じ"),
    "differs": (DIFFERS, "電話番号もメールアドレスもちがいます"),
    "missing": (MISSING, "連絡先は片方にしかありません"),
}
_ADDRESS: dict[str, tuple[str, str]] = {
    "same": (AGREES, "住所が同じ"),
    "near": (SIMILAR, "町名か郵便番号が同じ"),
    "differs": (DIFFERS, "住所がちがいます（引っ越したかもしれません）"),
    "missing": (MISSING, "住所は片方にしかありません"),
}
#: Of what several people say about the household, the best stands.
_ORDER = (AGREES, SIMILAR, DIFFERS, MISSING)


def explain(evidence: Iterable[Mapping[str, object]]) -> list[Said]:
    """Sentences about each two people, then about the households. Unknown codes, of an older run, are left out."""
    entries = [entry for entry in evidence if isinstance(entry.get("levels"), Mapping)]
    children = sum(entry.get("who") == "child" for entry in entries)
    said, number = list[Said](), 0
    for entry in entries:
        number += entry.get("who") == "child"
        said.extend(_about(entry, f"{number}人目の" if children > 1 else ""))
    return said + [
        line for line in (_best(entries, "contact", _CONTACT), _best(entries, "address", _ADDRESS)) if line
    ]


def _about(entry: Mapping[str, object], number: str) -> Iterator[Said]:
    who = _WHO.get(str(entry.get("who")), "保護者")
    label = f"{number}{who}" if who == "お子さん" else who
    if "apart" in entry:
        yield Said(label, DIFFERS, f"{label}が別の人のようです")
        return
    levels = entry["levels"]
    assert isinstance(levels, Mapping)
    for name, part, table in (("given", "名", _NAME), ("family", "氏", _NAME), ("birth", "生年月日", _BIRTH)):
        known = table.get(str(levels.get(name)))
        if known is not None:
            yield Said(label, known[0], f"{label}の{part}{known[1]}")
    if levels.get("sex") == "differs":
        yield Said(label, DIFFERS, f"{label}の性別がちがいます")


def _best(
    entries: Iterable[Mapping[str, object]], name: str, table: Mapping[str, tuple[str, str]]
) -> Said | None:
    found = [
        table[code]
        for entry in entries
        if isinstance(levels := entry["levels"], Mapping) and (code := str(levels.get(name))) in table
    ]
    if not found:
        return None
    state, sentence = min(found, key=lambda known: _ORDER.index(known[0]))
    return Said("連絡先" if name == "contact" else "住所", state, sentence)
