"""Agencies: opening, changing from a day on, closing, and days with other hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, time
from itertools import pairwise

from django.db import transaction
from django.db.models import F

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.places import access, queries
from tsunagari.places.models import (
    Agency,
    AgencyPeriod,
    Area,
    Designation,
    Municipality,
    OpeningException,
    OpeningHour,
)
from tsunagari.places.rules import CODE_LISTS, PLAIN_FIELDS, HourInput, PeriodInput, day_before, differences


@transaction.atomic
def open_agency(
    period: PeriodInput,
    *,
    actor: Actor,
    identifier: str = "",
    kind: str = Agency.Kind.AGENCY,
    opened_on: date | None = None,
    effective_on: date | None = None,
) -> Agency:
    """A new agency and its first period, from `effective_on` (default: the opening day, else today).

    An empty `identifier` is numbered by the system. DomainError when the identifier is taken or a value is
    wrong.
    """
    _check(period, actor)
    Municipality.objects.select_for_update().get(pk=actor.municipality_id)
    if identifier and _named(actor, identifier).exists():
        raise DomainError(
            "このIDは、ほかの場所で使われています。", what_to_do="別のIDにしてください。", field="identifier"
        )
    agency = Agency.objects.create(
        municipality_id=actor.municipality_id,
        kind=kind,
        identifier=identifier or _next_identifier(actor),
        name=period.name,
        opened_on=opened_on,
    )
    first = effective_on or opened_on or clock.today()
    row = _insert(agency, period, first, None)
    audit.record(access.MANAGE_PLACES, actor=actor, obj=agency, detail={"change": "open", "period": row.pk})
    return agency


@transaction.atomic
def change_agency(agency: Agency, period: PeriodInput, *, actor: Actor, effective_on: date) -> AgencyPeriod:
    """How the agency is from `effective_on` on; returns the period that holds that day.

    On the first day of an existing period this corrects it; on a later day that period ends the day before
    and a
    new one begins, up to where the old one ended. Nothing is written when nothing differs. DomainError before
    the
    first period and after closing.
    """
    agency = _locked(agency, actor)
    _check(period, actor)
    current = (
        agency.periods.select_for_update().prefetch_related("hours").filter(valid_from__lte=effective_on)
    )
    covering = current.order_by("-valid_from").first()
    if covering is None or (covering.valid_to is not None and covering.valid_to < effective_on):
        raise DomainError(
            "その日は、この場所の期間に入っていません。",
            what_to_do="開設日より後で、廃止日までの日を入れてください。",
            field="effective_on",
        )
    changed = differences(queries.period_input(covering), period)
    if not changed:
        return covering
    correcting = covering.valid_from == effective_on
    row = _correct(covering, period) if correcting else _split(agency, covering, period, effective_on)
    _keep_name(agency)
    detail = {"change": "correct" if correcting else "period", "period": row.pk, "fields": list(changed)}
    audit.record(access.MANAGE_PLACES, actor=actor, obj=agency, detail=detail)
    return row


@transaction.atomic
def close_agency(agency: Agency, *, actor: Actor, closed_on: date) -> Agency:
    """The agency's last day. Its period and its designation end that day; what was recorded there stays."""
    agency = _locked(agency, actor)
    if agency.closed_on is not None:
        raise Conflict("この場所は、もう廃止されています。")
    last = agency.periods.select_for_update().order_by("-valid_from").first()
    if last is None or last.valid_from > closed_on:
        raise DomainError(
            "その日より後に始まる内容があります。",
            what_to_do="廃止日を、いちばん新しい期間の開始日より後にしてください。",
            field="closed_on",
        )
    last.valid_to = closed_on
    last.save(update_fields=["valid_to"])
    agency.closed_on = closed_on
    agency.save(update_fields=["closed_on"])
    running = (
        Designation.objects.visible_to(actor).filter(agency=agency, valid_from__lte=closed_on).on(closed_on)
    )
    running.update(valid_to=closed_on, end_reason="場所の廃止")
    audit.record(
        access.MANAGE_PLACES, actor=actor, obj=agency, detail={"change": "close", "on": closed_on.isoformat()}
    )
    return agency


@transaction.atomic
def reopen_agency(agency: Agency, *, actor: Actor) -> Agency:
    """Take back a closing. A designation that ended with it must be made again."""
    agency = _locked(agency, actor)
    if agency.closed_on is None:
        raise Conflict("この場所は、廃止されていません。")
    agency.periods.filter(valid_to=agency.closed_on).update(valid_to=None)
    agency.closed_on = None
    agency.save(update_fields=["closed_on"])
    audit.record(access.MANAGE_PLACES, actor=actor, obj=agency, detail={"change": "reopen"})
    return agency


