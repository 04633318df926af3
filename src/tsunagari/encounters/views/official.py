"""公の表: lines, where records are counted, and that somebody checked them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.japanese.ages import fiscal_year
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.encounters import access
from tsunagari.encounters.forms.sorting import (
    CheckForm,
    CopyForm,
    ItemForm,
    MappingForm,
    ReopenForm,
    TableForm,
)
from tsunagari.encounters.models import OfficialItem, OfficialTable
from tsunagari.encounters.operations import official as operations
from tsunagari.encounters.queries import sorting as queries
from tsunagari.encounters.views.keeping import refuse
from tsunagari.encounters.views.partners import form_page, posted_version


@allow(access.MANAGE_CATEGORIES)
def officials(request: StaffRequest) -> HttpResponse:
    """The tables by year, and a new one."""
    year = fiscal_year(clock.today())
    form = TableForm(request.POST or None, defaults=operations.DEFAULTS, initial={"fiscal_year": year})
    if form.is_valid():
        given = form.cleaned_data
        try:
            if given["key"] == "own":
                made = operations.add_own(
                    given["label"], actor=request.actor, fiscal_year=given["fiscal_year"]
                )
            else:
                made = operations.add_default(
                    given["key"], actor=request.actor, fiscal_year=given["fiscal_year"]
                )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, "表を用意しました。まだ未確認です。原本と照らしあわせてください。")
            return go(request, reverse("official", args=[made.pk]))
    return form_page(request, "encounters/officials.html", form, tables=queries.tables(request.actor))


@allow(access.MANAGE_CATEGORIES)
def official(request: StaffRequest, table_id: int) -> HttpResponse:
    """One table: what is mapped nowhere first, its lines, its state and its former versions. POST saves the mapping."""
    table = _table(request, table_id)
    form = _mapping_form(request, table)
    if form.is_valid():
        try:
            version = form.cleaned_data["version"]
            operations.set_mapping(table, form.mapping(), actor=request.actor, version=version)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, "当てる先を保存しました。")
            return go(request, reverse("official", args=[table.pk]))
    return _page(request, table, form)


def _mapping_form(request: StaffRequest, table: OfficialTable, data: Any = None) -> MappingForm:
    lines = [
        (one.pk, f"{one.code}　{one.group}　{one.label}" if one.group else f"{one.code}　{one.label}")
        for one in queries.items(table)
    ]
    return MappingForm(
        request.POST or None if data is None else None,
        places=queries.places(table),
        lines=lines,
        initial={"version": table.version},
    )


@require_POST
@allow(access.MANAGE_CATEGORIES)
def official_check(request: StaffRequest, table_id: int) -> HttpResponse:
    """Compared with the original."""
    table = _table(request, table_id)
    form = CheckForm(request.POST, initial={"version": table.version})
    if form.is_valid():
        given = form.cleaned_data
        try:
            operations.check(table, actor=request.actor, source=given["source"], version=given["version"])
        except DomainError as error:
            refuse(form, error)
            again = ("version", "source")  # to be compared anew
            form.data = {name: form.data.get(name, "") for name in again}
        else:
            messages.success(request, "確認ずみにしました。")
            return go(request, reverse("official", args=[table.pk]))
    return _page(request, table, _mapping_form(request, table, data=()), check=form)


@require_POST
@allow(access.MANAGE_CATEGORIES)
def official_reopen(request: StaffRequest, table_id: int) -> HttpResponse:
    """Open a checked table for changes."""
    table = _table(request, table_id)
    form = ReopenForm(request.POST, initial={"version": table.version})
    if form.is_valid():
        try:
            operations.reopen(table, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(
                request, "直せるようにしました。前の版は残っています。直したら、もう一度確認してください。"
            )
            return go(request, reverse("official", args=[table.pk]))
    return _page(request, table, _mapping_form(request, table, data=()), reopen=form)


@require_POST
@allow(access.MANAGE_CATEGORIES)
def official_copy(request: StaffRequest, table_id: int) -> HttpResponse:
    """Copy to another fiscal year."""
    table, form = _table(request, table_id), CopyForm(request.POST)
    if form.is_valid():
        try:
            copy = operations.copy_to(table, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, f"{copy.fiscal_year}年度に写しました。まだ未確認です。")
            return go(request, reverse("official", args=[copy.pk]))
    return _page(request, table, _mapping_form(request, table, data=()), copy=form)


@allow(access.MANAGE_CATEGORIES)
def official_item_new(request: StaffRequest, table_id: int) -> HttpResponse:
    """A line more."""
    table = _table(request, table_id)
    form = ItemForm(request.POST or None, initial={"version": table.version})
    if form.is_valid():
        try:
            version = form.cleaned_data["version"]
            operations.add_item(table, form.item(), actor=request.actor, version=version)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, "行を足しました。")
            return go(request, reverse("official", args=[table.pk]))
    return form_page(request, "encounters/official_item.html", form, table=table, item=None)


@allow(access.MANAGE_CATEGORIES)
def official_item(request: StaffRequest, item_id: int) -> HttpResponse:
    """Other words for a line, its place, or taking it out."""
    found = seen(OfficialItem, request.actor, "table", pk=item_id)
    table, posted = found.table, request.POST
    back = go(request, reverse("official", args=[table.pk]))
    if "remove" in posted:
        operations.remove_item(found, actor=request.actor, version=posted_version(request))
        messages.success(request, "行を消しました。そこに当てていた分類は、当て先がなくなりました。")
        return back
    if "up" in posted or "down" in posted:
        version = posted_version(request)
        operations.move_item(found, actor=request.actor, version=version, up="up" in posted)
        return back
    begun = {name: getattr(found, name) for name in ("code", "label", "group")}
    form = ItemForm(posted or None, initial=begun | {"version": table.version})
    if form.is_valid():
        try:
            version = form.cleaned_data["version"]
            operations.change_item(found, form.item(), actor=request.actor, version=version)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, "行を変えました。")
            return back
    return form_page(request, "encounters/official_item.html", form, table=table, item=found)


def _table(request: StaffRequest, table_id: int) -> OfficialTable:
    return seen(OfficialTable, request.actor, pk=table_id)


def _page(request: StaffRequest, table: OfficialTable, form: MappingForm, **others: Form) -> HttpResponse:
    posted = next(iter(others.values()), form)
    status = 409 if getattr(posted, "conflict", False) else 422 if posted.errors else 200
    context: dict[str, Any] = {
        "table": table,
        "form": form,
        "items": queries.items(table),
        "formers": queries.formers(table),
        "unmapped": [place for place in form.places if place.missing],
        "check": CheckForm(initial={"version": table.version}),
        "reopen": ReopenForm(initial={"version": table.version}),
        "copy": CopyForm(initial={"fiscal_year": table.fiscal_year + 1}),
    }
    return render(request, "encounters/official.html", context | others, status=status)
