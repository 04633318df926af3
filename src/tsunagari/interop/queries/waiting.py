"""Imports that wait for a person: news of 今日."""

from __future__ import annotations

from django.urls import reverse

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.news import News
from tsunagari.interop.models import Import

MOST = 5
_TO_DO = {
    Import.Status.MAPPING: "列の対応を決めると、つきあわせがはじまります",
    Import.Status.PREVIEW: "中を確かめると、取り込めます",
}


def imports_waiting(actor: Actor) -> list[News]:
    """Imports in sight that go on when somebody has looked at them, the oldest first, at most MOST and how many more.
    One statement; no name of a file, which may be a family's."""
    waiting = Import.objects.visible_to(actor).filter(status__in=list(_TO_DO))
    rows = waiting.select_related("agency").only("kind", "status", "created_at", "agency__name")
    found = list(rows.order_by("created_at", "pk")[: MOST + 1])
    lines = [_line(row) for row in found[:MOST]]
    if len(found) > MOST:
        lines.append(News("取り込み", "ほかにも取り込みが待っています", "", reverse("imports")))
    return lines


def _line(row: Import) -> News:
    since = row.created_at.astimezone(clock.TOKYO)
    whose = f"{row.agency.name}　" if row.agency else ""
    page = "roster_import" if row.kind == Import.Kind.ROSTER else "import"
    return News(
        "取り込み",
        row.get_kind_display(),
        f"{whose}{since.month}/{since.day}から。{_TO_DO[Import.Status(row.status)]}",
        reverse(page, args=[row.pk]),
    )
