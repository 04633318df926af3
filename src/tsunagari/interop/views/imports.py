"""Pages of imports: list, new, one import on its way, the refused rows."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.pages import go, render
from tsunagari.interop import access, operations, queries
from tsunagari.interop.forms import UploadForm
from tsunagari.interop.models import Import
from tsunagari.interop.views.steps import AT_WORK, SHOWN_REJECTED, list_of, over, rejected_file, uploaded

PAGE = 30


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

    def keep(sent: UploadedFile) -> Import:
        kind, options = form.cleaned_data["kind"], form.options()
        return operations.upload_import(
            actor=request.actor, kind=kind, filename=sent.name or "", content=sent.read(), options=options
        )

    return uploaded(request, form, keep, to="import") or render(
        request, "interop/import_new.html", {"form": form}, status=422 if form.errors else 200
    )


@allow(access.RUN_IMPORT)
@require_GET
def import_(request: StaffRequest, import_id: int) -> HttpResponse:
    """One import: how far it is (asked every two seconds), what it would do, or what it did."""
    row = list_of(request, import_id)
    if (done := over(request, row, page="import")) is not None:
        return done
    waiting = row.status in AT_WORK
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
    row = operations.apply_import(list_of(request, import_id), actor=request.actor)
    return go(request, reverse("import", args=[row.pk]))


@allow(access.RUN_IMPORT)
@require_POST
def import_discard(request: StaffRequest, import_id: int) -> HttpResponse:
    operations.discard_import(list_of(request, import_id), actor=request.actor)
    messages.success(request, "取り込みを取りやめました。ファイルは消しました。")
    return go(request, reverse("imports"))


@allow(access.RUN_IMPORT)
@require_GET
def import_rejected(request: StaffRequest, import_id: int) -> HttpResponse:
    """The refused rows as a file to mend and send again."""
    row = list_of(request, import_id, whole=True)
    response = rejected_file(row, "import")
    operations.note_looked(row, actor=request.actor, rejected=True)
    return response
