"""手引きを書く: the draft, its entries, and putting it in force."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.encounters import access, rules
from tsunagari.encounters.forms.guide import EntryForm, PublishForm
from tsunagari.encounters.models import GuideBook, GuideEntry, Partner
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
    context: dict[str, Any] = {"draft": draft, "book": queries.in_force(request.actor)}
    if draft is not None:
        context |= _shown(request, draft)
    return render(request, "encounters/guide_edit.html", context)


def _shown(request: StaffRequest, draft: GuideBook) -> dict[str, Any]:
    """A page of the draft: all categories, or those with entries on it where they are too many for one."""
    asked, counts = request.GET.get("category", ""), queries.counted(draft)
    category = int(asked) if asked.isdecimal() and int(asked) in rules.CATEGORY else None
    total = sum(counts.values()) if category is None else counts.get(category, 0)
    page = Paginator(range(total), queries.PAGE).get_page(request.GET.get("page"))
    start = max(page.start_index() - 1, 0)
    chapters = queries.chapters(queries.some_entries(draft, category, slice(start, start + queries.PAGE)))
    if category is not None or page.paginator.num_pages > 1:
        chapters = [one for one in chapters if one.entries or one.category.code == category]
    first, last = queries.ends(draft) if page.paginator.num_pages > 1 else queries.ends_of(chapters)
    return {
        "page": page,
        "chapters": [(one, counts.get(one.category.code, 0)) for one in chapters],
        "counts": [(one, counts.get(one.code, 0)) for one in rules.CATEGORIES],
        "category": category,
        "first": first,
        "last": last,
        "changes": queries.changed_by(draft),
        "concerns": keeping.concerns(request.actor).words,
        "count": sum(counts.values()),
        "many": sum(counts.values()) > queries.PAGE,
    }


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
    where = f"?{request.GET.urlencode()}" if request.GET else ""
    return go(request, f"{reverse('guide_edit')}{where}#e{found.pk}")


@allow(access.MANAGE_GUIDE)
def guide_publish(request: StaffRequest) -> HttpResponse:
    """What would change, and putting it in force."""
    draft = _draft(request)
    found = queries.lines(draft)
    stamp = queries.stamp(found)
    silent, ended = queries.unreachable(draft)
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
        "silent": silent,
        "ended": ended,
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
    """The form as posted. Where partners are only looked for, what was typed stands in it and nothing is checked."""
    looking = request.method == "POST" and "look" in request.POST
    text = request.POST.get("find", "").strip()[:80] if looking else ""
    chosen = request.POST.get("partner", "") if request.method == "POST" else str(begun.get("partner") or "")
    kinds, more = queries.offered_partners(
        request.actor, text, int(chosen) if chosen.isdecimal() and len(chosen) < 18 else None
    )
    kept = former.partner_id if former is not None else None
    offered = [
        (
            kind.label,
            [(one.pk, _named(one)) for one in kind.partners if one.ended_on is None or one.pk == kept],
        )
        for kind in kinds
    ]
    words = keeping.concerns(request.actor).words
    typed = {name: request.POST.get(name, "") for name in EntryForm.base_fields} if looking else {}
    data = None if looking else request.POST or None
    form = EntryForm(data, initial=begun | typed, concerns=words, partners=offered)
    form.find, form.more = text, more or bool(text)
    return form


def _named(partner: Partner) -> str:
    return f"{partner.name}（終わりになりました）" if partner.ended_on is not None else partner.name
