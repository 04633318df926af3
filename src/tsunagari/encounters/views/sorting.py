"""細かい分類: the city's own under the 13."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.japanese.ages import fiscal_year
from tsunagari.base.pages import go
from tsunagari.base.seen import seen
from tsunagari.encounters import access
from tsunagari.encounters.forms.sorting import DetailForm, EndForm, RenameForm
from tsunagari.encounters.models import SubCategory
from tsunagari.encounters.operations import sorting as operations
from tsunagari.encounters.queries import sorting as queries
from tsunagari.encounters.views.keeping import refuse
from tsunagari.encounters.views.partners import form_page, posted_version


@allow(access.MANAGE_CATEGORIES)
def categories(request: StaffRequest) -> HttpResponse:
    """The 13 with the city's finer ones, and a new one."""
    year = fiscal_year(clock.today())
    chosen = request.GET.get("category", "")
    begun = {"from_year": year, "category": int(chosen) if chosen.isdecimal() else None}
    form = DetailForm(request.POST or None, initial=begun)
    if form.is_valid():
        try:
            made = operations.add_detail(actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, f"「{made.label}」を足しました。")
            return go(request, reverse("categories"))
    groups = queries.groups(request.actor, year)
    return form_page(request, "encounters/categories.html", form, groups=groups, year=year)


@allow(access.MANAGE_CATEGORIES)
def category(request: StaffRequest, subcategory_id: int) -> HttpResponse:
    """Another name, its end, or taking it back when nothing has it."""
    found = seen(SubCategory, request.actor, pk=subcategory_id)
    year, posted = fiscal_year(clock.today()), request.POST or None
    if posted is not None and "remove" in posted:
        operations.remove_detail(found, actor=request.actor, version=posted_version(request))
        messages.success(request, f"「{found.label}」を消しました。")
        return go(request, reverse("categories"))
    ending = posted is not None and "to_year" in posted
    begun = {"version": found.version, "label": found.label, "from_year": max(year, found.from_year)}
    rename = RenameForm(None if ending else posted, initial=begun)
    end = EndForm(posted if ending else None, initial={"version": found.version, "to_year": year})
    form = end if ending else rename
    if form.is_valid():
        try:
            do = operations.end_detail if ending else operations.rename_detail
            do(found, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, "細かい分類を変えました。ついている記録はそのままです。")
            return go(request, reverse("categories"))
    context = {"detail": found, "rename": rename, "end": end, "used": queries.used(found), "year": year}
    return form_page(request, "encounters/category.html", form, **context)


@require_POST
@allow(access.MANAGE_CATEGORIES)
def category_move(request: StaffRequest, subcategory_id: int) -> HttpResponse:
    """One place up or down."""
    found = seen(SubCategory, request.actor, pk=subcategory_id)
    operations.move_detail(found, actor=request.actor, up="up" in request.POST)
    return go(request, f"{reverse('categories')}#c{found.category}")