@transaction.atomic
def add_exception(
    agency: Agency,
    *,
    actor: Actor,
    first_day: date,
    last_day: date | None = None,
    opens: time | None = None,
    closes: time | None = None,
    reason: str = "",
) -> OpeningException:
    """Days (inclusive) on which the agency is closed, or open from `opens` to `closes` instead."""
    agency = _locked(agency, actor)
    last_day = last_day or first_day
    if last_day < first_day:
        raise DomainError("おわりの日が、はじめの日より前です。", field="last_day")
    if (opens is None) != (closes is None) or (opens and closes and opens >= closes):
        raise DomainError("開く時刻と閉める時刻を、両方とも正しい順に入れてください。", field="closes")
    exception = OpeningException.objects.create(
        municipality_id=actor.municipality_id,
        agency=agency,
        first_day=first_day,
        last_day=last_day,
        opens=opens,
        closes=closes,
        reason=reason,
    )
    detail = {"change": "exception", "exception": exception.pk}
    audit.record(access.MANAGE_PLACES, actor=actor, obj=agency, detail=detail)
    return exception


@transaction.atomic
def remove_exception(exception: OpeningException, *, actor: Actor) -> None:
    """Take an exception away, as if it had never been announced."""
    detail = {"change": "exception-removed", "exception": exception.pk}
    audit.record(access.MANAGE_PLACES, actor=actor, obj=exception.agency, detail=detail)
    exception.delete()


@transaction.atomic
def refresh_names(*, actor: Actor) -> int:
    """Bring `Agency.name` up to today's period (periods may be entered ahead); returns how many changed."""
    today = AgencyPeriod.objects.visible_to(actor).on(clock.today()).exclude(name=F("agency__name"))
    periods = today.select_related("agency").select_for_update(of=("agency",))
    stale = [period.agency for period in periods if _renamed(period)]
    Agency.objects.bulk_update(stale, ["name"])
    if stale:
        detail = {"change": "names", "agencies": [agency.pk for agency in stale]}
        audit.record(access.MANAGE_PLACES, actor=actor, detail=detail)
    return len(stale)


def _renamed(period: AgencyPeriod) -> bool:
    changed = period.agency.name != period.name
    period.agency.name = period.name
    return changed


def _locked(agency: Agency, actor: Actor) -> Agency:
    return Agency.objects.visible_to(actor).select_for_update().get(pk=agency.pk)


def _named(actor: Actor, identifier: str) -> queries.Agencies:
    return Agency.objects.visible_to(actor).filter(identifier=identifier)


def _next_identifier(actor: Actor) -> str:
    number = Agency.objects.visible_to(actor).count() + 1
    while _named(actor, f"S{number:04}").exists():
        number += 1
    return f"S{number:04}"


def _check(period: PeriodInput, actor: Actor) -> None:
    if not period.name.strip():
        raise DomainError("名称を入れてください。", field="name")
    for name, known in CODE_LISTS.items():
        if set(getattr(period, name)) - set(known):
            raise DomainError("一覧にない番号が入っています。", field=name)
    if (period.latitude is None) != (period.longitude is None):
        raise DomainError("緯度と経度は、両方とも入れてください。", field="longitude")
    if period.area_id is not None and not Area.objects.visible_to(actor).filter(pk=period.area_id).exists():
        raise DomainError("区域が見つかりません。", field="area")
    _check_hours(period.hours)


def _check_hours(hours: Sequence[HourInput]) -> None:
    ordered = sorted(hours, key=lambda row: (row.kind, row.weekday, row.opens))
    for row in ordered:
        if row.opens >= row.closes:
            raise DomainError("閉める時刻は、開く時刻より後にしてください。", field="hours")
    for row, following in pairwise(ordered):
        if (row.kind, row.weekday) == (following.kind, following.weekday) and following.opens < row.closes:
            raise DomainError("同じ曜日の時間が重なっています。", field="hours")


def _values(period: PeriodInput) -> dict[str, object]:
    lists = {name: sorted(getattr(period, name), key=list(codes).index) for name, codes in CODE_LISTS.items()}
    channels = [asdict(channel) for channel in period.channels]
    return {name: getattr(period, name) for name in PLAIN_FIELDS} | lists | {"channels": channels}


def _insert(agency: Agency, period: PeriodInput, first: date, last: date | None) -> AgencyPeriod:
    row = AgencyPeriod.objects.create(
        municipality_id=agency.municipality_id,
        agency=agency,
        valid_from=first,
        valid_to=last,
        **_values(period),
    )
    _write_hours(row, period)
    return row


def _correct(row: AgencyPeriod, period: PeriodInput) -> AgencyPeriod:
    values = _values(period)
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    row.hours.all().delete()
    _write_hours(row, period)
    return row


def _split(agency: Agency, covering: AgencyPeriod, period: PeriodInput, first: date) -> AgencyPeriod:
    last = covering.valid_to
    covering.valid_to = day_before(first)
    covering.save(update_fields=["valid_to"])
    return _insert(agency, period, first, last)


def _write_hours(row: AgencyPeriod, period: PeriodInput) -> None:
    OpeningHour.objects.bulk_create(
        OpeningHour(
            municipality_id=row.municipality_id,
            period=row,
            kind=hour.kind,
            weekday=hour.weekday,
            opens=hour.opens,
            closes=hour.closes,
        )
        for hour in period.hours
    )


def _keep_name(agency: Agency) -> None:
    current = agency.periods.filter(valid_from__lte=clock.today()).order_by("-valid_from").first()
    if current is not None and current.name != agency.name:
        agency.name = current.name
        agency.save(update_fields=["name"])
