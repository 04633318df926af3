"""Places an agency goes to: adding, changing from a day on, single days, ending (A4, C5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

from django.db import transaction
from django.db.models import Q

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.actor import Actor
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.places import access, queries
from tsunagari.places.models import Agency, Site, SiteTime
from tsunagari.places.rules import SiteInput, SiteTimeInput, day_before, schedule_text, times_clash

PLAIN = ("name", "kind", "address", "latitude", "longitude", "note")


@transaction.atomic
def add_site(agency: Agency, site: SiteInput, *, actor: Actor, valid_from: date | None = None) -> Site:
    """A place the agency goes to from `valid_from` (today) on, with its times. DomainError when times overlap, are
    the wrong way round, or the name is taken by another running site of the agency."""
    _require_own(agency.pk, actor)
    first = valid_from or clock.today()
    agency = Agency.objects.visible_to(actor).select_for_update().get(pk=agency.pk)
    if agency.closed_on is not None and agency.closed_on < first:
        raise DomainError("この場所は、その日にはもう廃止されています。", field="valid_from")
    _check(site)
    _refuse_same_name(agency.pk, site.name, first, besides=0)
    plain = {name: getattr(site, name) for name in PLAIN}
    made = Site.objects.create(
        municipality_id=actor.municipality_id, agency=agency, valid_from=first, **plain
    )
    _plan(made, site.times, valid_from=None)
    audit.record(access.MANAGE_SITES, actor=actor, obj=made, detail={"change": "add", "agency": agency.pk})
    return made


@transaction.atomic
def change_site(
    site: Site, given: SiteInput, *, actor: Actor, expected_version: int, effective_on: date | None = None
) -> Site:
    """What the site is, and its weekly times from `effective_on` on (None: since it began, as a correction). Days
    are not touched: see `add_day`. Conflict when somebody changed the site since it was read."""
    site = _locked(site, actor)
    if site.version != expected_version:
        raise Conflict(
            "ほかの人が、この場所を先に変えました。",
            what_to_do="画面を開きなおして、もう一度変えてください。",
        )
    first = effective_on or site.valid_from
    if first < site.valid_from or (site.valid_to is not None and first > site.valid_to):
        raise DomainError("その日は、この場所の期間に入っていません。", field="effective_on")
    _check(given)
    _refuse_same_name(site.agency_id, given.name, first, besides=site.pk)
    for name in PLAIN:
        setattr(site, name, getattr(given, name))
    site.version += 1
    site.save(update_fields=[*PLAIN, "version"])
    _replan(site, [one for one in given.times if one.day is None], first)
    detail = {"change": "change", "version": site.version, "from": first.isoformat()}
    audit.record(access.MANAGE_SITES, actor=actor, obj=site, detail=detail)
    return site


@transaction.atomic
def add_day(site: Site, *, actor: Actor, day: date, opens: time, closes: time) -> SiteTime:
    """One day the site is open, also on a public holiday; on that day it stands instead of the weekly times."""
    site = _locked(site, actor)
    if day < site.valid_from or (site.valid_to is not None and day > site.valid_to):
        raise DomainError("その日は、この場所の期間に入っていません。", field="day")
    new = SiteTimeInput(opens=opens, closes=closes, day=day)
    rows = SiteTime.objects.filter(site=site, day=day)
    _check_times([new, *(queries.time_input(row) for row in rows)], field="closes")
    made = _plan(site, [new], valid_from=None)[0]
    detail = {"change": "day", "day": day.isoformat()}
    audit.record(access.MANAGE_SITES, actor=actor, obj=site, detail=detail)
    return made


@transaction.atomic
def remove_day(row: SiteTime, *, actor: Actor) -> None:
    """Take a single day back. Weekly times are changed by `change_site`."""
    site = _locked(row.site, actor)
    found = SiteTime.objects.filter(pk=row.pk, site=site, day__isnull=False)
    if found.delete()[0]:
        detail = {"change": "remove_day", "day": row.day.isoformat() if row.day else ""}
        audit.record(access.MANAGE_SITES, actor=actor, obj=site, detail=detail)


@transaction.atomic
def end_site(site: Site, *, actor: Actor, ends_on: date) -> Site:
    """The site's last day. What was counted there stays."""
    site = _locked(site, actor)
    if site.valid_to is not None and site.valid_to <= clock.today():
        raise Conflict("この場所は、もう終わっています。")
    if ends_on < site.valid_from:
        raise DomainError("終わりの日が、はじまりの日より前です。", field="ends_on")
    return _until(site, ends_on, actor)


