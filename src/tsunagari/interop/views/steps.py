"""What the pages of both kinds of import share: reach one, send a file, follow the work, take the refused rows home."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagari.base.doors import StaffRequest
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import go
from tsunagari.interop import queries
from tsunagari.interop.models import Import

SHOWN_REJECTED = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_WORK = (Import.Status.READING, Import.Status.MATCHING, Import.Status.APPLYING, Import.Status.UNDOING)


def list_of(request: StaffRequest, import_id: int, *, whole: bool = False) -> Import:
    """One of the city's lists, without its bytes unless `whole`; 404 otherwise. Rosters have pages of their own."""
    return _found(queries.import_of(request.actor, import_id, roster=False, whole=whole))


def roster_of(request: StaffRequest, roster_id: int, *, whole: bool = False) -> Import:
    """The roster this person may see, without its bytes unless `whole`; 404 otherwise."""
    return _found(queries.import_of(request.actor, roster_id, roster=True, whole=whole))


def _found(row: Import | None) -> Import:
    if row is None:
        raise Http404
    return row


def uploaded(
    request: StaffRequest, form: forms.Form, keep: Callable[[UploadedFile], Import], *, to: str
) -> HttpResponse | None:
    """Keep the file of a form that was sent and go on to the page `to`; None while there is something to mend."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return redirect(to, keep(form.cleaned_data["file"]).pk)
    except DomainError as error:
        form.add_error(error.field or None, error.message)
        return None


def over(request: StaffRequest, row: Import, *, page: str) -> HttpResponse | None:
    """For a page that asks every two seconds how far the work is: once it is done, the whole page anew."""
    htmx = getattr(request, "htmx", None)
    if htmx and not htmx.boosted and row.status not in AT_WORK:
        return go(request, reverse(page, args=[row.pk]))
    return None


def rejected_file(row: Import, name: str) -> HttpResponse:
    """The rows that were not taken, as a file to mend and send again; 404 when there is none."""
    if row.rejected_file is None:
        raise Http404
    content = bytes(row.rejected_file)
    book = content.startswith(b"PK")
    response = HttpResponse(content, content_type=XLSX if book else "application/geo+json")
    ending = "xlsx" if book else "geojson"
    response["Content-Disposition"] = f'attachment; filename="{name}-{row.pk}-rejected.{ending}"'
    response["Cache-Control"] = "no-store"
    return response
