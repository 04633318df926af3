"""記録のしかた: an agency's style and texts; the city's marks and words of concern."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.base.faster import go_on
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.encounters import access
from tsunagari.encounters.forms.keeping import ConcernsForm, MarkForm, SnippetEditForm, SnippetForm, StyleForm
from tsunagari.encounters.models import RecordMark, Snippet
from tsunagari.encounters.operations import keeping as operations
from tsunagari.encounters.queries import keeping as queries
from tsunagari.encounters.rules.keeping import MOST_SNIPPETS
from tsunagari.places.models import Agency

SHOWN = 50


@allow(access.READ_KEEPING)
def keeping(request: StaffRequest) -> HttpResponse:
    """How records are kept here: style, marks with what follows, words, texts."""
    page = Paginator(queries.agencies(request.actor), SHOWN).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": queries.keepings(request.actor, page),
        "marks": queries.marks(request.actor),
        "concerns": queries.concerns(request.actor),
        "snippets": queries.snippets(request.actor)[:MOST_SNIPPETS],
        "may_manage": request.actor.may(access.MANAGE_KEEPING),
        "may_mark": request.actor.may(access.MANAGE_MARKS),
    }
    return render(request, "encounters/keeping.html", context)


@allow(access.MANAGE_KEEPING)
def keeping_style(request: StaffRequest, agency_id: int) -> HttpResponse:
    """Choose an agency's style."""
    agency = seen(Agency, request.actor, pk=agency_id)
    [line] = queries.keepings(request.actor, [agency])
    begun = {name: getattr(line, name) for name in StyleForm.base_fields}
    form = StyleForm(request.POST or None, initial=begun)
    if form.is_valid():
        try:
            operations.choose_style(agency, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, f"{agency.name}の記録のしかたを決めました。記録はそのままです。")
            return go(request, reverse("keeping"))
    return _page(request, "encounters/keeping_style.html", form, agency=agency)


@allow(access.MANAGE_MARKS)
def mark_new(request: StaffRequest) -> HttpResponse:
    """A new mark of the city."""
    form = MarkForm(request.POST or None, initial={"position": len(queries.marks(request.actor)) + 1})
    if form.is_valid():
        try:
            operations.add_mark(form.mark(), actor=request.actor)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, "印をつくりました。記録の画面に出ます。")
            return go(request, reverse("keeping"))
    return _page(request, "encounters/mark.html", form, mark=None)


@allow(access.MANAGE_MARKS)
def mark(request: StaffRequest, mark_id: int) -> HttpResponse:
    """Change what follows from a mark."""
    found = seen(RecordMark, request.actor, pk=mark_id)
    begun = {name: getattr(found, name) for name in MarkForm.base_fields if name != "seen"}
    form = MarkForm(request.POST or None, initial=begun | {"seen": operations.stamp_of_mark(found)})
    if form.is_valid():
        try:
            seen_then = form.cleaned_data["seen"]
            operations.change_mark(found, form.mark(), actor=request.actor, seen=seen_then)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, "印を変えました。これから書く記録からあてはまります。")
            return go(request, reverse("keeping"))
    return _page(request, "encounters/mark.html", form, mark=found)


@require_POST
@allow(access.MANAGE_MARKS)
def mark_end(request: StaffRequest, mark_id: int) -> HttpResponse:
    """Use a mark no more."""
    operations.end_mark(seen(RecordMark, request.actor, pk=mark_id), actor=request.actor)
    messages.success(request, "印を終わりにしました。ついている記録はそのままです。")
    return go(request, reverse("keeping"))


@allow(access.MANAGE_MARKS)
def concerns(request: StaffRequest) -> HttpResponse:
    """The city's words for the levels of concern."""
    now = queries.concerns(request.actor)
    begun: dict[str, Any] = {f"level_{level}": word for level, word in enumerate(now.words)}
    form = ConcernsForm(request.POST or None, initial=begun | {"version": now.version})
    if form.is_valid():
        try:
            operations.set_concerns(form.words(), actor=request.actor, version=form.cleaned_data["version"])
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, "気がかりの言い方を決めました。")
            return go(request, reverse("keeping"))
    return _page(request, "encounters/concerns.html", form)


@allow(access.MANAGE_KEEPING)
def snippets(request: StaffRequest) -> HttpResponse:
    """The agency's texts, and a new one."""
    form = SnippetForm(request.POST or None)
    if form.is_valid():
        try:
            operations.add_snippet(actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, "定型文を足しました。")
            return go(request, reverse("snippets"))
    page = Paginator(queries.snippets(request.actor), SHOWN).get_page(request.GET.get("page"))
    return _page(request, "encounters/snippets.html", form, page=page)


@allow(access.MANAGE_KEEPING)
def snippet(request: StaffRequest, snippet_id: int) -> HttpResponse:
    """Other words for a text, or none."""
    found = seen(Snippet, request.actor, pk=snippet_id)
    if request.method == "POST" and "remove" in request.POST:
        operations.remove_snippet(found, actor=request.actor)
        messages.success(request, "定型文を消しました。")
        return go(request, reverse("snippets"))
    begun = {name: getattr(found, name) for name in SnippetForm.base_fields}
    form = SnippetEditForm(request.POST or None, initial=begun | {"seen": operations.stamp_of_snippet(found)})
    if form.is_valid():
        try:
            operations.change_snippet(found, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, "定型文を変えました。")
            return go(request, reverse("snippets"))
    return _page(request, "encounters/snippet.html", form, snippet=found)


def refuse(form: Form, error: DomainError) -> None:
    """Say at its field what an operation refused; a conflict goes on as a page of its own form."""
    form.add_error(error.field if error.field in form.fields else None, error.message)
    form.conflict = isinstance(error, Conflict)  # type: ignore[attr-defined]
    if form.conflict:  # type: ignore[attr-defined]
        go_on(form)


def _page(request: StaffRequest, template: str, form: Form, **context: Any) -> HttpResponse:
    status = 409 if getattr(form, "conflict", False) else 422 if form.errors else 200
    return render(request, template, context | {"form": form}, status=status)
