"""Records in a chart: drawn in with their day and writer kept, taken out again, and whose what is due is.

A record may stand in the family's chart and in a person's. Where charts of one record went to two agencies, the
one handed over last reads it beside the writer's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.encounters import access, queries
from tsunagari.encounters.models import Chart, ChartEntry, Consultation, PlanAction, SupportPlan
from tsunagari.encounters.operations import circulation, filing, meetings, words
from tsunagari.encounters.operations import records as record_operations
from tsunagari.encounters.queries.workers import workers


@transaction.atomic
def draw_in(chart: Chart, consultations: Sequence[Consultation], *, actor: Actor) -> list[ChartEntry]:
    """Put records into an open chart; they keep their day, writer and words. Those in it already are left as they are.

    A record about nobody known becomes the family's; both say so on the trail. Only records of the own agency, or
    that came with a chart. DomainError for a record of another family.
    """
    if not consultations:
        return []
    meetings.locked(chart.household_id)
    chart = _own_open(chart, actor)
    held = set(chart.entries.filter(taken_out_at__isnull=True).values_list("consultation_id", flat=True))
    return [
        _draw(chart, row, actor)
        for row in _locked_records(one.pk for one in consultations)
        if row.pk not in held
    ]


def _draw(chart: Chart, row: Consultation, actor: Actor) -> ChartEntry:
    if actor.agency_id not in (row.agency_id, row.held_by_id):
        raise Forbidden("ほかの機関の記録は入れられません。", action=access.DRAW_INTO_CHART.name)
    from_nobody = row.household_id is None
    if not from_nobody and row.household_id != chart.household_id:
        raise DomainError("別の家庭の記録は入れられません。先に、記録をこの家庭に移してください。")
    if from_nobody:
        _give_family(row, chart, actor)
    entry = ChartEntry.objects.create(
        municipality_id=chart.municipality_id,
        chart=chart,
        consultation=row,
        from_nobody=from_nobody,
        former={"who_hint": row.who_hint} if from_nobody else {},
        drawn_at=clock.now(),
        drawn_by=actor.user_id,
        drawn_by_name=actor.name,
    )
    _cover_step(row, chart)
    _trail(chart, row, actor, "in", from_nobody)
    return entry


def _give_family(row: Consultation, chart: Chart, actor: Actor) -> None:
    """As move_record does for a record about nobody known."""
    former = queries.record_input(row)
    record_operations._keep_revision(row, former, actor, f"個別記録 {chart.number} に入れた")
    row.household = chart.household
    record_operations._save(row, replace(former, household_id=chart.household_id), "household")
    record_operations._met(row, chart.household, actor)
    record_operations.mark_seen([row], actor)
    _spread(row, actor)


@transaction.atomic
def take_out(entry: ChartEntry, *, actor: Actor, reason: str) -> ChartEntry:
    """Take a record out of the chart. One that was about nobody known is so again, its words as they stand now.

    The other agency that read it by this chart reads it no more. Conflict when it was taken out already.
    """
    if not reason.strip():
        raise DomainError("出す理由を書いてください。", field="reason")
    meetings.locked(entry.chart.household_id)
    chart = _own_open(entry.chart, actor)
    [row] = _locked_records([entry.consultation_id])
    locked = ChartEntry.objects.select_for_update().get(pk=entry.pk)
    if locked.taken_out_at is not None:
        raise Conflict("この記録は、もう個別記録から出されています。")
    filing.end(locked, actor=actor, reason=reason)
    if locked.from_nobody and row.household_id == chart.household_id and not _elsewhere(row):
        _take_family(row, chart, actor, reason)
    filing.settle_holder(row)
    _spread(row, actor)
    _trail(chart, row, actor, "out", locked.from_nobody)
    return locked


def _take_family(row: Consultation, chart: Chart, actor: Actor, reason: str) -> None:
    former = queries.record_input(row)
    record_operations._keep_revision(row, former, actor, reason)
    row.household = None
    nobody = replace(former, household_id=None, person_ids=(), consulting_ids=())
    record_operations._save(row, nobody, "household")
    row.people.all().delete()
    record_operations.mark_seen([row], actor)
    meetings.taken_back(chart.household_id, actor=actor, agency_id=row.agency_id)


def _spread(row: Consultation, actor: Actor) -> None:
    """Who may read the record has changed: who is asked to, and where it is found."""
    words.keep([row])
    circulation.start(row, actor=actor)


def pass_due(chart: Chart, former_owner: int | None) -> dict[str, list[int]]:
    """What was due for the former owner, and what nobody at the chart's agency has, goes to who is in charge now.

    Ids of next steps ("steps"), plan actions ("actions") and, if any, plans whose review ("plans") went along.
    """
    here = workers(chart.agency_id, clock.today())
    staying = [pk for pk in here if pk != former_owner]
    steps = Consultation.objects.filter(
        chart_entries__chart=chart,
        chart_entries__taken_out_at__isnull=True,
        next_on__isnull=False,
        next_done_at__isnull=True,
    )
    actions = PlanAction.objects.filter(plan__chart=chart, done_on__isnull=True, dropped_at__isnull=True)
    plans = SupportPlan.objects.filter(chart=chart, closed_on__isnull=True)
    moved = {
        "steps": _not_of(steps, "next_owner_id", staying),
        "actions": _not_of(actions, "owner_id", staying),
    }
    Consultation.objects.filter(pk__in=moved["steps"]).update(
        next_owner_id=chart.owner_id, next_owner_name=chart.owner_name
    )
    PlanAction.objects.filter(pk__in=moved["actions"]).update(
        owner_id=chart.owner_id, owner_name=chart.owner_name
    )
    if reviews := _not_of(plans, "owner_id", staying):
        plans.filter(pk__in=reviews).update(owner_id=chart.owner_id, owner_name=chart.owner_name)
        moved["plans"] = reviews
    return moved


def cover_due(chart: Chart) -> None:
    """What is due and nobody who works at the chart's agency has, goes to who is in charge."""
    pass_due(chart, None)


