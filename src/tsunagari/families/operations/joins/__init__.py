"""Two households turn out to be one family: everything of one moves to the other, and can be moved back exactly (D8).

Every table that points at a household is found through the model, so a table added later moves too. The few
that must not simply move are named in KEEPS. What was moved, made and changed is written down in the join.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.families import access
from tsunagari.families.models import CandidatePair, Household, HouseholdJoin, Person
from tsunagari.families.operations import households, search
from tsunagari.families.operations.joins import details, links, registrations, rows
from tsunagari.families.operations.joins.rows import KEEPS, moving, name_of

#: What joins say that were written down before all of it was kept.
_UNSAID: dict[str, Any] = {
    "protected": False,
    "registrations": {},
    "cards": [],
    "filled": {"numbers": [], "household": {}, "people": {}},
}

__all__ = ["KEEPS", "join", "moving", "name_of", "part"]


@transaction.atomic
def join(source: Household, target: Household, *, actor: Actor, same: Mapping[int, int]) -> HouseholdJoin:
    """Move everything of one household into another. `same` maps source person id → target person id where both are
    one person: shown and counted once, and what the target's lacks is filled in from the source's.

    Registrations are merged day by day (rules.merge_registrations), the target's main card stays the main one.
    DomainError when the two cannot be one; Conflict when either was joined meanwhile.
    """
    source, target = _lock_both(source, target)
    _may_join(source, target, same)
    _may_open(source, target, actor)
    moved: dict[str, Any] = {
        "protected": target.protected,
        "registrations": registrations.merge(source, target, actor=actor),
        "cards": details.stand_back(source, target),
        "rows": rows.move(source, target),
        "same_as": _mark_same(same),
        "links": links.merge(source, target),
        "filled": details.fill(source, target, same),
    }
    source.joined_into = target
    source.save(update_fields=["joined_into"])
    made = HouseholdJoin.objects.create(
        municipality_id=source.municipality_id,
        source=source,
        target=target,
        moved=moved,
        joined_at=clock.now(),
        joined_by=actor.user_id,
    )
    _tell(made, actor=actor, did="join")
    return made


@transaction.atomic
def part(join: HouseholdJoin, *, actor: Actor) -> HouseholdJoin:
    """Take a joined family apart again: what was moved goes back as far as it is still there, what was made for the
    join goes, what was changed by it is as before unless somebody has changed it since. 支援措置 that came meanwhile
    stays on both: whom of them it means, only a person can say."""
    join = (
        HouseholdJoin.objects.select_for_update(of=("self",))
        .select_related("source", "target")
        .get(pk=join.pk)
    )
    if join.parted_at is not None:
        raise Conflict("この家庭は、すでに元にもどされています。")
    source, target = _lock_both(join.source, join.target)
    if target.joined_into_id is not None:
        raise Conflict(
            "まとめた先の家庭が、さらに別の家庭にまとめられています。",
            what_to_do="あとにまとめたほうから、元にもどしてください。",
        )
    moved = _UNSAID | join.moved
    protected_since = details.protected_since(moved, join, target)
    details.empty(moved["filled"], join, target)
    rows.move_back(moved["rows"], source, target)
    registrations.part(moved["registrations"], source, target)
    details.stand_forth(moved["cards"])
    for person_id, before in moved["same_as"].items():
        Person.objects.filter(pk=int(person_id)).update(same_as=before)
    links.unmerge(moved["links"])
    source.joined_into = None
    source.save(update_fields=["joined_into"])
    if protected_since:
        households.protect(source, actor=actor, protected=True)
    join.parted_at, join.parted_by = clock.now(), actor.user_id
    join.save(update_fields=["parted_at", "parted_by"])
    CandidatePair.objects.filter(join=join).update(
        decision=CandidatePair.Decision.OPEN, decided_at=None, decided_by=None, join=None
    )
    _tell(join, actor=actor, did="part")
    return join


def _tell(join: HouseholdJoin, *, actor: Actor, did: str) -> None:
    search.refresh([join.source_id, join.target_id])
    for household_id in (join.target_id, join.source_id):
        audit.record(
            access.JOIN,
            actor=actor,
            household_id=household_id,
            obj=join,
            detail={"did": did, "source": join.source_id, "target": join.target_id},
        )


def _lock_both(source: Household, target: Household) -> tuple[Household, Household]:
    """Both as they are now, locked in one order. What points at them may be written beside, as a search's pairs."""
    held = Household.objects.select_for_update(of=("self",), no_key=True)
    found = {row.pk: row for row in held.filter(pk__in=[source.pk, target.pk]).order_by("pk")}
    return found[source.pk], found[target.pk]


def _may_join(source: Household, target: Household, same: Mapping[int, int]) -> None:
    if source.pk == target.pk:
        raise DomainError("同じ家庭どうしは、まとめられません。")
    if source.joined_into_id or target.joined_into_id:
        raise Conflict(
            "どちらかの家庭が、すでにほかの家庭にまとめられています。",
            what_to_do="家庭をさがしなおしてください。",
        )
    if source.kind != Household.Kind.NICKNAME and target.kind == Household.Kind.NICKNAME:
        raise DomainError(
            "お名前の分かる家庭を、呼び名だけの家庭にまとめることはできません。",
            what_to_do="まとめる向きを入れかえてください。",
        )
    mine = set(source.people.filter(pk__in=same.keys()).values_list("pk", flat=True))
    theirs = set(target.people.filter(pk__in=same.values()).values_list("pk", flat=True))
    if mine != set(same) or theirs != set(same.values()):
        raise DomainError(
            "同じ人のえらび方が正しくありません。", what_to_do="もう一度えらんでください。", field="same"
        )
    if len(theirs) != len(same):
        raise DomainError("ひとりに、ふたりを重ねることはできません。", field="same")


def _may_open(source: Household, target: Household, actor: Actor) -> None:
    """Joined, each is open to all agencies that knew the other: under 支援措置 that is for those to say who have the
    right to unmask. Who a nickname is, says whoever met them."""
    guarded = source.protected or target.protected
    if guarded and source.kind != Household.Kind.NICKNAME and not actor.may(access.UNMASK):
        raise DomainError(
            "支援措置の家庭は、施設長とセンターの職員だけがまとめられます。",
            what_to_do="見くらべたことを伝えて、まとめてもらってください。",
        )


def _mark_same(same: Mapping[int, int]) -> dict[str, int | None]:
    """Who is whom from now on, those too whom an earlier join led here: readers follow one step. What was before."""
    concerned = Person.objects.filter(Q(pk__in=same) | Q(same_as__in=same))
    before = dict(concerned.values_list("pk", "same_as_id"))
    for mine, theirs in same.items():
        Person.objects.filter(Q(pk=mine) | Q(same_as=mine)).update(same_as=theirs)
    return {str(person): former for person, former in before.items()}
