"""Records of a chart: put in, taken out, and the whole chart on paper."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse

from tsunagari.audit import operations as audit
from tsunagari.base import clock, paper
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.base.pages import go, render
from tsunagari.encounters import access, queries
from tsunagari.encounters.forms.charts import ReasonForm
from tsunagari.encounters.models import Chart
from tsunagari.encounters.operations import chart_entries as operations
from tsunagari.encounters.queries import chart_history, chart_page
from tsunagari.encounters.queries.chart_offers import offers
from tsunagari.encounters.queries.chart_page import EntryLine
from tsunagari.encounters.views.charts import chart_of, chosen_records, context_of, own_chart

TEMPLATE = "encounters/paper/chart.typ"
ON_PAPER = 500


@allow(access.DRAW_INTO_CHART)
def chart_draw(request: StaffRequest, chart_id: int) -> HttpResponse:
    """What was recorded before and is not in the chart; ticked ones go in."""
    found = own_chart(request, chart_id, access.DRAW_INTO_CHART)
    error = ""
    if request.method == "POST":
        chosen = chosen_records(request)
        try:
            drawn = operations.draw_in(found, chosen, actor=request.actor)
        except DomainError as problem:
            error = f"{problem.message}{problem.what_to_do}"
        else:
            if chosen:
                messages.success(request, f"記録を{len(drawn)}件、個別記録に入れました。")
                return go(request, reverse("chart", args=[found.pk]))
            error = "入れる記録をえらんでください。"
    before = request.GET.get("before", "")
    context = context_of(request, found) | {
        "offers": offers(request.actor, found.household, chart_id=found.pk, before=before),
        "before": before,
        "error": error,
    }
    audit.record(
        access.READ_CHART,
        actor=request.actor,
        household_id=found.household_id,
        obj=found,
        detail={"offers": True},
    )
    return render(request, "encounters/chart_draw.html", context, status=422 if error else 200)


@allow(access.DRAW_INTO_CHART)
def chart_take_out(request: StaffRequest, chart_id: int, entry_id: int) -> HttpResponse:
    """Say why, take the record out; one about nobody known is so again."""
    found = own_chart(request, chart_id, access.DRAW_INTO_CHART)
    entry = chart_page.entry_of(request.actor, found, entry_id)
    if entry is None:
        raise Http404
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            operations.take_out(entry, actor=request.actor, reason=form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            said = "記録を個別記録から出しました。"
            if entry.from_nobody:
                said += "お名前なしの記録にもどりました。"
            messages.success(request, said)
            return go(request, reverse("chart", args=[found.pk]))
    context = context_of(request, found) | {"entry": entry, "record": entry.consultation, "form": form}
    return render(request, "encounters/chart_take_out.html", context, status=422 if form.errors else 200)


@allow(access.READ_CHART)
def chart_pdf(request: StaffRequest, chart_id: int) -> HttpResponse:
    """相談記録（連携・継続） on A4: the head, every record the reader may read, how it ended."""
    found = chart_of(request, chart_id)
    entries = chart_page.entries(request.actor, found, limit=ON_PAPER, whole=True)
    audit.record(
        access.READ_CHART,
        actor=request.actor,
        household_id=found.household_id,
        obj=found,
        detail={"print": True, "records": [line.id for line in entries.lines]},
    )
    response = HttpResponse(
        paper.render(TEMPLATE, _sheet(request, found, entries)), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'inline; filename="chart-{found.pk}.pdf"'
    return response


def _sheet(request: StaffRequest, found: Chart, entries: chart_page.Entries) -> dict[str, object]:
    """Data of chart.typ; the records from the oldest on, as a file is read."""
    context = context_of(request, found)
    people = queries.members(found.household, clock.today())
    passed = [one for one in chart_history.handovers(found) if one.taken]
    return {
        "issuer": found.agency.name,
        "issued_on": format_wareki(clock.today()),
        "confidential": True,
        "number": found.number,
        "family": str(context["family"]),
        "kana": getattr(context["family"], "kana", ""),
        "person": context["person"],
        "protected": found.household.protected,
        "people": [
            {"name": one.name, "relation": one.relation or "お子さん", "age": one.age}
            for one in people
            if not one.guarded
        ],
        "opened": f"{format_wareki(found.opened_on)}（{found.opened_by_name}）",
        "owner": found.owner_name,
        "concern": context["concern"],
        "review": format_wareki(found.review_on) if found.review_on else "",
        "why": found.why,
        "entries": [_entry(line) for line in reversed(entries.lines)],
        "left_out": entries.hidden + max(0, entries.total - len(entries.lines)),
        "passed": [
            {
                "on": format_wareki(one.answered_at.date()) if one.answered_at else "",
                "from": " ".join(filter(None, (one.from_agency, one.from_name))),
                "to": " ".join(filter(None, (one.to_agency, one.to_name))),
                "note": one.note,
            }
            for one in reversed(passed)
        ],
        "closed": format_wareki(found.closed_on) if found.closed_on else "",
        "closed_reason": context["closed_reason"],
        "summary": found.closing_summary,
        "closed_by": found.closed_by_name,
    }


def _entry(line: EntryLine) -> dict[str, str]:
    done = f"　→ {line.next_result}" if line.next_done else ""
    on = f"{line.next_on.month}/{line.next_on.day} " if line.next_on else ""
    return {
        "on": format_wareki(line.at.date()),
        "time": f"{line.at:%-H:%M}",
        "how": "・".join(filter(None, (line.kind, line.channel))),
        "categories": "、".join(line.categories),
        "who": line.people,
        "mark": line.mark,
        "content": line.content,
        "assessment": line.assessment,
        "did": "　".join(filter(None, (line.responses, line.response_note))),
        "told": line.told,
        "linked": line.linked,
        "progress": line.progress,
        "next": f"{on}{line.next_step}{done}" if line.next_step else "",
        "author": "　".join(filter(None, (line.agency, line.author_name))),
    }
