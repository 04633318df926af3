"""The common record (E1) as typed by a person: checked, kept as a snapshot, shown as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tsunagari.base.japanese.ages import add_months
from tsunagari.encounters.rules.codes import CATEGORY, CHANNELS, CONCERNS, CONSENTS, KINDS, RESPONSES, SIGHTS

TOKYO = ZoneInfo("Asia/Tokyo")
CLOCK_TOLERANCE = timedelta(minutes=10)

LONGEST: dict[str, int] = {
    "who_hint": 80,
    "place": 80,
    "next_step": 200,
    "content": 20_000,
    "assessment": 20_000,
    "response_note": 20_000,
    "progress": 20_000,
}


@dataclass(frozen=True, slots=True)
class RecordInput:
    """One consultation. `categories` are codes with the main one first; `occurred_at` is aware.

    Without `household_id` it is a consultation without a name; `who_hint` then says who it was about.
    `consulting_ids` are those of `person_ids` who came to talk. `concern` is 0 to 3, None when not said. `details` are
    ids of finer categories, `told` and `linked` of partners, `mark_id` of a mark of the city, `next_owner_id` of a
    user; without one the operation names whose the next step is.
    """

    occurred_at: datetime
    content: str
    categories: tuple[int, ...]
    household_id: int | None = None
    who_hint: str = ""
    person_ids: tuple[int, ...] = ()
    consulting_ids: tuple[int, ...] = ()
    channel: str = "visit"
    place: str = ""
    assessment: str = ""
    responses: tuple[str, ...] = ()
    response_note: str = ""
    progress: str = ""
    next_step: str = ""
    next_on: date | None = None
    consent: str = "not_asked"
    kind: str = "consult"
    details: tuple[int, ...] = ()
    concern: int | None = None
    mark_id: int | None = None
    sight: str = "usual"
    told: tuple[int, ...] = ()
    linked: tuple[int, ...] = ()
    next_owner_id: int | None = None

    @property
    def occurred_on(self) -> date:
        """The day in Japan."""
        return self.occurred_at.astimezone(TOKYO).date()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field of RecordInput, and what to do, in the words shown to the writer."""

    field: str
    message: str


def problems(record: RecordInput, *, now: datetime) -> list[Problem]:
    """Everything that keeps the record from being saved, in the order of the form."""
    return [*_when_and_who(record, now), *_codes(record), *_words(record), *_next(record)]


def _when_and_who(record: RecordInput, now: datetime) -> Iterator[Problem]:
    if record.occurred_at > now + CLOCK_TOLERANCE:
        yield Problem("occurred_at", "これからの日時です。相談があった日時を入れてください。")
    if record.occurred_on.year < 1990:
        yield Problem("occurred_at", "年が昔すぎます。相談日を確かめてください。")
    if record.person_ids and record.household_id is None:
        yield Problem("person_ids", "家庭をえらんでから、人をえらんでください。")
    if set(record.consulting_ids) - set(record.person_ids):
        yield Problem("consulting_ids", "相談した人は「だれのこと」の中からえらんでください。")


def _codes(record: RecordInput) -> Iterator[Problem]:
    if record.kind not in KINDS:
        yield Problem("kind", "種類をえらびなおしてください。")
    if record.channel not in CHANNELS:
        yield Problem("channel", "方法をえらんでください。")
    if not record.categories:
        yield Problem("categories", "なんの相談か、1つ以上えらんでください。")
    if set(record.categories) - set(CATEGORY) or len(set(record.categories)) != len(record.categories):
        yield Problem("categories", "分類をえらびなおしてください。")
    if set(record.responses) - set(RESPONSES):
        yield Problem("responses", "したことをえらびなおしてください。")
    if record.consent not in CONSENTS:
        yield Problem("consent", "共有への同意をえらんでください。")
    if record.concern is not None and record.concern not in range(len(CONCERNS)):
        yield Problem("concern", "気がかりの度合いをえらびなおしてください。")
    if record.sight not in SIGHTS:
        yield Problem("sight", "見られる人をえらびなおしてください。")


def _words(record: RecordInput) -> Iterator[Problem]:
    if not record.content.strip():
        yield Problem("content", "相談の内容を書いてください。")
    for name, longest in LONGEST.items():
        text: str = getattr(record, name)
        if len(text) > longest:
            yield Problem(name, f"{longest}文字までです（いま{len(text)}文字）。短くしてください。")
        if "\x00" in text:
            yield Problem(name, "使えない文字が入っています。入力しなおしてください。")


def _next(record: RecordInput) -> Iterator[Problem]:
    if record.next_on is not None and not record.next_step.strip():
        yield Problem("next_step", "次にすることを書いてください。")
    if record.next_step.strip() and record.next_on is None:
        yield Problem("next_on", "いつするか、次の日をえらんでください。")
    if record.next_on is not None and record.next_on < record.occurred_on:
        yield Problem("next_on", "相談日より前の日です。次の日を確かめてください。")


def next_day(day: date, when: str) -> date | None:
    """The day meant by a quick choice: "1w", "2w", "1m"; None for anything else."""
    if when == "1m":
        return add_months(day, 1)
    return {"1w": day + timedelta(days=7), "2w": day + timedelta(days=14)}.get(when)


def snapshot(record: RecordInput) -> dict[str, Any]:
    """The record as JSON values, for revisions."""
    values = {item.name: getattr(record, item.name) for item in fields(record)}
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value


def from_snapshot(values: Mapping[str, Any]) -> RecordInput:
    """The record of a snapshot; keys that are no field of the record are left aside."""
    known = {item.name: values[item.name] for item in fields(RecordInput) if item.name in values}
    known = {name: tuple(value) if isinstance(value, list) else value for name, value in known.items()}
    known["occurred_at"] = datetime.fromisoformat(known["occurred_at"])
    if known.get("next_on"):
        known["next_on"] = date.fromisoformat(known["next_on"])
    return RecordInput(**known)
