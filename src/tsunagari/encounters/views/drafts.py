"""記録する: the form, which is a draft from its first moment; saving it; two texts side by side."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import Conflict, DomainError
from tsunagari.base.kept import keeps_typed
from tsunagari.base.pages import go, render
from tsunagari.encounters import access, queries, rules
from tsunagari.encounters.forms import RecordForm
from tsunagari.encounters.forms.records import FIELD_OF
from tsunagari.encounters.models import Consultation, Draft
from tsunagari.encounters.operations import drafts as operations
from tsunagari.encounters.operations import records
from tsunagari.encounters.queries import attachments
from tsunagari.encounters.queries.timeline import may_read
from tsunagari.encounters.views.looking import draft_partners, looked_for
from tsunagari.encounters.views.looking import found as found_for
from tsunagari.encounters.views.posted import form_fields, posted_draft, posted_form
from tsunagari.encounters.views.records import chosen_household, finding
from tsunagari.families import access as families_access
from tsunagari.families import queries as families

#: Pages that keep what is typed as drafts, by the first word of the draft's form; sheets of paper have their own.
PAGES = {
    "group": "group_draft",
    "assess": "assessment_draft",
    "plan": "plan_draft",
    "plan_end": "plan_end_draft",
}


@keeps_typed
@allow(access.WRITE_RECORD, busy=True)
def draft(request: StaffRequest, draft_id: int) -> HttpResponse:
    """The form as last saved; POST makes the record of it."""
    if request.method == "POST":
        return _save(request, draft_id)
    found = _draft(request, draft_id)
    if "form" in found.fields:
        return go(request, form_url(found))
    return _page(request, found, _form(found, initial=found.fields))


def form_url(draft: Draft) -> str:
    """Where the draft of another page than the record's is gone on with."""
    form = str(draft.fields.get("form", ""))
    if (page := PAGES.get(form.partition(":")[0])) is not None:
        return reverse(page, args=[draft.pk])
    return reverse("sheet_entry", args=[form.removeprefix("sheet:")])


def _save(request: StaffRequest, draft_id: int) -> HttpResponse:
    found = queries.open_draft_of(request.actor, draft_id)
    if found is None:
        return _already_saved(request)
    if "enter" in request.POST and looked_for(request.POST)[1]:
        return draft_partners(request, draft_id)
    if _moved_on(request, found):
        saved = operations.save_draft(found, actor=request.actor, **posted_draft(request))
        if saved.kept is not None:
            return go(request, reverse("draft_compare", args=[found.pk, saved.kept.pk]))
    form = _form(found, data=request.POST)
    if form.is_valid() and form.record is not None:
        try:
            return _written(request, found, form.record, form.cleaned_data["reason"])
        except records.StaleRecord:
            operations.save_draft(found, actor=request.actor, **posted_draft(request))
            return _stale_page(request, found, form_fields(request.POST), status=409)
        except DomainError as error:
            form.add_error(field_of(form, error), error.message)
    operations.save_draft(found, actor=request.actor, **posted_draft(request))
    return _page(request, _draft(request, draft_id), form, status=422)


def _written(request: StaffRequest, found: Draft, record: rules.RecordInput, reason: str) -> HttpResponse:
    if found.consultation is None:
        written = records.write_record(record, actor=request.actor, key=found.key, draft=found)
        messages.success(request, "記録を保存しました。")
    else:
        written = records.correct_record(
            found.consultation,
            record,
            actor=request.actor,
            expected_version=found.base_version,
            reason=reason,
            draft=found,
        )
        messages.success(request, "記録を直しました。前の文も残っています。")
    if not may_read(request.actor, written):
        messages.info(request, "この記録は、施設長とセンターと、書いた人だけが見られるようになりました。")
        return go(request, reverse("records"))
    return go(request, reverse("record", args=[written.pk]))


def field_of(form: RecordForm, error: DomainError) -> str | None:
    """The form's field an operation means; None when it has no place of its own."""
    name = FIELD_OF.get(error.field or "", error.field)
    return name if name in form.fields else None


def _moved_on(request: StaffRequest, found: Draft) -> bool:
    """Whether another tab saved the draft after this page was loaded."""
    posted = posted_draft(request)
    return bool(posted["version"] != found.version and posted["client"] != found.client)


def _already_saved(request: StaffRequest) -> HttpResponse:
    """The second of two clicks finds the record of the first."""
    return go(request, reverse("record", args=[_finished(request).pk]))


