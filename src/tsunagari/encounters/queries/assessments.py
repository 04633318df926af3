"""見立て: the tool's versions, a family's assessments over time, one assessment as it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.encounters.models import Assessment, AssessmentTool
from tsunagari.encounters.queries.charts import concern_words
from tsunagari.encounters.queries.names import name_at
from tsunagari.encounters.rules import MASK, masks_agency
from tsunagari.encounters.rules.assessment import (
    UNKNOWN,
    Band,
    Item,
    Scored,
    ToolInput,
    band_of,
    scored,
    tool_of,
)
from tsunagari.encounters.rules.results_picture import Column, Lane, Spot, picture
from tsunagari.families.models import Household

MOST_COLUMNS = 12
MOST = 60
WHOLE = "家庭ぜんたい"


@dataclass(frozen=True, slots=True)
class ToolLine:
    """A version of the tool: `state` is preparing, coming, now or former."""

    tool: AssessmentTool
    state: str
    asked: int
    areas: int

    @property
    def last_day(self) -> date | None:
        """The last day it was used."""
        return date.fromordinal(self.tool.ended_on.toordinal() - 1) if self.tool.ended_on else None


def state_of(tool: AssessmentTool) -> str:
    """preparing, coming, now or former."""
    today = clock.today()
    if tool.starts_on is None:
        return "preparing"
    if tool.starts_on > today:
        return "coming"
    return "now" if tool.ended_on is None or tool.ended_on > today else "former"


def tools(actor: Actor) -> list[ToolLine]:
    """Every version, the latest first; those being prepared only for who decides. One query."""
    rows = AssessmentTool.objects.visible_to(actor).order_by("-number")
    lines = [
        ToolLine(row, state_of(row), len(row.items), len({item["group"] for item in row.items}))
        for row in rows
    ]
    return lines if actor.may("tool.manage") else [line for line in lines if line.state != "preparing"]


def tool_in_force(actor: Actor, day: date | None = None) -> AssessmentTool | None:
    """The version used on a day (today); None for a city without a tool."""
    at = day or clock.today()
    rows = AssessmentTool.objects.visible_to(actor).filter(starts_on__isnull=False, starts_on__lte=at)
    found = rows.order_by("-starts_on", "-number").first()
    return found if found and (found.ended_on is None or found.ended_on > at) else None


def as_input(tool: AssessmentTool) -> ToolInput:
    """A kept version as the rules know it."""
    return tool_of(tool.name, tool.source, tool.items, tool.bands)


@dataclass(frozen=True, slots=True)
class Answered:
    """One question with its answer."""

    label: str
    hint: str
    answer: str
    answer_hint: str
    value: int | None
    highest: int


@dataclass(frozen=True, slots=True)
class AreaResult:
    """An area of one assessment."""

    name: str
    sums: Scored
    answers: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """One assessment as it is read. `agency` is filled when another agency made it."""

    id: int
    day: date
    about: str
    person_id: int | None
    tool_number: int
    tool_id: int
    areas: tuple[AreaResult, ...]
    sums: Scored
    band: Band | None
    concern: int | None
    concern_label: str
    words: str
    author_name: str
    agency: str
    made_at: datetime
    replaced_by: int | None

    @property
    def total(self) -> str:
        """ "12 / 42"; what was not known is told beside it."""
        return f"{self.sums.total} / {self.sums.highest}" if self.sums.answered else "—"


def result(actor: Actor, row: Assessment, words: Sequence[str]) -> Result:
    """An assessment loaded with its tool, agency, household and the person with theirs."""
    tool = as_input(row.tool)
    areas = tuple(
        AreaResult(
            group,
            scored(items, row.answers),
            tuple(_answered(row, item) for item in items),
        )
        for group, items in tool.groups
    )
    hidden = masks_agency(actor, row.agency_id, protected=row.household.protected)
    ours = row.agency_id == actor.agency_id
    return Result(
        id=row.pk,
        day=row.assessed_on,
        about=name_at(row.household_id, row.person).text if row.person else WHOLE,
        person_id=row.person_id,
        tool_number=row.tool.number,
        tool_id=row.tool_id,
        areas=areas,
        sums=scored(tool.items, row.answers),
        band=band_of(tool, row.total) if row.total is not None else None,
        concern=row.concern,
        concern_label=words[row.concern] if row.concern is not None and row.concern < len(words) else "",
        words=row.words,
        author_name=row.author_name,
        agency="" if ours else MASK if hidden else row.agency.name,
        made_at=row.created_at.astimezone(clock.TOKYO),
        replaced_by=row.replaced_by_id,
    )


def _answered(row: Assessment, item: Item) -> Answered:
    value = row.answers.get(item.key)
    point = next((one for one in item.scale if one.value == value), None)
    words = point.label if point else UNKNOWN
    return Answered(item.label, item.hint, words, point.hint if point else "", value, item.highest)


@dataclass(frozen=True, slots=True)
class About:
    """Whom assessments are about: `person_id` None for the whole family."""

    person_id: int | None
    name: str
    count: int

    @property
    def key(self) -> str:
        return str(self.person_id or 0)


@dataclass(frozen=True, slots=True)
class Results:
    """Assessments of one subject, the latest first, and whom others are about. `more`: older ones are left out."""

    lines: list[Result]
    subjects: list[About]
    chosen: str
    more: bool = False


def results(actor: Actor, household: Household, about: str = "") -> Results:
    """Assessments of a family in force that the actor may see, of one subject ("0" for the whole family, else a
    person's id; the one assessed last when it is not said). Two queries."""
    seen = Assessment.objects.visible_to(actor).filter(household=household, replaced_by__isnull=True)
    related = ("tool", "agency", "household", "person__household")
    rows = list(seen.select_related(*related).order_by("-assessed_on", "-pk")[:200])
    subjects: dict[str, About] = {}
    for row in rows:
        name = name_at(household.pk, row.person).text if row.person else WHOLE
        before = subjects.get(str(row.person_id or 0))
        subjects[str(row.person_id or 0)] = About(row.person_id, name, (before.count if before else 0) + 1)
    chosen = about if about in subjects else next(iter(subjects), "")
    mine = [row for row in rows if str(row.person_id or 0) == chosen]
    words = concern_words(actor.municipality_id)
    lines = [result(actor, row, words) for row in mine[:MOST]]
    return Results(lines, list(subjects.values()), chosen, len(mine) > MOST)


def one(actor: Actor, row: Assessment) -> Result:
    """An assessment as it is read; one query for the city's words."""
    return result(actor, row, concern_words(actor.municipality_id))


def former(actor: Actor, row: Assessment) -> list[Result]:
    """What stood in its place before, the latest first; a query each, which are few."""
    found = []
    rows = Assessment.objects.visible_to(actor).select_related(
        "tool", "agency", "household", "person__household"
    )
    words = concern_words(actor.municipality_id)
    while (before := rows.filter(replaced_by=row).first()) is not None:
        found.append(result(actor, before, words))
        row = before
    return found


def drawn(found: Results, title: str) -> bytes:
    """The picture of assessments over time: the latest MOST_COLUMNS, the earliest on the left."""
    lines = list(reversed(found.lines[:MOST_COLUMNS]))
    names = list(dict.fromkeys(area.name for line in reversed(lines) for area in line.areas))
    columns = [
        Column(
            f"{line.day.year}/{line.day.month}/{line.day.day}",
            line.concern,
            line.concern_label,
            new_tool=number > 0 and lines[number - 1].tool_number != line.tool_number,
        )
        for number, line in enumerate(lines)
    ]
    lanes = [Lane(name, tuple(_spot(line, name) for line in lines)) for name in names]
    return picture(title, columns, lanes)


def _spot(line: Result, name: str) -> Spot | None:
    area = next((area for area in line.areas if area.name == name), None)
    if area is None:
        return None
    if area.sums.share is None:
        return Spot(None, UNKNOWN)
    return Spot(area.sums.share, f"{area.sums.total}/{area.sums.highest}")


def by_key(actor: Actor, key: str) -> Assessment | None:
    """The assessment that a draft became."""
    try:
        wanted = UUID(key)
    except ValueError:
        return None
    return Assessment.objects.visible_to(actor).filter(key=wanted).first()
