"""Kinds of partners one turns to: first those of the study's 質問7(3), then those outside the town hall."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from tsunagari.encounters.rules.record import Problem

#: Codes of 令和4年度 調査研究 質問7(3) in words staff use; what is printed there stands in docs/reference/glossary.md.
#: Its 10 (把握していない) is an answer and no kind.
STUDY_KINDS: dict[int, str] = {
    1: "こども家庭センター（母子保健）",
    2: "こども家庭センター（児童福祉）",
    3: "母子保健の担当課",
    4: "子育て支援の担当課",
    5: "保育の担当課",
    6: "児童福祉の担当課",
    7: "保健センター",
    8: "教育委員会",
    9: "役所のほかの課",
}
#: Outside the town hall; numbers are ours.
OUTSIDE_KINDS: dict[int, str] = {
    11: "児童相談所",
    12: "病院・診療所など",
    13: "保育所・幼稚園・認定こども園",
    14: "学校",
    15: "ほかの地域子育て相談機関",
    16: "社会福祉協議会",
    17: "民生委員・児童委員",
    18: "警察・消防",
    19: "民間の団体・事業者",
    20: "そのほか",
}
KINDS: dict[int, str] = STUDY_KINDS | OUTSIDE_KINDS
LONGEST = {"name": 80, "phone": 40, "hours": 80, "place": 120, "note": 200}
MOST_PARTNERS = 200
_NUMBER = re.compile(r"[#+]?\d[\d\-() ]*")


@dataclass(frozen=True, slots=True)
class PartnerInput:
    """Whom one can turn to, as typed. `kind` is a code of KINDS."""

    kind: int
    name: str
    phone: str = ""
    hours: str = ""
    place: str = ""
    note: str = ""


def partner_problems(given: PartnerInput) -> Iterator[Problem]:
    """What keeps a partner from being saved."""
    if given.kind not in KINDS:
        yield Problem("kind", "種類をえらんでください。")
    if not given.name.strip():
        yield Problem("name", "名称を入れてください。")
    for name, longest in LONGEST.items():
        if len(getattr(given, name).strip()) > longest:
            yield Problem(name, f"{longest}文字までで書いてください。")
    if given.phone.strip() and not dialled(given.phone):
        yield Problem("phone", "電話番号を数字で入れてください（0800-000-0000、189、#8000 など）。")


def dialled(phone: str) -> str:
    """What a telephone dials for the first number in a text, as the path of a `tel:` link; "" without a number."""
    found = _NUMBER.search(unicodedata.normalize("NFKC", phone).replace("−", "-").replace("ー", "-"))
    return (
        quote("".join(sign for sign in found[0] if sign.isdigit() or sign in "#+"), safe="+") if found else ""
    )
