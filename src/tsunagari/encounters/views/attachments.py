"""Attachments: added while writing or to a record, seen and taken off. The bytes go out through here alone."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tsunagari.audit import operations as audit
from tsunagari.base import uploads
from tsunagari.base.doors import StaffRequest, allow
from tsunagari.base.errors import DomainError
from tsunagari.base.pages import go, render
from tsunagari.base.seen import seen
from tsunagari.encounters import access
from tsunagari.encounters.models import Attachment, Consultation, Draft
from tsunagari.encounters.operations import attachments as operations
from tsunagari.encounters.operations import drafts
from tsunagari.encounters.queries import attachments as queries
from tsunagari.encounters.views.posted import posted_draft

#: A file opened by itself may do nothing: no script, no form, no way out.
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox"
PART = "encounters/parts/attachments.html"


@require_POST
@allow(access.ATTACH)
def draft_attach(request: StaffRequest, draft_id: int) -> HttpResponse:
    """Keep the text as typed and attach the chosen files to the draft."""
    draft = seen(Draft, request.actor, pk=draft_id)
    drafts.save_draft(draft, actor=request.actor, **posted_draft(request))
    errors = _add(request, draft)
    context = {
        "attachments": queries.attached(request.actor, draft=draft),
        "attach_url": request.path,
        "attach_errors": errors,
        "attach_announce": "",
    }
    if getattr(request, "htmx", False):
        return render(request, PART, context)
    for error in errors:
        messages.error(request, error)
    return go(request, f"{reverse('draft', args=[draft.pk])}#attachments")


@require_POST
@allow(access.ATTACH)
def record_attach(request: StaffRequest, record_id: int) -> HttpResponse:
    """Attach files to a saved record."""
    record = seen(Consultation, request.actor, pk=record_id)
    for error in _add(request, record):
        messages.error(request, error)
    return go(request, f"{reverse('record', args=[record.pk])}#attachments")


def _add(request: StaffRequest, about: Draft | Consultation) -> list[str]:
    """Attach each file; what could not be is said by its name."""
    files = request.FILES.getlist("files")
    if not files:
        return ["写真かPDFをえらんでから押してください。"]
    errors = []
    for file in files[: operations.MOST + 1]:
        try:
            data = file.read() if (file.size or 0) <= uploads.LARGEST else b"x" * (uploads.LARGEST + 1)
            operations.add(about, uploads.checked(data, file.name or ""), actor=request.actor)
        except DomainError as error:
            errors.append(f"「{(file.name or '')[:40]}」：{error.message}")
    return errors


@require_safe
@allow(access.READ_RECORD)
def attachment(request: StaffRequest, attachment_id: int) -> HttpResponse:
    """The file itself: a picture in the window, a PDF to keep; on the trail."""
    found = _found(request, attachment_id)
    about = found.consultation or found.draft
    audit.record(
        access.READ_RECORD,
        actor=request.actor,
        household_id=about.household_id if about else None,
        obj=about,
        detail={"attachment": found.pk},
    )
    response = _bytes(queries.content(found), found.media_type)
    how = "attachment" if found.media_type == "application/pdf" else "inline"
    response["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(found.name)}"
    return response


@require_safe
@allow(access.READ_RECORD)
def attachment_preview(request: StaffRequest, attachment_id: int) -> HttpResponse:
    """A small picture of it; 404 for a PDF."""
    small = queries.preview(_found(request, attachment_id))
    if small is None:
        raise Http404
    return _bytes(small, "image/jpeg")


def _bytes(data: bytes, media_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=media_type)
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@allow(access.ATTACH)
def attachment_remove(request: StaffRequest, attachment_id: int) -> HttpResponse:
    """Ask once, then take the file off."""
    found = _found(request, attachment_id)
    draft_id = found.draft_id if found.draft_id is not None else _writing(request, found)
    back = reverse("draft", args=[draft_id]) if draft_id else reverse("record", args=[found.consultation_id])
    if request.method == "POST":
        operations.remove(found, actor=request.actor)
        messages.success(request, "添付を外しました。")
        return go(request, f"{back}#attachments")
    return render(request, "encounters/attachment_remove.html", {"attachment": found, "back": back})


def _writing(request: StaffRequest, found: Attachment) -> int | None:
    """The draft the person comes from, when they take off what its record has."""
    given = request.GET.get("draft", "")
    if not (given.isascii() and given.isdecimal() and len(given) < 19):
        return None
    return queries.correcting(request.actor, int(given), found.consultation_id or 0)


def _found(request: StaffRequest, attachment_id: int) -> Attachment:
    return seen(Attachment, request.actor, "consultation", "draft", pk=attachment_id)
