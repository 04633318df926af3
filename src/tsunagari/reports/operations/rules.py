"""The city says what it asks for."""

from __future__ import annotations

from django.db import transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.places.models import Agency, Municipality
from tsunagari.reports import access
from tsunagari.reports.models import ReportingRule
from tsunagari.reports.rules import ITEMS, Asked
from tsunagari.reports.rules.asking import WORDS

LATEST_DUE_DAY = 28


@transaction.atomic
def ask(agency: Agency | None, asked: Asked, *, actor: Actor, expected_version: int) -> ReportingRule:
    """Put what an agency is asked for in force, or the default of all others (None). `expected_version` is 0 for a
    first rule. Conflict when somebody saved after the form was opened."""
    _require_sound(asked)
    rule = _locked(agency, actor)
    if (rule.version if rule else 0) != expected_version:
        raise Conflict(
            "ほかの人が先に保存しました。", what_to_do="いまの内容を確かめて、もう一度保存してください。"
        )
    if rule is None:
        rule = ReportingRule(municipality_id=actor.municipality_id, agency=agency, version=0)
    rule.items, rule.daily, rule.due_day = dict(asked.items), asked.daily, asked.due_day
    rule.version += 1
    rule.changed_at, rule.changed_by = clock.now(), actor.user_id
    rule.save()
    detail = {"agency": agency.pk if agency else None, "items": rule.items, "due_day": rule.due_day}
    audit.record(access.ASK, actor=actor, obj=rule, detail=detail)
    return rule


@transaction.atomic
def as_all(agency: Agency, *, actor: Actor) -> None:
    """The agency is asked what all are asked: its own rule goes. Nothing to do without one."""
    rule = _locked(agency, actor)
    if rule is not None:
        audit.record(access.ASK, actor=actor, obj=rule, detail={"agency": agency.pk, "items": None})
        rule.delete()


def _locked(agency: Agency | None, actor: Actor) -> ReportingRule | None:
    """The rule as it is now; the town is locked, so that two first rules wait for each other."""
    Municipality.objects.select_for_update(no_key=True).get(pk=actor.municipality_id)
    rows = ReportingRule.objects.filter(municipality_id=actor.municipality_id)
    return rows.filter(agency=agency).first()


def _require_sound(asked: Asked) -> None:
    if set(asked.items) - set(ITEMS) or set(asked.items.values()) - (set(WORDS) - {"differs"}):
        raise DomainError("求める項目をえらびなおしてください。", field="items")
    if not 1 <= asked.due_day <= LATEST_DUE_DAY:
        raise DomainError(f"期限は1日から{LATEST_DUE_DAY}日までの間で決めてください。", field="due_day")