def _finished(request: StaffRequest) -> Consultation:
    """The record that the posted draft, now gone, became; 404 when it became none."""
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        key = None
    record_id = request.POST.get("record", "")
    saved = queries.finished(request.actor, key, int(record_id) if record_id.isdecimal() else None)
    if saved is None:
        raise Http404
    return saved


@require_POST
@keeps_typed
@allow(access.WRITE_RECORD, busy=True)
def draft_save(request: StaffRequest, draft_id: int) -> HttpResponse:
    """Autosave. JSON {saved_at, version, others, conflict, conflict_url}; 410 {error, record_url} once it became a
    record, 404 once it was thrown away. A conflict is always with another page of the same writer."""
    found = queries.open_draft_of(request.actor, draft_id)
    if found is None:
        url = reverse("record", args=[_finished(request).pk])
        return JsonResponse({"error": "この記録は、もう保存されています。", "record_url": url}, status=410)
    sent = posted_form(request) if "form" in found.fields else posted_draft(request)
    try:
        saved = operations.save_draft(found, actor=request.actor, **sent)
    except DomainError as error:
        return JsonResponse({"error": error.message}, status=error.status)
    url = _beside(found, saved.kept) if saved.kept else ""
    return JsonResponse(
        {
            "saved_at": f"{saved.saved_at.astimezone(clock.TOKYO):%H:%M}",
            "version": saved.version,
            "others": list(saved.others),
            "conflict": saved.conflict,
            "conflict_url": url,
        }
    )


def _beside(found: Draft, kept: Draft) -> str:
    """Where two texts of one draft are settled; those of another page than the record's stay two drafts."""
    if "form" in found.fields:
        return form_url(kept)
    return reverse("draft_compare", args=[found.pk, kept.pk])


@require_POST
@allow(access.WRITE_RECORD, quiet=True)
def draft_here(request: StaffRequest, draft_id: int) -> HttpResponse:
    """The form is still in front of its writer. JSON {others}; nothing is saved and the session is not extended."""
    others = operations.stay(_draft(request, draft_id), actor=request.actor)
    return JsonResponse({"others": list(others)})


@allow(access.WRITE_RECORD)
def draft_discard(request: StaffRequest, draft_id: int) -> HttpResponse:
    """Ask once, then throw the draft away."""
    found = _draft(request, draft_id)
    if request.method == "POST":
        operations.discard_draft(found, actor=request.actor)
        messages.success(request, "下書きを破棄しました。")
        return go(request, reverse("records"))
    return render(request, "encounters/draft_discard.html", {"draft": found, "family": _family(found)})


@allow(access.WRITE_RECORD)
def draft_family(request: StaffRequest, draft_id: int) -> HttpResponse:
    """Another family for the draft, or nobody by name; what was written stays."""
    found = _draft(request, draft_id)
    if found.consultation_id is not None:
        return go(request, reverse("record_move", args=[found.consultation_id]))
    if request.method == "POST" and "household" in request.POST:
        operations.point_draft(found, actor=request.actor, household=chosen_household(request))
        return go(request, reverse("draft", args=[found.pk]))
    context = finding(request) | {
        "draft": found,
        "family": _family(found),
        "roster": queries.roster(request.actor, clock.today()),
    }
    return render(request, "encounters/draft_family.html", context)


@allow(access.WRITE_RECORD)
def draft_compare(request: StaffRequest, draft_id: int, other_id: int) -> HttpResponse:
    """Two tabs wrote the same draft: both texts, and one draft of what is chosen."""
    found, other = _draft(request, draft_id), _draft(request, other_id)
    if other.split_from_id != found.pk:
        raise Http404
    if "form" in found.fields:
        return go(request, form_url(other))
    if request.method == "POST":
        fields = _chosen(request, found.fields, other.fields)
        operations.settle_draft(found, actor=request.actor, other=other, fields=fields)
        messages.success(request, "2つの文を1つにしました。たしかめて保存してください。")
        return go(request, reverse("draft", args=[found.pk]))
    titles = ("先に保存された文", "あとから書いた文")
    return _compare_page(request, found, (found.fields, other.fields, None), titles)


@allow(access.WRITE_RECORD)
def draft_merge(request: StaffRequest, draft_id: int) -> HttpResponse:
    """A correction that came second: the record as it stands beside one's own text."""
    found = _draft(request, draft_id)
    if found.consultation is None:
        raise Http404
    if request.method != "POST":
        return _stale_page(request, found, found.fields)
    current = found.consultation
    if request.POST.get("current") != str(current.version):
        return _stale_page(request, found, found.fields, status=409)
    theirs = queries.version_fields(current, current.version) or {}
    operations.rebase_draft(
        found,
        actor=request.actor,
        base_version=current.version,
        fields=_chosen(request, theirs, found.fields),
    )
    messages.success(request, "2つの文をあわせました。たしかめて保存してください。")
    return go(request, reverse("draft", args=[found.pk]))


