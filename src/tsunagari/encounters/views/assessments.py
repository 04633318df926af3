"""見立て: a family's results over time, one assessment, writing one, putting it right."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from tsunagari.base import clock, paper
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import Conflict, DomainError, Forbidden
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.base.kept import keeps_typed
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.encounters import access
from tsunagari.encounters.forms.assessments import NOT_KNOWN, WHOLE, AssessForm
from tsunagari.encounters.models import Assessment, AssessmentTool, Draft
from tsunagari.encounters.operations import assessments as operations
from tsunagari.encounters.operations import drafts
from tsunagari.encounters.queries import assessments as queries
from tsunagari.encounters.queries.charts import concern_words
from tsunagari.encounters.queries.names import name_at
from tsunagari.encounters.rules.results_picture import size
from tsunagari.encounters.views import of_family
from tsunagari.encounters.views.posted import posted_form

FORM = "assess"
BEGUN = ("person", "chart", "tool", "replaces")
TITLE = "見立てのうつりかわり"
RELATED = ("tool", "agency", "household", "person__household")


@allow(access.READ_ASSESSMENT)
def assessments(request: StaffRequest, household_id: int) -> HttpResponse:
    """A family's assessments: one picture with its table, and the list."""
    household = of_family.family_of(request, household_id)
    found = queries.results(request.actor, household, request.GET.get("about", ""))
    columns = min(len(found.lines), queries.MOST_COLUMNS)
    areas = list(dict.fromkeys(area.name for line in found.lines for area in line.areas))
    width, height = size(columns, len(areas))
    context = of_family.called(household) | {
        "found": found,
        "columns": found.lines[: queries.MOST_COLUMNS][::-1],
        "areas": areas,
        "table": [
            (name, list(zip([line.day for line in found.lines], cells, strict=False))[::-1])
            for name, cells in _table(found, areas)
        ],
        "width": width,
        "height": height,
        "tool": queries.tool_in_force(request.actor),
    }
    ids = [line.id for line in found.lines]
    of_family.looked_at(request, access.READ_ASSESSMENT, household, list=ids)
    return render(request, "encounters/assessments.html", context)


def _table(found: queries.Results, areas: list[str]) -> list[tuple[str, list[str]]]:
    """(area, sums from the latest on); "—" where it was not asked."""
    lines = found.lines[: queries.MOST_COLUMNS]
    return [(name, [_cell(line, name) for line in lines]) for name in areas]


def _cell(line: queries.Result, name: str) -> str:
    area = next((one for one in line.areas if one.name == name), None)
    if area is None or not area.sums.answered:
        return "—" if area is None else "分からない"
    unknown = f"（分からない{area.sums.unknown}）" if area.sums.unknown else ""
    return f"{area.sums.total}/{area.sums.highest}{unknown}"


@allow(access.READ_ASSESSMENT)
def assessment_picture(request: StaffRequest, household_id: int) -> HttpResponse:
    """The picture of the results as SVG; nothing in it runs."""
    household = of_family.family_of(request, household_id)
    found = queries.results(request.actor, household, request.GET.get("about", ""))
    of_family.looked_at(request, access.READ_ASSESSMENT, household, picture=[line.id for line in found.lines])
    response = HttpResponse(queries.drawn(found, TITLE), content_type="image/svg+xml; charset=utf-8")
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@allow(access.READ_ASSESSMENT)
def assessments_pdf(request: StaffRequest, household_id: int) -> HttpResponse:
    """The same picture and its table on A4, with the words of the latest one."""
    household = of_family.family_of(request, household_id)
    found = queries.results(request.actor, household, request.GET.get("about", ""))
    ids = [line.id for line in found.lines]
    of_family.looked_at(request, access.READ_ASSESSMENT, household, print=ids)
    areas = list(dict.fromkeys(area.name for line in found.lines for area in line.areas))
    lines = found.lines[: queries.MOST_COLUMNS][::-1]
    data = {
        "issuer": request.actor.agency_name or request.actor.municipality_name,
        "issued_on": format_wareki(clock.today()),
        "confidential": True,
        "family": str(of_family.called(household)["family"]),
        "about": lines[-1].about if lines else "",
        "protected": household.protected,
        "picture": queries.drawn(found, TITLE) if lines else None,
        "wide": size(len(lines), len(areas))[0],
        "columns": [f"{line.day.year}/{line.day.month}/{line.day.day}" for line in lines],
        "rows": [
            ["書いた人の度合い", *[line.concern_label or "—" for line in lines]],
            ["合計", *[line.total for line in lines]],
            *[[name, *cells[::-1]] for name, cells in _table(found, areas)],
        ],
        "words": [
            {"on": format_wareki(line.day), "by": f"{line.author_name}　{line.agency}", "text": line.words}
            for line in reversed(lines)
            if line.words
        ],
    }
    return pdf(paper.render("encounters/paper/assessments.typ", data), f"mitate-{household.pk}.pdf")


