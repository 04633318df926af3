"""What pages that keep drafts send, as save_draft takes it."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from tsunagari.base.doors import StaffRequest
from tsunagari.encounters import rules
from tsunagari.encounters.forms import RecordForm

MOST_FIELDS = 200


def form_fields(posted: QueryDict) -> dict[str, Any]:
    """The form as typed, for a draft: lists where several can be chosen."""
    kept = {
        name: posted.getlist(name) if name in rules.SEVERAL else posted[name]
        for name in RecordForm.base_fields
        if name in posted
    }
    return kept | {name: [] for name in rules.SEVERAL if name not in posted}


def posted_draft(request: StaffRequest) -> dict[str, Any]:
    """What save_draft takes, as the page sent it."""
    version = request.POST.get("draft_version", "")
    return {
        "fields": form_fields(request.POST),
        "version": int(version) if version.isdecimal() else 0,
        "client": request.POST.get("client_id", "")[:36],
    }


def posted_form(request: StaffRequest) -> dict[str, Any]:
    """As posted_draft, of another page than the record's: all its fields, lists where several can be chosen."""
    several = {*rules.SEVERAL, "families"}
    fields = {
        name: request.POST.getlist(name) if name in several else request.POST[name]
        for name in list(request.POST)[:MOST_FIELDS]
        if name not in ("words", "find")
    }
    return posted_draft(request) | {"fields": fields}
