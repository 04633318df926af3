"""What a writer can choose from besides the common form: the city's marks, words and partners, the agency's people
and texts. Of many partners those at hand and the most used; the others are looked for (queries.partners)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from tsunagari.accounts.models import Membership
from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared
from tsunagari.encounters.models import (
    Consultation,
    KeepingPolicy,
    Partner,
    RecordKeeping,
    RecordMark,
    Snippet,
    SubCategory,
)
from tsunagari.encounters.queries.partners import OFFERED, USED, PartnerChoice, most_used
from tsunagari.encounters.rules import CONCERNS, Words
from tsunagari.encounters.rules.keeping import MOST_SNIPPETS
from tsunagari.places.models import Agency, Municipality


@dataclass(frozen=True, slots=True)
class MarkChoice:
    """A mark of the city; `ended` when it is kept for old records alone."""

    id: int
    symbol: str
    name: str
    meaning: str = ""
    follow: bool = False
    sight: str = "usual"
    ended: bool = False

    def __str__(self) -> str:
        return f"{self.symbol} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class DetailChoice:
    """A finer category of the city, for the fiscal years from `from_year` to `to_year` (None: until now)."""

    id: int
    category: int
    label: str
    from_year: int
    to_year: int | None

    def holds(self, year: int) -> bool:
        return self.from_year <= year and (self.to_year is None or year <= self.to_year)


@dataclass(frozen=True, slots=True)
class SnippetChoice:
    """A text the agency often writes and the field it goes into."""

    id: int
    title: str
    text: str
    field: str


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything the form offers. Ended marks are there too, for records that have them, and the partners asked for
    by id; `more_partners`: there are others to be looked for."""

    marks: tuple[MarkChoice, ...] = ()
    details: tuple[DetailChoice, ...] = ()
    partners: tuple[PartnerChoice, ...] = ()
    staff: tuple[tuple[int, str], ...] = ()
    snippets: tuple[SnippetChoice, ...] = ()
    concerns: tuple[str, ...] = CONCERNS
    style: str = "day"
    mark_required: bool = False
    more_partners: bool = False

    @property
    def words(self) -> Words:
        return Words(
            {one.id: str(one) for one in self.marks},
            {one.id: one.label for one in self.details},
            {one.id: one.name for one in self.partners},
            dict(self.staff),
            self.concerns,
        )


def choices(actor: Actor, day: date, chosen: Iterable[int] = ()) -> Choices:
    """What the actor's agency can choose from on a day; `chosen`: ids of partners that are named already. One query,
    two more where the town has more partners than are offered at once."""
    if actor.agency_id is None:
        return Choices()
    row = _choices.first(actor.agency_id, day, sorted(set(chosen)))
    if row is None:
        return Choices()
    return Choices(
        tuple(MarkChoice(ended=one.pop("ended_on") is not None, **one) for one in row["marks"]),
        tuple(DetailChoice(**one) for one in row["details"]),
        _offered(actor, row["chosen"], row["partners"]),
        tuple({one["id"]: one["name"] for one in row["staff"]}.items()),
        tuple(SnippetChoice(**one) for one in row["snippets"]),
        tuple(row["concerns"] or CONCERNS),
        row["style"] or "day",
        bool(row["mark_required"]),
        len(row["partners"]) > OFFERED,
    )


def _offered(
    actor: Actor, chosen: list[dict[str, Any]], first: list[dict[str, Any]]
) -> tuple[PartnerChoice, ...]:
    """All partners in the town's order with those that are named; of too many those named, then the most used."""
    named, others = [_partner(one) for one in chosen], [_partner(one) for one in first]
    if len(first) <= OFFERED:
        there = {one.id for one in others}
        return (*others, *(one for one in named if one.id not in there))
    rest = {one.id: one for one in (*named, *most_used(actor), *others)}
    return tuple(rest.values())[: max(USED, len(named))]


def _partner(row: dict[str, Any]) -> PartnerChoice:
    return PartnerChoice(row["id"], row["name"], row["kind"], row["phone"], row["ended_on"] is not None)


def named_partners(*fields: Mapping[str, Any] | None) -> set[int]:
    """Ids of the partners that texts of a record name, as the form has them."""
    given = [pk for one in fields if one for name in ("told", "linked") for pk in one.get(name) or ()]
    return {int(pk) for pk in given if str(pk).isdecimal() and len(str(pk)) < 18}


