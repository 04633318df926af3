"""A chart as it was: former heads, handovers with their answers, records that were taken out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.prepared import prepared
from tsunagari.encounters.models import Chart, ChartEntry, ChartHandover, ChartRevision, Consultation
from tsunagari.encounters.rules import CONSENTS
from tsunagari.encounters.rules.charts import CLOSINGS

PAGE = 30


@dataclass(frozen=True, slots=True)
class Change:
    """What a former head said that the next one does not: (label, before, after)."""

    at: datetime
    by: str
    reason: str
    changes: list[tuple[str, str, str]]


_LABELS = {
    "why": "追う理由",
    "concern": "気がかりの度合い",
    "review_on": "次の見直し",
    "owner_name": "担当",
    "shared": "センターと共有",
    "number": "番号",
    "closed_on": "終了日",
    "closed_reason": "終わった理由",
    "closing_summary": "終わりのまとめ",
}


def revisions(chart: Chart, concerns: tuple[str, ...]) -> list[Change]:
    """Every change of the head, the newest first; one query."""
    rows = list(ChartRevision.objects.filter(chart=chart).order_by("-version"))
    now = {name: _plain(getattr(chart, name)) for name in _LABELS}
    heads = [now, *(row.snapshot for row in rows)]
    return [
        Change(
            row.changed_at.astimezone(clock.TOKYO),
            row.changed_by_name,
            row.reason,
            [
                (
                    label,
                    _shown(name, row.snapshot.get(name), concerns),
                    _shown(name, heads[i].get(name), concerns),
                )
                for name, label in _LABELS.items()
                if row.snapshot.get(name) != heads[i].get(name)
            ],
        )
        for i, row in enumerate(rows)
    ]


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _shown(name: str, value: Any, concerns: tuple[str, ...]) -> str:
    if value in (None, ""):
        return "なし"
    if name == "concern":
        return concerns[value] if value < len(concerns) else str(value)
    if name == "shared":
        return "する" if value else "しない"
    if name == "closed_reason":
        return CLOSINGS.get(value, str(value))
    if name in ("review_on", "closed_on"):
        day = date.fromisoformat(value)
        return f"{day.year}年{day.month}月{day.day}日"
    return str(value)


@dataclass(frozen=True, slots=True)
class Passed:
    """One handover of a chart with its answer."""

    id: int
    from_name: str
    from_agency: str
    to_name: str
    to_agency: str
    note: str
    consent: str
    asked_at: datetime
    answered_at: datetime | None
    taken: bool
    reason: str

    @property
    def waiting(self) -> bool:
        return self.answered_at is None


def handovers(chart: Chart) -> list[Passed]:
    """Every handover of a chart, the newest first; one query."""
    return [_passed(row) for row in _handovers(chart.pk)]


@prepared
def _handovers(chart: int) -> QuerySet[ChartHandover, ChartHandover]:
    rows = ChartHandover.objects.filter(chart=chart).select_related("from_agency", "to_agency")
    return rows.order_by("-asked_at", "-pk")


def _passed(row: ChartHandover) -> Passed:
    within = row.from_agency_id == row.to_agency_id
    answered = row.taken_at or row.declined_at
    return Passed(
        row.pk,
        row.from_name,
        "" if within else row.from_agency.name,
        row.taken_by_name or row.to_name,
        "" if within else row.to_agency.name,
        row.note,
        "" if within else CONSENTS.get(row.consent, ""),
        row.asked_at.astimezone(clock.TOKYO),
        answered.astimezone(clock.TOKYO) if answered else None,
        row.taken_at is not None,
        row.decline_reason,
    )


@dataclass(frozen=True, slots=True)
class OutLine:
    """A record that is not in the chart any more; `id` None where the actor may not read it."""

    id: int | None
    at: datetime
    out_at: datetime
    reason: str
    from_nobody: bool


def taken_out(actor: Actor, chart: Chart, limit: int = PAGE) -> list[OutLine]:
    """Records that were in the chart and are not any more, the latest first. Two queries."""
    rows = ChartEntry.objects.filter(chart=chart, taken_out_at__isnull=False).select_related("consultation")
    found = list(rows.order_by("-taken_out_at", "-pk")[:limit])
    ids = [row.consultation_id for row in found]
    readable = set(Consultation.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))
    return [
        OutLine(
            row.consultation_id if row.consultation_id in readable else None,
            row.consultation.occurred_at.astimezone(clock.TOKYO),
            row.taken_out_at.astimezone(clock.TOKYO),
            row.taken_out_reason,
            row.from_nobody,
        )
        for row in found
        if row.taken_out_at is not None
    ]
