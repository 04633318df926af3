"""個別記録: lists, beginning one, the chart itself, its head, its end."""

from __future__ import annotations

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST

from tsunagari.audit import operations as audit
from tsunagari.base import clock
from tsunagari.base.access import Action
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError, Forbidden
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.encounters import access, queries
from tsunagari.encounters.forms.charts import WHOLE, ChangeForm, CloseForm, OpenForm, ReasonForm
from tsunagari.encounters.models import Chart, Consultation
from tsunagari.encounters.operations import charts as operations
from tsunagari.encounters.operations import drafts
from tsunagari.encounters.queries import chart_history as former
from tsunagari.encounters.queries import chart_page
from tsunagari.encounters.queries import charts as lists
from tsunagari.encounters.queries import of_family as reads
from tsunagari.encounters.queries.chart_offers import chosen, offers
from tsunagari.encounters.queries.names import name_at
from tsunagari.encounters.queries.workers import workers
from tsunagari.encounters.rules.charts import CLOSINGS
from tsunagari.families import queries as families
from tsunagari.families.models import Household

MOST_AT_ONCE = 500


@allow(access.READ_CHART)
def charts(request: StaffRequest) -> HttpResponse:
    """Charts one is in charge of, the agency's, those to be looked at again, on their way, ended. Who asks for none
    of these and is in charge of none sees the agency's, or at the centre those shared with it."""
    actor, asked = request.actor, request.GET.get("list", "")
    tabs = {name: label for name, label in lists.LISTS.items() if name != "shared" or _is_centre(request)}
    offered = [name for name in ("mine", "agency", "shared") if name in tabs]
    kind = asked if asked in tabs else lists.first_list(actor, offered)
    passed = kind in ("waiting", "given")
    page = None if passed else lists.charts(actor, kind, before=request.GET.get("before", ""))
    handovers = lists.handovers_waiting(actor) if kind == "waiting" else []
    if kind == "given":
        handovers = lists.handovers_given(actor)
    listed = [line.id for line in page.lines] if page else [line.chart_id for line in handovers]
    audit.record(access.READ_CHART, actor=actor, detail={"list": listed})
    instead = kind != "mine" and kind != asked and page is not None and bool(page.lines)
    context = {"tabs": tabs, "chosen": kind, "page": page, "handovers": handovers, "instead": instead}
    return render(request, "encounters/charts.html", context)


def _is_centre(request: StaffRequest) -> bool:
    return request.actor.scope == "municipality"


@allow(access.READ_CHART)
def family_charts(request: StaffRequest, household_id: int) -> HttpResponse:
    """A family's charts, ended ones too; the only one opens at once."""
    household = families.family(request.actor, household_id)
    if household is None:
        raise Http404
    lines = lists.family_charts(request.actor, household)
    listed = {"list": [line.id for line in lines]}
    audit.record(access.READ_CHART, actor=request.actor, household_id=household.pk, detail=listed)
    if len(lines) == 1:
        return go(request, reverse("chart", args=[lines[0].id]))
    context = {
        "household": household,
        "family": queries.family_name(household),
        "lines": lines,
        "may_open": request.actor.may(access.OPEN_CHART) and not household.joined_into_id,
    }
    return render(request, "encounters/family_charts.html", context)


@allow(access.OPEN_CHART)
def chart_new(request: StaffRequest, household_id: int) -> HttpResponse:
    """Why, from whom on, and what was recorded before."""
    household = families.family(request.actor, household_id)
    if household is None:
        raise Http404
    agency_id = operations.own_agency(request.actor, access.OPEN_CHART)
    form = OpenForm(
        request.POST or None,
        members=queries.members(household, clock.today()),
        owners=workers(agency_id, clock.today()),
        concerns=lists.concern_words(request.actor.municipality_id),
        initial={"owner": str(request.actor.user_id)},
    )
    if form.is_bound and form.is_valid():
        try:
            chart = _open(request, household, form)
        except operations.AlreadyOpen as error:
            messages.info(request, error.message)
            return go(request, _address(error.chart))
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, f"個別記録 {chart.number} をはじめました。")
            return go(request, _address(chart))
    found = offers(request.actor, household)
    audit.record(access.READ_CHART, actor=request.actor, household_id=household.pk, detail={"offers": True})
    context = {
        "form": form,
        "household": household,
        "family": queries.family_name(household),
        "offers": found,
        "chosen": _chosen_ids(request) if form.is_bound else [one.id for one in found.known],
    }
    return render(request, "encounters/chart_new.html", context, status=422 if form.errors else 200)


def _open(request: StaffRequest, household: Household, form: OpenForm) -> Chart:
    wanted = form.cleaned_data["person"]
    person = reads.person_with_home(int(wanted)) if wanted != WHOLE else None
    return operations.open_chart(
        household,
        actor=request.actor,
        head=form.head,
        person=person,
        owner_id=form.cleaned_data["owner"],
        draw_in=chosen_records(request),
    )


def chosen_records(request: StaffRequest) -> list[Consultation]:
    """The records ticked on a list of offers, of those the actor may read."""
    return chosen(request.actor, _chosen_ids(request))


def _chosen_ids(request: StaffRequest) -> list[int]:
    given = request.POST.getlist("records")[:MOST_AT_ONCE]
    return [int(one) for one in given if one.isascii() and one.isdecimal() and len(one) < 19]


@allow(access.READ_CHART)
def chart(request: StaffRequest, chart_id: int) -> HttpResponse:
    """One chart: the head, what is due, its records newest first."""
    found, before = chart_of(request, chart_id), request.GET.get("before", "")
    entries = chart_page.entries(request.actor, found, before=before)
    context = context_of(request, found) | {
        "entries": entries,
        "before": before,
        "due": chart_page.due(request.actor, found),
        "handovers": former.handovers(found),
        "others": lists.others_open(request.actor, found),
        "reopen": ReasonForm(),
    }
    read = [line.id for line in entries.lines]
    audit.record(
        access.READ_CHART,
        actor=request.actor,
        household_id=found.household_id,
        obj=found,
        detail={"records": read},
    )
    return render(request, "encounters/chart.html", context)