def pdf(content: bytes, name: str) -> HttpResponse:
    """A PDF to look at."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@allow(access.ASSESS)
def assessment_new(request: StaffRequest, household_id: int) -> HttpResponse:
    """Whom it is about; then the page that is a draft from its first moment."""
    household = of_family.family_of(request, household_id)
    tool = queries.tool_in_force(request.actor)
    form = of_family.about_form(request, household)
    if tool is not None and form.is_bound and form.is_valid():
        fields = form.begun | {"tool": str(tool.pk), "assessed_on": clock.today().isoformat()}
        about = f"{FORM}:{household.pk}:{form.begun['person']}"
        draft = drafts.open_form(about, actor=request.actor, fields=fields, household=household)
        return go(request, reverse("assessment_draft", args=[draft.pk]))
    of_family.looked_at(request, access.READ_ASSESSMENT, household)
    context = of_family.called(household) | {"form": form, "tool": tool}
    return render(request, "encounters/assessment_new.html", context, status=422 if form.errors else 200)


@keeps_typed
@allow(access.ASSESS)
def assessment_draft(request: StaffRequest, assess_draft_id: int) -> HttpResponse:
    """The questions as last pressed; POST makes the assessment."""
    if request.method != "POST":
        draft = of_family.own_draft(request, assess_draft_id, FORM)
        return _page(request, draft, _form(request, draft, initial=draft.fields))
    found = of_family.draft_of(request, assess_draft_id, FORM)
    if found is None:
        return _already(request)
    kept = drafts.save_draft(
        found, actor=request.actor, **of_family.kept_with(found, posted_form(request), *BEGUN)
    )
    draft = seen(Draft, request.actor, "household", pk=(kept.kept or kept.draft).pk)
    form = _form(request, draft, data=request.POST)
    if form.is_valid() and form.complete():
        try:
            made = _made(request, draft, form)
        except DomainError as error:
            if error.status == 410:
                return _already(request)
            form.refuse(error.field, f"{error.message}{error.what_to_do}")
        else:
            messages.success(request, "見立てを保存しました。")
            return go(request, reverse("assessment", args=[made.pk]))
    return _page(request, draft, form, status=422)


def _form(request: StaffRequest, draft: Draft, **values: Any) -> AssessForm:
    tool = _tool(request, draft)
    return AssessForm(
        tool=queries.as_input(tool), concerns=concern_words(request.actor.municipality_id), **values
    )


def _tool(request: StaffRequest, draft: Draft) -> AssessmentTool:
    return seen(AssessmentTool, request.actor, pk=int(draft.fields.get("tool") or 0), starts_on__isnull=False)


def _made(request: StaffRequest, draft: Draft, form: AssessForm) -> Assessment:
    replaces = str(draft.fields.get("replaces") or "")
    if replaces.isdecimal():
        former = seen(Assessment, request.actor, pk=int(replaces))
        return operations.replace(former, form.given, actor=request.actor, key=draft.key, draft=draft)
    return operations.assess(
        of_family.about_of(draft),
        form.given,
        actor=request.actor,
        tool=_tool(request, draft),
        key=draft.key,
        person=of_family.chosen_person(draft),
        chart=of_family.chosen_chart(request, draft),
        draft=draft,
    )


def _already(request: StaffRequest) -> HttpResponse:
    """The second of two clicks finds what the first one made."""
    key = request.POST.get("key", "")
    made = queries.by_key(request.actor, key)
    if made is None:
        raise Conflict("この下書きは、もうありません。", what_to_do="家庭の「見立て」を見てください。")
    return go(request, reverse("assessment", args=[made.pk]))


def _page(request: StaffRequest, draft: Draft, form: AssessForm, *, status: int = 200) -> HttpResponse:
    household = of_family.about_of(draft)
    person = of_family.chosen_person(draft)
    context = (
        of_family.called(household)
        | of_family.writing(request, draft, *BEGUN)
        | {
            "form": form,
            "about": name_at(household.pk, person).text if person else queries.WHOLE,
            "tool": _tool(request, draft),
            "not_known": NOT_KNOWN,
            "replaces": draft.fields.get("replaces"),
        }
    )
    of_family.looked_at(request, access.READ_ASSESSMENT, household)
    return render(request, "encounters/assessment_draft.html", context, status=status)


@allow(access.READ_ASSESSMENT)
def assessment(request: StaffRequest, assessment_id: int) -> HttpResponse:
    """One assessment, what it was put right from, and by what."""
    row = seen(Assessment, request.actor, *RELATED, pk=assessment_id)
    read = queries.one(request.actor, row)
    context = of_family.called(row.household) | {
        "read": read,
        "former": queries.former(request.actor, row),
        "own": row.agency_id == request.actor.agency_id,
        "chart": row.chart,
    }
    of_family.looked_at(request, access.READ_ASSESSMENT, row.household, row)
    return render(request, "encounters/assessment.html", context)


@require_POST
@allow(access.ASSESS)
def assessment_replace(request: StaffRequest, assessment_id: int) -> HttpResponse:
    """Begin to put one right: a draft with what it says."""
    row = seen(Assessment, request.actor, "household", pk=assessment_id)
    if row.agency_id != request.actor.agency_id:
        raise Forbidden("ほかの機関の見立ては直せません。", action=access.ASSESS.name)
    if row.replaced_by_id is not None:
        raise Conflict("ほかの人が先に直しました。", what_to_do="直したあとの見立てを見てください。")
    fields = {
        f"answer-{key}": NOT_KNOWN if value is None else str(value) for key, value in row.answers.items()
    }
    fields |= {
        "assessed_on": row.assessed_on.isoformat(),
        "concern": "" if row.concern is None else str(row.concern),
        "findings": row.words,
        "person": str(row.person_id or WHOLE),
        "tool": str(row.tool_id),
        "replaces": str(row.pk),
    }
    form = f"{FORM}:replace:{row.pk}"
    draft = drafts.open_form(form, actor=request.actor, fields=fields, household=row.household)
    return go(request, reverse("assessment_draft", args=[draft.pk]))
