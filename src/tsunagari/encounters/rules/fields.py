"""The record as fields of its form, which is also how drafts keep it: {name: text or [texts]}."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tsunagari.base.japanese.dates import weekday_ja
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.encounters.rules.codes import (
    CATEGORY,
    CHANNELS,
    CONCERNS,
    CONSENTS,
    KINDS,
    RESPONSES,
    SIGHTS,
)
from tsunagari.encounters.rules.record import TOKYO, RecordInput, next_day

FIELD_LABELS: dict[str, str] = {
    "occurred_at": "相談日時",
    "who_hint": "だれの相談",
    "person_ids": "だれの相談",
    "mark_id": "印",
    "kind": "種類",
    "channel": "方法",
    "place": "場所",
    "categories": "なんの相談",
    "details": "細かい分類",
    "content": "内容",
    "assessment": "見立て",
    "responses": "したこと",
    "response_note": "対応の内容",
    "told": "情報を伝えた先",
    "linked": "つないだ先",
    "progress": "その後の経過",
    "next_step": "次にすること",
    "next_on": "次の日",
    "next_owner_id": "次にする人",
    "consent": "共有への同意",
    "concern": "気がかりの度合い",
    "sight": "見られる人",
}
FORM_FIELDS: dict[str, tuple[str, ...]] = {name: (name,) for name in FIELD_LABELS} | {
    "occurred_at": ("occurred_on", "occurred_time"),
    "person_ids": ("people", "consulting"),
    "categories": ("categories", "main_category"),
    "next_on": ("next_when", "next_on"),
    "mark_id": ("mark",),
    "next_owner_id": ("next_owner",),
}
#: Fields of the form that hold several values.
SEVERAL = frozenset({"people", "consulting", "categories", "responses", "details", "told", "linked"})
LONG_TEXTS = ("content", "assessment", "response_note", "progress")
GONE = "（前の家庭の人）"
UNKNOWN = "（いまはないもの）"


@dataclass(frozen=True, slots=True)
class Words:
    """What the city and the agency call things, by id; `concerns` are the levels, lowest first."""

    marks: Mapping[int, str] = field(default_factory=dict)
    details: Mapping[int, str] = field(default_factory=dict)
    partners: Mapping[int, str] = field(default_factory=dict)
    staff: Mapping[int, str] = field(default_factory=dict)
    concerns: tuple[str, ...] = CONCERNS


def to_fields(record: RecordInput) -> dict[str, Any]:
    """The record as the form's fields: what a draft of a correction starts with."""
    local = record.occurred_at.astimezone(TOKYO)
    return {
        "who_hint": record.who_hint,
        "people": [str(pk) for pk in record.person_ids],
        "consulting": [str(pk) for pk in record.consulting_ids],
        "occurred_on": local.date().isoformat(),
        "occurred_time": local.strftime("%H:%M"),
        "channel": record.channel,
        "place": record.place,
        "categories": [str(code) for code in record.categories],
        "main_category": str(record.categories[0]) if record.categories else "",
        "content": record.content,
        "assessment": record.assessment,
        "responses": list(record.responses),
        "response_note": record.response_note,
        "progress": record.progress,
        "next_step": record.next_step,
        "next_when": "date" if record.next_on else "",
        "next_on": record.next_on.isoformat() if record.next_on else "",
        "consent": record.consent,
        "kind": record.kind,
        "mark": _id(record.mark_id),
        "concern": _id(record.concern),
        "sight": record.sight,
        "details": [str(pk) for pk in record.details],
        "told": [str(pk) for pk in record.told],
        "linked": [str(pk) for pk in record.linked],
        "next_owner": _id(record.next_owner_id),
    }


def _id(number: int | None) -> str:
    return "" if number is None else str(number)


def shown(fields: Mapping[str, Any], names: Mapping[int, str], words: Words | None = None) -> dict[str, str]:
    """What each field says, as people read it, by the keys of FIELD_LABELS; half-typed fields are fine.

    `names` tells persons by id, `words` what the city and the agency decided.
    """
    words = words or Words()
    texts = {name: str(fields.get(name) or "") for name in FIELD_LABELS}
    people = [names.get(int(pk), GONE) if str(pk).isdecimal() else "" for pk in fields.get("people") or []]
    categories = dict.fromkeys([str(fields.get("main_category") or ""), *(fields.get("categories") or [])])
    shorts = [CATEGORY[int(code)].short for code in categories if code.isdecimal() and int(code) in CATEGORY]
    return texts | {
        "occurred_at": _day(fields.get("occurred_on"), str(fields.get("occurred_time") or "")),
        "person_ids": "、".join(people),
        "channel": CHANNELS.get(texts["channel"], ""),
        "categories": "、".join(
            f"{short}（主）" if index == 0 else short for index, short in enumerate(shorts)
        ),
        "responses": "、".join(RESPONSES.get(code, code) for code in fields.get("responses") or []),
        "next_on": _next_on(fields),
        "consent": CONSENTS.get(texts["consent"], ""),
        "kind": KINDS.get(texts["kind"], ""),
        "sight": SIGHTS.get(texts["sight"], ""),
        "concern": _named([fields.get("concern")], dict(enumerate(words.concerns))),
        "mark_id": _named([fields.get("mark")], words.marks),
        "details": _named(fields.get("details") or [], words.details),
        "told": _named(fields.get("told") or [], words.partners),
        "linked": _named(fields.get("linked") or [], words.partners),
        "next_owner_id": _named([fields.get("next_owner")], words.staff),
    }


def _named(ids: Iterable[Any], names: Mapping[int, str]) -> str:
    return "、".join(names.get(int(pk), UNKNOWN) for pk in map(str, ids) if pk.isdecimal())


def _day(text: object, clock: str = "") -> str:
    try:
        day = date.fromisoformat(str(text or ""))
    except ValueError:
        return f"{text or ''}{clock}"
    return f"{format_wareki(day)}（{weekday_ja(day)}）{clock}"


def _next_on(fields: Mapping[str, Any]) -> str:
    try:
        quick = next_day(
            date.fromisoformat(str(fields.get("occurred_on"))), str(fields.get("next_when") or "")
        )
    except ValueError:
        quick = None
    if quick is not None:
        return _day(quick.isoformat())
    return _day(fields.get("next_on")) if fields.get("next_on") else ""


def merged(
    theirs: Mapping[str, Any], mine: Mapping[str, Any], choices: Mapping[str, str], texts: Mapping[str, str]
) -> dict[str, Any]:
    """One set of fields out of two: `choices` says "mine", "theirs" or "both" for each key of FIELD_LABELS;
    for "both" the text stands in `texts`. What no choice names is theirs."""
    result = dict(theirs)
    for name, choice in choices.items():
        for key in FORM_FIELDS.get(name, ()):
            if choice == "mine":
                result[key] = mine.get(key, "")
            elif choice == "both" and name in texts:
                result[key] = texts[name]
    return result
