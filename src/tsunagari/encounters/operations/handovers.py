"""ひきつぎ: a chart goes to a colleague or to another agency's worker. Until taken on, the giver stays in charge."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Case, Value, When

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.encounters import access
from tsunagari.encounters.models import Chart, ChartEntry, ChartHandover, Consent, Consultation
from tsunagari.encounters.operations import chart_entries, charts, circulation, meetings, words
from tsunagari.encounters.queries.workers import workers
from tsunagari.encounters.rules.charts import LONGEST_REASON, too_long
from tsunagari.families.models import AgencyLink
from tsunagari.families.operations import links
from tsunagari.places.models import Agency


@transaction.atomic
def hand_over(
    chart: Chart,
    *,
    actor: Actor,
    agency: Agency,
    note: str,
    to_user_id: int | None = None,
    consent: str = Consent.NOT_ASKED,
) -> ChartHandover:
    """Ask a colleague, or somebody of another agency (`to_user_id` None: whoever takes it on there).

    Between agencies only with the family's consent given. Conflict while another one waits.
    """
    locked = charts.locked_chart(chart, actor, access.HAND_OVER_CHART)
    _require_askable(locked, agency, to_user_id, consent, note)
    if charts.waiting(locked) is not None:
        raise Conflict("もうひきつぎをたのんでいます。", what_to_do="返事を待つか、取り下げてください。")
    here = workers(agency.pk, clock.today())
    handover = ChartHandover.objects.create(
        municipality_id=locked.municipality_id,
        chart=locked,
        from_agency_id=locked.agency_id,
        from_user_id=locked.owner_id,
        from_name=locked.owner_name,
        to_agency=agency,
        to_user_id=to_user_id,
        to_name=here.get(to_user_id or 0, ""),
        note=note.strip(),
        consent=consent,
        asked_at=clock.now(),
    )
    _trail(handover, actor, "asked")
    return handover


def _require_askable(chart: Chart, agency: Agency, to_user: int | None, consent: str, note: str) -> None:
    here = workers(agency.pk, clock.today())
    if agency.municipality_id != chart.municipality_id or not here:
        raise DomainError("この機関には、引き受けられる人がいません。", field="agency")
    if agency.pk != chart.agency_id and consent != Consent.GIVEN:
        raise DomainError(
            "ほかの機関にひきつぐには、ご家族の同意が要ります。同意をたしかめてください。", field="consent"
        )
    if agency.pk == chart.agency_id and to_user is None:
        raise DomainError("だれにひきつぐかをえらんでください。", field="to_user")
    if to_user is not None and to_user not in here:
        raise DomainError("いまその機関で働いている人からえらんでください。", field="to_user")
    if to_user is not None and to_user == chart.owner_id and agency.pk == chart.agency_id:
        raise DomainError("この人が、いまの担当です。ほかの人をえらんでください。", field="to_user")
    if not note.strip():
        raise DomainError("申し送りを書いてください。", field="note")
    for problem in too_long("note", note):
        raise DomainError(problem.message, field=problem.field)


@transaction.atomic
def take_on(handover: ChartHandover, *, actor: Actor) -> Chart:
    """Be in charge from now on. What is due goes along; between agencies the records do, to be read there too."""
    chart, waiting = _locked(handover)
    _require_addressed(waiting, actor)
    here = workers(waiting.to_agency_id, clock.today())
    if actor.user_id not in here:
        raise Forbidden("この個別記録は引き受けられません。", action=access.HAND_OVER_CHART.name)
    leaves = chart.agency_id != waiting.to_agency_id
    moved: dict[str, object] = {"number": chart.number} if leaves else {}
    _require_room(chart, waiting)
    former = chart.owner_id
    charts.keep_revision(chart, actor, "ひきつぎ")
    values = {"owner_id": actor.user_id, "owner_name": here[actor.user_id or 0]}
    if leaves:
        values |= {"agency_id": waiting.to_agency_id, "number": charts.new_number(waiting.to_agency_id)}
    charts.save(chart, **values)
    if leaves:
        moved["entries"] = _carry(chart, actor)
    moved |= chart_entries.pass_due(chart, former)
    waiting.taken_at, waiting.taken_by, waiting.taken_by_name = clock.now(), actor.user_id, actor.name
    waiting.moved = moved
    waiting.save(update_fields=["taken_at", "taken_by", "taken_by_name", "moved"])
    _trail(waiting, actor, "taken")
    return chart


@transaction.atomic
def decline(handover: ChartHandover, *, actor: Actor, reason: str) -> ChartHandover:
    """Say no, and why; the giver stays in charge."""
    if not reason.strip():
        raise DomainError("引き受けられない理由を書いてください。", field="reason")
    _, waiting = _locked(handover)
    _require_addressed(waiting, actor)
    return _answered(waiting, actor, "declined", reason)


@transaction.atomic
def withdraw(handover: ChartHandover, *, actor: Actor) -> ChartHandover:
    """The giver's agency asks no longer."""
    _, waiting = _locked(handover)
    if waiting.from_agency_id != actor.agency_id:
        raise Forbidden("ほかの機関のひきつぎです。", action=access.HAND_OVER_CHART.name)
    return _answered(waiting, actor, "withdrawn", "取り下げた")


