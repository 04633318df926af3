"""Registrations of two families that are one: merged day by day, and taken apart again.

A row of the source that holds as it is moves. One that does not stays with the source, and the days of it that
count are made anew for the target. Rows of the target are changed only where the source's home fills a gap.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.families.models import HomeChange, Household, Registration, Renewal
from tsunagari.families.rules.merging import Registered, merge_registrations

JOINED = "家庭をまとめた"


def merge(source: Household, target: Household, *, actor: Actor) -> dict[str, Any]:
    """Merge the source's registrations into the target's; what was moved, changed and made, to part them."""
    rows = {
        row.pk: row
        for row in Registration.objects.select_for_update()
        .filter(household__in=[source, target])
        .order_by("starts_on", "pk")
    }
    mine = [_registered(row) for row in rows.values() if row.household_id == source.pk]
    theirs = [_registered(row) for row in rows.values() if row.household_id == target.pk]
    if not mine:
        return {}
    spans: dict[int, list[Registered]] = {}
    for span in merge_registrations(theirs, mine):
        spans.setdefault(span.id, []).append(span)
    told = _tell(mine, theirs, target, actor)
    changed = [_change(rows[row.id], row, spans[row.id][0]) for row in theirs if spans[row.id] != [row]]
    moved = [row.id for row in mine if spans.get(row.id) == [row]]
    Registration.objects.filter(pk__in=moved).update(household=target)
    kept = [spans[row.id][1:] for row in theirs] + [
        spans.get(row.id, []) for row in mine if row.id not in moved
    ]
    made = [_make(rows[span.id], span, target) for group in kept for span in group]
    return {"moved": moved, "changed": changed, "made": made, "told": told}


def part(done: dict[str, Any], source: Household, target: Household) -> None:
    """What was made goes, what was changed is as before, what was moved goes back."""
    for entry in done.get("made", []):
        _unmake(entry)
    for entry in done.get("changed", []):
        row = Registration.objects.filter(pk=entry["id"]).first()
        if row is not None and _state(row) == entry["after"]:
            starts_on, ends_on, row.is_home, row.end_reason = entry["before"]
            row.starts_on, row.ends_on = _day(starts_on), _day(ends_on) if ends_on else None
            row.save(update_fields=["starts_on", "ends_on", "is_home", "end_reason"])
    Registration.objects.filter(pk__in=done.get("moved", []), household=target).update(household=source)
    HomeChange.objects.filter(pk__in=done.get("told", [])).delete()


def _registered(row: Registration) -> Registered:
    return Registered(row.pk, row.agency_id, row.is_home, row.starts_on, row.ends_on)


def _state(row: Registration) -> list[Any]:
    """As it is kept in the join: days as text."""
    ends_on = row.ends_on.isoformat() if row.ends_on else None
    return [row.starts_on.isoformat(), ends_on, row.is_home, row.end_reason]


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _change(row: Registration, was: Registered, span: Registered) -> dict[str, Any]:
    before = _state(row)
    row.starts_on, row.ends_on, row.is_home = span.starts_on, span.ends_on, span.is_home
    if span.ends_on != was.ends_on:
        row.end_reason = JOINED
    row.save(update_fields=["starts_on", "ends_on", "is_home", "end_reason"])
    return {"id": row.pk, "before": before, "after": _state(row)}


def _make(origin: Registration, span: Registered, target: Household) -> dict[str, Any]:
    """The days of `span` for the target, with the renewals of its fiscal years."""
    made = Registration.objects.create(
        municipality_id=target.municipality_id,
        household=target,
        agency_id=origin.agency_id,
        is_home=span.is_home,
        source=origin.source,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        end_code=origin.end_code if span.ends_on == origin.ends_on else "",
        end_reason=origin.end_reason if span.ends_on == origin.ends_on else JOINED,
        created_at=clock.now(),
    )
    renewals = [
        Renewal.objects.create(
            municipality_id=renewal.municipality_id,
            registration=made,
            fiscal_year=renewal.fiscal_year,
            document=renewal.document,
            renewed_on=renewal.renewed_on,
            renewed_by=renewal.renewed_by,
            renewed_at=renewal.renewed_at,
        ).pk
        for renewal in Renewal.objects.filter(registration=origin).order_by("pk")
    ]
    return {"id": made.pk, "origin": origin.pk, "state": _state(made), "renewals": renewals}


def _unmake(entry: dict[str, Any]) -> None:
    """Remove a row made for the join. Renewed or ended since, that is handed to the row it came from."""
    made = Registration.objects.filter(pk=entry["id"]).first()
    origin = Registration.objects.filter(pk=entry["origin"]).first()
    if made is None or origin is None:
        return
    Renewal.objects.filter(pk__in=entry["renewals"]).delete()
    years = Renewal.objects.filter(registration=origin).values_list("fiscal_year", flat=True)
    Renewal.objects.filter(registration=made).exclude(fiscal_year__in=list(years)).update(registration=origin)
    Renewal.objects.filter(registration=made).delete()
    ended = made.ends_on if _state(made) != entry["state"] else None
    code, reason = made.end_code, made.end_reason
    made.delete()
    if ended is not None and origin.ends_on is None and ended >= origin.starts_on:
        origin.ends_on, origin.end_code, origin.end_reason = ended, code, reason
        origin.save(update_fields=["ends_on", "end_code", "end_reason"])


def _tell(mine: list[Registered], theirs: list[Registered], target: Household, actor: Actor) -> list[int]:
    """Both homes of today hear of each other when they differ."""
    today = clock.today()
    former = next((row for row in mine if row.is_home and row.holds(today)), None)
    stays = next((row for row in theirs if row.is_home and row.holds(today)), None)
    if former is None or stays is None or former.agency_id == stays.agency_id:
        return []
    change = HomeChange.objects.create(
        municipality_id=target.municipality_id,
        household=target,
        former_id=former.agency_id,
        new_id=stays.agency_id,
        changed_on=today,
        changed_at=clock.now(),
        changed_by=actor.user_id,
    )
    return [change.pk]
