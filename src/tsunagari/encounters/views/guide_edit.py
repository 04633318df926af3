"""手引きを書く: the draft, its entries, and putting it in force."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.encounters import access
from tsunagari.encounters.forms.guide import EntryForm, PublishForm
from tsunagari.encounters.models import GuideBook, GuideEntry
from tsunagari.encounters.operations import guide as operations
from tsunagari.encounters.queries import guide as queries
from tsunagari.encounters.queries import keeping
from tsunagari.encounters.views.keeping import refuse
from tsunagari.encounters.views.partners import form_page, posted_version

NO_DRAFT = "下書きがありません。手引きの画面から書きはじめてください。"


@allow(access.MANAGE_GUIDE)
def guide_edit(request: StaffRequest) -> HttpResponse:
    """The draft by category; POST begins one, or fills it with the set that ships."""
    if request.method == "POST":
        if "default" in request.POST:
            operations.fill_with_default(actor=request.actor)
            messages.success(request, "はじめの手引きを入れました。市に合わせて直してから出してください。")
        else:
            operations.begin(actor=request.actor)
        return go(request, reverse("guide_edit"))
    draft = queries.draft(request.actor)
    found = queries.entries(draft) if draft is not None else ()
    context = {
        "draft": draft,
        "chapters": queries.chapters(found),
        "book": queries.in_force(request.actor),
        "changes": queries.changed_by(draft) if draft is not None else None,
        "concerns": keeping.concerns(request.actor).words,
        "count": len(found),
    }
    return render(request, "encounters/guide_edit.html", context)


@allow(access.MANAGE_GUIDE)
def guide_entry_new(request: StaffRequest) -> HttpResponse:
    """A new entry of the draft."""
    draft = _draft(request)
    category = request.GET.get("category", "")
    begun = {"key": uuid4(), "category": int(category) if category.isdecimal() else None}
    form = _entry_form(request, begun)
    if form.is_valid():
        try:
            key = form.cleaned_data["key"] or uuid4()
            operations.add_entry(draft, form.entry(), actor=request.actor, key=key)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, "項目を足しました。")
            return go(request, reverse("guide_edit"))
    return form_page(request, "encounters/guide_entry.html", form, entry=None)


@allow(access.MANAGE_GUIDE)
def guide_entry(request: StaffRequest, guide_entry_id: int) -> HttpResponse:
    """Change an entry of the draft, or take it out."""
    found = _entry(request, guide_entry_id)
    if request.method == "POST" and "remove" in request.POST:
        operations.remove_entry(found, actor=request.actor, version=posted_version(request))
        messages.success(request, "項目を消しました。前の版には残っています。")
        return go(request, reverse("guide_edit"))
    begun = {name: getattr(found, name) for name in EntryForm.base_fields if name != "partner"}
    form = _entry_form(request, begun | {"partner": found.partner_id}, former=found)
    if form.is_valid():
        try:
            version = form.cleaned_data["version"]
            operations.change_entry(found, form.entry(), actor=request.actor, version=version)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, "項目を変えました。")
            return go(request, reverse("guide_edit"))
    return form_page(request, "encounters/guide_entry.html", form, entry=found)


@require_POST
@allow(access.MANAGE_GUIDE)
def guide_entry_move(request: StaffRequest, guide_entry_id: int) -> HttpResponse:
    """One place up or down."""
    found = _entry(request, guide_entry_id)
    operations.move_entry(found, actor=request.actor, up="up" in request.POST)
    return go(request, f"{reverse('guide_edit')}#c{found.category}")


@allow(access.MANAGE_GUIDE)
def guide_publish(request: StaffRequest) -> HttpResponse:
    """What would change, and putting it in force."""
    draft = _draft(request)
    found = queries.entries(draft)
    stamp = queries.stamp(found)
    form = PublishForm(request.POST or None)
    if form.is_valid():
        try:
            operations.publish(draft, actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, f"第{draft.number}版を出しました。すべての機関で、いまから使われます。")
            return go(request, reverse("guide"))
    context = {
        "draft": draft,
        "stamp": stamp,
        "changes": queries.changed_by(draft),
        "count": len(found),
        "silent": [one for one in found if one.partner is not None and not one.partner.phone],
        "ended": [one for one in found if one.partner is not None and one.partner.ended],
    }
    return form_page(request, "encounters/guide_publish.html", form, **context)


@require_POST
@allow(access.MANAGE_GUIDE)
def guide_discard(request: StaffRequest) -> HttpResponse:
    """Throw the draft away."""
    operations.discard(_draft(request), actor=request.actor)
    messages.success(request, "下書きを破棄しました。使われている手引きはそのままです。")
    return go(request, reverse("guide"))


def _draft(request: StaffRequest) -> GuideBook:
    found = queries.draft(request.actor)
    if found is None:
        raise Conflict(NO_DRAFT)
    return found


def _entry(request: StaffRequest, pk: int) -> GuideEntry:
    found = seen(GuideEntry, request.actor, "book", pk=pk)
    if found.book.published_at is not None:
        raise Conflict(operations.PUBLISHED)
    return found


def _entry_form(request: StaffRequest, begun: dict[str, Any], former: GuideEntry | None = None) -> EntryForm:
    kinds, ended = queries.partners(request.actor)
    offered = [(kind.label, [(one.pk, one.name) for one in kind.partners]) for kind in kinds]
    if kept := [(one.pk, one.name) for one in ended if former is not None and one.pk == former.partner_id]:
        offered.append(("終わりになった連携先", kept))
    words = keeping.concerns(request.actor).words
    return EntryForm(request.POST or None, initial=begun, concerns=words, partners=offered)
