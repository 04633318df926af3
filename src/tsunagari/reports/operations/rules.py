"""The city says what it asks for."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.base.japanese.ages import add_months
from tsunagari.places.models import Agency, Municipality
from tsunagari.reports import access
from tsunagari.reports.models import ReportingRule
from tsunagari.reports.queries.asking import Rules, usual_start
from tsunagari.reports.rules import ITEMS, Asked
from tsunagari.reports.rules.asking import WORDS

LATEST_DUE_DAY = 28
MONTHS_AHEAD = 12
OLDEST = date(2000, 4, 1)


@transaction.atomic
def ask(
    agency: Agency | None, asked: Asked, *, actor: Actor, expected_version: int, since: date | None = None
) -> ReportingRule:
    """Put what an agency is asked for in force from the month `since` on (None: `usual_start`), or the default of all
    others (agency None). Rules of months before stay, later ones go. `expected_version` is 0 for a first rule.
    Conflict when somebody saved after the form was opened."""
    _require_sound(asked)
    rules = _locked(actor)
    standing = rules.newest(agency.pk if agency else None)
    if (standing.version if standing else 0) != expected_version:
        raise Conflict(
            "ほかの人が先に保存しました。", what_to_do="いまの内容を確かめて、もう一度保存してください。"
        )
    first = _sound_start(since, rules, agency)
    return _put(agency, asked, first, actor, (standing.version if standing else 0) + 1)


@transaction.atomic
def as_all(agency: Agency, *, actor: Actor, since: date | None = None) -> date:
    """From the month on (None: `usual_start`) the agency is asked what all are asked; months before keep its own rule.
    Returns the month. Nothing to do without one."""
    rules = _locked(actor)
    standing, first = rules.newest(agency.pk), _sound_start(since, rules, agency)
    if standing is not None and (standing.items is not None or standing.starts_on > first):
        _put(agency, None, first, actor, standing.version + 1)
    return first


def _put(
    agency: Agency | None, asked: Asked | None, first: date, actor: Actor, version: int
) -> ReportingRule:
    """Write the rule that begins there; what was to begin then or later is replaced."""
    later = ReportingRule.objects.filter(municipality_id=actor.municipality_id, agency=agency)
    later.filter(starts_on__gte=first).delete()
    rule = ReportingRule.objects.create(
        municipality_id=actor.municipality_id,
        agency=agency,
        starts_on=first,
        items=dict(asked.items) if asked else None,
        daily=asked.daily if asked else False,
        due_day=asked.due_day if asked else Asked().due_day,
        version=version,
        changed_at=clock.now(),
        changed_by=actor.user_id,
    )
    detail = {"agency": agency.pk if agency else None, "items": rule.items, "since": str(first)}
    audit.record(access.ASK, actor=actor, obj=rule, detail=detail | {"due_day": rule.due_day})
    return rule


def _locked(actor: Actor) -> Rules:
    """The rules as they are now; the town is locked, so that two first rules wait for each other."""
    Municipality.objects.select_for_update(no_key=True).get(pk=actor.municipality_id)
    return Rules(actor.municipality_id)


def _sound_start(since: date | None, rules: Rules, agency: Agency | None) -> date:
    """The first of a month, no more than a year ahead."""
    if since is None:
        return usual_start(rules, agency.pk if agency else None)
    if since.day != 1 or not OLDEST <= since <= add_months(clock.today(), MONTHS_AHEAD):
        raise DomainError(
            f"いつの報告からかは、{MONTHS_AHEAD}か月先までの月でえらんでください。", field="since"
        )
    return since


def _require_sound(asked: Asked) -> None:
    if set(asked.items) - set(ITEMS) or set(asked.items.values()) - (set(WORDS) - {"differs"}):
        raise DomainError("求める項目をえらびなおしてください。", field="items")
    if not 1 <= asked.due_day <= LATEST_DUE_DAY:
        raise DomainError(f"期限は1日から{LATEST_DUE_DAY}日までの間で決めてください。", field="due_day")
