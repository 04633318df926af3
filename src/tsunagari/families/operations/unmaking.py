"""Families that a roster made, taken out again while nothing was built on them; else what stands in the way.

Every table that points at a household or a person is found through the model, so a table added later stands in the
way too until somebody says here that it does not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import models, transaction
from django.db.models import Q

from tsunagari.audit import operations as audit
from tsunagari.base.actor import Actor
from tsunagari.families import access
from tsunagari.families.models import (
    AgencyLink,
    CandidatePair,
    Card,
    HomeChange,
    Household,
    HouseholdJoin,
    Person,
    Registration,
    SearchEntry,
)

#: What people call the rows of a relation that stand in the way; others are ほかの記録.
CALLED: Mapping[str, str] = {
    "encounters.visit.household": "来所",
    "encounters.visitperson.person": "来所",
    "encounters.consultation.household": "相談の記録",
    "encounters.consultationperson.person": "相談の記録",
    "encounters.draft.household": "書きかけの記録",
    "encounters.chart.household": "継続して見ている相談",
    "encounters.assessment.household": "アセスメント",
    "encounters.supportplan.household": "支援プラン",
    "families.registration.household": "登録",
    "families.renewal.registration": "登録の更新",
    "families.householdjoin.source": "家庭をまとめた記録",
    "families.householdjoin.target": "家庭をまとめた記録",
    "families.household.joined_into": "まとめられた家庭",
    "families.householdrevision.household": "家庭の内容の変更",
    "families.householdrevision.person": "家庭の内容の変更",
    "families.person.household": "あとから加えた人",
    "families.person.same_as": "同じ人の印",
    "families.secondhome.household": "もうひとつの家",
    "families.secondhome.person": "もうひとつの家",
    "families.card.household": "わたした利用カード",
    "families.homechange.household": "かかりつけの変更",
    "families.paperform.household": "申込用紙",
    "families.benefituse.household": "特典の利用",
    "families.benefituse.person": "特典の利用",
    "families.agencylink.household": "ほかの機関での受付",
    "families.candidatepair.left": "似ている家庭の判断",
    "families.candidatepair.right": "似ている家庭の判断",
    "interop.rosterrow.household": "ほかの名簿の取り込み",
}
OTHER = "ほかの記録"
#: Rows that are counted as the thing they belong to.
PARENTS: Mapping[str, tuple[str, str]] = {
    "encounters.visitperson.person": ("encounters.visit", "visit_id"),
    "encounters.consultationperson.person": ("encounters.consultation", "consultation_id"),
    "interop.rosterrow.household": ("interop.import", "source_id"),
}


@dataclass(frozen=True, slots=True)
class Made:
    """What one roster made: ids that belong to it and therefore stand in nobody's way.

    `rows` are further rows of any table ("app.model" → ids), such as the roster's own visits.
    """

    agency_id: int
    households: Sequence[int] = ()
    people: Sequence[int] = ()
    registrations: Sequence[int] = ()
    cards: Sequence[int] = ()
    changes: Sequence[int] = ()
    rows: Mapping[str, Sequence[int]] = field(default_factory=dict)


def in_the_way(made: Made) -> Counter[str]:
    """What was built on the families since, in people's words, and how much of it; empty when nothing was."""
    people = Person.objects.filter(household__in=made.households).values_list("pk", flat=True)
    found: dict[str, set[tuple[str, int]]] = defaultdict(set)
    ids_of = ((Household, made.households), (Person, list(people)), (Registration, made.registrations))
    for model, ids in ids_of:
        if ids:
            _gather(found, model, ids, made)
    cards = Card.objects.filter(pk__in=made.cards).filter(Q(printed_at__isnull=False) | ~Q(state="active"))
    found["わたした利用カード"] |= {("card", pk) for pk in cards.values_list("pk", flat=True)}
    ended = Registration.objects.filter(pk__in=made.registrations, ends_on__isnull=False)
    found["終えた登録"] |= {("registration", pk) for pk in ended.values_list("pk", flat=True)}
    joined = Registration.objects.filter(pk__in=made.registrations, household__joined_into__isnull=False)
    found["まとめられた家庭"] |= {("household", pk) for pk in joined.values_list("household_id", flat=True)}
    changed = Household.objects.filter(pk__in=made.households, version__gt=1)
    if not found["家庭の内容の変更"]:
        found["家庭の内容の変更"] = {("household", pk) for pk in changed.values_list("pk", flat=True)}
    return Counter({what: len(rows) for what, rows in found.items() if rows})


