"""回覧: what waits for one's seal, reading and sealing, asking by hand, taking back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.encounters import access, queries
from tsunagari.encounters.forms.circulation import AskForm
from tsunagari.encounters.models import Consultation, Seal
from tsunagari.encounters.operations import circulation as operations
from tsunagari.encounters.operations import records
from tsunagari.encounters.queries import circulation as lists

FARTHEST = 10_000


@allow(access.READ_SEALS)
def circulation(request: StaffRequest) -> HttpResponse:
    """One's own open seals, the earliest day first; or those that were made."""
    chosen = "sealed" if request.GET.get("list") == "sealed" else "open"
    before = request.GET.get("before", "")
    if chosen == "sealed":
        page = lists.sealed(request.actor, before=before)
    else:
        start = min(int(before), FARTHEST) if before.isdecimal() and len(before) < 6 else 0
        page = lists.waiting(request.actor, start=start)
    audit.record(
        access.READ_SEALS, actor=request.actor, detail={"list": [line.line.id for line in page.lines]}
    )
    context = {"chosen": chosen, "page": page, "before": before, "count": lists.open_count(request.actor)}
    return render(request, "encounters/circulation.html", context)


@allow(access.SEAL)
def circulation_read(request: StaffRequest) -> HttpResponse:
    """The next records that only have to be read, whole; read here they can be sealed at once."""
    if request.method == "POST":
        sealed = operations.seal(_shown(request.POST.getlist("record")), actor=request.actor)
        _tell(request, sealed)
        waiting, _ = lists.to_read(request.actor, limit=1)
        return go(request, reverse("circulation_read" if waiting else "circulation"))
    lines, more = lists.to_read(request.actor)
    shown = [line.seal.consultation for line in lines]
    records.mark_read(shown, actor=request.actor)
    return render(request, "encounters/circulation_read.html", {"lines": lines, "more": more})


@require_POST
@allow(access.SEAL)
def seal(request: StaffRequest, record_id: int) -> HttpResponse:
    """Put one's seal on the record that is open."""
    record = seen(Consultation, request.actor, pk=record_id)
    shown = _shown([f"{record.pk}:{request.POST.get('version', '')}"])
    _tell(request, operations.seal(shown, actor=request.actor))
    return go(request, _round_of(record))


def _shown(values: Iterable[str]) -> Mapping[int, int]:
    """{record: version} of "12:3"; what reads otherwise is left out."""
    found: dict[int, int] = {}
    for value in values:
        record, _, version = value.partition(":")
        if record.isdecimal() and version.isdecimal() and len(value) < 25:
            found[int(record)] = int(version)
    return found


def _tell(request: StaffRequest, sealed: operations.Sealed) -> None:
    if sealed.done:
        messages.success(request, f"{sealed.done}件に押しました。")
    if sealed.unread:
        number = len(sealed.unread)
        messages.warning(
            request, f"{number}件は、読んだあとに直されました。もう一度読んでから押してください。"
        )
    if not sealed.done and not sealed.unread:
        messages.info(request, "押すものはありません。もう押してあるか、取り下げられています。")


@allow(access.ASK_TO_READ)
def record_circulate(request: StaffRequest, record_id: int) -> HttpResponse:
    """Let a record go round to chosen people, with a word."""
    record = seen(Consultation, request.actor, pk=record_id)
    people = lists.whom_to_ask(request.actor, record)
    day = clock.today()
    names = queries.agency_names((one.agency_id, day) for one in people)
    choices = [
        (one.user_id, f"{one.name}（{names[one.agency_id, day]}・{one.role_label}）") for one in people
    ]
    form = AskForm(request.POST or None, people=choices)
    if form.is_valid():
        given = form.cleaned_data
        how = operations.Asking(given["kind"], given["note"], given["due_on"])
        try:
            asked = operations.ask(record, given["people"], actor=request.actor, how=how)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(
                request, f"{'さん、'.join(asked)}さんに回しました。" if asked else "もう回っています。"
            )
            return go(request, _round_of(record))
    context = {
        "record": record,
        "form": form,
        "people": people,
        "family": queries.family_names([record.household_id]).get(record.household_id or 0),
    }
    return render(request, "encounters/record_circulate.html", context, status=422 if form.errors else 200)


@require_POST
@allow(access.ASK_TO_READ)
def seal_withdraw(request: StaffRequest, record_id: int, seal_id: int) -> HttpResponse:
    """Ask somebody no more."""
    record = seen(Consultation, request.actor, pk=record_id)
    operations.withdraw(get_object_or_404(Seal, consultation=record, pk=seal_id), actor=request.actor)
    messages.success(request, "回覧を取り下げました。")
    return go(request, _round_of(record))


def _round_of(record: Consultation) -> str:
    return f"{reverse('record', args=[record.pk])}#round"