@transaction.atomic
def reopen_site(site: Site, *, actor: Actor) -> Site:
    """Take the end of a site back."""
    site = _locked(site, actor)
    if site.valid_to is None:
        raise Conflict("この場所は、終わっていません。")
    _refuse_same_name(site.agency_id, site.name, site.valid_to, besides=site.pk)
    return _until(site, None, actor)


def _until(site: Site, last: date | None, actor: Actor) -> Site:
    site.valid_to = last
    site.save(update_fields=["valid_to"])
    detail = {"change": "end" if last else "reopen", "on": last.isoformat() if last else ""}
    audit.record(access.MANAGE_SITES, actor=actor, obj=site, detail=detail)
    return site


def _require_own(agency_id: int, actor: Actor) -> None:
    if not queries.manages(actor, agency_id):
        raise Forbidden(
            "ほかの機関の場所は変えられません。その機関の施設長か、市の担当にご相談ください。",
            action=access.MANAGE_SITES.name,
        )


def _locked(site: Site, actor: Actor) -> Site:
    found = Site.objects.visible_to(actor).select_for_update().get(pk=site.pk)
    _require_own(found.agency_id, actor)
    return found


def _check(site: SiteInput) -> None:
    if not site.name.strip():
        raise DomainError("名前を入れてください。", field="name")
    if site.kind not in Site.Kind.values:
        raise DomainError("種類をえらびなおしてください。", field="kind")
    if (site.latitude is None) != (site.longitude is None):
        raise DomainError("緯度と経度は、両方入れるか、両方空けてください。", field="longitude")
    _check_times(site.times)


def _check_times(times: Iterable[SiteTimeInput], field: str = "") -> None:
    found = list(times)
    for one in found:
        if one.closes <= one.opens:
            raise DomainError(f"{schedule_text(one)}：終わりを、始まりより後にしてください。", field=field)
        if (one.day is None) == (one.weekday is None):
            raise DomainError("曜日か日の、どちらか一方を入れてください。", field=field)
    clash = times_clash(found)
    if clash:
        first, second = (schedule_text(item) for item in clash)
        raise DomainError(f"「{first}」と「{second}」がかさなっています。", field=field)


def _refuse_same_name(agency_id: int, name: str, day: date, *, besides: int) -> None:
    running = Site.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), agency_id=agency_id)
    if running.filter(name=name).exclude(pk=besides).exists():
        raise DomainError(
            "同じ名前の場所が、もうあります。", what_to_do="区別できる名前にしてください。", field="name"
        )


def _plan(site: Site, times: Iterable[SiteTimeInput], *, valid_from: date | None) -> list[SiteTime]:
    return SiteTime.objects.bulk_create(
        SiteTime(
            municipality_id=site.municipality_id,
            site=site,
            weekday=one.weekday,
            weeks=sorted(one.weeks),
            day=one.day,
            opens=one.opens,
            closes=one.closes,
            valid_from=valid_from if one.day is None else None,
        )
        for one in times
    )


def _replan(site: Site, times: Iterable[SiteTimeInput], first: date) -> None:
    """Let exactly these weekly times hold from `first` on; what held before stays what it was."""
    wanted = {one.plan: one for one in times}
    weekly = SiteTime.objects.select_for_update().filter(site=site, day__isnull=True)
    for row in weekly.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first)):
        begun = (row.valid_from or site.valid_from) < first
        kept = wanted.get(queries.time_input(row).plan)
        if kept is not None and row.valid_to is None and (begun or row.valid_from in (None, first)):
            del wanted[kept.plan]
        elif begun:
            row.valid_to = day_before(first)
            row.save(update_fields=["valid_to"])
        else:
            row.delete()
    _plan(site, wanted.values(), valid_from=first if first > site.valid_from else None)