@require_POST
@allow(access.WRITE_RECORD)
def chart_write(request: StaffRequest, chart_id: int) -> HttpResponse:
    """A new record about the chart's family; once saved it stands in the chart."""
    found = own_chart(request, chart_id, access.WRITE_RECORD)
    draft = drafts.open_draft(actor=request.actor, household=found.household)
    return go(request, reverse("draft", args=[draft.pk]))


@allow(access.WRITE_CHART)
def chart_edit(request: StaffRequest, chart_id: int) -> HttpResponse:
    """Why, concern, who is in charge, next review."""
    found = own_chart(request, chart_id, access.WRITE_CHART)
    form = ChangeForm(
        request.POST or None,
        owners=workers(found.agency_id, clock.today()),
        concerns=lists.concern_words(request.actor.municipality_id),
        initial=ChangeForm.values_of(found),
    )
    status, stale = 200, None
    if form.is_bound and form.is_valid():
        try:
            operations.change_chart(
                found,
                actor=request.actor,
                head=form.head,
                owner_id=form.cleaned_data["owner"],
                expected_version=form.cleaned_data["version"],
                reason=form.cleaned_data["reason"],
            )
        except operations.StaleChart as error:
            status, stale = 409, error.current
            again(form, request.POST, error.current.version)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "個別記録を変えました。前の内容も残っています。")
            return go(request, _address(found))
    context = context_of(request, found) | {"form": form, "stale": stale}
    return render(request, "encounters/chart_edit.html", context, status=422 if form.errors else status)


def again(form: Form, typed: QueryDict, version: int) -> None:
    """Let what was typed be saved over the head as it stands now."""
    kept = typed.copy()
    kept["version"] = str(version)
    form.data = kept


@allow(access.CLOSE_CHART)
def chart_close(request: StaffRequest, chart_id: int) -> HttpResponse:
    """Why it ends, and what it comes to."""
    found = own_chart(request, chart_id, access.CLOSE_CHART)
    form = CloseForm(request.POST or None, initial={"version": found.version})
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        try:
            operations.close_chart(
                found,
                actor=request.actor,
                reason=values["reason"],
                summary=values["summary"],
                expected_version=values["version"],
            )
        except operations.StaleChart as error:
            again(form, request.POST, error.current.version)
            form.add_error(None, "ほかの人が先に変えました。いまの内容をたしかめて、もう一度押してください。")
        except DomainError as error:
            form.add_error(
                error.field if error.field in form.fields else None, f"{error.message}{error.what_to_do}"
            )
        else:
            messages.success(request, "個別記録を終えました。")
            return go(request, _address(found))
    context = context_of(request, found) | {"form": form, "due": chart_page.due(request.actor, found)}
    return render(request, "encounters/chart_close.html", context, status=422 if form.errors else 200)


@require_POST
@allow(access.CLOSE_CHART)
def chart_reopen(request: StaffRequest, chart_id: int) -> HttpResponse:
    """Go on with a chart that was ended."""
    found = own_chart(request, chart_id, access.CLOSE_CHART)
    try:
        operations.reopen_chart(found, actor=request.actor, reason=request.POST.get("reason", ""))
        messages.success(request, "個別記録をふたたび開きました。")
    except operations.AlreadyOpen as error:
        messages.error(request, f"{error.message}そちらに続けてください。")
        return go(request, _address(error.chart))
    except DomainError as error:
        messages.error(request, error.message)
    return go(request, _address(found))


@allow(access.READ_CHART)
def chart_history(request: StaffRequest, chart_id: int) -> HttpResponse:
    """What stood at the head before, records taken out, and handovers."""
    found = chart_of(request, chart_id)
    words = lists.concern_words(request.actor.municipality_id)
    context = context_of(request, found) | {
        "revisions": former.revisions(found, words),
        "taken_out": former.taken_out(request.actor, found),
        "handovers": former.handovers(found),
    }
    audit.record(
        access.READ_CHART,
        actor=request.actor,
        household_id=found.household_id,
        obj=found,
        detail={"history": True},
    )
    return render(request, "encounters/chart_history.html", context)


def context_of(request: StaffRequest, found: Chart) -> dict[str, object]:
    """What every page of a chart shows of it."""
    words = lists.concern_words(request.actor.municipality_id)
    own = found.agency_id == request.actor.agency_id
    return {
        "chart": found,
        "family": queries.family_name(found.household),
        "person": name_at(found.household_id, found.person).text if found.person else "",
        "concern": words[found.concern] if found.concern < len(words) else "",
        "closed_reason": CLOSINGS.get(found.closed_reason, ""),
        "own": own,
        "writes": own and found.closed_on is None and request.actor.may(access.WRITE_CHART),
        "late": found.closed_on is None and found.review_on is not None and found.review_on < clock.today(),
    }


def chart_of(request: StaffRequest, chart_id: int) -> Chart:
    """A chart the actor may see; 404 otherwise."""
    return seen(Chart, request.actor, "household", "person__household", "agency", pk=chart_id)


def own_chart(request: StaffRequest, chart_id: int, action: Action) -> Chart:
    """A chart of the own agency; 403 for one that is only to be read."""
    found = chart_of(request, chart_id)
    if found.agency_id != request.actor.agency_id:
        raise Forbidden("ほかの機関の個別記録は変えられません。", action=action.name)
    return found


def _address(found: Chart) -> str:
    return reverse("chart", args=[found.pk])
