"""Households that may be one: the list to review, best first, and two of them side by side (D8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tsunagari.base.actor import Actor
from tsunagari.base.japanese.text import format_phone
from tsunagari.families import access
from tsunagari.families.models import AgencyLink, CandidatePair, Household, LinkageRun, Person
from tsunagari.families.queries.heads import FamilyHead, FamilyRows, head, written_address
from tsunagari.families.queries.hits import FamilyHit, hits, residents
from tsunagari.families.queries.names import person_name
from tsunagari.families.rules import sameness
from tsunagari.families.rules.sameness import Fact, One

SHOW: dict[str, tuple[str, ...]] = {"": ("open",), "later": ("later",), "decided": ("same", "different")}
Cursor = tuple[float, int]


@dataclass(frozen=True, slots=True)
class PairLine:
    """Two families that may be one, as a line."""

    pair_id: int
    left: FamilyHit
    right: FamilyHit
    facts: list[Fact]
    decision: str
    decision_label: str


@dataclass(frozen=True, slots=True)
class PairPage:
    """Pairs best first; `after` is the cursor of the next page, "" on the last."""

    lines: list[PairLine] = field(default_factory=list)
    after: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A person of the left household, and who of the right they probably are (0: nobody)."""

    person_id: int
    name: str
    about: str
    suggested: int


