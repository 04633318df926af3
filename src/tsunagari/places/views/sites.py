"""出張ひろば・外出先: the places an agency goes to, their times, and the times of day its roster counts by."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError, Forbidden
from tsunagari.base.japanese.dates import fiscal_year, fiscal_year_range
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.places import access, queries
from tsunagari.places.forms.changes import WhenForm, proposed_day
from tsunagari.places.forms.sites import DayForm, NewSiteForm, OnceForm, SiteEndForm, SiteForm, SlotsForm
from tsunagari.places.models import Agency, Site, SiteTime
from tsunagari.places.operations import sites as operations
from tsunagari.places.operations import slots as slot_operations
from tsunagari.places.rules import schedule_text
from tsunagari.places.views.answers import PAGE, blame, form_page


@allow(access.READ_PLACES)
def sites(request: StaffRequest) -> HttpResponse:
    """Every site of the town, one's own agency's first; those that have ended apart."""
    today = clock.today()
    ended = request.GET.get("ended") == "1"
    found = queries.own_first(request.actor, queries.sites(request.actor, day=today, ended=ended))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    lines = [(one, [schedule_text(time) for time in queries.weekly_times(one, today)]) for one in page]
    context = {"lines": lines, "page": page, "ended": ended, "today": today}
    return render(request, "places/sites.html", context)


@allow(access.READ_PLACES)
def site(request: StaffRequest, site_id: int) -> HttpResponse:
    return _site_page(request, _site(request, site_id))


def _site_page(request: StaffRequest, found: Site, form: DayForm | None = None) -> HttpResponse:
    today = clock.today()
    first, last = fiscal_year_range(fiscal_year(today))
    minutes = queries.site_minutes(found, first, last)
    context = {
        "site": found,
        "weekly": [(time, schedule_text(time)) for time in queries.weekly_times(found, today)],
        "coming": queries.coming_days(found, today),
        "months": [(month, _hours(total)) for month, total in minutes.items()],
        "year_hours": _hours(sum(minutes.values())),
        "fiscal_year": fiscal_year(today),
        "form": form or DayForm(),
        "today": today,
        "running": found.valid_to is None or found.valid_to >= today,
        "may_change": request.actor.may(access.MANAGE_SITES)
        and queries.manages(request.actor, found.agency_id),
    }
    return render(request, "places/site.html", context, status=422 if form else 200)


def _hours(minutes: int) -> str:
    """ "2", "2.5", "1.7": hours with one decimal at most."""
    return f"{minutes / 60:.1f}".removesuffix(".0")


@allow(access.MANAGE_SITES)
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    today = clock.today()
    agencies = queries.agencies_managed(request.actor, today)
    if "more" in request.POST:
        opening = NewSiteForm(agencies, initial=request.POST.dict())
        typed = SiteForm(typed=request.POST, more=True)
        return _edit_page(request, typed, opening, OnceForm(initial=request.POST.dict()))
    form = SiteForm(request.POST or None)
    chosen = {"agency": request.GET.get("agency") or request.actor.agency_id, "valid_from": today}
    opening = NewSiteForm(agencies, request.POST or None, initial=chosen)
    day = OnceForm(request.POST or None)
    if request.method == "POST" and form.is_valid() & opening.is_valid() & day.is_valid():
        try:
            made = operations.add_site(
                opening.cleaned_data["agency"],
                form.site(day.days()),
                actor=request.actor,
                valid_from=opening.cleaned_data["valid_from"],
            )
        except DomainError as error:
            blame(opening if error.field in opening.fields else form, error)
        else:
            messages.success(request, f"「{made.name}」を加えました。受付のときにえらべます。")
            return go(request, reverse("site", args=[made.pk]))
    return _edit_page(request, form, opening, day)


@allow(access.MANAGE_SITES)
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, site_id: int) -> HttpResponse:
    found = _own(request, site_id)
    if "more" in request.POST:
        when = WhenForm(initial=request.POST.dict())
        return _edit_page(request, SiteForm(typed=request.POST, more=True), when, site=found)
    times = [one for one in queries.weekly_times(found, clock.today()) if one.valid_to is None]
    form = SiteForm(request.POST or None, site=found, times=times)
    when = WhenForm(request.POST or None, initial=proposed_day())
    if request.method == "POST" and form.is_valid() & when.is_valid():
        try:
            operations.change_site(
                found,
                form.site(),
                actor=request.actor,
                expected_version=_version(request),
                effective_on=when.day(found.valid_from),
            )
        except DomainError as error:
            blame(when if error.field in when.fields else form, error)
        else:
            messages.success(request, "変更を保存しました。")
            return go(request, reverse("site", args=[found.pk]))
    return _edit_page(request, form, when, site=found)


def _version(request: StaffRequest) -> int:
    version = request.POST.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 10 else 0


def _edit_page(
    request: StaffRequest,
    form: SiteForm,
    other: NewSiteForm | WhenForm,
    day: DayForm | None = None,
    *,
    site: Site | None = None,
) -> HttpResponse:
    wrong = bool(form.errors or other.errors or (day and day.errors))
    context = {
        "form": form,
        "other": other,
        "day": day,
        "site": site,
        "version": request.POST.get("version") or (site.version if site else ""),
        "title": f"{site.name}を変える" if site else "出張ひろば・外出先を加える",
        "back": reverse("site", args=[site.pk]) if site else reverse("sites"),
        "wrong": wrong,
    }
    return render(request, "places/site_edit.html", context, status=422 if wrong else 200)


@allow(access.MANAGE_SITES)
@require_http_methods(["GET", "POST"])
def end(request: StaffRequest, site_id: int) -> HttpResponse:
    found = _own(request, site_id)
    back = reverse("site", args=[found.pk])
    form = SiteEndForm(request.POST or None, initial={"ends_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            operations.end_site(found, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            blame(form, error)
        else:
            messages.success(request, "終わりの日を決めました。これまでの来所は残ります。")
            return go(request, back)
    above = [(reverse("sites"), "出張ひろば・外出先"), (back, found.name)]
    title = f"{found.name}を終わりにする"
    return form_page(request, form, title=title, action="終わりにする", back=back, above=above)


@allow(access.MANAGE_SITES)
@require_POST
def reopen(request: StaffRequest, site_id: int) -> HttpResponse:
    found = operations.reopen_site(_own(request, site_id), actor=request.actor)
    messages.success(request, "終わりを取り消しました。")
    return go(request, reverse("site", args=[found.pk]))


@allow(access.MANAGE_SITES)
@require_POST
def day_new(request: StaffRequest, site_id: int) -> HttpResponse:
    found, form = _own(request, site_id), DayForm(request.POST)
    if form.is_valid():
        try:
            operations.add_day(found, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            blame(form, error)
        else:
            messages.success(request, "日を加えました。")
            return go(request, f"{reverse('site', args=[found.pk])}#days")
    return _site_page(request, found, form)


@allow(access.MANAGE_SITES)
@require_POST
def day_remove(request: StaffRequest, site_id: int, time_id: int) -> HttpResponse:
    found = _own(request, site_id)
    row = get_object_or_404(SiteTime, site=found, pk=time_id, day__isnull=False)
    operations.remove_day(row, actor=request.actor)
    messages.success(request, "その日を取り消しました。")
    return go(request, f"{reverse('site', args=[found.pk])}#days")


@allow(access.MANAGE_SLOTS)
@require_http_methods(["GET", "POST"])
def slots(request: StaffRequest, agency_id: int) -> HttpResponse:
    """The times of day of an agency's roster."""
    found = seen(Agency, request.actor, pk=agency_id)
    if not queries.manages(request.actor, found.pk):
        raise Forbidden("ほかの機関の時間帯は変えられません。", action=access.MANAGE_SLOTS.name)
    form = SlotsForm(request.POST or None, slots=queries.slots_of(found.pk))
    if request.method == "POST" and form.is_valid():
        try:
            slot_operations.set_slots(found, form.slots(), actor=request.actor)
        except DomainError as error:
            blame(form, error)
        else:
            messages.success(request, "名簿の時間帯を保存しました。")
            return go(request, reverse("agency", args=[found.pk]))
    context = {"agency": found, "form": form}
    return render(request, "places/slots.html", context, status=422 if form.errors else 200)


def _site(request: StaffRequest, site_id: int) -> Site:
    found = seen(Site, request.actor, "agency", pk=site_id)
    prefetch_related_objects([found], "times")
    return found


def _own(request: StaffRequest, site_id: int) -> Site:
    found = _site(request, site_id)
    if not queries.manages(request.actor, found.agency_id):
        raise Forbidden("ほかの機関の場所は変えられません。", action=access.MANAGE_SITES.name)
    return found
