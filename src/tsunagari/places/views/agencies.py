"""The list of agencies, one agency, its changes and its history."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.places import access, queries
from tsunagari.places.forms.agencies import AgencyForm, OpeningForm
from tsunagari.places.forms.changes import (
    AgencyFilterForm,
    CloseForm,
    ExceptionForm,
    WhenForm,
    proposed_day,
)
from tsunagari.places.models import Agency, OpeningException
from tsunagari.places.operations import agencies as operations
from tsunagari.places.rules import LEGAL_PLACES, PeriodInput, legal_place, week
from tsunagari.places.views.answers import PAGE, blame, form_page


@allow(access.READ_PLACES)
def places(request: StaffRequest) -> HttpResponse:
    form = AgencyFilterForm(request.actor, request.GET)
    today = clock.today()
    found = queries.agencies(request.actor, form.filters(), day=today)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    lonely = queries.areas_without_agency(request.actor, day=today)
    context = {
        "form": form,
        "lines": queries.agency_lines(page.object_list, day=today),
        "page": page,
        "lonely": list(lonely.values_list("name", flat=True)),
        "today": today,
        "now": clock.now().time(),
    }
    return render(request, "places/places.html", context)


@allow(access.READ_PLACES)
def agency(request: StaffRequest, agency_id: int) -> HttpResponse:
    return _agency_page(request, _agency(request, agency_id))


def _agency_page(request: StaffRequest, found: Agency, form: ExceptionForm | None = None) -> HttpResponse:
    period = queries.period_of(found)
    given = queries.period_input(period) if period else None
    legal = legal_place(given.place_kind, given.programmes) if given else "approved"
    context = {
        "agency": found,
        "period": period,
        "facts": queries.facts(period) if period else {},
        "given": given,
        "week": week(given.hours) if given else [],
        "state": queries.open_now(found),
        "legal": LEGAL_PLACES[legal],
        "designations": found.designations.order_by("-valid_from"),
        "exceptions": queries.coming_exceptions(found, clock.today()),
        "exception_form": form or ExceptionForm(),
        "sites": queries.sites(request.actor, agency_id=found.pk, day=clock.today()),
        "slots": queries.slots_of(found.pk),
        "manages": queries.manages(request.actor, found.pk),
        "today": clock.today(),
    }
    return render(request, "places/agency.html", context, status=422 if form else 200)


@allow(access.READ_PLACES)
def history(request: StaffRequest, agency_id: int) -> HttpResponse:
    found = _agency(request, agency_id)
    context = {"agency": found, "entries": queries.history(found), "today": clock.today()}
    return render(request, "places/agency_history.html", context)


@allow(access.MANAGE_PLACES)
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    title, back = "場所を登録する", reverse("places")
    if "more" in request.POST:
        typed = OpeningForm(initial=request.POST.dict())
        return _edit_page(request, _with_more_rows(request), typed, title=title, back=back)
    form = AgencyForm(request.actor, request.POST or None)
    opening = OpeningForm(request.POST or None, initial={"opened_on": clock.today()})
    if request.method == "POST" and form.is_valid() & opening.is_valid():
        clean = opening.cleaned_data
        period = form.period(clean["opened_on"])
        try:
            made = operations.open_agency(period, actor=request.actor, **clean)
        except DomainError as error:
            blame(opening if error.field in opening.fields else form, error)
        else:
            messages.success(request, "場所を登録しました。")
            return go(request, reverse("agency", args=[made.pk]))
    return _edit_page(request, form, opening, title=title, back=back)


@allow(access.MANAGE_PLACES)
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, agency_id: int) -> HttpResponse:
    found = _agency(request, agency_id)
    period = queries.period_of(found)
    if period is None:
        raise DomainError("この場所には、まだ内容がありません。", status=404)
    title, back = f"{found.name}を変更する", reverse("agency", args=[found.pk])
    former = queries.period_input(period)
    if "more" in request.POST:
        typed = WhenForm(initial=request.POST.dict())
        return _edit_page(request, _with_more_rows(request, former), typed, title=title, back=back)
    form = AgencyForm(request.actor, request.POST or None, former=former)
    when = WhenForm(request.POST or None, initial=proposed_day())
    if request.method == "POST" and form.is_valid() & when.is_valid():
        day = when.day(period.valid_from)
        try:
            operations.change_agency(found, form.period(day), actor=request.actor, effective_on=day)
        except DomainError as error:
            blame(when if error.field in when.fields else form, error)
        else:
            messages.success(request, "場所の内容を保存しました。")
            return go(request, back)
    return _edit_page(request, form, when, title=title, back=back)


def _with_more_rows(request: StaffRequest, former: PeriodInput | None = None) -> AgencyForm:
    """The form as typed so far with one more row; nothing is judged yet."""
    more = request.POST.get("more", "")
    return AgencyForm(request.actor, former=former, typed=request.POST, more=more)


def _edit_page(
    request: StaffRequest, form: AgencyForm, other: OpeningForm | WhenForm, *, title: str, back: str
) -> HttpResponse:
    wrong = bool(form.errors or other.errors)
    context = {"form": form, "other": other, "title": title, "back": back, "wrong": wrong}
    return render(request, "places/agency_edit.html", context, status=422 if wrong else 200)


@allow(access.MANAGE_PLACES)
@require_http_methods(["GET", "POST"])
def close(request: StaffRequest, agency_id: int) -> HttpResponse:
    found = _agency(request, agency_id)
    form = CloseForm(request.POST or None, initial={"closed_on": clock.today()})
    back = reverse("agency", args=[found.pk])
    if request.method == "POST" and form.is_valid():
        try:
            operations.close_agency(found, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            blame(form, error)
        else:
            messages.success(request, "廃止日を決めました。これまでの記録は残ります。")
            return go(request, back)
    title, above = f"{found.name}を廃止する", [(back, found.name)]
    return form_page(request, form, title=title, action="廃止する", back=back, danger=True, above=above)


@allow(access.MANAGE_PLACES)
@require_POST
def reopen(request: StaffRequest, agency_id: int) -> HttpResponse:
    found = operations.reopen_agency(_agency(request, agency_id), actor=request.actor)
    messages.success(request, "廃止を取り消しました。")
    return go(request, reverse("agency", args=[found.pk]))


@allow(access.MANAGE_PLACES)
@require_POST
def exception_new(request: StaffRequest, agency_id: int) -> HttpResponse:
    found, form = _agency(request, agency_id), ExceptionForm(request.POST)
    if form.is_valid():
        try:
            operations.add_exception(found, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            blame(form, error)
        else:
            messages.success(request, "休みや時間の変更を加えました。")
            return go(request, f"{reverse('agency', args=[found.pk])}#exceptions")
    return _agency_page(request, found, form)


@allow(access.MANAGE_PLACES)
@require_POST
def exception_remove(request: StaffRequest, agency_id: int, exception_id: int) -> HttpResponse:
    found = seen(OpeningException, request.actor, "agency", pk=exception_id, agency_id=agency_id)
    operations.remove_exception(found, actor=request.actor)
    messages.success(request, "休みや時間の変更を取り消しました。")
    return go(request, f"{reverse('agency', args=[agency_id])}#exceptions")


def _agency(request: StaffRequest, agency_id: int) -> Agency:
    return seen(Agency, request.actor, pk=agency_id)