def _gather(
    found: dict[str, set[tuple[str, int]]], model: type[models.Model], ids: Sequence[int], made: Made
) -> None:
    for relation in model._meta.related_objects:
        name = f"{relation.related_model._meta.label_lower}.{relation.field.name}"
        pointing = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": ids})
        rows = _not_ours(name, pointing, made)
        if rows is not None:
            table, column = PARENTS.get(name, (relation.related_model._meta.label_lower, "pk"))
            found[CALLED.get(name, OTHER)] |= {(table, pk) for pk in rows.values_list(column, flat=True)}


def _not_ours(
    name: str, rows: models.QuerySet[models.Model], made: Made
) -> models.QuerySet[models.Model] | None:
    """The rows of a relation that are not the roster's own; None for a relation that never stands in the way."""
    own: dict[str, Iterable[int]] = {
        "families.person": made.people,
        "families.registration": made.registrations,
        "families.card": made.cards,
        "families.homechange": made.changes,
        **made.rows,
    }
    if name == "families.searchentry.household":
        return None
    if name == "families.agencylink.household":
        return rows.exclude(agency_id=made.agency_id)
    if name.startswith("families.householdjoin."):
        return rows.filter(
            parted_at__isnull=True
        )  # what a parted join left behind stands in the way by itself
    if name.startswith("families.candidatepair."):
        return rows.exclude(decision__in=("open", "later"))
    if name == "encounters.visitperson.person":
        return rows.exclude(visit_id__in=list(own.get("encounters.visit", ())))
    return rows.exclude(pk__in=list(own.get(name.rpartition(".")[0], ())))


@transaction.atomic
def unmake(made: Made, *, actor: Actor) -> None:
    """Remove the registrations and families. Call it after `in_the_way` said nothing, in the same transaction."""
    homes = list(made.households)
    CandidatePair.objects.filter(Q(left__in=homes) | Q(right__in=homes)).delete()
    parted = HouseholdJoin.objects.filter(parted_at__isnull=False)
    parted.filter(Q(source__in=homes) | Q(target__in=homes)).delete()
    HomeChange.objects.filter(pk__in=made.changes).delete()
    touched = Registration.objects.filter(pk__in=made.registrations).values_list("household_id", flat=True)
    registered = sorted(set(touched) - set(homes))
    Registration.objects.filter(pk__in=made.registrations).delete()
    Card.objects.filter(pk__in=made.cards).delete()
    _drop_links(registered, made.agency_id)
    AgencyLink.objects.filter(household__in=homes).delete()
    SearchEntry.objects.filter(household__in=homes).delete()
    Person.objects.filter(household__in=homes).delete()
    Household.objects.filter(pk__in=homes).delete()
    for household_id in [*registered, *homes]:
        did = {"did": "unmade", "agency": made.agency_id, "household": household_id in set(homes)}
        audit.record(access.CREATE, actor=actor, household_id=household_id, detail=did)


def _drop_links(household_ids: Sequence[int], agency_id: int) -> None:
    """Close families to the agency that only a removed registration had opened."""
    from tsunagari.families.operations import search

    links = AgencyLink.objects.filter(
        household__in=household_ids,
        agency_id=agency_id,
        reason=AgencyLink.Reason.REGISTRATION,
        last_met_on__isnull=True,
    )
    still = Registration.objects.filter(household__in=household_ids, agency_id=agency_id)
    links.exclude(household__in=still.values("household_id")).delete()
    search.refresh(household_ids)