def marks_of_town(actor: Actor) -> tuple[MarkChoice, ...]:
    """The marks of the city, ended ones too, in its order. One query."""
    return tuple(
        MarkChoice(pk, symbol, name, meaning, follow, sight, ended_on is not None)
        for pk, symbol, name, meaning, follow, sight, ended_on in _marks(actor.municipality_id)
    )


def words_of(record: Consultation) -> Words:
    """What the city calls what one record names: its mark, finer categories and partners, and the levels of concern.
    One query."""
    partners = [*record.told, *record.linked]
    row = _words.first(record.municipality_id, [record.mark_id or 0], list(record.details), partners)
    assert row is not None
    return Words(
        {one["id"]: str(MarkChoice(**one)) for one in row["marks"]},
        {one["id"]: one["label"] for one in row["details"]},
        {one["id"]: one["name"] for one in row["partners"]},
        concerns=tuple(row["concerns"] or CONCERNS),
    )


def words_ever(actor: Actor, record: Consultation, day: date) -> Words:
    """The words of one record and of all its former texts. Two queries, or as `choices`."""
    former = record.revisions.values_list("snapshot", flat=True)
    return choices(actor, day, named_partners({"told": record.told, "linked": record.linked}, *former)).words


@prepared
def _marks(municipality: int) -> QuerySet[RecordMark, Any]:
    rows = RecordMark.objects.filter(municipality=municipality).order_by("position", "pk")
    return rows.values_list("pk", "symbol", "name", "meaning", "follow", "sight", "ended_on")


@prepared
def _words(
    municipality: int, marks: list[int], details: list[int], partners: list[int]
) -> QuerySet[Municipality, Any]:
    town = {"municipality_id": OuterRef("pk")}
    policy = KeepingPolicy.objects.filter(**town).values("concerns")
    return Municipality.objects.filter(pk=municipality).values(
        marks=_json(RecordMark.objects.filter(**town, pk__any_of=marks), "symbol", "name"),
        details=_json(SubCategory.objects.filter(**town, pk__any_of=details), "label"),
        partners=_json(Partner.objects.filter(**town, pk__any_of=partners), "name"),
        concerns=Subquery(policy[:1]),
    )


@prepared
def _choices(agency: int, day: date, chosen: list[int]) -> QuerySet[Agency, Any]:
    town = {"municipality_id": OuterRef("municipality_id")}
    marks = RecordMark.objects.filter(**town).order_by("position", "pk")
    details = SubCategory.objects.filter(**town).order_by("category", "position", "pk")
    partners = Partner.objects.filter(**town).order_by("kind", "position", "pk")
    offered = partners.filter(ended_on__isnull=True)[: OFFERED + 1]
    snippets = Snippet.objects.filter(agency=OuterRef("pk")).order_by("position", "pk")[:MOST_SNIPPETS]
    keeping = RecordKeeping.objects.filter(agency=OuterRef("pk"))
    staff = Membership.objects.filter(agency=OuterRef("pk"), user__is_active=True).on(day)
    found: dict[str, Any] = {
        "marks": _json(marks, "symbol", "name", "meaning", "follow", "sight", "ended_on"),
        "details": _json(details, "category", "label", "from_year", "to_year"),
        "partners": _json(offered, "name", "kind", "phone", "ended_on"),
        "chosen": _json(partners.filter(pk__any_of=chosen), "name", "kind", "phone", "ended_on"),
        "snippets": _json(snippets, "title", "text", "field"),
        "staff": ArraySubquery(
            staff.order_by("user__kana", "user_id")
            .values("user_id")
            .annotate(json=JSONObject(id="user_id", name="user__name"))
            .values("json")
        ),
        "concerns": Subquery(KeepingPolicy.objects.filter(**town).values("concerns")[:1]),
        "style": Subquery(keeping.values("style")[:1]),
        "mark_required": Subquery(keeping.values("mark_required")[:1]),
    }
    return Agency.objects.filter(pk=agency).values(**found)


def _json(rows: QuerySet[Any], *fields: str) -> ArraySubquery:
    return ArraySubquery(rows.values(json=JSONObject(id="pk", **{name: name for name in fields})))
