"""What 今日 says about reports: none for those who have nothing to do with them."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from tsunagari.base.actor import Actor
from tsunagari.base.news import News
from tsunagari.reports import access
from tsunagari.reports.queries import reports
from tsunagari.reports.queries.asking import Rules
from tsunagari.reports.queries.reports import Slot

MOST = 3


def reports_waiting(actor: Actor) -> list[News]:
    """The own agency's months that are over and not handed in; for those who receive, how many wait and are late. One
    statement where all is handed in; for the city at most seven, whatever there is."""
    rules = Rules(actor.municipality_id)
    return [*_own(actor, rules), *_of_town(actor, rules)]


def _own(actor: Actor, rules: Rules) -> Iterator[News]:
    if not actor.may(access.SUBMIT):
        return
    missing = reports.own_missing(actor, rules)
    for slot in missing[:MOST]:
        made = slot.report is not None
        url = reverse("report", args=[slot.report.pk]) if slot.report is not None else reverse("reports")
        yield News("報告", f"{slot.period.text}の月報", _how(slot, made=made), url)
    if len(missing) > MOST:
        yield News("報告", f"ほか{len(missing) - MOST}か月の月報", "まだ提出していません", reverse("reports"))


def _how(slot: Slot, *, made: bool) -> str:
    if slot.state == "returned":
        return "差しもどされています"
    due = f"{slot.due_on.month}月{slot.due_on.day}日"
    said = "作成中です" if made else "まだ提出していません"
    return (
        f"期限（{due}）を{slot.days_late}日すぎています" if slot.days_late > 0 else f"{said}。期限は{due}です"
    )


def _of_town(actor: Actor, rules: Rules) -> Iterator[News]:
    if not actor.may(access.RECEIVE):
        return
    if waiting := reports.waiting(actor).count():
        yield News("報告", "受け取りを待つ報告", f"{waiting}件あります", reverse("report_city"))
    if late := len(reports.late(actor, rules)):
        yield News("報告", "おくれている月報", f"{late}件あります", reverse("report_late"))
