"""見立てのツール: the city's versions, changing one as a form, looking at it as it will be asked, putting it in force."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from tsunagari.base import clock, paper
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.japanese.eras import format_wareki
from tsunagari.base.kept import keeps_typed
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.encounters import access
from tsunagari.encounters.forms.assessments import (
    NOT_KNOWN,
    AssessForm,
    StartsForm,
    posted_tool,
    tool_fields,
)
from tsunagari.encounters.models import AssessmentTool
from tsunagari.encounters.operations import tools as operations
from tsunagari.encounters.queries import assessments as queries
from tsunagari.encounters.queries.charts import concern_words
from tsunagari.encounters.rules.assessment import (
    MOST_BANDS,
    MOST_ITEMS,
    MOST_POINTS,
    UNKNOWN,
    Item,
    ToolInput,
    tool_problems,
)
from tsunagari.encounters.views.assessments import pdf


@allow(access.READ_TOOL)
def tools(request: StaffRequest) -> HttpResponse:
    """The version in force, what is being prepared, and the former ones."""
    lines = queries.tools(request.actor)
    manages = request.actor.may(access.MANAGE_TOOL)
    preparing = next((line for line in lines if line.state == "preparing"), None)
    context = {"lines": lines, "manages": manages, "preparing": preparing}
    return render(request, "encounters/tools.html", context)


@require_POST
@allow(access.MANAGE_TOOL)
def tool_begin(request: StaffRequest) -> HttpResponse:
    """The tool that ships, or the next version of one: both as a version being prepared."""
    try:
        source = request.POST.get("from", "")
        if source.isascii() and source.isdecimal() and len(source) < 19:
            former = seen(AssessmentTool, request.actor, pk=int(source))
            made = operations.next_version(former, actor=request.actor)
        else:
            made = operations.begin(actor=request.actor)
    except operations.Preparing as error:
        messages.info(request, error.message)
        made = error.tool
    return go(request, reverse("tool_edit", args=[made.pk]))


@allow(access.READ_TOOL)
def tool(request: StaffRequest, tool_id: int) -> HttpResponse:
    """A version, as it is asked: to read, and while it is prepared to try."""
    found = _tool(request, tool_id)
    given = queries.as_input(found)
    words = concern_words(request.actor.municipality_id)
    form = AssessForm(request.GET if "try" in request.GET else None, tool=given, concerns=words)
    state = queries.state_of(found)
    context = {
        "tool": found,
        "given": given,
        "state": state,
        "form": form,
        "not_known": NOT_KNOWN,
        "bands": [(band, words[band.concern]) for band in given.bands if band.concern in range(len(words))],
        "manages": request.actor.may(access.MANAGE_TOOL),
        "problems": list(tool_problems(given)) if state == "preparing" else [],
        "starts": StartsForm(initial={"starts_on": clock.today()}),
    }
    return render(request, "encounters/tool.html", context)


@keeps_typed
@allow(access.MANAGE_TOOL)
def tool_edit(request: StaffRequest, tool_id: int) -> HttpResponse:
    """A version being prepared, as plain fields. What is typed is kept, unfinished too; what is missing is told."""
    found = _tool(request, tool_id)
    given = queries.as_input(found)
    if request.method == "POST":
        given = posted_tool(request.POST)
        try:
            found = operations.change(found, given, actor=request.actor, seen=request.POST.get("seen", ""))
        except DomainError as error:
            return _edit_page(request, found, given, error=error)
        if "stay" in request.POST:
            messages.success(request, "保存しました。")
            return go(request, f"{reverse('tool_edit', args=[found.pk])}#{_place(request, given)}")
        return go(request, reverse("tool", args=[found.pk]))
    if queries.state_of(found) != "preparing":
        return go(request, reverse("tool", args=[found.pk]))
    return _edit_page(request, found, given)


def _place(request: StaffRequest, given: ToolInput) -> str:
    """Where to go on: the item whose button was pressed, wherever it stands now, else the foot of the page."""
    pressed = request.POST["stay"]
    key, label = (request.POST.get(f"{pressed}-{name}", "").strip() for name in ("key", "label"))
    here = (
        number for number, item in enumerate(given.items) if (item.key == key if key else item.label == label)
    )
    number = next(here, None) if pressed.startswith("item-") else None
    return "keep" if number is None else f"item-{number}"


def _edit_page(
    request: StaffRequest,
    found: AssessmentTool,
    given: ToolInput,
    *,
    error: DomainError | None = None,
) -> HttpResponse:
    problems: dict[str, list[str]] = {}
    for problem in tool_problems(given):
        problems.setdefault(problem.field, []).append(problem.message)
    blank = Item("", given.items[-1].group if given.items else "", "", ())
    items = given.items if len(given.items) >= MOST_ITEMS else (*given.items, blank)
    rows = tool_fields(ToolInput(given.name, items, ()))
    context = {
        "tool": found,
        "given": given,
        "rows": [row | {"problems": problems.get(f"item-{row['number']}", [])} for row in rows],
        "blank_points": list(range(MOST_POINTS)),
        "bands": [
            (number, given.bands[number] if number < len(given.bands) else None)
            for number in range(min(MOST_BANDS, len(given.bands) + 1))
        ],
        "band_problems": [
            text for field, texts in problems.items() if field.startswith("band") for text in texts
        ],
        "concerns": list(enumerate(concern_words(request.actor.municipality_id))),
        "others": [text for name in ("name", "source", "items") for text in problems.get(name, [])],
        "count": sum(map(len, problems.values())),
        "groups": [name for name, _ in given.groups],
        "error": error,
        "seen": operations.stamp_of(found),
    }
    status = 200 if error is None else 409 if error.status == 409 else 422
    return render(request, "encounters/tool_edit.html", context, status=status)


@require_POST
@allow(access.MANAGE_TOOL)
def tool_start(request: StaffRequest, tool_id: int) -> HttpResponse:
    """Put a version in force from a day on."""
    found = _tool(request, tool_id)
    form = StartsForm(request.POST)
    if not form.is_valid():
        messages.error(request, "使いはじめる日を確かめてください。")
        return go(request, reverse("tool", args=[found.pk]))
    try:
        operations.put_in_force(found, actor=request.actor, starts_on=form.cleaned_data["starts_on"])
        messages.success(
            request, f"第{found.number}版を{form.cleaned_data['starts_on']:%-m月%-d日}から使います。"
        )
    except DomainError as error:
        messages.error(request, error.message)
    return go(request, reverse("tool", args=[found.pk]))


@require_POST
@allow(access.MANAGE_TOOL)
def tool_stop(request: StaffRequest, tool_id: int) -> HttpResponse:
    """A version that was to begin is prepared again; one being prepared is thrown away."""
    found = _tool(request, tool_id)
    try:
        if queries.state_of(found) == "preparing":
            operations.throw_away(found, actor=request.actor)
            messages.success(request, "準備していた版を取りやめました。")
        else:
            operations.call_off(found, actor=request.actor)
            messages.success(request, "使いはじめを取りやめ、準備にもどしました。")
    except DomainError as error:
        messages.error(request, error.message)
    return go(request, reverse("tools"))


@allow(access.READ_TOOL)
def tool_pdf(request: StaffRequest, tool_id: int) -> HttpResponse:
    """A blank sheet of a version, to fill in by hand."""
    found = _tool(request, tool_id)
    given = queries.as_input(found)
    data = {
        "issuer": request.actor.agency_name or request.actor.municipality_name,
        "issued_on": format_wareki(clock.today()),
        "confidential": True,
        "name": given.name,
        "number": found.number,
        "source": given.source,
        "groups": [{"name": name, "items": [_asked(item) for item in items]} for name, items in given.groups],
        "bands": [{"from": band.start, "label": band.label} for band in given.bands],
        "highest": given.highest,
        "concerns": list(concern_words(request.actor.municipality_id)),
    }
    return pdf(paper.render("encounters/paper/assessment_blank.typ", data), f"mitate-{found.number}.pdf")


def _asked(item: Item) -> dict[str, object]:
    points = [{"value": str(one.value), "label": one.label, "hint": one.hint} for one in item.scale]
    return {
        "label": item.label,
        "hint": item.hint,
        "points": [*points, {"value": "", "label": UNKNOWN, "hint": ""}],
    }


def _tool(request: StaffRequest, tool_id: int) -> AssessmentTool:
    """A version; one being prepared only for who decides, 404 for others."""
    shown = {} if request.actor.may(access.MANAGE_TOOL) else {"starts_on__isnull": False}
    return seen(AssessmentTool, request.actor, pk=tool_id, **shown)