def _stale_page(
    request: StaffRequest, found: Draft, mine: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    record: Consultation | None = found.consultation
    if record is None:
        raise Conflict("この記録は見つかりません。")
    record.refresh_from_db()
    theirs = queries.version_fields(record, record.version) or {}
    base = queries.version_fields(record, found.base_version)
    titles = ("いま保存されている文", "あなたの文")
    return _compare_page(request, found, (theirs, mine, base), titles, status=status)


def _compare_page(
    request: StaffRequest,
    found: Draft,
    fields: tuple[dict[str, Any], dict[str, Any], dict[str, Any] | None],
    titles: tuple[str, str],
    *,
    status: int = 200,
) -> HttpResponse:
    match = request.resolver_match
    stale = found.consultation is not None and match is not None and match.url_name != "draft_compare"
    names = {one.id: one.name for one in _members(found)}
    words = queries.choices(request.actor, clock.today(), queries.named_partners(*fields)).words
    texts = [rules.shown(one, names, words) if one is not None else None for one in fields]
    context = {
        "draft": found,
        "record": found.consultation,
        "family": _family(found),
        "differences": rules.differences(texts[0] or {}, texts[1] or {}, texts[2]),
        "titles": titles,
        "stale": stale,
        "action": reverse("draft_merge", args=[found.pk]) if stale else request.path,
        "last": queries.last_correction(found.consultation) if stale and found.consultation else None,
    }
    return render(request, "encounters/draft_compare.html", context, status=status)


def _chosen(request: StaffRequest, theirs: dict[str, Any], mine: dict[str, Any]) -> dict[str, Any]:
    choices = {name: request.POST.get(f"choose_{name}", "theirs") for name in rules.FIELD_LABELS}
    texts = {
        name: request.POST[f"text_{name}"] for name in rules.LONG_TEXTS if f"text_{name}" in request.POST
    }
    return rules.merged(theirs, mine, choices, texts)


def _draft(request: StaffRequest, draft_id: int) -> Draft:
    found = queries.open_draft_of(request.actor, draft_id)
    if found is None:
        raise operations.no_draft()
    return found


def _form(found: Draft, **values: Any) -> RecordForm:
    required = bool(getattr(found, "mark_required", False))
    return RecordForm(
        household_id=found.household_id, members=_members(found), mark_required=required, **values
    )


def _members(found: Draft) -> list[queries.Member]:
    """Who can be written about: the family, and who stood on the record; nobody by name before the family is met."""
    if found.household is None:
        return []
    besides = queries.people_of(found.consultation) if found.consultation else []
    members = queries.members(found.household, clock.today(), besides=besides)
    return members if _met(found) else queries.recognisable(members, protected=found.household.protected)


def _met(found: Draft) -> bool:
    return bool(getattr(found, "met", False))


def _family(found: Draft) -> queries.FamilyName | None:
    if found.household is None:
        return None
    family = queries.family_name(found.household)
    return family if _met(found) else families.as_outside(family)


def _page(request: StaffRequest, found: Draft, form: RecordForm, *, status: int = 200) -> HttpResponse:
    context = {
        "draft": found,
        "form": form,
        "family": _family(found),
        "household": found.household,
        "met": _met(found),
        "others": queries.writing_now(request.actor, found),
        "client_id": request.POST.get("client_id") or uuid4().hex,
        "splits": queries.splits(found),
        "outdated": found.consultation is not None and found.consultation.version != found.base_version,
        "attachments": attachments.attached(request.actor, draft=found),
        "attach_url": reverse("draft_attach", args=[found.pk]),
        "may_attach": request.actor.may(access.ATTACH),
        "last": queries.last_time(request.actor, found) if _met(found) else None,
    }
    _offer(request, form, context)
    if found.household_id is not None:
        audit.record(families_access.READ, actor=request.actor, household_id=found.household_id)
    return render(request, "encounters/draft.html", context, status=status)


def _offer(request: StaffRequest, form: RecordForm, context: dict[str, Any]) -> None:
    """Put on the form what can be chosen, and the partners that were looked for without scripts."""
    chosen = queries.named_partners({name: form[name].value() for name in ("told", "linked")})
    field, text = looked_for(request.GET)
    context["looked"] = looked = found_for(request, field, text) if text else {}
    form.offer(
        queries.choices(request.actor, clock.today(), chosen), {field: looked["partners"]} if looked else None
    )
