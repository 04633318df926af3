"""What is asked of those who work with families, in days: no Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tsunagari.base.access import Role

#: So long before its day a training or a qualification is told to be due.
AHEAD = timedelta(days=90)
MOST_AT_ONCE = 300

LATE, SOON, OPEN, DONE = "late", "soon", "open", "done"


@dataclass(frozen=True, slots=True)
class QualificationInput:
    """`seen_on`: the day somebody looked at the certificate. Its number is not asked for."""

    name: str
    obtained_on: date | None = None
    expires_on: date | None = None
    seen_on: date | None = None


@dataclass(frozen=True, slots=True)
class TrainingInput:
    """A course taken on a day; `hours` as attended."""

    course_id: int
    taken_on: date
    hours: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class SupervisionInput:
    """A supervision; its words name no family."""

    supervisor: str
    held_on: date
    theme: str
    learned: str = ""
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class CourseInput:
    """A training: for which roles, by when after coming (months), how long it lasts (years; None: once)."""

    name: str
    roles: tuple[str, ...]
    within_months: int | None = None
    lasts_years: int | None = None
    hours: Decimal | None = None


_FAMILIES = (Role.COUNSELOR, Role.MANAGER)
_VISITING = (*_FAMILIES, Role.ROUNDS)
_ALL = (*_VISITING, Role.NURSE, Role.LEAD)

#: Offered to a town as names to start from: who takes them, by when and how long they last is the town's to decide.
OFFERED = (
    CourseInput("子育て支援員研修（基本研修）", _VISITING, 12),
    CourseInput("子育て支援員研修（専門研修）", _VISITING, 12),
    CourseInput("利用者支援事業 専任職員研修", _FAMILIES, 12),
    CourseInput("児童虐待への対応", _ALL, 6, 3),
    CourseInput("個人情報保護", (*_ALL, Role.OFFICER), 1, 1),
    CourseInput("支援プランのつくり方", (Role.NURSE, Role.LEAD)),
    CourseInput("面接・相談の技術", _FAMILIES),
)


def state_of(due_on: date | None, *, taken: bool, today: date) -> str:
    """LATE, SOON (within AHEAD), OPEN (nobody said by when), or DONE for now."""
    if due_on is not None and due_on < today:
        return LATE
    if due_on is not None and due_on <= today + AHEAD:
        return SOON
    return DONE if taken else OPEN