def _answered(waiting: ChartHandover, actor: Actor, did: str, reason: str) -> ChartHandover:
    waiting.declined_at, waiting.decline_reason = clock.now(), reason.strip()[:LONGEST_REASON]
    waiting.save(update_fields=["declined_at", "decline_reason"])
    _trail(waiting, actor, did)
    return waiting


def _locked(handover: ChartHandover) -> tuple[Chart, ChartHandover]:
    """The open chart and its waiting handover, locked; Conflict when it was answered already."""
    meetings.locked(Chart.objects.values_list("household_id", flat=True).get(pk=handover.chart_id))
    rows = Chart.objects.select_for_update(of=("self",)).select_related("household")
    chart = rows.get(pk=handover.chart_id)
    waiting = ChartHandover.objects.select_for_update().get(pk=handover.pk)
    if waiting.taken_at is not None:
        raise Conflict(f"このひきつぎは、もう{waiting.taken_by_name}さんが引き受けています。")
    if waiting.declined_at is not None:
        raise Conflict("このひきつぎは、もう断られたか、取り下げられています。")
    return chart, waiting


def _require_addressed(waiting: ChartHandover, actor: Actor) -> None:
    if waiting.to_agency_id != actor.agency_id:
        raise Forbidden("ほかの機関あてのひきつぎです。", action=access.HAND_OVER_CHART.name)


def _require_room(chart: Chart, waiting: ChartHandover) -> None:
    """An agency has one open chart of the same person."""
    if chart.agency_id == waiting.to_agency_id:
        return
    same = Chart.objects.filter(
        charts.about(chart.person_id),
        agency_id=waiting.to_agency_id,
        household_id=chart.household_id,
        closed_on__isnull=True,
    )
    if (found := same.first()) is not None:
        raise Conflict(
            f"この機関には、この家庭の個別記録（{found.number}）がもう開いています。",
            what_to_do="そちらを終えてから引き受けるか、断ってください。",
        )


def _carry(chart: Chart, actor: Actor) -> list[int]:
    """The records of the chart are read by the agency that took it on; its own are simply its own again."""
    links.meet(
        chart.household,
        actor=actor,
        agency_id=chart.agency_id,
        reason=AgencyLink.Reason.RECORD,
        on=None,
    )
    entries = ChartEntry.objects.filter(
        chart=chart, taken_out_at__isnull=True, consultation__household_id=chart.household_id
    )
    ids = sorted(entries.values_list("consultation_id", flat=True))
    holder = Case(When(agency_id=chart.agency_id, then=Value(None)), default=Value(chart.agency_id))
    rows = Consultation.objects.filter(pk__in=ids)
    rows.update(held_by_id=holder)
    words.keep(rows)
    circulation.release(ids, actor=actor)
    return ids


def _trail(handover: ChartHandover, actor: Actor, did: str) -> None:
    audit.record(
        access.HAND_OVER_CHART,
        actor=actor,
        household_id=handover.chart.household_id,
        obj=handover,
        detail={"did": did, "chart": handover.chart_id, "to": handover.to_agency_id},
    )
