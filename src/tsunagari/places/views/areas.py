"""Areas on a map, one area, its change; and designations."""

from __future__ import annotations

import orjson
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.places import access, queries
from tsunagari.places.forms.changes import AreaForm, DesignationForm, EndForm, WhenForm, proposed_day
from tsunagari.places.models import Agency, Area, Designation
from tsunagari.places.operations import areas as operations
from tsunagari.places.operations import designations
from tsunagari.places.views.answers import PAGE, blame, form_page


@allow(access.READ_PLACES)
def areas(request: StaffRequest) -> HttpResponse:
    asked = request.GET.get("kind", "")
    kind = asked if asked in Area.Kind.values else Area.Kind.SCHOOL
    page = Paginator(queries.areas(request.actor, kind=kind), PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    lines = queries.agencies_in(request.actor, shown)
    empty = queries.areas_without_agency(request.actor, kind=kind)
    lonely = set(empty.values_list("pk", flat=True))
    rows = [(area, [line for line in lines if _stands_in(line, area)], area.pk in lonely) for area in shown]
    context = {
        "rows": rows,
        "page": page,
        "drawing": queries.draw(shown, queries.periods_on_map(request.actor, shown), empty=lonely),
        "kind": kind,
        "kinds": Area.Kind.choices,
        "lonely": len(lonely),
        "overlaps": queries.overlaps(
            request.actor, kind=kind, among=shown if page.has_other_pages() else None
        ),
        "today": clock.today(),
    }
    return render(request, "places/areas.html", context)


def _stands_in(line: queries.AgencyLine, area: Area) -> bool:
    there = line.period.area if line.period else None
    return there is not None and (there.kind, there.code) == (area.kind, area.code)


@allow(access.READ_PLACES)
def area(request: StaffRequest, area_id: int) -> HttpResponse:
    found = _area(request, area_id)
    day = min(clock.today(), found.valid_to) if found.valid_to else clock.today()
    lines = queries.agencies_in(request.actor, [found], day=day)
    context = {
        "area": found,
        "lines": lines,
        "drawing": queries.draw([found], [line.period for line in lines if line.period]),
        "spans": queries.area_spans(request.actor, found),
        "today": clock.today(),
    }
    return render(request, "places/area.html", context)


@allow(access.MANAGE_PLACES)
@require_http_methods(["GET", "POST"])
def area_new(request: StaffRequest) -> HttpResponse:
    form, back = AreaForm(request.POST or None, initial={"kind": Area.Kind.SCHOOL}), reverse("areas")
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.add_area(form.area(), actor=request.actor, effective_on=clock.today())
        except DomainError as error:
            blame(form, error)
        else:
            messages.success(request, "区域を登録しました。")
            return go(request, reverse("area", args=[made.pk]))
    return form_page(
        request, form, title="区域を登録する", action="登録する", back=back, above=[(back, "区域")]
    )


@allow(access.MANAGE_PLACES)
@require_http_methods(["GET", "POST"])
def area_edit(request: StaffRequest, area_id: int) -> HttpResponse:
    found = _area(request, area_id)
    polygon = orjson.dumps(found.polygon).decode() if found.polygon else ""
    initial = {"kind": found.kind, "code": found.code, "name": found.name, "polygon": polygon}
    form = AreaForm(request.POST or None, initial=initial)
    when = WhenForm(request.POST or None, initial=proposed_day())
    if request.method == "POST" and form.is_valid() & when.is_valid():
        day = when.day(found.valid_from)
        try:
            changed = operations.change_area(found, form.area(), actor=request.actor, effective_on=day)
        except DomainError as error:
            blame(when if error.field in when.fields else form, error)
        else:
            messages.success(request, "区域を保存しました。")
            return go(request, reverse("area", args=[changed.pk]))
    wrong = bool(form.errors or when.errors)
    context = {"form": form, "other": when, "area": found, "wrong": wrong}
    return render(request, "places/area_edit.html", context, status=422 if wrong else 200)


@allow(access.MANAGE_PLACES)
@require_http_methods(["GET", "POST"])
def area_end(request: StaffRequest, area_id: int) -> HttpResponse:
    found = _area(request, area_id)
    form = EndForm(request.POST or None, initial={"ends_on": clock.today()})
    del form.fields["reason"]
    back = reverse("area", args=[found.pk])
    if request.method == "POST" and form.is_valid():
        try:
            operations.end_area(found, actor=request.actor, ends_on=form.cleaned_data["ends_on"])
        except DomainError as error:
            blame(form, error)
        else:
            messages.success(request, "区域の終わりを決めました。")
            return go(request, back)
    above = [(reverse("areas"), "区域"), (back, found.name)]
    title = f"{found.name}を終える"
    return form_page(request, form, title=title, action="この日で終える", back=back, above=above)


@allow(access.MANAGE_DESIGNATIONS)
@require_http_methods(["GET", "POST"])
def designation_new(request: StaffRequest, agency_id: int) -> HttpResponse:
    agency = seen(Agency, request.actor, pk=agency_id)
    form = DesignationForm(request.POST or None, initial={"valid_from": clock.today()})
    back = reverse("agency", args=[agency.pk])
    if request.method == "POST" and form.is_valid():
        try:
            designations.designate(agency, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            blame(form, error)
        else:
            messages.success(request, "地域子育て相談機関に指定しました。")
            return go(request, back)
    title, above = f"{agency.name}を指定する", [(back, agency.name)]
    return form_page(request, form, title=title, action="指定する", back=back, above=above)


@allow(access.MANAGE_DESIGNATIONS)
@require_http_methods(["GET", "POST"])
def designation_end(request: StaffRequest, agency_id: int, designation_id: int) -> HttpResponse:
    found = seen(Designation, request.actor, "agency", pk=designation_id, agency_id=agency_id)
    form = EndForm(request.POST or None, initial={"ends_on": clock.today()})
    back = reverse("agency", args=[agency_id])
    if request.method == "POST" and form.is_valid():
        try:
            designations.end_designation(found, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            blame(form, error)
        else:
            messages.success(request, "指定の終わりを決めました。")
            return go(request, back)
    title, above = f"{found.agency.name}の指定を終える", [(back, found.agency.name)]
    return form_page(request, form, title=title, action="この日で終える", back=back, above=above)


def _area(request: StaffRequest, area_id: int) -> Area:
    return seen(Area, request.actor, pk=area_id)
