"""Rules of circulation: of the town by 統括 and 自治体, of the own agency by its 施設長. Ended and taken back,
never changed."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.encounters import access
from tsunagari.encounters.models import CirculationRule, RecordMark
from tsunagari.encounters.operations.partners import lock_town
from tsunagari.encounters.rules.circulation import KINDS, MOST_DAYS, RuleInput
from tsunagari.encounters.rules.codes import CATEGORY, CONCERNS
from tsunagari.encounters.rules.keeping import READERS
from tsunagari.places.models import Agency

_SAYS = ("agency_id", "mark_id", "category", "concern_from", "kind", "within_days", "readers")


@transaction.atomic
def add_rule(rule: RuleInput, *, actor: Actor) -> CirculationRule:
    """From the next record on. DomainError naming the field; Forbidden for another agency's manager."""
    _require_own(rule.agency_id, actor)
    _require_sound(rule, actor)
    same = {name: getattr(rule, name) for name in _SAYS} | {"readers": sorted(rule.readers)}
    lock_town(actor)
    known = _running(same, actor)
    if known is not None:
        return known
    row: CirculationRule = CirculationRule.objects.create(
        municipality_id=actor.municipality_id, created_at=clock.now(), created_by=actor.user_id, **same
    )
    audit.record(access.MANAGE_CIRCULATION, actor=actor, obj=row, detail={"did": "add"})
    return row


@transaction.atomic
def end_rule(found: CirculationRule, *, actor: Actor) -> CirculationRule:
    """From now on it asks nobody; who was asked stays asked. Conflict when it has ended."""
    row = CirculationRule.objects.select_for_update(of=("self",)).get(pk=found.pk)
    _require_own(row.agency_id, actor)
    if row.ended_on is not None:
        raise Conflict("このきまりは、もう終わっています。")
    row.ended_on = clock.today()
    row.save(update_fields=["ended_on"])
    audit.record(access.MANAGE_CIRCULATION, actor=actor, obj=row, detail={"did": "end"})
    return row


@transaction.atomic
def take_rule_back(found: CirculationRule, *, actor: Actor) -> CirculationRule:
    """It was ended by mistake: from now on it asks again; records written meanwhile stay as they are. Again is once.
    Conflict when the same was made anew."""
    lock_town(actor)
    row = CirculationRule.objects.select_for_update(of=("self",)).get(pk=found.pk)
    _require_own(row.agency_id, actor)
    if row.ended_on is None:
        return row
    if _running({name: getattr(row, name) for name in _SAYS}, actor) is not None:
        raise Conflict("同じきまりが、もうつくられています。")
    row.ended_on = None
    row.save(update_fields=["ended_on"])
    audit.record(access.MANAGE_CIRCULATION, actor=actor, obj=row, detail={"did": "back"})
    return row


def _running(same: dict[str, Any], actor: Actor) -> CirculationRule | None:
    """The rule in force that says the same."""
    rows = CirculationRule.objects.filter(municipality_id=actor.municipality_id, ended_on__isnull=True)
    return rows.filter(**same).first()


def _require_own(agency_id: int | None, actor: Actor) -> None:
    if actor.scope != "municipality" and (agency_id is None or agency_id != actor.agency_id):
        raise Forbidden("自分の機関のきまりだけを決められます。", action=access.MANAGE_CIRCULATION.name)


def _require_sound(rule: RuleInput, actor: Actor) -> None:
    if not rule.readers or set(rule.readers) - set(READERS):
        raise DomainError("だれに回すかを、えらんでください。", field="readers")
    if rule.kind not in KINDS:
        raise DomainError("求めることをえらんでください。", field="kind")
    if rule.category is not None and rule.category not in CATEGORY:
        raise DomainError("分類をえらびなおしてください。", field="category")
    if rule.concern_from is not None and rule.concern_from not in range(len(CONCERNS)):
        raise DomainError("気がかりの度合いをえらびなおしてください。", field="concern_from")
    if rule.within_days is not None and not 0 <= rule.within_days <= MOST_DAYS:
        raise DomainError(f"0から{MOST_DAYS}までの日数を入れてください。", field="within_days")
    marks = RecordMark.objects.visible_to(actor).filter(ended_on__isnull=True)
    if rule.mark_id is not None and not marks.filter(pk=rule.mark_id).exists():
        raise DomainError("印をえらびなおしてください。", field="mark_id")
    agencies = Agency.objects.visible_to(actor)
    if rule.agency_id is not None and not agencies.filter(pk=rule.agency_id).exists():
        raise DomainError("機関をえらびなおしてください。", field="agency_id")
