"""Pages of imports: list, new, one import on its way, the refused rows."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import go, render
from tsunagari.interop import access, operations, queries
from tsunagari.interop.forms import UploadForm
from tsunagari.interop.models import Import

PAGE = 30
SHOWN_REJECTED = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _list_of(request: StaffRequest, import_id: int) -> Import:
    """One of the city's lists; rosters have pages of their own."""
    rows = queries.light(request.actor).exclude(kind=Import.Kind.ROSTER)
    return get_object_or_404(rows, pk=import_id)


@allow(access.READ_IMPORTS)
@require_GET
def imports(request: StaffRequest) -> HttpResponse:
    page = Paginator(queries.imports(request.actor), PAGE).get_page(request.GET.get("page"))
    lists = request.actor.may(access.RUN_IMPORT)
    return render(request, "interop/imports.html", {"page": page, "lists": lists})


@allow(access.RUN_IMPORT)
@require_http_methods(["GET", "POST"])
def import_new(request: StaffRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None, initial={"kind": request.GET.get("kind")})
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            row = operations.upload_import(
                actor=request.actor,
                kind=form.cleaned_data["kind"],
                filename=sent.name,
                content=sent.read(),
                options=form.options(),
            )
            return redirect("import", row.pk)
        except DomainError as error:
            form.add_error(error.field or None, error.message)
    return render(request, "interop/import_new.html", {"form": form}, status=422 if form.errors else 200)


@allow(access.RUN_IMPORT)
@require_GET
def import_(request: StaffRequest, import_id: int) -> HttpResponse:
    """One import: how far it is (asked every two seconds), what it would do, or what it did."""
    row = _list_of(request, import_id)
    waiting = row.status in (Import.Status.READING, Import.Status.APPLYING)
    asked_for_part = bool(getattr(request, "htmx", None)) and not request.htmx.boosted  # type: ignore[attr-defined]
    if asked_for_part and not waiting:
        return go(request, reverse("import", args=[row.pk]))
    if not waiting:
        operations.note_looked(row, actor=request.actor)
    context = {
        "row": row,
        "waiting": waiting,
        "shown": row.rejected[:SHOWN_REJECTED],
        "refused": len(row.rejected),
    }
    return render(request, "interop/import.html", context, fragment="interop/parts/progress.html")


@allow(access.RUN_IMPORT)
@require_POST
def import_apply(request: StaffRequest, import_id: int) -> HttpResponse:
    row = _list_of(request, import_id)
    operations.apply_import(row, actor=request.actor)
    return go(request, reverse("import", args=[row.pk]))


@allow(access.RUN_IMPORT)
@require_POST
def import_discard(request: StaffRequest, import_id: int) -> HttpResponse:
    row = _list_of(request, import_id)
    operations.discard_import(row, actor=request.actor)
    messages.success(request, "取り込みを取りやめました。ファイルは消しました。")
    return go(request, reverse("imports"))


@allow(access.RUN_IMPORT)
@require_GET
def import_rejected(request: StaffRequest, import_id: int) -> HttpResponse:
    """The refused rows as a file to mend and send again."""
    row = get_object_or_404(
        Import.objects.visible_to(request.actor).exclude(kind=Import.Kind.ROSTER),
        pk=import_id,
        rejected_file__isnull=False,
    )
    operations.note_looked(row, actor=request.actor, rejected=True)
    content = bytes(row.rejected_file or b"")
    book = content.startswith(b"PK")
    response = HttpResponse(content, content_type=XLSX if book else "application/geo+json")
    response["Content-Disposition"] = (
        f'attachment; filename="import-{row.pk}-rejected.{"xlsx" if book else "geojson"}"'
    )
    response["Cache-Control"] = "no-store"
    return response