@dataclass(frozen=True, slots=True)
class Side:
    """One household of two: `counts` are registrations and agencies, `keep` proposes to keep this one."""

    head: FamilyHead
    agencies: int
    keep: bool


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two households with what agrees and differs, and who may be whom."""

    left: Side
    right: Side
    facts: list[Fact]
    matches: list[Match]
    others: list[tuple[int, str]]


def pairs_for(actor: Actor) -> QuerySet[CandidatePair]:
    """Pairs the actor may see: both families visible to them, neither joined away; protected ones by right only."""
    rows = CandidatePair.objects.filter(municipality_id=actor.municipality_id)
    if not actor.may(access.UNMASK):
        rows = rows.filter(left__protected=False, right__protected=False)
    if actor.scope == "municipality":
        return rows
    if actor.scope == "agency" and actor.agency_id is not None:
        own = AgencyLink.objects.filter(agency_id=actor.agency_id)
        return rows.filter(
            Exists(own.filter(household=OuterRef("left"))), Exists(own.filter(household=OuterRef("right")))
        )
    return rows.none()


def review_list(actor: Actor, *, show: str = "", after: str = "", limit: int = 20) -> PairPage:
    """A page of pairs, likeliest first. `show` is a key of SHOW; six queries however many there are.

    What agrees and differs is said as the page of the pair says it, of the families as they are now.
    """
    rows = pairs_for(actor).filter(decision__in=SHOW.get(show, SHOW[""]))
    if show != "decided":
        rows = rows.filter(left__joined_into__isnull=True, right__joined_into__isnull=True)
    if cursor := _cursor(after):
        weight, pk = cursor
        rows = rows.filter(Q(weight__lt=weight) | Q(weight=weight, pk__gt=pk))
    found = list(rows.order_by("-weight", "pk")[: limit + 1])
    shown = found[:limit]
    households = Household.objects.in_bulk({pk for row in shown for pk in (row.left_id, row.right_id)})
    lines = {line.household_id: line for line in hits(actor, list(households.values()))}
    living = residents(list(households))
    last = shown[-1] if len(found) > limit else None
    return PairPage(
        [
            PairLine(
                row.pk, lines[row.left_id], lines[row.right_id],
                _facts(households[row.left_id], households[row.right_id], living, row.evidence),
                row.decision, row.get_decision_display(),
            )
            for row in shown
        ],
        f"{last.weight}_{last.pk}" if last else "",
    )  # fmt: skip


def open_count(actor: Actor, *, most: int = 100) -> int:
    """How many pairs wait for a decision, counted up to `most`."""
    return len(undecided(actor).values_list("pk", flat=True)[:most])


def undecided(actor: Actor) -> QuerySet[CandidatePair]:
    """Pairs that wait for a decision."""
    return pairs_for(actor).filter(
        decision="open", left__joined_into__isnull=True, right__joined_into__isnull=True
    )


def latest_run(actor: Actor) -> LinkageRun | None:
    """The last search for pairs in the town."""
    return LinkageRun.objects.filter(municipality_id=actor.municipality_id).order_by("-created_at").first()


def side_by_side(
    actor: Actor, left: Household, right: Household, evidence: Sequence[Mapping[str, object]] = ()
) -> SideBySide:
    """Two households the actor may see. Addresses and phones of protected families stay masked, and so unsaid."""
    rows = FamilyRows(left), FamilyRows(right)
    heads = head(actor, left, rows[0]), head(actor, right, rows[1])
    people = _people(left, rows[0].people), _people(right, rows[1].people)
    pairs = _told(evidence, people)
    keep_left = _stands(left, rows[0]) >= _stands(right, rows[1])
    agencies = _agencies(left, right)
    return SideBySide(
        left=Side(heads[0], agencies.get(left.pk, 0), keep_left),
        right=Side(heads[1], agencies.get(right.pk, 0), not keep_left),
        facts=[*sameness.compare_families(*people, pairs), *_of_households(left, right)],
        matches=[
            Match(line.id, line.name, line.age or line.relation, pairs.get(line.id, 0))
            for line in heads[0].people
            if not line.here_too
        ],
        others=[
            (line.id, f"{line.name}（{line.age or line.relation}）")
            for line in heads[1].people
            if not line.here_too
        ],
    )


def _cursor(text: str) -> Cursor | None:
    weight, _, pk = text.partition("_")
    try:
        return float(weight), int(pk)
    except ValueError:
        return None


def _facts(
    left: Household,
    right: Household,
    living: Mapping[int, Sequence[Person]],
    evidence: Sequence[Mapping[str, object]],
) -> list[Fact]:
    people = _people(left, living.get(left.pk, ())), _people(right, living.get(right.pk, ()))
    return [*sameness.compare_families(*people, _told(evidence, people)), *_of_households(left, right)]


def _people(household: Household, people: Sequence[Person]) -> list[One]:
    return [_one(row, masked=household.protected) for row in people if row.left_on is None]


def _one(row: Person, *, masked: bool) -> One:
    phones = [] if masked else [phone for phone in (row.phone, row.phone_other) if phone]
    return One(
        row.pk, row.kind, row.relation, row.family_name, row.given_name, row.family_kana, row.given_kana,
        row.nickname or person_name(row), row.birth_date, row.due_date,
        tuple(format_phone(phone) for phone in phones),
    )  # fmt: skip


def _told(evidence: Sequence[Mapping[str, object]], people: tuple[list[One], list[One]]) -> dict[int, int]:
    """Who is whom as the machine saw it, as far as they still live there."""
    mine, theirs = ({one.id: one for one in side} for side in people)
    pairs: dict[int, int] = {}
    for found in evidence:
        left, right = int(str(found.get("left", 0))), int(str(found.get("right", 0)))
        if left in mine and right in theirs and left not in pairs and right not in pairs.values():
            pairs[left] = right
    for left, right in sameness.pair_people(*people).items():
        if left not in pairs and right not in pairs.values():
            pairs[left] = right
    return pairs


def _of_households(left: Household, right: Household) -> list[Fact]:
    """Their addresses; of a protected family nothing is said."""
    texts = written_address(left), written_address(right)
    if left.protected or right.protected or not any(texts):
        return []
    return [sameness.compare_text("住所", *texts)]


def _agencies(*households: Household) -> dict[int, int]:
    rows = AgencyLink.objects.filter(household__in=households).values("household_id")
    return {row["household_id"]: row["n"] for row in rows.annotate(n=Count("pk"))}


def _stands(household: Household, rows: FamilyRows) -> tuple[bool, bool, bool, int, int]:
    """How good it would be to keep this one: of the register, with a name, in town, registered, older."""
    return (
        household.resident_no is not None,
        household.kind == Household.Kind.HOUSEHOLD,
        household.status == Household.Status.ACTIVE,
        len(rows.registrations),
        -household.pk,
    )
