"""Deciding family by family: the rows of the roster on one side, the households that may be it on the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tsunagari.base.actor import Actor
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.japanese.dates import format_wareki_short
from tsunagari.base.japanese.text import format_phone
from tsunagari.base.pages import go, render
from tsunagari.families.models import Person
from tsunagari.families.queries import MASK, FamilyHit, hits
from tsunagari.families.queries.hits import residents
from tsunagari.families.queries.names import person_name
from tsunagari.interop import access, operations, queries
from tsunagari.interop.imports.roster.evidence import AGREES, DIFFERS
from tsunagari.interop.imports.roster.people import Read
from tsunagari.interop.imports.roster.profile import gather
from tsunagari.interop.imports.roster.store import read_of
from tsunagari.interop.models import RosterRow
from tsunagari.interop.views.steps import roster_of

SHOWN_ROWS = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """A household that may be the family, and what agrees and differs in words.

    `people` of an own family are shown beside the rows of the roster; of a protected one without phone and address.
    """

    hit: FamilyHit
    agrees: Sequence[str]
    differs: Sequence[str]
    chosen: bool
    people: Sequence[Person] = ()
    address: str = ""

    @property
    def guardians(self) -> str:
        return "、".join(person_name(one) for one in self.people if one.kind != Person.Kind.CHILD)

    @property
    def children(self) -> str:
        return "、".join(
            f"{one.given_name or person_name(one)}"
            + (f"（{format_wareki_short(one.birth_date)}生）" if one.birth_date else "")
            for one in self.people
            if one.kind == Person.Kind.CHILD
        )

    @property
    def phones(self) -> str:
        if self.hit.protected:
            return MASK
        known = (phone for one in self.people for phone in (one.phone, one.phone_other) if phone)
        return "、".join(format_phone(phone) for phone in known)


@allow(access.IMPORT_ROSTER)
@require_http_methods(["GET", "POST"])
def decide(request: StaffRequest, roster_id: int, roster_family: int) -> HttpResponse:
    """POST `household` (an id, or `new`) decides and goes on to the next family that is open."""
    row = roster_of(request, roster_id)
    lines = queries.rosters.rows_of(row, roster_family)
    if not lines or row.status != row.Status.PREVIEW:
        raise Http404
    if request.method == "POST":
        chosen = request.POST.get("household", "")
        household_id = int(chosen) if chosen.isdecimal() else None
        if household_id is None and chosen != "new":
            raise Http404
        operations.decide(row, roster_family, actor=request.actor, household_id=household_id)
        return _on(request, row.pk, queries.rosters.next_undecided(row, roster_family))
    lead = lines[0]
    shown, held = queries.rosters.shown_candidates(lead, request.actor)
    choices = _choices(lead, shown, request.actor)
    operations.note_roster(
        row, actor=request.actor, what="compare", household_ids=[one.hit.household_id for one in choices]
    )
    counts = queries.rosters.counts(row)
    reads: list[tuple[int, Read]] = [(line.number, read_of(line)) for line in lines]
    context = {
        "row": row,
        "lead": lead,
        "profile": gather(read for _, read in reads),
        "reads": reads[:SHOWN_ROWS],
        "more": max(0, len(reads) - SHOWN_ROWS),
        "choices": choices,
        "held": held,
        "counts": counts,
        "following": queries.rosters.next_undecided(row, roster_family),
    }
    return render(request, "interop/roster_decide.html", context)


def _on(request: StaffRequest, roster_id: int, family: int | None) -> HttpResponse:
    if family is None:
        return go(request, reverse("roster_import", args=[roster_id]))
    return go(request, reverse("roster_import_decide", args=[roster_id, family]))


def _choices(lead: RosterRow, shown: Sequence[dict[str, object]], actor: Actor) -> list[Choice]:
    ids = [int(str(one["household"])) for one in shown]
    found = queries.rosters.households(ids)
    own = queries.rosters.own_households(ids, actor)
    rows = [found[pk] for pk in ids if pk in found]
    lines = {hit.household_id: hit for hit in hits(actor, rows, outside=frozenset(set(ids) - own))}
    living = residents(sorted(own))
    return [
        Choice(
            lines[pk],
            [AGREES[code] for code in _codes(one["agrees"])],
            [DIFFERS[code] for code in _codes(one["differs"])],
            lead.household_id == pk,
            living.get(pk, ()) if pk in own else (),
            MASK if found[pk].protected else found[pk].address,
        )
        for pk, one in zip(ids, shown, strict=True)
        if pk in lines
    ]


def _codes(value: object) -> list[str]:
    return [str(code) for code in value] if isinstance(value, list) else []
