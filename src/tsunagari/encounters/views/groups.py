"""グループでの話: several families at once, on one page that is a draft from its first moment."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.kept import keeps_typed
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.encounters import access, queries
from tsunagari.encounters.forms.groups import GroupForm
from tsunagari.encounters.models import Draft, GroupTalk
from tsunagari.encounters.operations import drafts, groups
from tsunagari.encounters.queries import sheets
from tsunagari.encounters.views.posted import posted_form
from tsunagari.families import queries as families
from tsunagari.families.models import Household

FORM = "group"


@allow(access.WRITE_RECORD)
def group_new(request: StaffRequest) -> HttpResponse:
    """Begin a talk, or go on with the unfinished one."""
    if request.method != "POST":
        return render(request, "encounters/group_new.html", {})
    now = clock.now()
    begun = {"occurred_on": now.date().isoformat(), "occurred_time": now.strftime("%H:%M")}
    draft = drafts.open_form(FORM, actor=request.actor, fields=begun)
    return go(request, reverse("group_draft", args=[draft.pk]))


@keeps_typed
@allow(access.WRITE_RECORD)
def group_draft(request: StaffRequest, draft_id: int) -> HttpResponse:
    """The page of a talk as last saved; POST makes the records of it, or looks for another family."""
    if request.method != "POST":
        draft = seen(Draft, request.actor, pk=draft_id, fields__form=FORM)
        return _page(request, draft, GroupForm(initial=draft.fields, families=_offered(request, draft)))
    found = queries.open_draft_of(request.actor, draft_id)
    if found is None:
        return _already(request)
    saved = drafts.save_draft(found, actor=request.actor, **posted_form(request))
    draft = saved.kept or saved.draft
    form = GroupForm(request.POST, families=_offered(request, draft))
    if "find" in request.POST:
        form = GroupForm(initial=draft.fields, families=_offered(request, draft))
        return _page(request, draft, form)
    if form.is_valid():
        try:
            return _written(request, draft, form)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
    return _page(request, draft, form, status=422)


def _written(request: StaffRequest, draft: Draft, form: GroupForm) -> HttpResponse:
    given = form.cleaned_data
    talk = groups.TalkInput(
        topic=given["topic"],
        occurred_at=clock.told(given["occurred_on"], given["occurred_time"]),
        categories=form.codes,
        content=given["content"],
        unnamed=given["unnamed"] or 0,
    )
    entries = [_entry(request, family.household_id, text) for family, chosen, text in form.lines if chosen]
    saved = groups.write_group(talk, entries, actor=request.actor, key=draft.key, draft=draft)
    messages.success(request, f"{len(entries)}家庭の記録を保存しました。")
    return go(request, reverse("group", args=[saved.pk]))


def _entry(request: StaffRequest, household_id: int, text: str) -> groups.TalkEntry:
    """The family's entry: about those who came today, else its only child and guardian."""
    household = seen(Household, request.actor, pk=household_id)
    begun = queries.first_fields(request.actor, household)
    people, talking = (tuple(int(pk) for pk in begun[name]) for name in ("people", "consulting"))
    return groups.TalkEntry(household_id, text, people, talking)


def _already(request: StaffRequest) -> HttpResponse:
    """The second of two clicks finds the talk of the first."""
    talk = sheets.talk_by_key(request.actor, request.POST.get("key", ""))
    return go(request, reverse("group", args=[talk.pk]) if talk else reverse("records"))


def _offered(request: StaffRequest, draft: Draft) -> list[families.FamilyName]:
    """Families here on the day, those chosen, and those just found."""
    roster = queries.roster(request.actor, clock.today())
    here = {line.family.household_id: line.family for line in roster.lines if line.family is not None}
    chosen = [int(pk) for pk in draft.fields.get("families") or [] if str(pk).isdecimal()]
    wanted = [pk for pk in [*chosen, *_found(request)] if pk not in here]
    return [*here.values(), *sheets.seen_families(request.actor, wanted)]


def _found(request: StaffRequest) -> list[int]:
    words = request.POST.get("words", "").strip()[:100]
    if not words or "find" not in request.POST:
        return []
    return [hit.household_id for hit in families.find(request.actor, words).own]


def _page(request: StaffRequest, draft: Draft, form: GroupForm, *, status: int = 200) -> HttpResponse:
    context = {
        "draft": draft,
        "form": form,
        "words": request.POST.get("words", ""),
        "looked": "find" in request.POST,
        "client_id": request.POST.get("client_id") or uuid4().hex,
    }
    return render(request, "encounters/group_draft.html", context, status=status)


@allow(access.READ_RECORD)
def group(request: StaffRequest, talk_id: int) -> HttpResponse:
    """A talk with the entries one may read."""
    talk = seen(GroupTalk, request.actor, pk=talk_id)
    entries, others = sheets.talk_entries(request.actor, talk)
    detail = {"talk": talk.pk, "list": [one.record_id for one in entries]}
    audit.record(access.READ_RECORD, actor=request.actor, detail=detail)
    return render(request, "encounters/group.html", {"talk": talk, "entries": entries, "others": others})
