"""ひきつぎ: ask somebody to take a chart on; say yes or no."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.encounters import access, queries
from tsunagari.encounters.forms.charts import HandOverForm, ReasonForm
from tsunagari.encounters.models import Chart, ChartHandover
from tsunagari.encounters.operations import handovers as operations
from tsunagari.encounters.queries import chart_page
from tsunagari.encounters.queries import charts as lists
from tsunagari.encounters.queries.consents import last_consent
from tsunagari.encounters.queries.workers import places_with_workers
from tsunagari.encounters.views.charts import context_of, own_chart
from tsunagari.families import queries as families
from tsunagari.places.models import Agency


@allow(access.HAND_OVER_CHART)
def chart_hand_over(request: StaffRequest, chart_id: int) -> HttpResponse:
    """To a colleague, or with the family's consent to somebody of another agency."""
    found = own_chart(request, chart_id, access.HAND_OVER_CHART)
    form = HandOverForm(
        request.POST or None,
        places=places_with_workers(request.actor.municipality_id, clock.today()),
        own=found.agency_id,
        besides=found.owner_id or 0,
    )
    if form.is_bound and form.is_valid():
        try:
            _ask(request, found, form)
        except DomainError as error:
            field = {"agency": "to", "to_user": "to"}.get(error.field, error.field)
            form.add_error(field if field in form.fields else None, f"{error.message}{error.what_to_do}")
        else:
            messages.success(request, "ひきつぎをたのみました。引き受けられるまで、担当はいまのままです。")
            return go(request, reverse("chart", args=[found.pk]))
    context = context_of(request, found) | {
        "form": form,
        "due": chart_page.due(request.actor, found),
        "consent": last_consent(request.actor, found.household),
    }
    return render(request, "encounters/chart_hand_over.html", context, status=422 if form.errors else 200)


def _ask(request: StaffRequest, found: Chart, form: HandOverForm) -> None:
    agency_id, user_id = form.target
    operations.hand_over(
        found,
        actor=request.actor,
        agency=seen(Agency, request.actor, pk=agency_id),
        to_user_id=user_id,
        note=form.cleaned_data["note"],
        consent=form.cleaned_data["consent"] or "not_asked",
    )


@allow(access.HAND_OVER_CHART)
def handover(request: StaffRequest, handover_id: int) -> HttpResponse:
    """What is asked of whom: take it on, decline, or take the asking back."""
    found = _handover(request, handover_id)
    form = ReasonForm(request.POST if request.POST.get("do") == "decline" else None)
    if request.method == "POST":
        try:
            if (answer := _answer(request, found, form)) is not None:
                return answer
        except DomainError as error:
            messages.error(request, f"{error.message}{error.what_to_do}")
            return go(request, _next_page(request, found))
    context = _shown(request, found) | {"form": form}
    audit.record(
        access.READ_CHART, actor=request.actor, household_id=found.chart.household_id, obj=found, detail={}
    )
    return render(request, "encounters/handover.html", context, status=422 if form.errors else 200)


def _answer(request: StaffRequest, found: ChartHandover, form: ReasonForm) -> HttpResponse | None:
    actor, do = request.actor, request.POST.get("do", "")
    if do == "take":
        chart = operations.take_on(found, actor=actor)
        messages.success(request, f"個別記録 {chart.number} を引き受けました。いまから、あなたが担当です。")
        return go(request, reverse("chart", args=[chart.pk]))
    if do == "withdraw":
        operations.withdraw(found, actor=actor)
        messages.success(request, "ひきつぎを取り下げました。")
        return go(request, reverse("chart", args=[found.chart_id]))
    if do == "decline" and form.is_valid():
        operations.decline(found, actor=actor, reason=form.cleaned_data["reason"])
        messages.success(request, "断りました。担当は、たのんだ人のままです。")
        return go(request, _charts())
    return None


def _handover(request: StaffRequest, handover_id: int) -> ChartHandover:
    """Of the agency that asks or is asked; 404 otherwise."""
    found = lists.handover(request.actor, handover_id)
    if found is None:
        raise Http404
    return found


def _shown(request: StaffRequest, found: ChartHandover) -> dict[str, object]:
    actor, household = request.actor, found.chart.household
    words = lists.concern_words(actor.municipality_id)
    known = families.family(actor, household.pk) is not None
    name = queries.family_name(household)
    waiting = found.taken_at is None and found.declined_at is None
    return {
        "handover": found,
        "family": name if known else families.as_outside(name),
        "known": known,
        "mine": found.chart.agency_id == actor.agency_id,
        "concern": words[found.chart.concern] if found.chart.concern < len(words) else "",
        "between": found.from_agency_id != found.to_agency_id,
        "waiting": waiting,
        "answers": waiting and found.to_agency_id == actor.agency_id,
        "asked_me": found.to_user_id in (None, actor.user_id),
        "withdraws": waiting and found.from_agency_id == actor.agency_id,
        "entries": chart_page.how_many(found.chart),
    }


def _next_page(request: StaffRequest, found: ChartHandover) -> str:
    found.chart.refresh_from_db(fields=["agency_id"])
    mine = found.chart.agency_id == request.actor.agency_id
    return reverse("chart", args=[found.chart_id]) if mine else _charts()


def _charts() -> str:
    return f"{reverse('charts')}?list=waiting"