def _not_of(rows: QuerySet[Any], field: str, staying: list[int]) -> list[int]:
    """Ids of rows whose owner is nobody or none of these."""
    mine = rows.filter(Q(**{f"{field}__isnull": True}) | ~Q(**{f"{field}__in": staying}))
    return sorted(mine.values_list("pk", flat=True))


def _cover_step(row: Consultation, chart: Chart) -> None:
    """A next step drawn in with its record belongs to who is in charge, unless somebody here was named."""
    if row.next_on is None or row.next_done_at is not None:
        return
    if row.next_owner_id not in workers(chart.agency_id, clock.today()):
        row.next_owner_id, row.next_owner_name = chart.owner_id, chart.owner_name
        row.save(update_fields=["next_owner_id", "next_owner_name"])


def _own_open(chart: Chart, actor: Actor) -> Chart:
    locked = Chart.objects.select_for_update(of=("self",)).select_related("household").get(pk=chart.pk)
    if locked.agency_id != actor.agency_id:
        raise Forbidden("ほかの機関の個別記録は変えられません。", action=access.DRAW_INTO_CHART.name)
    if locked.closed_on is not None:
        raise Conflict("この個別記録は終わっています。", what_to_do="続けるときは、ふたたび開いてください。")
    return locked


def _locked_records(ids: Iterable[int]) -> list[Consultation]:
    return list(Consultation.objects.select_for_update().filter(pk__in=list(ids)).order_by("pk"))


def _elsewhere(row: Consultation) -> bool:
    """Whether another chart holds the record still: its family stays then."""
    return ChartEntry.objects.filter(consultation=row, taken_out_at__isnull=True).exists()


def _trail(chart: Chart, row: Consultation, actor: Actor, did: str, from_nobody: bool) -> None:
    """One line with the family for the chart, and, where the record has or had no family, one with nobody's."""
    detail = {"chart": chart.pk, "record": row.pk, "did": did, "from_nobody": from_nobody}
    for household_id in (chart.household_id, None) if from_nobody else (chart.household_id,):
        audit.record(access.DRAW_INTO_CHART, actor=actor, household_id=household_id, obj=row, detail=detail)
