"""Pages of an old roster: send it, follow it, look through its families, bring it in, take it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tsunagari.base import clock
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import go, render
from tsunagari.interop import access, operations, queries
from tsunagari.interop.forms import RosterUploadForm
from tsunagari.interop.imports.roster.profile import Profile, gather
from tsunagari.interop.imports.roster.store import read_of
from tsunagari.interop.models import Import, RosterRow
from tsunagari.interop.views.steps import AT_WORK, SHOWN_REJECTED, over, rejected_file, roster_of, uploaded

PAGE = 50


@allow(access.IMPORT_ROSTER)
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    agencies = list(queries.rosters.open_agencies(request.actor, clock.today()))
    form = RosterUploadForm(agencies, request.POST or None, request.FILES or None)

    def keep(sent: UploadedFile) -> Import:
        agency = next(one for one in agencies if str(one.pk) == form.cleaned_data["agency"])
        return operations.upload_roster(
            actor=request.actor, agency=agency, filename=sent.name or "", content=sent.read()
        )

    if (kept := uploaded(request, form, keep, to="roster_import_columns")) is not None:
        return kept
    context = {"form": form, "agency": agencies[0] if len(agencies) == 1 else None}
    return render(request, "interop/roster_new.html", context, status=422 if form.errors else 200)


@allow(access.IMPORT_ROSTER)
@require_GET
def roster(request: StaffRequest, roster_id: int) -> HttpResponse:
    """One roster: how far it is (asked every two seconds), what it would do, or what it did."""
    row = roster_of(request, roster_id)
    if row.status == Import.Status.MAPPING:
        return go(request, reverse("roster_import_columns", args=[row.pk]))
    if (done := over(request, row, page="roster_import")) is not None:
        return done
    waiting = row.status in AT_WORK
    context: dict[str, Any] = {"row": row, "waiting": waiting}
    if not waiting:
        operations.note_roster(row, actor=request.actor, what="view")
        counts = queries.rosters.counts(row)
        context |= {
            "counts": counts,
            "shown": row.rejected[:SHOWN_REJECTED],
            "refused": counts.bad,
            "begun": queries.rosters.brought_in(row),
        }
    return render(request, "interop/roster.html", context, fragment="interop/parts/roster_progress.html")


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """A family of the file in the list."""

    number: int
    profile: Profile
    candidates: int
    household_id: int | None
    brought: bool


@allow(access.IMPORT_ROSTER)
@require_GET
def families(request: StaffRequest, roster_id: int) -> HttpResponse:
    """The families of the file in one state, page by page."""
    row = roster_of(request, roster_id)
    state = request.GET.get("state", "")
    state = state if state in queries.rosters.STATES else "maybe"
    counts = queries.rosters.counts(row)
    page = Paginator(queries.rosters.in_state(row, state), PAGE).get_page(request.GET.get("page"))
    operations.note_roster(row, actor=request.actor, what="list")
    context = {
        "row": row,
        "state": state,
        "label": queries.rosters.STATES[state],
        "states": [(name, label, counts.of(name)) for name, label in queries.rosters.STATES.items()],
        "page": page,
        "lines": [_line(lead) for lead in page.object_list],
        "counts": counts,
    }
    return render(request, "interop/roster_families.html", context)


def _line(lead: RosterRow) -> FamilyLine:
    profile = gather([read_of(lead)])
    return FamilyLine(lead.number, profile, len(lead.candidates), lead.household_id, bool(lead.made))


@allow(access.IMPORT_ROSTER)
@require_POST
def rest(request: StaffRequest, roster_id: int) -> HttpResponse:
    """All families that nobody decided on are new ones."""
    row = roster_of(request, roster_id)
    count = operations.decide_rest_new(row, actor=request.actor)
    messages.success(request, f"{count:,}組を新しい家庭にしました。")
    return go(request, reverse("roster_import", args=[row.pk]))


@allow(access.IMPORT_ROSTER)
@require_POST
def apply(request: StaffRequest, roster_id: int) -> HttpResponse:
    row = roster_of(request, roster_id)
    operations.apply_roster(row, actor=request.actor)
    return go(request, reverse("roster_import", args=[row.pk]))


@allow(access.IMPORT_ROSTER)
@require_POST
def back(request: StaffRequest, roster_id: int) -> HttpResponse:
    """Say anew what the columns are."""
    row = roster_of(request, roster_id)
    operations.back_to_columns(row, actor=request.actor)
    return go(request, reverse("roster_import_columns", args=[row.pk]))


@allow(access.IMPORT_ROSTER)
@require_POST
def discard(request: StaffRequest, roster_id: int) -> HttpResponse:
    row = roster_of(request, roster_id)
    operations.discard_roster(row, actor=request.actor)
    messages.success(request, "名簿の取り込みを取りやめました。ファイルと読み取った内容は消しました。")
    return go(request, reverse("imports"))


@allow(access.UNDO_ROSTER)
@require_POST
def undo(request: StaffRequest, roster_id: int) -> HttpResponse:
    """Take the roster out again; what stands in the way is told on its page."""
    row = roster_of(request, roster_id)
    try:
        operations.undo_roster(row, actor=request.actor)
    except DomainError as error:
        messages.error(request, f"{error.message}{error.what_to_do}")
    return go(request, reverse("roster_import", args=[row.pk]))


@allow(access.IMPORT_ROSTER)
@require_GET
def rejected(request: StaffRequest, roster_id: int) -> HttpResponse:
    """The rows that were not taken, as a file to mend and send again."""
    row = roster_of(request, roster_id, whole=True)
    response = rejected_file(row, "roster")
    operations.note_roster(row, actor=request.actor, what="download")
    return response
